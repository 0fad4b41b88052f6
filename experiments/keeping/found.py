"""Find an experiment: its file by path or by the name of one that comes with the package, its folder by path or name."""

from pathlib import Path

from experiments.keeping.folder import EXPERIMENT, RUNS
from results.store.folder import beside_runs
from sim.language.messages import Fault, nearest, refuse
from sim.reading.strict_yaml import parse, read_text
from sim.scenario.merging import is_file, is_folder, scenario_names

KEYS_OF_EXPERIMENTS = {"scenarios", "levers", "uncertainties", "design", "seeds"}
"""Words with which a file shows that it is an experiment."""
SHIPPED = Path(__file__).parents[1] / "shipped"


def shipped() -> tuple[str, ...]:
    """Name the experiments that come with the package."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def experiment_called(word: str) -> Path:
    """Find the file of an experiment; raises UserError where there is none."""
    path = Path(word)
    if is_file(path):
        return path
    if is_folder(path) and is_file(path / EXPERIMENT):
        return path / EXPERIMENT
    if word in shipped():
        return SHIPPED / f"{word}.yaml"
    beside = [file.name for file in path.parent.glob("*.y*ml")] if is_folder(path.parent) else []
    raise refuse("experiment.no_file", "", value=word, near=nearest(word, [*shipped(), *beside]))


def folder_called(word: str) -> Path:
    """Find the folder of an experiment that was run; raises UserError where there is none."""
    kept = beside_runs("experiments")
    for folder in (Path(word), kept / word):
        if is_file(folder / RUNS):
            return folder
    names = [path.parent.name for path in kept.glob(f"*/{RUNS}")]
    raise refuse("experiment.none", "", value=word, folder=str(kept), near=nearest(word, names))


def is_scenario(word: str) -> bool:
    """Say whether a word names a scenario and no experiment: one that comes with the package, or a file that lists no scenarios."""
    if word in shipped() or word in scenario_names():
        return word not in shipped()
    path = Path(word)
    if not is_file(path):
        return False
    faults: list[Fault] = []
    content = parse(read_text(path), str(path), path.parent, faults).content
    return not faults and isinstance(content, dict) and not content.keys() & KEYS_OF_EXPERIMENTS
