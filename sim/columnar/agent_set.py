"""Sets of residents with Mesa's methods, worked on columns; and the Mesa model that holds them beside its ordinary agents.

Whatever can be said with a column (`get`, `set`, `agg`, `groupby`, `sort` by a name, `select` by a mask, a method marked `batch`)
touches arrays alone. What takes a function of one agent means what it means in Mesa, and costs a view for each agent: about two
microseconds. No set keeps a view.
"""

import copy
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, count, islice
from random import Random
from typing import Any, NoReturn
from weakref import WeakKeyDictionary

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.columnar.columns import Array, ColumnAgent, ColumnProperty, Population, unknown

try:
    from mesa.agentset import AbstractAgentSet as MesaAgentSet
    from mesa.agentset import GroupBy
except ImportError:  # an earlier Mesa keeps its sets beside its agents
    from mesa.agent import AgentSet as MesaAgentSet
    from mesa.agent import GroupBy

Rows = NDArray[np.int64]
EVERYBODY = slice(None)


def _total(values: Array) -> Any:
    """Add up, in double precision where the column has less."""
    return np.sum(values, dtype=np.float64 if values.dtype.kind == "f" else None)


ON_ARRAYS: dict[Any, Callable[[Array], Any]] = {sum: _total, min: np.min, max: np.max}
"""Built-in functions that would walk an array one number at a time, and wrap a small integer, with what stands in for them."""


