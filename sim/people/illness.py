"""Illness (患病): how often people fall ill by the case mix, and which share of the candidates the rates of a day keep."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.answers import MULTIPLIED, Array
from sim.language.messages import refuse
from sim.people import need
from sim.place.place import Place
from sim.scenario.scenario import Scenario
from sim.words import CONTRACTS, LIVES, NEED_AGES, SETTINGS, WOMEN_ONLY


def need_bands() -> NDArray[np.int64]:
    """Say in which need band each age is: (120,)."""
    return np.repeat(np.arange(len(NEED_AGES)), [high + 1 - low for low, high in NEED_AGES])


def base_rates(scenario: Scenario, place: Place) -> need.Illness:
    """Say how often people fall ill, candidates included."""
    groups, rules = place.conditions, scenario.illness
    acute = ~groups.of_urgency("chronic")
    chronic = np.flatnonzero(~acute)
    women = np.isin(groups.names, WOMEN_ONLY)
    female = scenario.population.female_share
    sexes = np.array([np.where(women, 0.0, 1.0), np.where(women, 1.0 / female, 1.0)])
    rate = groups.rate.T[:, None, :] * sexes[None] * acute * rules.headroom * rules.visits_scale
    episodes = rate.sum(axis=2)
    mix = np.cumsum(rate, axis=2) / np.where(episodes > 0.0, episodes, 1.0)[:, :, None]
    relative = rules.admissions_scale / rules.visits_scale
    sure = groups.admissions > 0.75
    stays = np.where(sure & (groups.admissions <= 1.0), np.minimum(groups.admissions * relative, 1.0), groups.admissions * relative)
    more = np.maximum(groups.visits - 1.0, 0.0)
    guide = np.array([[np.searchsorted(shares, np.arange(256) / 256.0, side="left") for shares in by_sex] for by_sex in mix])
    return need.Illness(
        episodes, np.exp(-episodes), mix, np.minimum(guide, len(groups.names) - 1).astype(np.uint8),
        np.stack([more, np.exp(-more)], axis=1), stays, groups.of_urgency("emergent").astype(np.uint8), chronic,
        365.0 / (groups.visits[chronic] * rules.headroom * rules.visits_scale),
        groups.admissions[chronic] * rules.headroom * rules.admissions_scale, need_bands(), rules.follow_up_days,
    )  # fmt: skip


def present_rate(plan: Scenario, place: Place, factors: Sequence[Array | float], month: int) -> Array:
    """Say which share of candidates the present rates keep: (settings, lives, contracts, groups); UserError where there is no headroom.

    factors : of the policies, each broadcasting to that;  month : of the year, 1 for January
    """
    rate = np.ones((len(SETTINGS), len(LIVES), len(CONTRACTS), len(place.conditions.names)))
    rate[:, 1] *= plan.population.migrants_use
    rate = MULTIPLIED.of(factors, rate)
    for shock in plan.shocks:
        rate = rate * shock.need
    if plan.illness.season is not None:
        rate = rate * plan.illness.season[month - 1]
    if rate.max() > plan.illness.headroom:
        raise refuse("place.no_headroom", f"{plan.name}: illness.headroom", value=plan.illness.headroom, need=round(float(rate.max()), 3))
    return np.asarray(rate / plan.illness.headroom)
