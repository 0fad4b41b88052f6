"""Attributes: what a name means for all agents of a set at once, as arrays.

Coded attributes are chosen, sorted and grouped by their codes: whole numbers of one or two bytes, of which numpy sorts a million in
some milliseconds. Their words are laid out only for who asks for them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.columnar.chosen import Chosen, Rows
from sim.columnar.columns import Array, Column, ColumnProperty, Named
from sim.columnar.population import Population, unknown

Mask = NDArray[np.bool_]


class Agents(Protocol):
    """A set of agents of one kind."""

    population: Population
    chosen: Chosen


class Values:
    """An attribute as values, (agents,), in the order of the set; they may be the live ones."""

    def __init__(self, array: Array) -> None:
        self.array = array

    def copy(self) -> Array:
        """Give the values as they are now, in an array of their own."""
        return self.array.copy()

    def order(self, ascending: bool) -> Rows:
        """Give the places of the agents in the order of their values, equals as they stand."""
        return _order(self.array, ascending)

    def groups(self) -> dict[Any, Rows]:
        """Give the places where each value stands, the lowest value first; where values are objects, the one met first."""
        if self.array.dtype.kind == "O":
            return gathered(self.array)
        return {plain(value): places for value, places in _runs(self.array)}

    def among(self, wanted: Sequence[Any]) -> Mask:
        """Say for each agent whether the value is one of those wanted."""
        return np.isin(self.array, wanted)


class ColumnValues(Values):
    """A declared column: values as stored, shown in words where it is coded."""

    def __init__(self, array: Array, column: Column) -> None:
        super().__init__(array)
        self.column = column

    def groups(self) -> dict[Any, Rows]:
        """Give the places where each value stands, by what a view shows, in the order of what is stored."""
        return {self.column.spoken(value): places for value, places in _runs(self.array)}

    def among(self, wanted: Sequence[Any]) -> Mask:
        """Say for each agent whether the value is one of those wanted, words or codes; ValueError for one that the column cannot hold."""
        return np.isin(self.array, self.column.stored(wanted))


class NamedValues(Values):
    """A named attribute: the codes, and what they stand for in the model."""

    def __init__(self, codes: Array, named: Named, model: Any) -> None:
        super().__init__(np.ascontiguousarray(codes))
        self.words = named.words(model)
        if len(codes):
            named.check(int(self.array.min()), int(self.array.max()), len(self.words))

    def copy(self) -> Array:
        """Give what the codes stand for, an array of the very objects of the model's list."""
        return self.words[self.array]

    def order(self, ascending: bool) -> Rows:
        """Give the places of the agents in the order of what the codes stand for."""
        ranks = np.unique(self.words, return_inverse=True)[1]
        return _order(ranks[self.array], ascending)

    def groups(self) -> dict[Any, Rows]:
        """Give the places where each word stands, in the order of the model's list; one named twice there is one group."""
        first: dict[Any, int] = {}
        codes = np.array([first.setdefault(word, code) for code, word in enumerate(self.words)], self.array.dtype)
        arrays = self.array if len(first) == len(self.words) else codes[self.array]
        return {self.words[code]: places for code, places in _runs(arrays)}

    def among(self, wanted: Sequence[Any]) -> Mask:
        """Say for each agent whether the word is one of those wanted, of which the model's list may lack some."""
        sought = set(wanted)
        return np.fromiter((word in sought for word in self.words), bool, len(self.words))[self.array]


def read(agents: Agents, name: str) -> Values:
    """Find what a name means for a set; AttributeError where it means nothing, or only for one agent."""
    population, chosen = agents.population, agents.chosen
    declared = getattr(population.agent_class, name, None)
    if isinstance(declared, ColumnProperty):
        return Values(whole(np.asarray(declared.values(agents)), len(chosen), name))
    if isinstance(declared, Named):
        return NamedValues(chosen.of(population.array(declared.column.name)), declared, population.model)
    if name == "unique_id":
        return Values(population.first_id + chosen.rows)
    if isinstance(declared, property):
        raise AttributeError(f"{unknown(population.agent_class, name)}; mark the property with @column_property to read it for a set")
    return ColumnValues(chosen.of(population.array(name)), population.agent_class.columns()[name])


def whole(values: Array, agents: int, name: str) -> Array:
    """Demand a value for each agent; ValueError for any other number."""
    if values.shape[:1] != (agents,):
        raise ValueError(f"{name} gave values of shape {values.shape} for {agents} agents; wanted one for each")
    return values


def gathered(keys: Iterable[Any]) -> dict[Any, Rows]:
    """Give the places where each key stands, the key met first first."""
    places: dict[Any, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        places[key].append(place)
    return {key: np.array(each, np.int64) for key, each in places.items()}


def plain(value: Any) -> Any:
    """Turn a numpy number into Python's."""
    return value.item() if isinstance(value, np.generic) else value


def _order(values: Array, ascending: bool) -> Rows:
    """Sort stably in either direction, whatever the dtype: a minus sign would wrap unsigned columns."""
    if ascending:
        return np.argsort(values, kind="stable")
    return len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]


def _runs(values: Array) -> Iterator[tuple[Any, Rows]]:
    """Give each value with the places where it stands, (times,), the lowest value first."""
    if not len(values):
        return iter(())
    order = np.argsort(values, kind="stable")
    arranged = values[order]
    starts = np.flatnonzero(arranged[1:] != arranged[:-1]) + 1
    return zip(arranged[np.append(0, starts)], np.split(order, starts), strict=True)
