"""Read the cases of tests/policy about referral, and let the model's own kernels decide them on one case at a time."""

from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from pydantic import Field

from sim import County, load
from sim.arithmetic import luck
from sim.care import clinic, wards
from sim.care.engine import hours
from sim.choice import referral
from sim.people import need
from sim.people.people import People
from sim.reading.blocks import Part
from sim.reading.units import Text
from sim.words import OWN_TOWNSHIP
from tests.policy.cases import rows

Draw = Annotated[float, Field(gt=0, lt=1)]
NEAR = 0.005
"""How near to the draws a case asks for those found are."""
TRIED = 1 << 19
"""Occasions among which one with such draws is looked for."""
WHERE_HE_LIKES, HOME = "where_he_likes", "home"
REFERRAL_WORDS = ("gatekeeping", "difficulty", "sent_up", "arrives")


class Draws(Part):
    """The numbers of one person's luck that a case fixes; what is left out may be anything."""

    gatekeeping: Draw | None = None
    """Bound by gatekeeping where this is below compliance."""
    difficulty: Draw | None = None
    """Too hard for a facility that can treat a smaller share of such cases."""
    sent_up: Draw | None = None
    """Sent up where this is below compliance x what the catalogue lists."""
    arrives: Draw | None = None
    """Arrives on the same day where this is below completion."""


class Sick(Part):
    """Somebody who has chosen where to go."""

    care: Literal["visit", "stay"]
    at: Text
    condition: Text
    home: Text = "baihu_01"
    """His village; `elsewhere` for a migrant."""
    draws: Draws = Draws()
    referred: bool = False
    without_centre: bool = False
    """His town has no township centre."""
    scenario: Text = "lujiang-2020"
    settings: tuple[str, ...] = ()


class Sent(Part):
    """What becomes of him."""

    first: Text
    """Where he goes first, or where he is admitted: a facility, or `where_he_likes`."""
    then: Text | None = None
    """Where he is sent on the same day: a facility, `where_he_likes`, `home` with his record, or nowhere."""
    record: bool = False
    """Whether he is a referred patient where he goes first."""
    beyond: bool = False
    """Admitted although beyond the facility's ability."""


class SentCase(Part):
    """A case about who is sent where."""

    name: Text
    given: Sick
    expect: Sent


class Waiting(Part):
    """Somebody who waits."""

    who: Text
    emergency: bool = False
    referred: bool = False
    contracted: bool = False


class Queue(Part):
    """Those who wait at one facility."""

    at: Text
    hall: Literal["clinic", "ward"]
    green_channel: bool
    priority: bool
    patients: tuple[Waiting, ...]


class QueueCase(Part):
    """A case about who is called first: those in one bracket come as they came."""

    name: Text
    given: Queue
    expect: tuple[tuple[str, ...], ...]


def sent_cases(file: str) -> list[SentCase]:
    """Read cases about who is sent where."""
    return [SentCase.model_validate(row) for row in rows(file)]


def queue_cases(file: str) -> list[QueueCase]:
    """Read cases about who is called first."""
    return [QueueCase.model_validate(row) for row in rows(file)]


@cache
def county(scenario: str, settings: tuple[str, ...]) -> County:
    """Put a small county together; nobody lives a day in it."""
    return County(load(scenario, settings), seed=1, scale=0.01)


def somebody(world: County, village: str) -> int:
    """Find somebody of a village."""
    return int(np.flatnonzero(world.people.village == world.place.villages.index(village))[0])


def occasion_with(world: County, person: int, draws: Draws) -> int:
    """Find an occasion on which a person draws such numbers."""
    occasions = np.arange(TRIED)
    drawn = luck.uniforms(world.luck, luck.REFERRAL, np.full(TRIED, person), occasions)
    fits = np.ones(TRIED, bool)
    for word, name in enumerate(REFERRAL_WORDS):
        wanted = getattr(draws, name)
        if wanted is not None:
            fits &= np.abs(drawn[:, word] - wanted) < NEAR
    return int(np.flatnonzero(fits)[0])


class Sickroom(NamedTuple):
    """One case, and the tables by which it is decided."""

    world: County
    case: need.Cases
    sheet: Any


def one_case(given: Sick) -> Sickroom:
    """Write the one case down."""
    world = county(given.scenario, given.settings)
    case, resident = need.cases(1), somebody(world, given.home)
    person = int(world.people.person[resident])
    case.count[0], case.resident[0], case.person[0] = 1, resident, person
    case.occasion[0], case.referred[0] = occasion_with(world, person, given.draws), given.referred
    case.group[0], case.facility[0] = world.place.conditions.names.index(given.condition), world.place.facilities.row(given.at)
    sheet = world.market.sheet
    if given.without_centre:
        option = sheet.option.copy()
        option[:, OWN_TOWNSHIP] = len(world.place.facilities.names) + 1
        sheet = sheet._replace(option=option)
    return Sickroom(world, case, sheet)


def sent(given: Sick) -> Sent:
    """Let the model decide where somebody is sent."""
    world, case, sheet = one_case(given)
    names = {-1: None, referral.CHOOSE_ABOVE: WHERE_HE_LIKES, referral.NOT_TODAY: HOME, **dict(enumerate(world.place.facilities.names))}
    kept, practice = np.zeros(1, np.uint8), world.market.practice
    if given.care == "visit":
        referral.route_visits(world.luck, case, 0, 1, world.people, sheet, practice)
    else:
        referral.route_stays(world.luck, case, 0, world.people, sheet, practice, kept)
    then = names[int(case.onward[0])] if given.care == "visit" else None
    return Sent.model_construct(
        first=names[int(case.facility[0])], then=then, record=bool(case.referred[0]), beyond=bool(kept[0] == 1)
    )  # fmt: skip


def called(given: Queue) -> tuple[tuple[str, ...], ...]:
    """Let the model say in which order those who wait are called."""
    rules = "mechanisms.referral_rules"
    world = county("lujiang-2020", (f"{rules}.green_channel={given.green_channel}".lower(), f"{rules}.priority={given.priority}".lower()))
    cases, count = need.cases(len(given.patients)), len(given.patients)
    people = People(*(np.array(column) for column in world.people))
    names, at = world.place.conditions.names, world.place.facilities.row(given.at)
    cases.count[0] = count
    for i, patient in enumerate(given.patients):
        cases.resident[i], cases.person[i], cases.occasion[i], cases.facility[i] = i, people.person[i], i, at
        cases.group[i] = names.index("acute_stroke" if patient.emergency else "lrti")
        cases.referred[i] = patient.referred
        people.contract[i], people.state[i] = int(patient.contracted), 0
    written, tickets = hours.rows(2 * count), clinic.tickets(2 * count)
    market = world.market
    if given.hall == "clinic":
        desk = world.outpatients.desk._replace(priority=market.practice.contract_first)
        args = (people, market.sheet, desk, market.tariff, market.practice.green, written, tickets)
        clinic.make_rows(world.luck, 0.0, cases, 0, count, 0, *args)
    else:
        practice = market.practice._replace(down_accept=0.0)
        fate = np.zeros(4, np.int64)
        args = (people, market.sheet, practice, world.inpatients.beds, written, tickets, 0, fate)
        wards.make_rows(world.luck, 0.0, cases, np.zeros(count, np.uint8), 0, *args)
    ranks = written.rank[:count]
    return tuple(tuple(given.patients[i].who for i in np.flatnonzero(ranks == rank)) for rank in np.unique(ranks))
