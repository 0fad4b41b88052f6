"""Columns: the declarations of what a kind of agent keeps as arrays, and of what it shows of them.

`Column` declares what an array holds, `Named` an attribute that shows codes as what they stand for in the model, and
`column_property` one that is reckoned for one agent or for a whole set.
"""

import functools
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn, Protocol, overload

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]


class Row(Protocol):
    """The row of one agent."""

    population: Any
    row: int

    @property
    def model(self) -> Any:
        """Give the model to which the agent belongs."""


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
    def __get__(self, agent: Row, owner: type) -> Any: ...

    def __get__(self, agent: Row | None, owner: type) -> Any:
        return self if agent is None else self.spoken(agent.population.array(self.name)[agent.row])

    def __set__(self, agent: Row, value: object) -> None:
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
            raise ValueError(f"{self.name}: {word!r} is none of {', '.join(words)}{nearest(str(word), words)}")
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


class Named:
    """Declare an attribute that shows the codes of a column as what they stand for in a list of the model, such as the nodes of its grid.

    column      : the column that holds the codes; only there can the attribute be changed
    by          : attribute of the model: the list of what 0, 1, 2 ... stand for, known only once the model stands
    description : what the attribute means
    """

    def __init__(self, column: Column, by: str, description: str) -> None:
        self.name = ""
        self.column = column
        self.by = by
        self.description = description

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, agent: None, owner: type) -> "Named": ...

    @overload
    def __get__(self, agent: Row, owner: type) -> Any: ...

    def __get__(self, agent: Row | None, owner: type) -> Any:
        if agent is None:
            return self
        words, code = getattr(agent.model, self.by), int(agent.population.array(self.column.name)[agent.row])
        self.check(code, code, len(words))
        return words[code]

    def __set__(self, agent: Row, value: object) -> NoReturn:
        raise AttributeError(f"{self.name} cannot be set to {value!r}: it shows {self.column.name} by the model's {self.by}; set that")

    def words(self, model: Any) -> Array:
        """List what the codes stand for, (codes,): the very objects of the model's list."""
        listed = getattr(model, self.by)
        return np.fromiter(listed, object, len(listed))

    def check(self, lowest: int, highest: int, words: int) -> None:
        """Demand that all codes stand for something: numpy and Python would count those below zero from the end; IndexError."""
        for code in (lowest, highest):
            if not 0 <= code < words:
                raise IndexError(f"{self.name}: {self.column.name} holds {code}; the model's {self.by} go from 0 to {words - 1}")


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


def nearest(word: str, known: Sequence[str]) -> str:
    """Ask whether the nearest known word was meant; nothing where none is near."""
    near = get_close_matches(word, known, 1)
    return f"; did you mean {near[0]!r}?" if near else ""