class ColumnarAgentSet(MesaAgentSet):
    """Some rows of a population, each at most once, in an order: Mesa's agent set without objects.

    population : where the rows stand
    rows       : (agents,) distinct row numbers; None for the whole population
    random     : generator for `shuffle`; the model's own when left out
    """

    def __init__(self, population: Population, rows: Rows | None = None, random: Random | None = None) -> None:
        self.population = population
        self.random = random or population.model.random
        self._chosen: slice | Rows = EVERYBODY if rows is None else rows

    @property
    def rows(self) -> Rows:
        """Give the row numbers, (agents,), in the order of the set."""
        return np.arange(len(self.population))[self._chosen]

    @cached_property
    def _ordered(self) -> Rows:
        return np.sort(self.rows)

    def __len__(self) -> int:
        return len(self.population) if isinstance(self._chosen, slice) else len(self._chosen)

    def __iter__(self) -> Iterator[ColumnAgent]:
        return map(self.population.view, self._numbers())

    def __contains__(self, agent: object) -> bool:
        if not isinstance(agent, ColumnAgent) or agent.population is not self.population:
            return False
        if isinstance(self._chosen, slice):
            return True
        place = int(np.searchsorted(self._ordered, agent.row))
        return place < len(self) and bool(self._ordered[place] == agent.row)

    def __getitem__(self, item: int | slice) -> Any:
        """Give the view of one agent, or the list of views of a slice, as Mesa does."""
        if isinstance(item, slice):
            return [self.population.view(row) for row in self._numbers()[item]]
        return self.population.view(self._numbers()[item])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} {self.population.agent_class.__name__}>"

    def __getstate__(self) -> dict[str, Any]:
        return dict(vars(self))

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update(state)

    def __copy__(self) -> "ColumnarAgentSet":
        return ColumnarAgentSet(self.population, self.rows, self.random)

    copy = __copy__

    def to_list(self) -> list[ColumnAgent]:
        """Make the list of all views."""
        return list(self)

    def get(self, attr_names: str | Sequence[str], handle_missing: str = "error", default_value: Any = None) -> Array:
        """Read a column as it is now: a read-only copy, (agents,), codes where the column is coded.

        attr_names : a column, `unique_id` or a `column_property`; of several, an array (agents, names) of their common dtype
        raises     : AttributeError for an unknown name, unless `handle_missing` is "default"
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(f"Unknown handle_missing option: {handle_missing}, should be one of 'error' or 'default'")
        if not isinstance(attr_names, str):
            return np.column_stack([self.get(name, handle_missing, default_value) for name in attr_names])
        missing = handle_missing == "default" and not hasattr(self.population.agent_class, attr_names)
        values = np.full(len(self), default_value) if missing else self._values(attr_names).copy()
        values.flags.writeable = False
        return values

    def set(self, attr_name: str, value: Any) -> "ColumnarAgentSet":
        """Write a column: one value for all, or an array (agents,) in the order of the set; words or codes where it is coded.

        raises : AttributeError for an undeclared column, ValueError quoting a value that the column cannot hold
        """
        array = self.population.array(attr_name)
        stored = self.population.agent_class.columns()[attr_name].stored(value)
        if stored.shape not in ((), (len(self),)):
            raise ValueError(f"{attr_name}: got values of shape {stored.shape}; wanted one value, or ({len(self)},)")
        array[self._chosen] = stored
        return self

    def agg(self, attribute: str, func: Callable[[Array], Any] | Iterable[Callable[[Array], Any]]) -> Any:
        """Hand the array of an attribute to a function, or to each of several; `sum`, `min` and `max` run as numpy's."""
        values = self.get(attribute)
        if callable(func):
            return _plain(ON_ARRAYS.get(func, func)(values))
        return [_plain(ON_ARRAYS.get(each, each)(values)) for each in func]

    def select(
        self,
        filter_func: NDArray[np.bool_] | Callable[[Any], bool] | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> "ColumnarAgentSet":
        """Select by a mask (agents,), or by a function of one agent, which costs a view each; both keep the order.

        at_most : the first so many; a float up to 1.0 is a share of this set, rounded down
        raises  : TypeError for a mask that is not bool, ValueError for one of another length
        """
        limit = _limit(at_most, len(self))
        if agent_type is not None and not issubclass(self.population.agent_class, agent_type):
            rows = self.rows[:0]
        elif callable(filter_func):
            rows = np.fromiter(islice((agent.row for agent in self if filter_func(agent)), limit), np.int64)
        elif filter_func is not None:
            kept = np.flatnonzero(self._mask(filter_func))
            rows = kept if isinstance(self._chosen, slice) else self._chosen[kept]
        else:
            rows = self.rows
        return self._result(rows[:limit], inplace)

    def shuffle(self, inplace: bool = False) -> "ColumnarAgentSet":
        """Put the agents in a random order, drawn from the set's own generator as in Mesa."""
        keys = np.frombuffer(self.random.randbytes(8 * len(self)), "<u8")
        return self._result(self.rows[np.argsort(keys, kind="stable")], inplace)

    def sort(self, key: str | Callable[[Any], Any], ascending: bool = False, inplace: bool = False) -> "ColumnarAgentSet":
        """Sort by an attribute (a coded column by its codes) or by a function of one agent; equals keep their order."""
        if isinstance(key, str):
            order = _order(self._values(key), ascending)
        else:
            keys = [key(agent) for agent in self]
            order = np.array(sorted(range(len(self)), key=keys.__getitem__, reverse=not ascending), np.int64)
        return self._result(self.rows[order], inplace)

    def groupby(self, by: str | Callable[[Any], Any], result_type: str = "agentset") -> "ColumnarGroupBy":
        """Group by an attribute, keyed by what a view shows (words where coded), or by a function of one agent."""
        groups = {key: self._result(self.rows[places], False) for key, places in self._groups(by).items()}
        return ColumnarGroupBy(groups if result_type == "agentset" else {key: list(group) for key, group in groups.items()})

    def do(self, method: str | Callable[..., Any], *arguments: Any, **keywords: Any) -> "ColumnarAgentSet":
        """Call a `batch` method once with the set, any other once for each agent; Mesa's own empty `step` is left out."""
        found = self._found(method)
        if _is_batch(found):
            found(self, *arguments, **keywords)
        elif found not in (mesa.Agent.step, mesa.Agent.advance):
            for agent in self:
                _call(agent, method, arguments, keywords)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *arguments: Any, **keywords: Any) -> "ColumnarAgentSet":
        """Do it in a random order; a `batch` method gets the shuffled set."""
        self.shuffle().do(method, *arguments, **keywords)
        return self

    def map(self, method: str | Callable[..., Any], *arguments: Any, **keywords: Any) -> list[Any]:
        """Call as `do` does and give the results, one for each agent.

        raises : ValueError when a `batch` method gives another number of results
        """
        found = self._found(method)
        if not _is_batch(found):
            return [_call(agent, method, arguments, keywords) for agent in self]
        results = np.asarray(found(self, *arguments, **keywords))
        return list(self._whole(results, found.__qualname__).tolist())

    def add(self, agent: Any) -> None:
        """Add one agent of the same population at the end; TypeError for any other."""
        if agent not in self:
            self._become(np.append(self.rows, self._rows_of([agent])))

    def discard(self, agent: Any) -> None:
        """Take one agent out, if it is in."""
        if agent in self:
            self._become(self.rows[self.rows != agent.row])

    def remove(self, agent: Any) -> None:
        """Take one agent out; KeyError if it is not in."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def _numbers(self) -> range | Rows:
        return range(len(self.population)) if isinstance(self._chosen, slice) else self._chosen

    def _update(self, agents: Iterable[Any]) -> "ColumnarAgentSet":
        return self._become(self._rows_of(agents))

    def _from_iterable(self, agents: Iterable[Any]) -> "ColumnarAgentSet":
        """Serve the operators | & - ^, which Python writes in terms of this."""
        return self._result(self._rows_of(agents), False)

    def _rows_of(self, agents: Iterable[Any]) -> Rows:
        rows: dict[int, None] = {}
        for agent in agents:
            if not isinstance(agent, ColumnAgent) or agent.population is not self.population:
                raise TypeError(f"{agent!r} is not of this population of {self.population.agent_class.__name__}")
            rows[agent.row] = None
        return np.fromiter(rows, np.int64, len(rows))

    def _result(self, rows: Rows, inplace: bool) -> "ColumnarAgentSet":
        return self._become(rows) if inplace else ColumnarAgentSet(self.population, rows, self.random)

    def _become(self, rows: Rows) -> "ColumnarAgentSet":
        self._chosen = rows
        self.__dict__.pop("_ordered", None)
        return self

    def _values(self, name: str) -> Array:
        """Give the values of an attribute, (agents,); of the whole population the live column itself."""
        declared = getattr(self.population.agent_class, name, None)
        if isinstance(declared, ColumnProperty):
            return self._whole(np.asarray(declared.values(self)), name)
        if name == "unique_id":
            return self.population.first_id + self.rows
        if isinstance(declared, property):
            raise AttributeError(
                f"{unknown(self.population.agent_class, name)}; mark the property with @column_property to read it for a set"
            )
        return self.population.array(name)[self._chosen]

    def _whole(self, values: Array, name: str) -> Array:
        if values.shape[:1] != (len(self),):
            raise ValueError(f"{name} gave values of shape {values.shape} for {len(self)} agents; wanted one for each")
        return values

    def _mask(self, given: Any) -> NDArray[np.bool_]:
        mask = np.asarray(given)
        if mask.dtype != np.bool_:
            raise TypeError(f"select wants a mask of bools or a function of one agent, not an array of {mask.dtype}")
        return self._whole(mask, "the mask")

    def _groups(self, by: str | Callable[[Any], Any]) -> dict[Any, Rows]:
        """Give the places in the set of each group."""
        agent_class = self.population.agent_class
        if by is type:
            return {agent_class: np.arange(len(self))} if len(self) else {}
        if not isinstance(by, str):
            return _gathered(by(agent) for agent in self)
        values = self._values(by)
        if values.dtype.kind == "O":
            return _gathered(values)
        column = agent_class.columns().get(by)
        return {column.spoken(key) if column else _plain(key): places for key, places in _runs(values)}

    def _found(self, method: str | Callable[..., Any]) -> Callable[..., Any]:
        if not isinstance(method, str):
            return method
        if not hasattr(self.population.agent_class, method):
            raise AttributeError(unknown(self.population.agent_class, method))
        found: Callable[..., Any] = getattr(self.population.agent_class, method)
        return found


class RegisteredAgentSet(ColumnarAgentSet):
    """The whole population as its model holds it: what is in it, and in which order, cannot be changed."""

    def _become(self, rows: Rows) -> NoReturn:
        name = self.population.agent_class.__name__
        raise TypeError(f"all {len(self)} {name} of the model cannot be reordered or cut in place; work on a copy()")


class ColumnarGroupBy(GroupBy):
    """Mesa's groups, whose `agg` hands each group's array to the function."""

    def agg(self, attr_name: str, func: Callable[[Any], Any]) -> dict[Any, Any]:
        """Aggregate an attribute in each group: key -> result."""
        return {key: _aggregated(group, attr_name, func) for key, group in self.groups.items()}


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
        left, chosen = _limit(at_most, len(self)), []
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


class Ids(WeakKeyDictionary[mesa.Model, Iterator[int]]):
    """Counters of agents' ids by model, as Mesa 3.3 keeps them, for models still in use only: its own table lets go of none."""

    def __getitem__(self, model: mesa.Model) -> Iterator[int]:
        """Give the counter of a model, from 1 on."""
        if model not in self:
            self[model] = count(1)
        return super().__getitem__(model)


