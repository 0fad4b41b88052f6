"""Say how to run exactly the same again."""

import shlex
from collections.abc import Iterator

from results.report.markup import Told, both, section, tag, told
from results.store.run import Run


def command_line(run: Run) -> str:
    """Write the command that gives the same numbers again."""
    facts = run.facts
    words = ["tiercare", "run", str(facts["scenario"])]
    for setting in facts["settings"]:
        words += ["--set", setting]
    words += ["--seed", str(facts["seed"]), "--scale", str(facts["scale"])]
    return shlex.join(words)


def rerun_section(run: Run) -> str:
    """Write the command line and what the numbers depend on."""
    lead = tag("p", both(told("report.rerun.lead")), class_="lead")
    command = tag("pre", tag("code", both(command_line(run))), tabindex="0")
    facts = "".join(tag("dt", both(told(f"report.rerun.{key}"))) + tag("dd", both(said)) for key, said in _facts(run))
    note = tag("p", both(told("report.rerun.note")), class_="note")
    return section("rerun", told("report.rerun.title"), lead + command + tag("dl", facts, class_="facts") + note)


def _facts(run: Run) -> Iterator[tuple[str, Told]]:
    """List what the numbers depend on, and what the run took."""
    facts, period = run.facts, run.scenario.period
    yield "scenario", str(facts["scenario"])
    yield "period", told("report.rerun.from", start=period.start, days=period.days)
    yield "run_in", told("report.rerun.days", days=period.run_in_days)
    yield "seed", str(facts["seed"])
    yield "scale", str(facts["scale"])
    yield "settings", "; ".join(facts["settings"]) or "–"
    yield "versions", ", ".join(f"{name} {version}" for name, version in facts["versions"].items() if version)
    yield "commit", str(facts["commit"] or "–")
    yield "inputs", str(facts["inputs"])
    yield "took", told("report.rerun.seconds", seconds=facts["wall_seconds"], memory=facts["peak_memory_mb"] or "–")
