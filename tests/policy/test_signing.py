"""The cases of tests/policy/signing.yaml, each decided by the model's own contracts."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.arithmetic import luck
from sim.institutions import signing
from sim.institutions.signing import NEVER
from sim.institutions.teams import Contracts
from tests.policy.signing_cases import Case, Zone, signing_cases

CASES = signing_cases()


def people_of(zone: Zone) -> Any:
    """Lay the members of all households out as the residents' columns."""
    everybody = [person for home in zone.households for person in home.people]
    return SimpleNamespace(
        age=np.array([person.age for person in everybody]),
        chronic=np.array([int(person.chronic) for person in everybody]),
        poor=np.array([int(person.poor) for person in everybody]),
        contract=np.zeros(len(everybody), np.uint8),
    )


def contracts_of(zone: Zone, people: Any) -> tuple[Contracts, Any]:
    """Make the contracts of one zone, without the rest of the county, and the rules they go by."""
    numbers = np.repeat(np.arange(len(zone.households)), [len(home.people) for home in zone.households])
    team = np.zeros(len(numbers), np.int64)
    rules = SimpleNamespace(
        panel=zone.panel, signings=zone.signings, acceptance=zone.acceptance, renewal=zone.renewal,
        key_groups_first=zone.key_groups_first, paid_share=0.0, signing_months=12,
    )  # fmt: skip
    county: Any = SimpleNamespace(
        people=people, scale=1.0, luck=0, clock=SimpleNamespace(months_gone=zone.month),
        residents=SimpleNamespace(population=SimpleNamespace(array={"household": numbers, "team": team}.__getitem__)),
    )  # fmt: skip
    contracts = Contracts(county, np.arange(len(numbers)), team, 1)
    contracts.ends[:] = [NEVER if home.contract_ends is None else home.contract_ends for home in zone.households]
    people.contract[:] = np.repeat(contracts.ends != NEVER, contracts.homes.size)
    return contracts, rules


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_team_signs_whom_the_policy_says(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    zone = case.given
    turn, answer, renews = (np.array([getattr(home, name) for home in zone.households]) for name in ("turn", "answer", "renews"))

    def drawn(_key: Any, _purpose: int, household: Any, occasion: int) -> Any:
        if occasion >= signing.RENEWS:
            return np.tile(renews[household][:, None], 4)
        return np.stack([turn[household], answer[household], np.ones(len(household)), np.zeros(len(household))], axis=1)

    monkeypatch.setattr(luck, "uniforms", drawn)
    people = people_of(zone)
    contracts, rules = contracts_of(zone, people)
    contracts.take_up(rules)
    contracts.set_out(rules, np.zeros(len(zone.households), bool))
    contracts.time[:] = zone.time_kept
    contracts.decide(1)
    signed = {home.name for home, end in zip(zone.households, contracts.ends, strict=True) if end != NEVER}
    assert signed == set(case.expect.signed)
    assert np.array_equal(people.contract > 0, np.repeat(contracts.ends != NEVER, contracts.homes.size))
    (time_kept,), (without,) = contracts.time, contracts.without
    found = {"time_kept": time_kept, "without": without, "ended": contracts.ended, "renewed": contracts.renewed}
    for name, wanted in case.expect.model_dump(exclude_none=True, exclude={"signed"}).items():
        assert found[name] == pytest.approx(wanted), name


def test_no_two_signing_cases_have_the_same_name() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 20
