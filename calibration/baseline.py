"""Fit the constants of a baseline: utilities of the kinds of option and the scales of need, so that a run shows the shares aimed at.

A first, documented fit of few numbers to as many aims (docs/decisions/0007-baseline-fit.md), not a posterior: each round runs the
scenario and moves every constant by the logarithm of (share aimed at / share found), times the dissimilarity of its nest. It ends when
nothing moves by more than `CLOSE`, and writes the numbers into the scenario file, where they stand as `fitted`.

    python -m calibration.baseline lujiang-2018
"""

import re
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.running.one import lived
from sim.county import County
from sim.kinds import KINDS
from sim.loading import load
from sim.words import APPEALS, SEGMENTS

ROUNDS, CLOSE, SCALE, DAYS = 16, 0.04, 0.25, 90
FIXED_AT_ZERO = "none"

AIMS: dict[str, dict[str, float]] = {
    "minor_visit": {"village": 0.320, "clinic": 0.060, "township": 0.235, "county": 0.285, "private": 0.050, "rehabilitation": 0.004,
                    "municipal": 0.026, "provincial": 0.020},
    "serious_visit": {"village": 0.030, "clinic": 0.020, "township": 0.120, "county": 0.590, "private": 0.070, "rehabilitation": 0.010,
                      "municipal": 0.080, "provincial": 0.080},
    "common_stay": {"township": 0.680, "county": 0.220, "private": 0.055, "rehabilitation": 0.015, "municipal": 0.018, "provincial": 0.012},
    "serious_stay": {"township": 0.060, "county": 0.650, "private": 0.100, "rehabilitation": 0.010, "municipal": 0.095,
                     "provincial": 0.085},
}  # fmt: skip
"""Shares of those living here among the options taken. Assumed splits of: primary visits .57 of all and .40 without village clinics,
township admissions .20 of all, in-county admissions of the insured .80 (about .86 of those living here)."""

FORGONE = {"visit": 0.15, "stay": 0.215}
"""Needs not taken to care: visits assumed; admissions 21.5 % (NHSS 2018, Wu et al. 2023, doi 10.1186/s12939-023-01909-3)."""

RATES = {"visit": 5.6, "stay": 0.155}
"""Visits and admissions a year of a person living here: Anhui 2019, Anhui 2022 and NHSS 2018."""


def found(county: County) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Read a finished run: (segments, appeals) care taken by those registered in towns and treated here or in the city; forgone; rates."""
    house, level = county.place.facilities, county.place.conditions.level
    counts = (county.outpatients.counts.flows, county.inpatients.counts.flows[0])
    near = ~house.of_kind("elsewhere_clinic", "elsewhere_hospital")
    shares = np.zeros((len(SEGMENTS), len(APPEALS)))
    for setting, flows in enumerate(counts):
        for serious in (0, 1):
            groups = (level[setting] >= 3) == bool(serious)
            taken = flows[:, :, groups].sum(axis=(0, 2)) * near
            shares[2 * setting + serious] = np.bincount(house.appeal, taken, len(APPEALS))
    sides = (county.outpatients, county.inpatients)
    forgone = np.array([(side.none[:3].sum() + side.counts.forgone[:3].sum()) / side.needs[:3].sum() for side in sides])
    here, years = int((county.people.lives == 0).sum()), county.plan.period.days / 365.0
    care = np.array([county.outpatients.counts.visits[:3].sum(), county.inpatients.counts.admissions[:3].sum()])
    return shares / shares.sum(axis=1, keepdims=True), forgone, care / here / years


def settings(constants: NDArray[np.float64], scales: NDArray[np.float64]) -> list[str]:
    """Write numbers as settings of a scenario."""
    out = [f"illness.visits_scale={scales[0]:.4f}", f"illness.admissions_scale={scales[1]:.4f}"]
    for s, segment in enumerate(SEGMENTS):
        out += [f"choice.segments.{segment}.constants.{a}={constants[s, i]:.3f}" for i, a in enumerate(APPEALS) if a in AIMS[segment]]
    return out


def move(county: County, constants: NDArray[np.float64], scales: NDArray[np.float64], round_: int) -> float:
    """Move the numbers towards the aims; returns the largest relative miss of a share aimed at above 1 %."""
    shares, forgone, rates = found(county)
    aims = np.array([[AIMS[segment].get(a, 0.0) for a in APPEALS] for segment in SEGMENTS])
    aims /= aims.sum(axis=1, keepdims=True)
    wanted = np.array([FORGONE["visit"], FORGONE["visit"], FORGONE["stay"], FORGONE["stay"]])
    missed = np.repeat(forgone, 2)
    asked = aims > 0
    step = np.zeros_like(constants)
    step[asked] = np.log(aims[asked] / np.maximum(shares[asked], 1e-5))
    more = np.log((1 - wanted) / wanted * missed / (1 - missed))
    spread = np.array([getattr(county.plan.choice.nests, nest_of(a)) for a in APPEALS])
    gain = max(0.3, 0.85**round_)  # steady at first, patient when only the noise of a small run is left
    constants += gain * (np.clip(step, -1.5, 1.5) * spread * asked + 0.7 * more[:, None] * asked)
    scales *= np.clip(np.array([RATES["visit"], RATES["stay"]]) / rates, 0.8, 1.25)
    missing = np.round(np.where(aims > 0.01, step, 0.0), 2).tolist()
    print("miss", missing, "forgone", forgone.round(3), "rates", rates.round(3), file=sys.stderr)
    return float(max(np.abs(np.where(aims > 0.03, step, 0.0)).max(), np.abs(more).max() / 4))


def nest_of(appeal: str) -> str:
    """Say in which nest a kind of option stands; no care stands alone, with dissimilarity 1 like a village clinic."""
    return next((kind.nest for kind in KINDS.values() if kind.option == appeal), "village")


def rewritten(text: str, constants: NDArray[np.float64], scales: NDArray[np.float64]) -> str:
    """Put the fitted numbers into the text of a scenario."""
    for name, value in zip(("visits_scale", "admissions_scale"), scales, strict=True):
        text = re.sub(rf"(?m)^  {name}:.*$", f"  {name}: {{value: {value:.4f}, source: fitted}}", text)
    for s, segment in enumerate(SEGMENTS):
        inside = ", ".join(f"{a}: {constants[s, i]:.3f}" for i, a in enumerate(APPEALS) if a in AIMS[segment] or a == FIXED_AT_ZERO)
        text = re.sub(rf"(?m)(^    {segment}:\n)      constants:.*$", rf"\1      constants: {{source: fitted, {inside}}}", text)
    return text


def fit(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Run and move until the aims are met."""
    plan = load(name)
    constants = np.array([[getattr(plan.choice.segments[s].constants, a) for a in APPEALS] for s in SEGMENTS])
    constants[:, APPEALS.index(FIXED_AT_ZERO)] = 0.0
    scales = np.array([plan.illness.visits_scale, plan.illness.admissions_scale])
    for round_ in range(ROUNDS):
        county = lived(load(name, [f"period.days={DAYS}", *settings(constants, scales)]), round_ + 1, SCALE)
        if move(county, constants, scales, round_) < CLOSE:
            break
    return constants, scales


def main() -> None:
    """Fit the scenario named on the command line, and write the numbers into its file."""
    name = sys.argv[1]
    path = Path(__file__).parents[1] / "scenarios" / f"{name}.yaml"
    path.write_text(rewritten(path.read_text(encoding="utf8"), *fit(name)), encoding="utf8")


if __name__ == "__main__":
    main()
