"""What is noted of each day is what its plain twin finds there; a month's book is closed when somebody asks."""

import numpy as np
import pytest

from sim.care.engine.lines import DAY
from sim.record.history import FLOWS
from tests.sim.county_worlds import CROWDED, HURRIED, county
from tests.sim.record import history_twin as twin

DAYS = 20


@pytest.mark.parametrize("settings", [(), CROWDED, HURRIED], ids=["usual", "crowded", "hurried"])
def test_every_day_is_noted_as_the_plain_twin_finds_it(settings: tuple[str, ...]) -> None:
    made = county(settings, scale=0.01, days=DAYS)
    before, emergencies, within = np.zeros(len(FLOWS), np.int64), 0, 0
    for day in made.days():
        if day.number < 0:
            continue
        total, now = twin.totals(made), made.clock.measured_minutes[0] + made.today * DAY
        new = twin.admitted_since(made, now - DAY)
        emergencies, within = emergencies + twin.emergencies(made, new), within + twin.within(made, new)
        assert made.history.flows[-1].tolist() == (total - before).tolist(), day.number
        assert made.history.stocks[-1].tolist() == twin.stocks(made, now).tolist(), day.number
        before = total
    assert np.array_equal(made.history.emergencies, emergencies)
    assert np.array_equal(made.history.within, within)
    assert before.min() > 0
    assert made.history.emergencies.sum() > 0


def test_before_the_first_measured_day_no_month_has_a_book() -> None:
    made = county(scale=0.003, days=3)
    assert made.ledger.months == {}
    for day in made.days():
        paid = sum(made.ledger.months.values()) if made.ledger.months else 0
        assert np.array_equal(paid, made.books.paid if day.number >= 0 else 0)


def test_a_month_asked_for_in_its_middle_goes_on() -> None:
    asked, silent = (county(["period.start=2020-01-25"], scale=0.003, days=12) for _ in range(2))
    for each in (asked, silent):
        for _ in each.days():
            if each is asked:
                assert each.ledger.months is not None
    assert list(asked.ledger.months) == list(silent.ledger.months) == ["2020-01", "2020-02"]
    for month, paid in silent.ledger.months.items():
        assert np.array_equal(asked.ledger.months[month], paid)
