"""The model: a county of residents and those who treat them. `County(load("lujiang-2020"))` is a mesa.Model."""

from sim.county import County
from sim.loading import load
from sim.population import Resident

__all__ = ["County", "Resident", "load"]
