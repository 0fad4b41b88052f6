"""`python -m calibration.baseline`: fit the baseline of a county from the command line, and write it as a scenario of its own."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from calibration import aims as aiming
from calibration.aims import Aims
from calibration.fitting import FIXED_AT_ZERO, Fitted, Found, Size, fit, moved, settings
from sim.language.messages import UserError
from sim.loading import load
from sim.warming import warm
from sim.words import APPEALS, SEGMENTS, SETTINGS

EXAMPLES = """examples:
  python -m calibration.baseline my-county.yaml
  python -m calibration.baseline my-county.yaml --aims my-aims.yaml --out fitted.yaml
  python -m calibration.baseline lujiang-2018 --scale 0.25 --days 90     (quick, and rough)
"""


def parser() -> argparse.ArgumentParser:
    """Say what the command takes."""
    made = argparse.ArgumentParser(
        prog="python -m calibration.baseline",
        description="Fit the constants of choice and the scales of need, so that a year of the scenario shows what is aimed at. Writes a\n"
        "scenario that extends it with the fitted numbers, and prints aims and results side by side.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("scenario", help="name of a shipped scenario, or a file")
    made.add_argument("--aims", type=Path, default=aiming.SHIPPED, help="YAML file of the aims (default: those of the shipped baseline)")
    made.add_argument("--out", type=Path, help="file to write (default: NAME-fitted.yaml in this folder)")
    made.add_argument("--in-place", action="store_true", help="put the numbers into the file of the scenario instead")
    made.add_argument("--scale", type=float, default=Size().scale, help="share of the people (default: 1)")
    made.add_argument("--days", type=int, default=Size().days, help="measured days of a round (default: 365)")
    made.add_argument("--rounds", type=int, default=Size().rounds, help="rounds at most (default: 16)")
    made.add_argument("--seed", type=int, default=Size().seed, help="seed of the first round (default: 1)")
    return made


def overlay(name: str, scenario: str, numbers: Fitted, aims: Aims) -> str:
    """Write a scenario that extends another with fitted numbers."""
    visits, stays = numbers.scales
    lines = [f"name: {name}", f"extends: {scenario}", "illness:"]
    lines += [f"  visits_scale: {{value: {visits:.4f}, source: fitted}}", f"  admissions_scale: {{value: {stays:.4f}, source: fitted}}"]
    lines += ["choice:", "  segments:"]
    for segment in SEGMENTS:
        lines += [f"    {segment}:", f"      constants: {inside(segment, numbers, aims)}"]
    return "\n".join(lines) + "\n"


def inside(segment: str, numbers: Fitted, aims: Aims) -> str:
    """Write the constants of a segment in braces."""
    values = [f"{appeal}: {value:.3f}" for of, appeal, value in moved(numbers, aims) if of == segment]
    return "{source: fitted, " + ", ".join([*values, f"{FIXED_AT_ZERO}: 0.000"]) + "}"


def rewritten(text: str, numbers: Fitted, aims: Aims) -> str:
    """Put fitted numbers into the text of a scenario that states them itself."""
    for name, value in zip(("visits_scale", "admissions_scale"), numbers.scales, strict=True):
        text = re.sub(rf"(?m)^  {name}:.*$", f"  {name}: {{value: {value:.4f}, source: fitted}}", text)
    for segment in SEGMENTS:
        text = re.sub(rf"(?m)(^    {segment}:\n)      constants:.*$", rf"\1      constants: {inside(segment, numbers, aims)}", text)
    return text


def side_by_side(aims: Aims, seen: Found) -> str:
    """Write aims and results: a row each."""
    lines = [f"{'':34}{'aim':>8}{'found':>8}"]
    for s, segment in enumerate(SEGMENTS):
        for i in np.flatnonzero(aims.shares[s]):
            lines.append(f"{segment + ', ' + APPEALS[i]:34}{100 * aims.shares[s, i]:7.1f}%{100 * seen.shares[s, i]:7.1f}%")
    for i, setting in enumerate(SETTINGS):
        lines.append(f"{'not taken to care, ' + setting:34}{100 * aims.missed[2 * i]:7.1f}%{100 * seen.forgone[i]:7.1f}%")
        lines.append(f"{'a year and person, ' + setting:34}{aims.care[i]:8.3f}{seen.rates[i]:8.3f}")
    return "\n".join(lines)


def main(words: Sequence[str] | None = None) -> int:
    """Fit the scenario named, and write the numbers; returns 0, or 2 where the input is at fault."""
    given = parser().parse_args(words)
    try:
        plan, aims = load(given.scenario), aiming.read(given.aims)
        out = target(given, plan.name)
        warm(plan)
        numbers, seen = fit(given.scenario, aims, Size(given.scale, given.days, given.rounds, given.seed))
    except UserError as error:
        print(error.text("en"), file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{given.out or given.scenario}: {error.strerror or error}", file=sys.stderr)
        return 2
    if given.in_place:
        out.write_text(rewritten(out.read_text(encoding="utf-8"), numbers, aims), encoding="utf-8")
    else:
        out.write_text(overlay(out.stem, parent(given.scenario, out), numbers, aims), encoding="utf-8")
    load(out, settings(numbers, aims))
    print(side_by_side(aims, seen))
    print(f"written: {out}")
    return 0


def parent(scenario: str, out: Path) -> str:
    """Name the scenario as a file beside it would."""
    return os.path.relpath(scenario, out.parent) if Path(scenario).exists() else scenario


def target(given: argparse.Namespace, name: str) -> Path:
    """Say which file is to be written, and see that it can be, before anything is run."""
    if given.in_place:
        file = Path(given.scenario) if Path(given.scenario).exists() else Path(__file__).parents[1] / "scenarios" / f"{given.scenario}.yaml"
        file.open("a").close()
    else:
        file = given.out or Path(f"{name}-fitted.yaml")
        file.open("x").close()
    return file


if __name__ == "__main__":
    sys.exit(main())
