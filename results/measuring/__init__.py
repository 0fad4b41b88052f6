"""Measuring: what every measure means, and the accounts of groups."""
