"""Vary a scenario: the same people and places under other numbers, as a lever of an experiment or one side of a comparison sets them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel

from sim.language.messages import Fault, UserError, nearest
from sim.reading.blocks import Rules
from sim.reading.shapes import unit_at
from sim.reading.strict_yaml import Value
from sim.reading.units import Unit
from sim.scenario import checks, merging
from sim.scenario.dating import left_out, mechanisms_in
from sim.scenario.elsewhere import fitted_elsewhere, is_elsewhere
from sim.scenario.layout import laid_out
from sim.scenario.plan import Plan
from sim.scenario.scenario import Scenario, built, change_faults, decisive, faults_in, hash_of_data


class Setting(NamedTuple):
    """One number set: its dotted path, and the value with its place; a value that holds nothing takes away what stands there."""

    path: str
    value: Value


def varied(scenario: Scenario, settings: Sequence[Setting]) -> Scenario:
    """Give the scenario with some numbers set, checked as if a file said so; raises UserError with all faults."""
    if not settings:
        return scenario
    faults = [unknown(setting, scenario.settable) for setting in settings if setting.path not in scenario.settable]
    if faults:
        raise UserError(faults)
    tree, data, faults = _laid(scenario, settings)
    faults += faults_in(tree, scenario.rules)
    if faults:
        raise UserError(faults)
    result = built(tree, tree, scenario.rules, data)
    faults = [*checks.faults(result, result.tables, tree, None), *change_faults(tree, scenario.rules)]
    if faults:
        raise UserError(faults)
    return result


def assembled(scenario: Scenario, settings: Sequence[Setting]) -> Scenario:
    """Give the scenario with some numbers set that were checked before."""
    if not settings:
        return scenario
    tree, data, _ = _laid(scenario, settings)
    return built(tree, tree, scenario.rules, data)


def digest(scenario: Scenario, settings: Sequence[Setting]) -> str:
    """Hash what decides the results of a scenario with some numbers set, without building it (see `Scenario.decisive`)."""
    if not settings:
        return scenario.decisive()
    tree, data, _ = _laid(scenario, settings)
    return decisive(tree, data)


def unknown(setting: Setting, valid: frozenset[str]) -> Fault:
    """Say that there is nothing to set at a path."""
    return Fault("setting.no_path", setting.value.place, {"value": setting.path, "near": nearest(setting.path, valid)})


def _laid(scenario: Scenario, settings: Sequence[Setting]) -> tuple[Value, str, list[Fault]]:
    """Lay settings over the scenario's tree; returns the tree, the hash of its data tables, and what is wrong with files they name."""
    tree = scenario.tree
    off = [path.removeprefix("mechanisms.") for path, value in settings if value.content is None and path.startswith("mechanisms.")]
    tree = left_out(tree, [name for name in off if name in mechanisms_in(tree)])
    for path, value in settings:
        child = merging.nested(path, value)
        tree = merging.merged(fitted_elsewhere(tree) if is_elsewhere(child) else tree, child)
    faults: list[Fault] = []
    tree = laid_out(tree, faults)
    if not {path for path, _ in settings} & {".".join(path) for path in merging.DATA_FIELDS}:
        return tree, scenario.data, faults
    tree, missing = merging.with_data_paths(tree)
    return tree, "" if missing else hash_of_data(tree), [*faults, *missing]


def unit_of(path: str, rules: Mapping[str, type[Rules]]) -> Unit | None:
    """Say in which unit the number at a dotted path of a scenario is counted; None where no number stands."""
    first, *rest = path.split(".")
    if first == "mechanisms" and rest:
        return unit_at(rules[rest[0]], rest[1:]) if rest[0] in rules else None
    return unit_at(Plan, [first, *rest])


def value_at(scenario: Scenario, path: str) -> Any:
    """Give what a scenario says at a dotted path, a number in the model's own unit; None where it says nothing, True for a whole block."""
    here: Any = scenario
    for step in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(step)
        elif isinstance(here, list | tuple):
            here = here[int(step)] if step.isdigit() and int(step) < len(here) else None
        else:
            here = getattr(here, step, None) or getattr(here, f"{step}_", getattr(here, step, None))
        if here is None:
            return None
    return True if isinstance(here, BaseModel | Mapping | list | tuple) else here
