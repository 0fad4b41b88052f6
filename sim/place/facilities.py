"""Facilities (医疗机构): the table of facilities as arrays, what their kinds make of them, and the waits of those outside the county."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.luck import place_key
from sim.kinds import KINDS, Offered, kinds_offered
from sim.scenario.scenario import Scenario
from sim.scenario.tables import Facility
from sim.words import APPEALS, GRADES, NESTS, PLACES, TIERS, Nest, Tier


@dataclass(frozen=True)
class Facilities:
    """The facilities, by tier, the highest first, and name: (facilities,) arrays."""

    names: tuple[str, ...]
    kind: tuple[str, ...]
    tier: NDArray[np.uint8]
    grade: NDArray[np.uint8]
    place: NDArray[np.uint8]
    appeal: NDArray[np.uint8]
    nest: NDArray[np.uint8]
    town: NDArray[np.int16]
    node: NDArray[np.int16]
    doctors: NDArray[np.int64]
    beds: NDArray[np.int64]
    treatable: NDArray[np.float64]
    level: NDArray[np.int64]
    public: NDArray[np.bool_]
    keys: NDArray[np.uint64]

    def row(self, name: str) -> int:
        """Find a facility by name."""
        return self.names.index(name)

    def of_kind(self, *kinds: str) -> NDArray[np.bool_]:
        """Say which facilities are of one of the kinds."""
        return np.isin(np.array(self.kind), kinds)

    def offered(self, *offered: Offered) -> NDArray[np.bool_]:
        """Say which are of a kind that is offered in one of these ways."""
        return self.of_kind(*kinds_offered(*offered))

    def in_nest(self, nest: Nest) -> NDArray[np.bool_]:
        """Say which stand in a nest of choice."""
        return self.nest == NESTS.index(nest)

    def in_tier(self, *tiers: Tier) -> NDArray[np.bool_]:
        """Say which are of one of the tiers."""
        return np.isin(self.tier, [TIERS.index(tier) for tier in tiers])

    @cached_property
    def is_open(self) -> NDArray[np.bool_]:
        """Say which have doctors or beds."""
        return (self.doctors > 0) | (self.beds > 0)

    @cached_property
    def in_county(self) -> NDArray[np.bool_]:
        """Say which stand in the county."""
        return self.place == PLACES.index("in_county")

    @cached_property
    def county_hospital(self) -> NDArray[np.bool_]:
        """Say which are hospitals of the county, public or private."""
        return self.in_county & self.in_tier("county")

    @cached_property
    def is_township(self) -> NDArray[np.bool_]:
        """Say which are township or community health centres."""
        return self.in_tier("township")

    @cached_property
    def is_hospital(self) -> NDArray[np.bool_]:
        """Say which are hospitals, in the county or outside."""
        return self.in_tier("county", "municipal", "provincial")

    @cached_property
    def is_primary(self) -> NDArray[np.bool_]:
        """Say which give primary care: clinics, and township or community health centres."""
        return ~self.is_hospital


def facilities_of(rows: Sequence[Facility], towns: Sequence[str], nodes: Sequence[str]) -> Facilities:
    """Read the facilities into arrays, sorted by tier and name: the order of the table never matters, and hospitals lie together."""
    rows = sorted(rows, key=lambda row: (-TIERS.index(KINDS[row.kind].tier), row.facility))
    kinds = [KINDS[row.kind] for row in rows]
    node = {name: i for i, name in enumerate(nodes)}

    def codes(words: Sequence[str], said: Iterable[str]) -> NDArray[np.uint8]:
        return np.array([words.index(word) for word in said], np.uint8)

    return Facilities(
        tuple(row.facility for row in rows),
        tuple(row.kind for row in rows),
        codes(TIERS, (kind.tier for kind in kinds)),
        codes(GRADES, (row.grade for row in rows)),
        codes(PLACES, (row.place for row in rows)),
        codes(APPEALS, (kind.option for kind in kinds)),
        codes(NESTS, (kind.nest for kind in kinds)),
        np.array([towns.index(row.town) if row.town else -1 for row in rows], np.int16),
        np.array([node[row.node] for row in rows], np.int16),
        np.array([row.doctors for row in rows], np.int64),
        np.array([row.beds for row in rows], np.int64),
        np.array([row.treatable for row in rows], float),
        np.array([row.level for row in rows], np.int64),
        np.array([row.ownership == "public" for row in rows]),
        np.array([place_key(row.facility) for row in rows], np.uint64),
    )


def waits_outside(scenario: Scenario, facilities: Facilities) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean waits where no queue of ours is simulated: (facilities,) minutes for a doctor, days for a bed; 0 in the county."""
    places = scenario.places
    tables = [dict(waits) for waits in (places.outside_wait, places.outside_bed_wait)]
    minutes, days = (np.array([waits.get(tier, 0.0) for tier in TIERS])[facilities.tier] * ~facilities.in_county for waits in tables)
    return minutes, days
