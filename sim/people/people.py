"""People: the residents' columns as kernels read and write them; known without Mesa."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class People(NamedTuple):
    """The residents' columns as kernels read and write them; see `Resident` for what each means."""

    person: NDArray[np.uint32]
    village: NDArray[np.uint16]
    town: NDArray[np.uint8]
    age: NDArray[np.uint8]
    poor: NDArray[np.uint8]
    lives: NDArray[np.uint8]
    insured_at: NDArray[np.uint8]
    chronic: NDArray[np.uint8]
    contract: NDArray[np.uint8]
    usual: NDArray[np.int16]
    trust: NDArray[np.int8]
    place_node: NDArray[np.int16]
    state: NDArray[np.uint8]
    outpatient_fund: NDArray[np.int32]
    chronic_fund: NDArray[np.int32]
    inpatient_fund: NDArray[np.int32]
    own_scope: NDArray[np.int32]
    stays: NDArray[np.uint8]
    admitted: NDArray[np.uint8]
    discharged: NDArray[np.int16]
    followed: NDArray[np.int16]
    claimed: NDArray[np.int32]
