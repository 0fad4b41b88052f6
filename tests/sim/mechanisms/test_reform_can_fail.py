"""Reform can fail: within plausible numbers the same policies bring patients to the townships, draw them away, or drive them out.

Published directions (docs/decisions/0009-institutions.md): in Funan the townships' share rose after the reform, in Dingyuan the share
outside the county. Numbers: `lift` .3 and `pull` .5 utils, the worth of 17 and 28 minutes of way to a visit; `thrift` 10 % of a stay's
bill, where case payment saved 6 % in Xi county; `thrift_felt` .5 utils for each tenth saved. No referral rules: nobody is held at a desk.
"""

import math
from pathlib import Path

import pytest

from experiments.running.one import measured
from sim import load

LARGER, DAYS = 0.05, 182
FAILING = """
name: reform
title: {en: Reform, zh: 改革}
extends: lujiang-2020
mechanisms:
  referral_rules: null
  packaged_fund: {source: assumed, thrift: 10 %, thrift_felt: 0.5}
  lead_hospital: {source: assumed, pull: 0.5, lift: 0.3}
"""
NO_PACKAGE, NO_LEAD = (tuple(f"mechanisms.{name}.{when}=1999-01-0{day}" for day, when in enumerate(("from", "until"), 1))
                       for name in ("packaged_fund", "lead_hospital"))  # fmt: skip
NO_REFORM = (*NO_PACKAGE, *NO_LEAD)
TOWNSHIPS, INSIDE = "primary_visit_share_township", "in_county_admission_share_resident"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reform(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county under the package and its leads, without referral rules."""
    path = tmp_path_factory.mktemp("reform") / "reform.yaml"
    path.write_text(FAILING, encoding="utf-8")
    return path


def share(reform: Path, name: str, governance: str, settings: tuple[str, ...]) -> tuple[float, float]:
    """Let the county live under one governance of both groups: a share, and the variance of it."""
    governed = [f"groups.{group}.governance={governance}" for group in ("people", "tcm")]
    found = measured(load(reform, [f"period.days={DAYS}", *governed, *settings]), seed=1, scale=LARGER)
    part, count = found[name], found[f"{name}__denominator"]
    assert isinstance(part, float)
    assert isinstance(count, int)
    return part, part * (1.0 - part) / count


def rise(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Say by how many standard errors a share rises from one county to the other."""
    return (other[0] - one[0]) / math.sqrt(one[1] + other[1])


def test_a_tight_group_whose_lead_lifts_its_townships_raises_their_share(reform: Path) -> None:
    before, after = share(reform, TOWNSHIPS, "one_entity", NO_REFORM), share(reform, TOWNSHIPS, "one_entity", NO_PACKAGE)
    assert rise(before, after) > 5


def test_a_loose_group_whose_lead_pulls_lowers_the_townships_share(reform: Path) -> None:
    """By little: its beds are nine tenths full, and a full hospital courts nobody."""
    before, after = share(reform, TOWNSHIPS, "loose", NO_REFORM), share(reform, TOWNSHIPS, "loose", NO_PACKAGE)
    assert rise(before, after) < -2


def test_a_strained_tight_group_whose_thrift_is_felt_drives_patients_out_of_the_county(reform: Path) -> None:
    before, after = share(reform, INSIDE, "one_entity", NO_REFORM), share(reform, INSIDE, "one_entity", NO_LEAD)
    assert rise(before, after) < -3


def test_where_thrift_is_not_felt_nobody_is_driven_out(reform: Path) -> None:
    unfelt = (*NO_LEAD, "mechanisms.packaged_fund.thrift_felt=0")
    before, after = share(reform, INSIDE, "one_entity", NO_REFORM), share(reform, INSIDE, "one_entity", unfelt)
    assert rise(before, after) > -3