if hasattr(mesa.Agent, "_ids"):
    mesa.Agent._ids = Ids()


class ColumnarModel(mesa.Model):
    """A Mesa model some of whose agents are rows of columns; they stand in `agents`, `agents_by_type` and `agent_types` like any other."""

    _registered: tuple[RegisteredAgentSet, ...] = ()

    def add_population(self, agent_class: type[ColumnAgent], columns: Mapping[str, Array]) -> ColumnarAgentSet:
        """Add all agents of one kind at once and give their set.

        columns : name -> (agents,) array of the declared dtype; kept, not copied
        raises  : ValueError for columns that differ from the declaration, or a kind that the model has already
        """
        if agent_class in self.agents_by_type:
            raise ValueError(f"the model already has {len(self.agents_by_type[agent_class])} {agent_class.__name__}")
        agents = RegisteredAgentSet(Population(self, agent_class, columns))
        self._registered = (*self._registered, agents)
        return agents

    @property
    def agents(self) -> Any:
        """Give all agents: the ordinary ones, then kind after kind of columnar ones."""
        return UnionAgentSet([super().agents, *self._registered], self.random) if self._registered else super().agents

    @property
    def agents_by_type(self) -> dict[type, Any]:
        """Give the set of each kind of agent."""
        return {**super().agents_by_type, **{agents.population.agent_class: agents for agents in self._registered}}

    @property
    def agent_types(self) -> list[type]:
        """List the kinds of agents."""
        return list(self.agents_by_type)

    def remove_all_agents(self) -> None:
        """Remove all agents, the populations too."""
        self._registered = ()
        super().remove_all_agents()


