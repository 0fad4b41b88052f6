"""Read any YAML file into a checked object; all its faults at once, each with file, line, dotted path, value and what was wanted.

What a kind of file may say is a pydantic model made of the pieces of `sim.reading.blocks` and `sim.reading.units`: closed names (`Part`),
lists, open tables of names (a mapping), quantities as people write them (`5 %`, `20 min`). Where one of several things may stand, a field
tells them apart (`Field(discriminator="kind")`), or their form does (`Discriminator` and `Tag`): a bare union would complain of all.
"""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from sim.language.messages import Fault, UserError, nearest
from sim.reading.provenance import spot
from sim.reading.strict_yaml import Value, parse, read_text
from sim.reading.translation import faults_of

Model = TypeVar("Model", bound=BaseModel)


def read_document(path: Path, model: type[Model], *checks: Callable[[Model, Value], Iterable[Fault]]) -> Model:
    """Read a file.

    model   : what it may say
    checks  : what is to be looked at once its shape is right, one after the other until one finds faults; each takes what the file says and
              the tree with the places (`at`, `unknown`)
    raises  : UserError with all faults
    """
    faults: list[Fault] = []
    tree = tree_of(path, str(path), faults)
    content = checked(tree, model, faults)
    for check in checks:
        if content is not None and not faults:
            faults += check(content, tree)
    if content is None or faults:
        raise UserError(faults)
    return content


def tree_of(path: Path, name: str, faults: list[Fault]) -> Value:
    """Read a file into a tree in which every value has its place.

    name    : what the places begin with
    faults  : takes those of single values
    raises  : UserError where the file cannot be read at all
    """
    return parse(read_text(path), name, path.parent, faults)


def checked(value: Value, model: type[Model], faults: list[Fault], path: tuple[str, ...] = ()) -> Model | None:
    """Check a tree, or the part of one that stands at `path`, against a model; its faults are added but where one is told already."""
    try:
        return model.model_validate(value.plain())
    except ValidationError as error:
        told = {fault.place for fault in faults}
        faults += [fault for fault in faults_of(error, value, model, path) if fault.place not in told]
        return None


def at(tree: Value, *path: str) -> str:
    """Write the place of the value at `path`."""
    return spot(tree.at(path), path)


def unknown(tree: Value, path: tuple[str, ...], known: Collection[str]) -> Fault:
    """Say that the last name of `path` is not among the known ones."""
    return Fault("value.not_known", at(tree, *path), {"value": path[-1], "wanted": ", ".join(known), "near": nearest(path[-1], known)})
