"""Reporting: pages of experiments and comparisons, drawn as the report of a run is."""
