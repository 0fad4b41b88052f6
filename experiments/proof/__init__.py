"""Proof: the model's own kernels against problems with exact answers."""
