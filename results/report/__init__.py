"""The report of a run: one self-contained page made from what its folder holds."""
