"""Sets of agents of one kind with Mesa's methods, worked on columns.

Whatever can be said with an attribute (`get`, `set`, `agg`, `isin`, `groupby`, `sort` by a name, `select` by a mask, a method marked
`batch`) touches arrays alone. What takes a function of one agent means what it means in Mesa, and costs a view for each agent: about two
microseconds. No set keeps a view.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from random import Random
from typing import Any, NoReturn

import mesa
import numpy as np

from sim.columnar.attributes import Mask, gathered, plain, read, whole
from sim.columnar.chosen import Chosen, Rows
from sim.columnar.columns import Array
from sim.columnar.methods import Method, call, found, is_batch
from sim.columnar.population import ColumnAgent, Population

try:
    from mesa.agentset import AbstractAgentSet as MesaAgentSet
    from mesa.agentset import GroupBy
except ImportError:  # an earlier Mesa keeps its sets beside its agents
    from mesa.agent import AgentSet as MesaAgentSet
    from mesa.agent import GroupBy


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
        self.chosen = Chosen(len(population), rows)

    @property
    def rows(self) -> Rows:
        """Give the row numbers, (agents,), in the order of the set."""
        return self.chosen.rows.copy()

    def __len__(self) -> int:
        return len(self.chosen)

    def __iter__(self) -> Iterator[ColumnAgent]:
        return map(self.population.view, self.chosen.numbers)

    def __contains__(self, agent: object) -> bool:
        return isinstance(agent, ColumnAgent) and agent.population is self.population and agent.row in self.chosen

    def __getitem__(self, item: int | slice) -> Any:
        """Give the view of one agent, or the list of views of a slice, as Mesa does."""
        if isinstance(item, slice):
            return [self.population.view(row) for row in self.chosen.numbers[item]]
        return self.population.view(self.chosen.numbers[item])

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
        """Read an attribute as it is now: a read-only copy, (agents,); codes of a coded column, words of a named attribute.

        attr_names : a column, a named attribute, `unique_id` or a `column_property`; of several, an array (agents, names) of their
                     common dtype
        raises     : AttributeError for an unknown name, unless `handle_missing` is "default"
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(f"Unknown handle_missing option: {handle_missing}, should be one of 'error' or 'default'")
        if not isinstance(attr_names, str):
            return np.column_stack([self.get(name, handle_missing, default_value) for name in attr_names])
        missing = handle_missing == "default" and not hasattr(self.population.agent_class, attr_names)
        values = np.full(len(self), default_value) if missing else read(self, attr_names).copy()
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
        array[self.chosen.index] = stored
        return self

    def agg(self, attribute: str, func: Callable[[Array], Any] | Iterable[Callable[[Array], Any]]) -> Any:
        """Hand the array of an attribute to a function, or to each of several; `sum`, `min` and `max` run as numpy's."""
        values = self.get(attribute)
        if callable(func):
            return plain(ON_ARRAYS.get(func, func)(values))
        return [plain(ON_ARRAYS.get(each, each)(values)) for each in func]

    def isin(self, attr_name: str, values: Iterable[Any]) -> Mask:
        """Say for each agent whether an attribute is one of some values: a mask (agents,) for `select`.

        values : as views show them, or codes of a coded column; of a named attribute also such as nobody can have: nodes without a home
        raises : ValueError for a value that a column cannot hold, TypeError for one string in place of several
        """
        if isinstance(values, str):
            raise TypeError(f"{attr_name}: wanted several values, such as [{values!r}], not the string {values!r}")
        return read(self, attr_name).among(list(values))

    def select(
        self,
        filter_func: Mask | Callable[[Any], bool] | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> "ColumnarAgentSet":
        """Select by a mask (agents,), or by a function of one agent, which costs a view each; both keep the order.

        at_most : the first so many; a float up to 1.0 is a share of this set, rounded down
        raises  : TypeError for a mask that is not bool, ValueError for one of another length
        """
        most = limit(at_most, len(self))
        if agent_type is not None and not issubclass(self.population.agent_class, agent_type):
            rows = self.rows[:0]
        elif callable(filter_func):
            rows = np.fromiter(islice((agent.row for agent in self if filter_func(agent)), most), np.int64)
        elif filter_func is not None:
            rows = self.chosen.at(np.flatnonzero(_mask(filter_func, len(self))))
        else:
            rows = self.rows
        return self._result(rows[:most], inplace)

    def shuffle(self, inplace: bool = False) -> "ColumnarAgentSet":
        """Put the agents in a random order, drawn from the set's own generator as in Mesa."""
        keys = np.frombuffer(self.random.randbytes(8 * len(self)), "<u8")
        return self._result(self.chosen.at(np.argsort(keys, kind="stable")), inplace)

    def sort(self, key: str | Callable[[Any], Any], ascending: bool = False, inplace: bool = False) -> "ColumnarAgentSet":
        """Sort by an attribute (a coded column by its codes) or by a function of one agent; equals keep their order."""
        if isinstance(key, str):
            order = read(self, key).order(ascending)
        else:
            keys = [key(agent) for agent in self]
            order = np.array(sorted(range(len(self)), key=keys.__getitem__, reverse=not ascending), np.int64)
        return self._result(self.chosen.at(order), inplace)

    def groupby(self, by: str | Callable[[Any], Any], result_type: str = "agentset") -> "ColumnarGroupBy":
        """Group by an attribute, keyed by what a view shows (words where coded), or by a function of one agent."""
        groups = {key: self._result(self.chosen.at(places), False) for key, places in _groups(self, by).items()}
        return ColumnarGroupBy(groups if result_type == "agentset" else {key: list(group) for key, group in groups.items()})

    def do(self, method: str | Method, *arguments: Any, **keywords: Any) -> "ColumnarAgentSet":
        """Call a `batch` method once with the set, any other once for each agent; Mesa's own empty `step` is left out."""
        function = found(self.population.agent_class, method)
        if is_batch(function):
            function(self, *arguments, **keywords)
        elif function not in (mesa.Agent.step, mesa.Agent.advance):
            for agent in self:
                call(agent, method, arguments, keywords)
        return self

    def shuffle_do(self, method: str | Method, *arguments: Any, **keywords: Any) -> "ColumnarAgentSet":
        """Do it in a random order; a `batch` method gets the shuffled set."""
        self.shuffle().do(method, *arguments, **keywords)
        return self

    def map(self, method: str | Method, *arguments: Any, **keywords: Any) -> list[Any]:
        """Call as `do` does and give the results, one for each agent.

        raises : ValueError when a `batch` method gives another number of results
        """
        function = found(self.population.agent_class, method)
        if not is_batch(function):
            return [call(agent, method, arguments, keywords) for agent in self]
        results = np.asarray(function(self, *arguments, **keywords))
        return list(whole(results, len(self), function.__qualname__).tolist())

    def add(self, agent: Any) -> None:
        """Add one agent of the same population at the end; TypeError for any other."""
        if agent not in self:
            self._become(np.append(self.rows, _rows_of(self.population, [agent])))

    def discard(self, agent: Any) -> None:
        """Take one agent out, if it is in."""
        if agent in self:
            self._become(self.rows[self.rows != agent.row])

    def remove(self, agent: Any) -> None:
        """Take one agent out; KeyError if it is not in."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def _update(self, agents: Iterable[Any]) -> "ColumnarAgentSet":
        return self._become(_rows_of(self.population, agents))

    def _from_iterable(self, agents: Iterable[Any]) -> "ColumnarAgentSet":
        """Serve the operators | & - ^, which Python writes in terms of this."""
        return self._result(_rows_of(self.population, agents), False)

    def _result(self, rows: Rows, inplace: bool) -> "ColumnarAgentSet":
        return self._become(rows) if inplace else ColumnarAgentSet(self.population, rows, self.random)

    def _become(self, rows: Rows) -> "ColumnarAgentSet":
        self.chosen = Chosen(len(self.population), rows)
        return self


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


def _groups(agents: ColumnarAgentSet, by: str | Callable[[Any], Any]) -> dict[Any, Rows]:
    """Give the places in the set of each group."""
    if by is type:
        return {agents.population.agent_class: np.arange(len(agents))} if len(agents) else {}
    return read(agents, by).groups() if isinstance(by, str) else gathered(by(agent) for agent in agents)


def _rows_of(population: Population, agents: Iterable[Any]) -> Rows:
    """Give the rows of views, each once; TypeError for anything that is no agent of the population."""
    rows: dict[int, None] = {}
    for agent in agents:
        if not isinstance(agent, ColumnAgent) or agent.population is not population:
            raise TypeError(f"{agent!r} is not of this population of {population.agent_class.__name__}")
        rows[agent.row] = None
    return np.fromiter(rows, np.int64, len(rows))


def _mask(given: Any, agents: int) -> Mask:
    mask = np.asarray(given)
    if mask.dtype != np.bool_:
        raise TypeError(f"select wants a mask of bools or a function of one agent, not an array of {mask.dtype}")
    return whole(mask, agents, "the mask")


def limit(at_most: float, count: int) -> int:
    """Turn Mesa's `at_most` into a number of agents: a float up to 1.0 is a share of the set, anything else a number."""
    if isinstance(at_most, float) and at_most <= 1.0:
        return max(0, int(count * at_most))
    return count if at_most >= count else max(0, math.ceil(at_most))


def _aggregated(group: Any, attribute: str, func: Callable[[Any], Any]) -> Any:
    return func([getattr(agent, attribute) for agent in group]) if isinstance(group, list) else group.agg(attribute, func)
