"""Known answers that need no file: welfare, choices as they are drawn, catchments on a line, beds over a week."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.proof.answers import Answer, summed_up
from experiments.proof.checks import Checked, Line, judged
from experiments.proof.choices import chosen, split, utilities
from experiments.proof.problem_files import CAP, SURE_CAP, read_problem
from experiments.proof.problems import Choice
from sim.arithmetic.luck import CHOICE, EPISODE, PERSON, STAY, key, place_key, uniforms
from sim.care.engine import hours as engine
from sim.care.engine.hours import DAY
from sim.choice.choosing import race

EXACT = Path(__file__).with_name("exact")
PEOPLE = 100_000
CELLS = 20_000
Reals = NDArray[np.float64]


def known_answers(runs: int, seed: int) -> Iterator[Checked]:
    """Run the problems of this file, one by one."""
    yield welfare()
    yield drawn_shares(runs, seed)
    yield catchment(runs, seed)
    yield week_of_beds(runs, seed)


def _choice(name: str) -> Choice:
    """Read a choice problem that comes with the package."""
    body = read_problem(EXACT / f"{name}.yaml").body
    if not isinstance(body, Choice):
        raise TypeError(f"{name}.yaml holds a {type(body).__name__}, not a choice")
    return body


def welfare() -> Checked:
    """Compare logsums before and after the fund pays another share, in yuan an episode."""
    before = _choice("choice")
    lines = []
    for name, exact in (("choice_dear_tertiary", -1.7959), ("choice_cheap_township", 5.1985)):
        gain = chosen(_choice(name), {})["logsum"] - chosen(before, {})["logsum"]
        lines.append(judged(f"{name} welfare_yuan", gain / -before.tastes.per_yuan, 0.0, exact, SURE_CAP))
    titles = {"en": "Welfare when the fund's share changes", "zh": "报销比例变化的福利"}
    return Checked("welfare", titles, tuple(lines))


def _over_runs(one: Callable[[np.uint64], Answer], exact: dict[str, float], runs: int, seed: int) -> tuple[Line, ...]:
    """Measure by a function of the key of luck, and judge each figure."""
    mean, error = summed_up([one(key(seed + run)) for run in range(runs)])
    return tuple(judged(what, mean[what], error[what], value, CAP) for what, value in exact.items())


def drawn_shares(runs: int, seed: int) -> Checked:
    """Let people draw their options by the race, and count them."""
    choice = _choice("choice")
    weights = split(utilities(choice, {}))[None, :]
    exact = {"drawn township": 0.566610, "drawn county": 0.395311, "drawn tertiary": 0.038079}
    titles = {"en": "Choice, drawn person by person", "zh": "逐人抽取的选择"}

    def one(luck: np.uint64) -> Answer:
        taken = _taken(luck, list(choice.options), weights, PEOPLE)
        return dict(zip(exact, np.bincount(taken, minlength=weights.shape[1]) / PEOPLE, strict=True))

    return Checked("drawn_choice", titles, _over_runs(one, exact, runs, seed))


def _taken(luck: np.uint64, names: list[str], weights: Reals, people: int) -> NDArray[np.int64]:
    """Draw one option for each person."""
    taken, person = np.empty(people, np.int64), np.arange(people)
    race(luck, CHOICE, person, np.zeros(people, np.int64), np.array([place_key(name) for name in names], np.uint64), weights, taken)
    return taken


def _pulls(where: Reals, slope: float, length: float, lead: float) -> Reals:
    """Give the shares of the clinics at both ends of a line for people at `where`; the first is liked better by `lead`."""
    return split(np.column_stack([lead - slope * where, -slope * (length - where)]))


def catchment(runs: int, seed: int) -> Checked:
    """Put people along a line with a clinic at each end: the share of the first, as expected and as drawn."""
    slope, length = 0.1, 40.0
    middles = (np.arange(CELLS) + 0.5) / CELLS * length
    lines: list[Line] = []
    for lead, exact in ((0.0, 0.5), (1.0, 0.619766)):
        expected = float(_pulls(middles, slope, length, lead)[:, 0].mean())
        lines.append(judged(f"lead_{lead:g} expected_share", expected, 0.0, exact, SURE_CAP))

        def one(luck: np.uint64, lead: float = lead) -> Answer:
            home = uniforms(luck, PERSON, np.arange(PEOPLE))[:, 0] * length
            taken = _taken(luck, ["first", "second"], _pulls(home, slope, length, lead), PEOPLE)
            return {f"lead_{lead:g} drawn_share": float((taken == 0).mean())}

        lines.extend(_over_runs(one, {f"lead_{lead:g} drawn_share": exact}, runs, seed))
    return Checked("catchment", {"en": "Two clinics at the ends of a road", "zh": "道路两端的两家诊所"}, tuple(lines))


BEDS, STAY_DAYS, A_DAY, SWING, WEEK = 1000, 5.0, 100.0, 0.6, 7.0
WEEKS, FIRST_WEEK = 120, 12


def week_of_beds(runs: int, seed: int) -> Checked:
    """Fill beds by a weekly rhythm of admissions: mean, amplitude and lag of those lying in them (Eick, Massey and Whitt 1993)."""
    turn = 2.0 * math.pi / WEEK
    exact = {
        "mean_present": A_DAY * STAY_DAYS,
        "amplitude": A_DAY * SWING * STAY_DAYS / math.hypot(1.0, turn * STAY_DAYS),
        "lag_days": math.atan(turn * STAY_DAYS) / turn,
    }
    titles = {"en": "Beds over a week", "zh": "一周内的床位"}
    return Checked("week_of_beds", titles, _over_runs(_beds, exact, runs, seed))


def _admissions(luck: np.uint64, days: float) -> Reals:
    """Draw the times of admissions in days, by turning the clock of a steady stream into that of a weekly rhythm."""
    turn = 2.0 * math.pi / WEEK
    count = int(A_DAY * days + 10.0 * math.sqrt(A_DAY * days))
    steady = np.cumsum(-np.log(uniforms(luck, EPISODE, np.arange(count))[:, 0]))
    when = np.linspace(0.0, days, int(days) * 1000 + 1)
    expected = A_DAY * (when + SWING * (1.0 - np.cos(turn * when)) / turn)
    return np.interp(steady[steady < expected[-1]], expected, when)


def _beds(luck: np.uint64) -> Answer:
    """Run a ward for many weeks, and fit mean, amplitude and lag to how many lie in it."""
    begin, end, turn = FIRST_WEEK * WEEK, WEEKS * WEEK, 2.0 * math.pi / WEEK
    admitted = _admissions(luck, end)
    count = len(admitted)
    rows, ward = engine.rows(count), engine.stations([BEDS])
    rows.arrive[:] = admitted * DAY
    rows.service[:] = -STAY_DAYS * DAY * np.log(uniforms(luck, STAY, np.arange(count))[:, 1])
    order, tally = np.empty(count, np.int32), np.zeros(count + 1, np.int32)
    found = engine.by_time(rows, 0, count, 0.0, end * DAY, order, tally)
    engine.hours(order[:found], ward, rows, engine.lines(ward, 1, count), 0.0, end * DAY)
    came = np.clip(rows.start / DAY, begin, end)
    left = np.clip((rows.start + rows.service) / DAY, begin, end)
    cosine = 2.0 * float(np.sum(np.sin(turn * left) - np.sin(turn * came))) / turn / (end - begin)
    sine = 2.0 * float(np.sum(np.cos(turn * came) - np.cos(turn * left))) / turn / (end - begin)
    lag = math.atan2(sine, cosine) / turn - WEEK / 4.0
    return {"mean_present": float(np.sum(left - came)) / (end - begin), "amplitude": math.hypot(sine, cosine), "lag_days": lag % WEEK}
