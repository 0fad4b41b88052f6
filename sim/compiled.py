"""Compile kernels with a cache that can never be stale.

Numba keys its cache by the file of a function alone, so a change in a helper imported from another file goes unnoticed.
Here the cache folder is named by a hash of every source file of `sim/` and of the versions that compile it:
a changed file means a new folder, and nobody has to remember to clear anything.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np
from numba import literal_unroll

__all__ = ["cache_folder", "inlined", "literal_unroll", "njit"]


def _fingerprint() -> str:
    """Hash the sources of `sim/` and the versions of what compiles them."""
    text = hashlib.sha256(f"{sys.version_info[:2]} {numba.__version__} {llvmlite.__version__} {np.__version__}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text.update(path.read_bytes())
    return text.hexdigest()[:16]


def cache_folder() -> Path:
    """Say where compiled code is kept: beside the sources, or in the user's cache where those cannot be written."""
    if "NUMBA_CACHE_DIR" in os.environ:
        return Path(os.environ["NUMBA_CACHE_DIR"])
    beside = Path(__file__).parents[1]
    root = beside / ".cache" if os.access(beside, os.W_OK) else Path.home() / ".cache" / "tiercare"
    return root / "kernels" / _fingerprint()


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(cache_folder())


def njit(function: Callable[..., Any]) -> Any:
    """Compile a kernel without Python objects, and keep the result for the next process."""
    return numba.njit(cache=True, error_model="numpy", no_cfunc_wrapper=True)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a small helper once; the compiler of the kernels that call it takes it in."""
    return numba.njit(error_model="numpy", no_cfunc_wrapper=True, no_cpython_wrapper=True)(function)
