"""The front doors: the command `tiercare`, and the web app; and what they say to users."""

from pathlib import Path

import experiments  # noqa: F401  (what experiments and results say is said here too)
from sim.language.messages import floor

floor(Path(__file__).with_name("messages.yaml"), "bench", "cli", "run", "scenarios", "virtual")
