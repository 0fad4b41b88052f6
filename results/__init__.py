"""Results: what a run measures, leaves in a folder, tells and shows; and what it says to readers."""

from pathlib import Path

from sim.language.messages import floor

floor(
    Path(__file__).with_name("messages.yaml"),
    *("code", "explain", "figures", "flowmap", "grade", "offers", "report", "scale", "sources", "store", "trace", "verdict"),
)
