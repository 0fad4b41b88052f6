"""Bench: the model's speed beside SimPy and plain Mesa objects."""
