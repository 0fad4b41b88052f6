"""Walk the declared shape of a file: which names exist where. For unknown-word hints, and for what `--set` may set."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, RootModel, Tag

from sim.reading.strict_yaml import Value
from sim.reading.units import COUNT, NUMBER, Unit


def bare(annotation: Any) -> Any:
    """Take `Annotated` and `| None` off a type."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return bare(next(kind for kind in get_args(annotation) if kind is not type(None)))
    return annotation


def fields(model: type[BaseModel]) -> dict[str, Any]:
    """Give the names of a model as people write them, with their types."""
    return {field.alias or name: bare(field.annotation) for name, field in model.model_fields.items()}


def is_model(kind: Any) -> bool:
    """Say whether a type is a block."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def is_open(kind: Any) -> bool:
    """Say whether a type is an open table of names."""
    return get_origin(kind) in (dict, Mapping) or (isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Mapping))


class Branch(NamedTuple):
    """One of the types that may stand at a place, and the words by which pydantic tells it from the others."""

    kind: Any
    labels: frozenset[str] = frozenset()


class Found(NamedTuple):
    """Where a problem is."""

    path: tuple[str, ...]
    """The names down to it as they are written."""
    around: tuple[Branch, ...]
    """What may stand where its last name stands in."""
    here: tuple[Branch, ...]
    """What may stand at it."""


def branches(kind: Any) -> tuple[Branch, ...]:
    """List what may stand where a type is wanted: the members of a union, what a root model holds, or the type itself."""
    if get_origin(kind) is Annotated:
        tags = {str(mark.tag) for mark in get_args(kind)[1:] if isinstance(mark, Tag)}
        return tuple(Branch(branch.kind, branch.labels | tags) for branch in branches(get_args(kind)[0]))
    if get_origin(kind) in (Union, UnionType):
        return tuple(branch for member in get_args(kind) if member is not type(None) for branch in branches(member))
    if is_model(kind) and issubclass(kind, RootModel):
        return branches(kind.model_fields["root"].annotation)
    words = (word for inner in fields(kind).values() if get_origin(inner) is Literal for word in get_args(inner)) if is_model(kind) else ()
    return (Branch(kind, frozenset(map(str, words))),)


def found_in(model: type[BaseModel], steps: Iterable[str]) -> Found:
    """Follow the steps of a problem of pydantic's down a model, leaving out those that only say which member of a union was tried."""
    path: list[str] = []
    around: tuple[Branch, ...] = ()
    here = branches(model)
    untold = len(here) > 1
    for step in steps:
        if untold:
            here = tuple(branch for branch in here if step in branch.labels) or here
            untold = False
        elif any(is_model(kind) or _inside(kind, step) is not None for kind, _ in here):
            path.append(step)
            around = here
            here = tuple(branch for kind, _ in here for branch in branches(_inside(kind, step)) if branch.kind is not None)
            untold = len(here) > 1
    return Found(tuple(path), around, here)


def _inside(kind: Any, step: str) -> Any:
    """Give the type of what stands inside another under a name or a number; None where nothing can."""
    if is_model(kind):
        return next((field.annotation for name, field in kind.model_fields.items() if step == (field.alias or name)), None)
    if is_open(kind):
        return get_args(kind)[1]
    return get_args(kind)[0] if get_origin(kind) in (tuple, list) else None


def names_of(here: Iterable[Branch]) -> tuple[str, ...]:
    """List the names that may stand in a mapping; nothing where it is open."""
    return tuple(dict.fromkeys(name for kind, _ in here if is_model(kind) for name in fields(kind)))


def words_of(here: Iterable[Branch], name: str) -> tuple[str, ...]:
    """List the words that may stand under a name."""
    kinds = (fields(kind).get(name) for kind, _ in here if is_model(kind))
    return tuple(dict.fromkeys(str(word) for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)))


def paths(kind: Any, content: Any, prefix: tuple[str, ...] = ()) -> Iterator[str]:
    """List all dotted paths below a type; in open tables those of the names that stand there.

    kind    : a model or another type
    content : what stands there now, a Value or nothing
    """
    if prefix:
        yield ".".join(prefix)
    held = content.content if isinstance(content, Value) and isinstance(content.content, dict) else {}
    if is_model(kind):
        for name, inner in fields(kind).items():
            yield from paths(inner, held.get(name), (*prefix, name))
    elif is_open(kind):
        for name in held:
            yield from paths(bare(get_args(kind)[1]), held[name], (*prefix, name))


def unit_at(kind: Any, steps: Sequence[str], marks: tuple[Any, ...] = ()) -> Unit | None:
    """Say in which unit the number is counted that stands some steps down a type; None where none does.

    marks : what is noted beside the type itself
    """
    if get_origin(kind) is Annotated:
        inner, *noted = get_args(kind)
        return unit_at(inner, steps, (*marks, *noted))
    if get_origin(kind) in (Union, UnionType):
        return next((unit for member in get_args(kind) if (unit := unit_at(member, steps, marks)) is not None), None)
    if not steps:
        written = any(isinstance(mark, BeforeValidator) for mark in marks)
        return next((mark for mark in marks if isinstance(mark, Unit)), None if written else {int: COUNT, float: NUMBER}.get(kind))
    if is_model(kind):
        found = next((field for name, field in kind.model_fields.items() if steps[0] == (field.alias or name)), None)
        return None if found is None else unit_at(found.annotation, steps[1:], tuple(found.metadata))
    if is_open(kind):
        return unit_at(get_args(kind)[1], steps[1:])
    return unit_at(get_args(kind)[0], steps[1:]) if get_origin(kind) in (tuple, list) else None
