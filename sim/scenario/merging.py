"""Put a scenario's tree together: the file, what it extends, the data tables it names, the settings of the command line."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from sim.language.messages import Fault, UserError, nearest, refuse
from sim.reading.document import tree_of
from sim.reading.provenance import COMMAND_LINE, sourced, spot
from sim.reading.strict_yaml import Value, parse, short
from sim.scenario.elsewhere import fitted_elsewhere, is_elsewhere, taken_over
from sim.scenario.inherited import Heir, Removal, empties, removals
from sim.scenario.layout import laid_out

SCENARIOS = Path(__file__).parents[2] / "scenarios"
DATA = SCENARIOS / "data"
DATA_FIELDS = (
    ("population", "towns"),
    ("population", "villages"),
    ("population", "ages"),
    ("illness", "case_mix"),
    ("places", "facilities"),
    ("places", "roads"),
    ("places", "departments"),
    ("referral", "catalogue"),
)


@cache
def shipped_tables() -> Mapping[str, Path]:
    """List the data tables that come with the package by their bare names, whichever place's folder they lie in."""
    return {path.name: path for path in sorted(DATA.rglob("*.csv"))}


def scenario_names() -> tuple[str, ...]:
    """List the scenarios that come with the package."""
    return tuple(sorted(path.stem for path in SCENARIOS.glob("*.yaml") if path.name != "sources.yaml"))


def find_scenario(word: str, naming: Path | None, place: str) -> Path:
    """Find the file of a scenario: beside the file that names it, as a path, or by name in the package.

    word    : a name or a path
    naming  : the file that names it; None on the command line
    place   : where it is named
    raises  : UserError where there is none, with the nearest name
    """
    named = [SCENARIOS / f"{word}.yaml"] if word in scenario_names() else []
    given = [] if not word.strip() else [Path(word)] if naming is None else [naming.parent / word]
    beside = [] if naming is None or (naming.parent / f"{word}.yaml").resolve() == naming.resolve() else [naming.parent / f"{word}.yaml"]
    candidates = [*named, *given] if naming is None else [*given, *beside, *named]
    found = next((path for path in candidates if is_file(path)), None)
    if found is not None:
        return found
    if any(is_folder(path) for path in given):
        raise refuse("scenario.folder", place, value=short(word))
    neighbours = [file.name for path in given if is_folder(path.parent) for file in path.parent.glob("*.y*ml")]
    raise refuse("scenario.none", place, value=short(word), near=nearest(Path(word).name, [*scenario_names(), *neighbours]))


