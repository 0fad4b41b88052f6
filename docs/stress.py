"""Write docs/stress_abs.md: the template of the STRESS-ABS checklist, filled in for the model and the scenarios that come with it."""

from experiments.checklist.checklist import filled, length_words, run_in_words
from experiments.checklist.facts import Days
from sim.loading import load
from sim.scenario.merging import scenario_names

FILLED = """filled in for the model and its scenarios.
A study made with the model finds it filled in for its own runs beside its results: `tiercare run`, `batch` and `compare` leave a
`stress_abs.md`, in which only what the author alone can say is left open.
Made from `experiments/checklist/stress_abs.md` by `make docs`."""
OUTPUTS = (
    "Tables by day, facility, flow and payment. A single run has no interval: differences between scenarios are taken over seeds, in "
    "pairs, with Student's t ([tutorial, step 3](tutorial.md#3-two-runs-side-by-side))"
)
AIMS = (
    "(A) Scenarios: `tongling-2018`, a city whose teams sign (for the signing process only); `lujiang-2018`, a county before the "
    "reform; `lujiang-2020`, the same county with two medical groups, a packaged fund, the unified schedule, referral rules and more "
    "contracts, beside the goals of 90 % and 45 % published for it; `lujiang-all`, that county under every rule of the five "
    "documents. (B) Design of experiments: `gaps-contracts-posting`, a grid of reimbursement gaps, contracts and postings with "
    "twenty seeds, and `gaps-contracts-posting-whole`, single steps of it with all the people ([experiments.md](experiments.md), "
    "[findings](findings-gaps-contracts-posting.md)). (C) Optimisation: none"
)
LOGIC = (
    "What differs stands in `scenarios/lujiang-2020.yaml`, and only that: groups, schedule, contracts, `referral_rules`, "
    "`packaged_fund`, `public_health_package`, goals."
)
INPUTS = (
    "All in the scenario files, with unit and source; `scenario.yaml` of a run folder has them in full. The tables in "
    "`scenarios/data/`. `tiercare sources SCENARIO` counts them"
)
ESTIMATION = (
    "One run per scenario and seed. By counting alone the whole county gives a share of its six million visits to about 0.02 points "
    "(standard error), of the admissions of the insured to about 0.1; for differences, the same seeds in both scenarios (common "
    "random numbers by person) and paired differences. What runs on a part of the people shift: [scale.md](scale.md)."
)
SOFTWARE = (
    "Python 3.11 or later; Mesa, numpy, numba, networkx, pydantic, pyarrow. Versions: `constraints.txt`; those of a run in its `run.json`"
)
SYSTEM = "Seconds and memory of a run stand in its `run.json`; measured figures and ratios in `benchmarks/results.json`"
ACCESS = (
    "This repository holds the model, its data, tests and docs; `CITATION.cff` says how to cite it. `make run` installs and runs it, "
    "`make test` repeats its checks"
)
EMPTY = (
    "title", "purpose", "aims_tables", "logic_tables", "sources", "preparation", "assumptions", "data_tables", "validation",
    "estimation_tables", "luck", "execution",
)  # fmt: skip
"""Gaps that only a study fills."""


def stress_page() -> str:
    """Write the page; lengths of runs are those of the scenarios that come with the model."""
    periods = [load(name).period for name in scenario_names()]
    days = [Days(period.run_in_days, period.days) for period in periods]
    gaps = {
        "filled": FILLED,
        "outputs": OUTPUTS,
        "aims": AIMS,
        "base": "the base model is `lujiang-2018`",
        "logic": LOGIC,
        "inputs": INPUTS,
        "run_in": run_in_words(days),
        "length": length_words(days),
        "estimation": ESTIMATION,
        "software": SOFTWARE,
        "system": SYSTEM,
        "access": ACCESS,
    }
    return filled({**dict.fromkeys(EMPTY, ""), **gaps})
