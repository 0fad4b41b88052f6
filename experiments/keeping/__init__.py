"""Keeping: the folder of an experiment, and ways to look into it."""
