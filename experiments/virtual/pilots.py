"""Virtual pilots: a whole county lives with a policy and without, everyone with the same luck, and its visits are counted."""

from collections.abc import Mapping, Sequence

import numpy as np

from experiments.running.one import lived
from results.outcomes import HERE, in_tier
from sim.language.messages import refuse
from sim.loading import load
from sim.mechanisms import MECHANISMS
from sim.reading.strict_yaml import short
from sim.scenario.scenario import Scenario

DONOR = "lujiang-2020"
"""The scenario whose rules a pilot borrows where a scenario has none of the kind."""
PRIMARY = ("village", "clinic", "township")
HOSPITALS = ("county", "municipal", "provincial")
GATEKEEPING = "mechanisms.referral_rules.gatekeeping_compliance"
CONTRACT = "mechanisms.family_doctor"
SWITCHES: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "gatekeeping": ((f"{GATEKEEPING}=0 %",), (f"{GATEKEEPING}=100 %",)),
    "contract": ((f"{CONTRACT}.coverage=0 %", f"{CONTRACT}.signings=0"), (f"{CONTRACT}.coverage=100 %", f"{CONTRACT}.renewal=100 %")),
}
"""Each pilot's settings without and with it: nobody or everybody, from the first day to the last."""
Counts = Mapping[str, float]


def versions(word: str, settings: Sequence[str]) -> dict[str, tuple[Scenario, Scenario]]:
    """Read the scenario of each pilot without it and with it.

    word     : name or path of the scenario;  settings : laid over it in any case
    """
    plain = load(word, settings)
    return {name: _pair(plain, word, settings, switches) for name, switches in SWITCHES.items()}


def _pair(plain: Scenario, word: str, settings: Sequence[str], switches: tuple[Sequence[str], Sequence[str]]) -> tuple[Scenario, Scenario]:
    """Read a scenario twice: with settings of one kind and of the other, and with the rules they belong to where it has none."""
    mechanism = concerned(switches)
    rules = [] if mechanism in plain.mechanisms else borrowed(mechanism)
    without, with_it = (load(word, (*settings, *rules, *switch)) for switch in switches)
    return without, with_it


def concerned(switches: tuple[Sequence[str], Sequence[str]]) -> str:
    """Name the mechanism that a pilot switches."""
    return switches[0][0].split(".")[1]


def borrowed(mechanism: str) -> list[str]:
    """Write the rules of a mechanism of the donor as settings: elsewhere they are assumed, and hold throughout."""
    if mechanism not in MECHANISMS:
        raise refuse("mechanism.unknown", DONOR, value=mechanism, near=None)
    block = f"mechanisms.{mechanism}"
    found = ((path, leaf) for path, leaf in load(DONOR).leaves(block) if path.removeprefix(f"{block}.") not in ("from", "until"))
    return [f"{block}.source=assumed", *(f"{path}={short(leaf.content)}" for path, leaf in found if not path.endswith(".source"))]


def counted(scenario: Scenario, seed: int, scale: float) -> Counts:
    """Let a county live all its days, and count the visits of people living here by where they were made.

    returns : primary, hospital: all their visits; chronic_primary, chronic: visits for long-term conditions, of everybody but at
              facilities that only those living elsewhere go to
    """
    county = lived(scenario, seed, scale)
    seen = county.outpatients.counts.visits[HERE].sum(axis=(0, 2))
    near = ~county.place.facilities.of_kind("elsewhere_clinic", "elsewhere_hospital")
    long = county.outpatients.counts.flows[:, :, county.place.conditions.of_urgency("chronic")].sum(axis=(0, 2)) * near
    primary = in_tier(county, PRIMARY)
    hospital = in_tier(county, HOSPITALS)
    sums = {"primary": seen[primary], "hospital": seen[hospital], "chronic_primary": long[primary], "chronic": long}
    return {name: float(np.sum(values)) for name, values in sums.items()}


def change(name: str, without: Counts, with_it: Counts) -> float:
    """Say by which share of themselves visits of a kind grew; NaN where there were none."""
    return with_it[name] / without[name] - 1.0 if without[name] else float("nan")


def gain(name: str, whole: str, without: Counts, with_it: Counts) -> float:
    """Say by how much the share of one kind of visits in another grew; NaN where there were none."""
    shares = [counts[name] / counts[whole] if counts[whole] else float("nan") for counts in (without, with_it)]
    return shares[1] - shares[0]
