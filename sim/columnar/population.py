"""Population: a million residents kept as arrays, each of whom still reads as a Mesa agent.

A `Population` holds the arrays, one row an agent. A `ColumnAgent` is a view of one row: it is made when somebody looks and forgotten
afterwards, so that no object per resident is ever stored. What the arrays hold is declared in `sim.columnar.columns`; the sets of such
agents stand in `sim.columnar.agent_set`; why it is built this way in `docs/decisions/0002-columnar-agents.md`.
"""

import itertools
from collections.abc import Mapping
from typing import Any, NoReturn

import mesa
import numpy as np

from sim.columnar.columns import Array, Column, Named, nearest


class ColumnAgent(mesa.Agent):
    """A view of one row of a population: a Mesa agent without a state of its own.

    Two views of one row are equal. Its columns are read and written as attributes; any other attribute is refused (AttributeError),
    because what was kept on a view would be lost with it.
    """

    population: "Population"
    row: int
    pos = None

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        raise TypeError(f"a {type(self).__name__} is a row of a population; give all rows at once to Population or add_population")

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        declared = [name for kind in cls.__mro__ for name, value in vars(kind).items() if isinstance(value, Column | Named)]
        hidden = [name for name in declared if name in ColumnAgent.__annotations__ or hasattr(ColumnAgent, name)]
        if hidden:
            raise TypeError(f"{cls.__name__}: Mesa or the view itself already uses the name {', '.join(hidden)}")

    @classmethod
    def columns(cls) -> dict[str, Column]:
        """List the columns in the order of their declaration, those of a parent class first."""
        return {name: value for kind in reversed(cls.__mro__) for name, value in vars(kind).items() if isinstance(value, Column)}

    @property
    def model(self) -> Any:
        """Give the model to which the population belongs."""
        return self.population.model

    @property
    def unique_id(self) -> int:
        """Give the number that is unique among all agents of the model."""
        return self.population.first_id + self.row

    def remove(self) -> NoReturn:
        """Refuse: rows stay where they are."""
        raise TypeError(f"{self!r} cannot be removed: a population keeps its rows; say in a column that it has left")

    def __getattr__(self, name: str) -> Any:
        if hasattr(type(self), name):
            return object.__getattribute__(self, name)  # a property failed inside: let its own error be seen
        raise AttributeError(unknown(type(self), name))

    def __setattr__(self, name: str, value: object) -> None:
        if not hasattr(getattr(type(self), name, None), "__set__"):
            raise AttributeError(f"{unknown(type(self), name)}; a view keeps nothing of its own")
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ColumnAgent) and other.population is self.population and other.row == self.row

    def __hash__(self) -> int:
        return hash((id(self.population), self.row))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.row}>"


class Population:
    """All agents of one kind, as arrays of one length.

    model       : the Mesa model; a block of its unique ids is reserved
    agent_class : the kind of agent, which declares the columns
    columns     : name -> (agents,) array of the declared dtype; kept, not copied
    raises      : ValueError naming every column that is missing, undeclared, of another dtype or length, or outside its words
    """

    def __init__(self, model: Any, agent_class: type[ColumnAgent], columns: Mapping[str, Array]) -> None:
        faults = _faults(agent_class.columns(), columns)
        if faults:
            raise ValueError(f"{agent_class.__name__}: {'; '.join(faults)}")
        self.model = model
        self.agent_class = agent_class
        self._arrays = {name: columns[name] for name in agent_class.columns()}
        self._length = len(next(iter(self._arrays.values())))
        self.first_id = _reserve_ids(model, self._length)

    def __len__(self) -> int:
        return self._length

    def array(self, name: str) -> Array:
        """Give the live array of a column, (agents,); what is written there is written to the agents, unguarded.

        raises : AttributeError for an undeclared name
        """
        if name not in self._arrays:
            raise AttributeError(unknown(self.agent_class, name))
        return self._arrays[name]

    def view(self, row: int) -> ColumnAgent:
        """Make the view of one row; IndexError when there is no such row."""
        if not 0 <= row < self._length:
            raise IndexError(f"{self.agent_class.__name__}: no row {row}; rows go from 0 to {self._length - 1}")
        agent: ColumnAgent = object.__new__(self.agent_class)
        state = agent.__dict__
        state["population"], state["row"] = self, int(row)
        return agent


def unknown(agent_class: type[ColumnAgent], name: str) -> str:
    """Say that a kind of agent has no such column, and name the nearest it has, or the one that the attribute shows."""
    attribute = getattr(agent_class, name, None)
    if isinstance(attribute, Named):
        return f"{agent_class.__name__} has no column {name!r}: it shows {attribute.column.name} by the model's {attribute.by}"
    silent = name.startswith("_") or hasattr(agent_class, name)  # Python itself asks for underscored names; others are no columns
    near = "" if silent else nearest(name, [word for word in dir(agent_class) if not word.startswith("_")])
    return f"{agent_class.__name__} has no column {name!r}{near}"


def _faults(declared: Mapping[str, Column], given: Mapping[str, Array]) -> list[str]:
    """List everything in which the arrays differ from the declaration."""
    faults = [f"column {name!r} is missing" for name in declared if name not in given]
    faults += [f"column {name!r} is not declared{nearest(name, list(declared))}" for name in given if name not in declared]
    both = {name: given[name] for name in declared if name in given}
    faults += [fault for name, array in both.items() for fault in _column_faults(declared[name], array)]
    lengths = {name: len(array) for name, array in both.items() if np.ndim(array)}
    if len(set(lengths.values())) > 1:
        faults.append(f"columns differ in length: {lengths}")
    return faults if declared else ["declares no column"]


def _column_faults(column: Column, array: Array) -> list[str]:
    """List in what one array differs from its declaration."""
    if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype != column.dtype:
        found = f"{array.dtype}{array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
        return [f"{column.name} is {found}, wanted {column.dtype}(agents,)"]
    bad = array[~column.holds(array)] if column.words is not None else array[:0]
    return [f"{column.name} holds {bad[0]}, wanted {column.wanted()}"] if len(bad) else []


def _reserve_ids(model: Any, count: int) -> int:
    """Take a block of unique ids, as Mesa hands them out, and give the first.

    Later versions of Mesa count on the model, earlier ones in a table of counters on the class.
    """
    if hasattr(model, "agent_id_counter"):
        first = int(model.agent_id_counter)
        model.agent_id_counter = first + count
        return first
    first = next(mesa.Agent._ids[model])
    mesa.Agent._ids[model] = itertools.count(first + count)
    return first
