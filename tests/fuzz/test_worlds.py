"""Whatever `check` accepts runs, and holds what must hold: a seeded sixty of the random worlds that `make fuzz` tries by the thousand."""

import pytest

from tests.fuzz.worlds import KINDS, worlds

EACH = 30
LEAST = {"rules": 0.7, "tables": 0.5}
"""Share of the worlds that must be accepted and run: a generator whose worlds are all refused tries nothing."""


@pytest.mark.parametrize("kind", KINDS)
def test_random_worlds_hold_what_must_hold(kind: str) -> None:
    found = dict(worlds(kind, 0, EACH))
    assert {seed: one.wrong for seed, one in found.items() if one.wrong} == {}
    assert sum(one.refused is None for one in found.values()) >= LEAST[kind] * EACH