def _limit(at_most: float, count: int) -> int:
    """Turn Mesa's `at_most` into a number of agents: a float up to 1.0 is a share of the set, anything else a number."""
    if isinstance(at_most, float) and at_most <= 1.0:
        return max(0, int(count * at_most))
    return count if at_most >= count else max(0, math.ceil(at_most))


def _plain(value: Any) -> Any:
    """Turn a numpy number into Python's."""
    return value.item() if isinstance(value, np.generic) else value


def _listed(values: Any) -> list[Any]:
    return list(values.tolist() if isinstance(values, np.ndarray) else values)


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


def _gathered(keys: Iterable[Any]) -> dict[Any, Rows]:
    """Give the places where each key stands, the key met first first."""
    places: dict[Any, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        places[key].append(place)
    return {key: np.array(each, np.int64) for key, each in places.items()}


def _is_batch(method: Callable[..., Any]) -> bool:
    return bool(getattr(method, "is_batch", False))


def _call(agent: Any, method: str | Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return getattr(agent, method)(*arguments, **keywords) if isinstance(method, str) else method(agent, *arguments, **keywords)


def _aggregated(group: Any, attribute: str, func: Callable[[Any], Any]) -> Any:
    return func([getattr(agent, attribute) for agent in group]) if isinstance(group, list) else group.agg(attribute, func)


def _united(parts: Sequence[Any], random: Random) -> Any:
    return parts[0] if len(parts) == 1 else UnionAgentSet(parts, random)
