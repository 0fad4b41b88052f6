"""Experiments: many runs, compared, proved and timed; and what they say to users.

>>> import experiments
>>> kept = experiments.do("my-experiment.yaml")
>>> kept.runs().groupby("gap").in_county_admission_share_insured.mean()
>>> experiments.compared(["lujiang-2018", "lujiang-2020"]).measures["fund_spent_per_head"].differences
"""

from pathlib import Path

import results  # noqa: F401  (what results say is said here too)
from experiments.calls import compared, do
from experiments.calls import opened as open
from sim.language.messages import floor

__all__ = ["compared", "do", "open"]

floor(
    Path(__file__).with_name("messages.yaml"),
    "parts", "verify", "experiment", "layout", "batch", "runs", "column", "compare", "sensitivity",
)  # fmt: skip
