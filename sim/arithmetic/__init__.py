"""Arithmetic: kernels compiled once, luck that belongs to people, and functions that give the same bits everywhere."""
