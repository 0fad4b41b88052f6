"""The model: a county of residents and those who treat them. `County(load("lujiang-2020"))` is a mesa.Model.

The names are imported when first used, so that reading a message or a scenario does not load the compiler and Mesa.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.county import County
    from sim.loading import load
    from sim.people.residents import Resident

__all__ = ["County", "Resident", "load"]

_HOMES = {"County": "sim.county", "Resident": "sim.people.residents", "load": "sim.loading"}


def __getattr__(name: str) -> Any:
    """Import one of the listed names; AttributeError for any other."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
