"""Methods of a set: those called once with the whole set, and those called once for each agent."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sim.columnar.population import ColumnAgent, unknown

Method = Callable[..., Any]


def batch(method: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a method that `do` and `map` call once with the whole set, instead of once for each agent.

    raises : TypeError when it is called on a view of one row
    """

    @functools.wraps(method)
    def called(agents: Any, *arguments: Any, **keywords: Any) -> Any:
        if isinstance(agents, ColumnAgent):
            raise TypeError(f"{method.__qualname__} works on a set of agents, not on {agents!r}; use select(...).do({method.__name__!r})")
        return method(agents, *arguments, **keywords)

    vars(called)["is_batch"] = True
    return called


def is_batch(method: Method) -> bool:
    """Say whether a method is called once with the whole set."""
    return bool(getattr(method, "is_batch", False))


def found(agent_class: type[ColumnAgent], method: str | Method) -> Method:
    """Find a method of a kind of agent by its name; AttributeError where there is none."""
    if not isinstance(method, str):
        return method
    if not hasattr(agent_class, method):
        raise AttributeError(unknown(agent_class, method))
    by_name: Method = getattr(agent_class, method)
    return by_name


def call(agent: Any, method: str | Method, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
    """Call a method, or a function of one agent, for one agent."""
    return getattr(agent, method)(*arguments, **keywords) if isinstance(method, str) else method(agent, *arguments, **keywords)
