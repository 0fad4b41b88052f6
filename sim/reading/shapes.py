"""Walk the declared shape of a scenario: which names exist where. For unknown-word hints, and for what `--set` may set."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from sim.reading.strict_yaml import Value


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


def names_at(model: type[BaseModel], path: tuple[str, ...]) -> tuple[str, ...]:
    """List the names a mapping at `path` may hold; nothing where it is open."""
    kind: Any = model
    for name in path:
        if is_model(kind):
            kind = fields(kind).get(name)
        elif is_open(kind):
            kind = bare(get_args(kind)[1])
        elif get_origin(kind) is tuple:
            kind = bare(get_args(kind)[0])
    return tuple(fields(kind)) if is_model(kind) else ()


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
