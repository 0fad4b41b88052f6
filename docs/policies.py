"""Write what the pages about policies take from declarations: the moments at which they speak, and what of the county they may see."""

import ast
import inspect
from collections.abc import Iterator

from sim.answers import MOMENTS, Bill, Onward, Price, laws
from sim.ground import Ground
from sim.institutions.home import Home
from sim.mechanisms.base import SPEAKS, Mechanism
from sim.world import World

PARTS: dict[str, type] = {"price": Price, "bill": Bill, "onward": Onward}
"""Moments whose answer has parts, each with its own law."""
FLOORS = {
    Ground: "What stands under all care",
    Home: "Clinics, wards, doctors and beds",
    World: "Those who decide, and what was agreed",
}


def moments() -> list[str]:
    """Write the table of moments."""
    lines = ["## The moments", "", "| moment | says or does | over | law | asked |", "|---|---|---|---|---|"]
    for name in SPEAKS:
        does, moment = _first_line(getattr(Mechanism, name)), MOMENTS.get(name)
        if moment is None:
            lines.append(f"| `{name}` | {does} | – | – | |")
            continue
        law = moment.law.name if moment.law is not None else "each part its own"
        lines.append(f"| `{name}` | {does} | {moment.axes or '–'} | {law} | {moment.asked} |")
        if name in PARTS:
            said = dict(sentences(PARTS[name]))
            lines += [f"| | `{PARTS[name].__name__}.{part}`: {said[part]} | | {law.name} | |" for part, law in laws(PARTS[name]).items()]
    return lines


def sentences(kind: type) -> Iterator[tuple[str, str]]:
    """Give the fields of a class with the sentence below each."""
    body = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(body, ast.ClassDef)
    for field, below in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            yield ast.unparse(field.target), str(below.value.value)


def world_page() -> str:
    """Write docs/world.md: what a policy may see of the county, and the one thing it may do."""
    lines = [
        "# What a policy may see 政策可见的县域",
        "",
        "Made from `sim/ground.py`, `sim/institutions/home.py` and `sim/world.py` by `make docs`. A policy is given the county as `World`:",
        "what is listed here and nothing else (mypy holds it). It reads, and lets one institution pay another; what it changes, it answers",
        "at its moments ([mechanisms.md](mechanisms.md)). Doctors and beds are moved by those who decide.",
    ]
    for floor, heading in FLOORS.items():
        lines += ["", f"## {heading}", "", "| of the county | is | what it is |", "|---|---|---|"]
        lines += [f"| `{name}` | `{kind}` | {meaning} |" for name, kind, meaning in seen(floor)]
    return "\n".join([*lines, ""])


def seen(floor: type) -> Iterator[tuple[str, str, str]]:
    """List what one floor of the county shows: name, type, sentence."""
    for name, part in vars(floor).items():
        shown = part.fget if isinstance(part, property) else part
        if inspect.isfunction(shown) and not name.startswith("_"):
            signature = inspect.signature(shown)
            kind = signature.return_annotation
            told = getattr(kind, "__name__", str(kind)) if not hasattr(kind, "__args__") else str(kind)
            given = [one for one in signature.parameters if one != "self"]
            yield (f"{name}({', '.join(given)})" if not isinstance(part, property) else name), _short(told), _first_line(shown)


def _short(told: str) -> str:
    """Write a type as one reads it."""
    for long in ("numpy.", "sim.", "collections.abc.", "columnar.", "institutions.", "teams.", "groups.", "facilities."):
        told = told.replace(long, "")
    return told.replace("ndarray[tuple[typing.Any, ...], dtype[", "array[").replace("]]", "]")


def _first_line(what: object) -> str:
    return (inspect.getdoc(what) or "").split("\n")[0]