def is_file(path: Path) -> bool:
    """Say whether there is such a file; a name no file can have is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Say whether there is such a folder; a name no folder can have is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def shown(path: Path) -> str:
    """Name a file in a message: a file of the package by its name, another as it was given."""
    return path.name if path.parent == SCENARIOS else str(path)


def read_tree(path: Path, faults: list[Fault], removed: list[Removal] | None = None, chain: tuple[Path, ...] = ()) -> Value:
    """Read a scenario file and everything it extends into one tree, each leaf with its place and source.

    faults  : takes the faults of single values
    removed : takes the nulls for which there was nothing to take away
    chain   : the files that led here
    raises  : UserError where a file cannot be read at all
    """
    tree = _shipped(path, path.stat().st_mtime_ns) if path.parent == SCENARIOS else _read_one(path, faults)
    if tree.content is None:
        raise refuse("file.empty", shown(path))
    if not isinstance(tree.content, dict):
        raise refuse("file.not_a_mapping", tree.place, value="list" if isinstance(tree.content, list) else "text")
    parent = tree.content.get("extends")
    tree = tree.with_content({name: value for name, value in tree.content.items() if name != "extends"})
    if parent is None:
        below = Value({}, tree.place, tree.folder)
    else:
        below = read_tree(_extended(parent, path, chain), faults, removed, (*chain, path.resolve()))
    faults += empties(below, tree)
    if removed is not None:
        removed += removals(below, tree)
    return laid_out(merged(taken_over(below, tree), tree), faults)


def elders(path: Path) -> list[Path]:
    """List the files a scenario extends, the nearest first, as far as they can be read."""
    found: list[Path] = []
    try:
        while (tree := _shipped(path, path.stat().st_mtime_ns) if path.parent == SCENARIOS else _read_one(path, [])).content:
            parent = tree.content.get("extends") if isinstance(tree.content, dict) else None
            if parent is None:
                break
            path = _extended(parent, path, tuple(other.resolve() for other in found))
            found.append(path)
    except UserError:
        pass  # told where the scenario is read
    return found


def heir_of(path: Path, elders: Sequence[Path]) -> Heir | None:
    """Describe a file that extends others, with the data tables it inherits; None where it cannot be read."""
    names = [shown(elder) for elder in elders]
    try:
        tree, _ = with_data_paths(read_tree(path, []))
    except UserError:
        return None
    named = {".".join(dotted): tree.at(dotted) for dotted in DATA_FIELDS}
    tables = {
        leaf.content.name: (dotted, name)
        for dotted, leaf in named.items()
        for name in names
        if isinstance(leaf.content, Path) and leaf.place.startswith(f"{name}:")
    }
    return Heir(shown(path), names, tables)


def _read_one(path: Path, faults: list[Fault]) -> Value:
    """Read one file."""
    return sourced(tree_of(path, shown(path), faults), faults=faults)


@lru_cache(maxsize=16)
def _shipped(path: Path, _changed: int) -> Value:
    """Read a file of the package, which most scenarios extend, once for as long as it stays the same."""
    faults: list[Fault] = []
    tree = _read_one(path, faults)
    if faults:
        raise UserError(faults)
    return tree


def _extended(parent: Value, path: Path, chain: tuple[Path, ...]) -> Path:
    """Find the file a scenario extends, refusing a circle."""
    place = f"{parent.place}: extends"
    if not isinstance(parent.content, str):
        raise refuse("unit.not_text", place, value=short(parent.content))
    found = find_scenario(parent.content, path, place)
    if found.resolve() in (*chain, path.resolve()):
        circle = " -> ".join(file.name for file in (*chain, path.resolve(), found))
        raise refuse("scenario.circle", place, value=parent.content, circle=circle)
    return found


def merged(parent: Value, child: Value) -> Value:
    """Lay a child over its parent: mappings merge, anything else replaces, null removes.

    A block of both stands where the child's does, unless that is a mere wrapper (see `nested`).
    """
    if not isinstance(child.content, dict):
        return child
    content = dict(parent.content) if isinstance(parent.content, dict) else {}
    blank = Value({}, child.place, child.folder)
    for name, value in child.content.items():
        if value.content is None:
            content.pop(name, None)
        else:
            content[name] = merged(content.get(name, blank), value)
    return (parent if child.folder is None and content else child).with_content(content)


def setting_tree(setting: str, valid: Sequence[str]) -> Value:
    """Read one setting 'a.b.c=VALUE' into a tree to lay over the scenario's.

    valid   : all dotted paths that may be set
    raises  : UserError where it is malformed or the path does not exist
    """
    dotted, equals, text = setting.partition("=")
    dotted = dotted.strip()
    place = f"--set {dotted}"
    if not equals or not dotted or not text.strip():
        raise refuse("setting.malformed", "--set", value=setting)
    if dotted not in valid:
        raise refuse("setting.no_path", place, value=dotted, near=nearest(dotted, valid))
    faults: list[Fault] = []
    value = sourced(parse(text, place, None, lines=False), COMMAND_LINE, faults)
    if faults:
        raise UserError(faults)
    return nested(dotted, value)


def nested(dotted: str, value: Value) -> Value:
    """Wrap a value in the mappings of its dotted path; the wrappers stand in no file and have no folder."""
    for name in reversed(dotted.split(".")):
        value = Value({name: value}, value.place)
    return value


def with_data_paths(tree: Value) -> tuple[Value, list[Fault]]:
    """Find the data tables the tree names: beside the file that names them, then among the package's."""
    faults: list[Fault] = []
    for path in DATA_FIELDS:
        leaf = tree.at(path)
        if isinstance(leaf.content, str):
            found = next((file for file in _candidates(leaf) if is_file(file)), None)
            if found is None:
                near = nearest(Path(leaf.content).name, _neighbours(leaf))
                faults.append(Fault("file.missing", spot(leaf, path), {"value": leaf.content, "near": near}))
            else:
                tree = merged(tree, nested(".".join(path), leaf.with_content(found)))
    return tree, faults


def _candidates(leaf: Value) -> Iterator[Path]:
    """Say where a data table may lie."""
    yield (leaf.folder or Path()) / leaf.content
    if leaf.content in shipped_tables():
        yield shipped_tables()[leaf.content]


def _neighbours(leaf: Value) -> list[str]:
    """List the data tables that do exist where this one was looked for."""
    beside = ((leaf.folder or Path()) / leaf.content).parent
    return [*(file.name for file in beside.iterdir() if is_file(file)), *shipped_tables()] if is_folder(beside) else list(shipped_tables())


def laid_over(tree: Value, settings: Sequence[str], valid: Sequence[str], faults: list[Fault]) -> Value:
    """Lay the settings of the command line over the tree, collecting the faults of all."""
    for setting in settings:
        try:
            child = setting_tree(setting, valid)
            faults += empties(tree, child)
            tree = laid_out(merged(fitted_elsewhere(tree) if is_elsewhere(child) else tree, child), faults)
        except UserError as error:
            faults.extend(error.faults)
    return tree
