"""Columns: a million residents kept as arrays, each of whom still reads as a Mesa agent.

`Column` declares what a column holds. A `Population` holds the arrays, one row an agent. A `ColumnAgent` is a view of one row:
it is made when somebody looks and forgotten afterwards, so that no object per resident is ever stored.
The sets of such agents stand in `sim.columnar.agent_set`; why it is built this way in `docs/decisions/0002-columnar-agents.md`.
"""

import functools
import itertools
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, NoReturn, overload

import mesa
import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]


class Column:
    """Declare one column of a kind of agent: what it holds, in which unit, and what it means.

    dtype       : numpy type of a value; a number or a bool, TypeError for any other
    unit        : the unit in words, such as "years"
    description : what the value means
    words       : what the codes 0, 1, 2 ... of a coded column stand for; a view speaks the word, an array holds the code
    """

    def __init__(self, dtype: DTypeLike, unit: str, description: str, words: tuple[str, ...] | None = None) -> None:
        self.name = ""
        self.dtype = np.dtype(dtype)
        self.unit = unit
        self.description = description
        self.words = words
        if self.dtype.kind not in "buif":
            raise TypeError(f"a column holds numbers or bools, not {self.dtype}")

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, agent: None, owner: type) -> "Column": ...

    @overload
    def __get__(self, agent: "ColumnAgent", owner: type) -> Any: ...

    def __get__(self, agent: "ColumnAgent | None", owner: type) -> Any:
        return self if agent is None else self.spoken(agent.population.array(self.name)[agent.row])

    def __set__(self, agent: "ColumnAgent", value: object) -> None:
        agent.population.array(self.name)[agent.row] = self.stored(value)

    def spoken(self, value: Any) -> Any:
        """Give a stored value as a view shows it: the word of a code, or a plain Python number (Mesa's collector copies deeply)."""
        return value.item() if self.words is None else self.words[value]

    def stored(self, values: object) -> Array:
        """Give values as the column stores them, words turned into codes.

        values : any shape, in the column's unit; in a coded column words or codes
        raises : ValueError, quoting the first value that the dtype cannot hold or the words do not name
        """
        given = np.asarray(values)
        if self.words is not None and given.dtype.kind in "UO":
            given = self._codes(given)
        bad = ~self.holds(given)
        if bad.any():
            raise ValueError(f"{self.name}: {given[bad][0]} does not fit; wanted {self.wanted()}")
        return given.astype(self.dtype)

    def _codes(self, given: Array) -> Array:
        """Look up the code of each word."""
        found, position = np.unique(given, return_inverse=True)
        codes = np.array([self._code(word) for word in found.tolist()], np.int64)
        return codes[position].reshape(given.shape)

    def _code(self, word: object) -> int:
        words = self.words or ()
        if word not in words:
            raise ValueError(f"{self.name}: {word!r} is none of {', '.join(words)}{_nearest(str(word), words)}")
        return words.index(str(word))

    def _range(self) -> tuple[int, int]:
        """Say the lowest and highest whole number the column can hold."""
        if self.words is not None:
            return 0, len(self.words) - 1
        return (0, 1) if self.dtype.kind == "b" else (int(np.iinfo(self.dtype).min), int(np.iinfo(self.dtype).max))

    def wanted(self) -> str:
        """Say in words what the column can hold."""
        if self.dtype.kind == "f":
            return f"a number that {self.dtype} can hold"
        return f"a whole number from {self._range()[0]} to {self._range()[1]} ({self.dtype})"

    def holds(self, given: Array) -> NDArray[np.bool_]:
        """Say for each value, of any shape, whether the column can hold it."""
        if given.dtype.kind not in "buif":
            return np.zeros(given.shape, bool)
        if self.dtype.kind == "f":
            return np.asarray(~np.isfinite(given) | (np.abs(given) <= np.finfo(self.dtype).max))
        lowest, highest = self._range()
        whole = np.floor(given) == given if given.dtype.kind == "f" else True
        return np.asarray((given >= lowest) & (given < highest + 1) & whole)


class ColumnProperty(property):
    """A property of one view that a whole set can also give, as one array."""

    def __init__(self, getter: Callable[[Any], Any], values: Callable[[Any], Array]) -> None:
        super().__init__(getter)
        self.values = values


def column_property(values: Callable[[Any], Array]) -> Callable[[Callable[[Any], Any]], ColumnProperty]:
    """Mark a property that `get` can read for a whole set.

    values : takes the set, gives an array (len(set),) in the order of the set
    """
    return functools.partial(ColumnProperty, values=values)


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
        hidden = [name for name in cls.columns() if name in ColumnAgent.__annotations__ or hasattr(ColumnAgent, name)]
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
    """Say that a kind of agent has no such column, and name the nearest it has."""
    silent = name.startswith("_") or hasattr(agent_class, name)  # Python itself asks for underscored names; others are no columns
    near = "" if silent else _nearest(name, [word for word in dir(agent_class) if not word.startswith("_")])
    return f"{agent_class.__name__} has no column {name!r}{near}"


def _nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    near = get_close_matches(word, known, 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _faults(declared: Mapping[str, Column], given: Mapping[str, Array]) -> list[str]:
    """List everything in which the arrays differ from the declaration."""
    faults = [f"column {name!r} is missing" for name in declared if name not in given]
    faults += [f"column {name!r} is not declared{_nearest(name, list(declared))}" for name in given if name not in declared]
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
