"""Experiments: many runs, compared, proved and timed; and what they say to users."""

from pathlib import Path

import results  # noqa: F401  (what results say is said here too)
from sim.language.messages import floor

floor(Path(__file__).with_name("messages.yaml"), "parts", "verify", "experiment", "batch", "runs", "column", "compare", "sensitivity")
