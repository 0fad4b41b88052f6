"""Union: agents of several kinds as one Mesa set, one kind after another."""

import copy
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from random import Random
from typing import Any, NoReturn

import numpy as np

from sim.columnar.agent_set import ColumnarAgentSet, ColumnarGroupBy, MesaAgentSet, limit


class UnionAgentSet(MesaAgentSet):
    """Agents of several kinds, one set after another: what `model.agents` is when some kinds are columnar.

    It cannot be changed, nor put in an order that would mix the kinds (TypeError): that would make a view of every row.
    """

    def __init__(self, parts: Sequence[Any], random: Random) -> None:
        self.parts = tuple(parts)
        self.random = random

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    def __iter__(self) -> Iterator[Any]:
        return chain.from_iterable(self.parts)

    def __contains__(self, agent: object) -> bool:
        return any(agent in part for part in self.parts)

    def __getitem__(self, item: int | slice) -> Any:
        """Give one agent, or the list of those in a slice."""
        places = range(len(self))[item]
        return self._at(places) if isinstance(places, int) else [self._at(place) for place in places]

    def __getstate__(self) -> dict[str, Any]:
        return dict(vars(self))

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update(state)

    def __copy__(self) -> "UnionAgentSet":
        return UnionAgentSet([copy.copy(part) for part in self.parts], self.random)

    copy = __copy__
    _from_iterable = frozenset

    def to_list(self) -> list[Any]:
        """List all agents, making a view of every row."""
        return list(self)

    def get(self, attr_names: str | Sequence[str], handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """List the values of all agents, kind after kind."""
        return [value for part in self.parts for value in _listed(part.get(attr_names, handle_missing, default_value))]

    def set(self, attr_name: str, value: Any) -> "UnionAgentSet":
        """Give one value to all; columns first, since only they can refuse it."""
        for part in sorted(self.parts, key=lambda part: not isinstance(part, ColumnarAgentSet)):
            part.set(attr_name, value)
        return self

    def select(self, filter_func: Any = None, at_most: float = math.inf, inplace: bool = False, agent_type: type | None = None) -> Any:
        """Select as Mesa does, kind after kind; what lies in one kind comes back as a set of that kind."""
        if inplace:
            self._refuse()
        if filter_func is not None and not callable(filter_func):
            raise TypeError("a mask selects among agents of one kind: agents_by_type[...].select(mask)")
        left, chosen = limit(at_most, len(self)), []
        for part in self.parts:
            chosen.append(part.select(filter_func, left, False, agent_type))
            left -= len(chosen[-1])
        return _united([part for part in chosen if len(part)] or chosen[:1], self.random)

    def do(self, method: str | Callable[..., Any], *arguments: Any, **keywords: Any) -> "UnionAgentSet":
        """Do it kind after kind."""
        for part in self.parts:
            part.do(method, *arguments, **keywords)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *arguments: Any, **keywords: Any) -> "UnionAgentSet":
        """Do it kind after kind, in a random order within each."""
        for part in self.parts:
            part.shuffle_do(method, *arguments, **keywords)
        return self

    def map(self, method: str | Callable[..., Any], *arguments: Any, **keywords: Any) -> list[Any]:
        """List the results of all agents, kind after kind."""
        return [result for part in self.parts for result in part.map(method, *arguments, **keywords)]

    def groupby(self, by: str | Callable[[Any], Any], result_type: str = "agentset") -> ColumnarGroupBy:
        """Group as Mesa does; a group may hold several kinds."""
        found: dict[Any, list[Any]] = defaultdict(list)
        for part in self.parts:
            for key, group in part.groupby(by, result_type):
                found[key].append(group)
        lists = result_type != "agentset"
        return ColumnarGroupBy({key: list(chain(*groups)) if lists else _united(groups, self.random) for key, groups in found.items()})

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("the agents of several kinds cannot be changed, shuffled or sorted together; take one kind: agents_by_type[...]")

    add = discard = remove = shuffle = sort = _update = _refuse

    def _at(self, place: int) -> Any:
        for part in self.parts:
            if place < len(part):
                return part[place] if isinstance(part, ColumnarAgentSet) else next(islice(part, place, None))
            place -= len(part)
        raise IndexError(f"no agent {place}")


def _listed(values: Any) -> list[Any]:
    return list(values.tolist() if isinstance(values, np.ndarray) else values)


def _united(parts: Sequence[Any], random: Random) -> Any:
    return parts[0] if len(parts) == 1 else UnionAgentSet(parts, random)
