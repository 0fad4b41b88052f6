"""The cases of public_health.yaml, each reckoned by the model's own mechanism."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim import load
from sim.mechanisms.public_health_package import PublicHealthPackage
from tests.policy.cases_public_health import Package, PackageCase, package_cases

CASES = package_cases("public_health.yaml")
NAME = "public_health_package"


def effect(given: Package) -> dict[str, float]:
    """Let the mechanism pay one group, or nobody's town where there is none, and say what it averts."""
    rules: Any = load("lujiang-2020", [f"mechanisms.{NAME}.{setting}" for setting in given.settings]).mechanisms[NAME]
    groups = [
        SimpleNamespace(name=f"group_{i}", town_rows=[i], alignment=much, residents=given.people) for i, much in enumerate(given.alignment)
    ]
    people = SimpleNamespace(town=np.zeros(given.people, np.uint8), lives=np.zeros(given.people, np.uint8))
    found: dict[str, float] = {"to_county": 0, "to_township": 0, "to_village": 0}

    def note(payer: str, payee: str, kind: str, fen: int) -> None:
        found[f"to_{payee.split('.')[1]}"] += fen

    place = SimpleNamespace(towns=("first", "second"))
    county: Any = SimpleNamespace(people=people, groups=groups, place=place, today=0, transfer=note)
    mechanism = PublicHealthPackage(rules)
    mechanism.begin(county)
    county.today = given.days
    mechanism.settle(county)
    return found | {"averted": mechanism.averted(county)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_package_does_what_the_policy_says(case: PackageCase) -> None:
    got = effect(case.given)
    for name, wanted in case.expect.model_dump(exclude_none=True).items():
        assert got[name] == pytest.approx(wanted if name == "averted" else round(wanted * 100), abs=1e-12), name


def test_no_two_cases_have_the_same_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
