"""Quantities are read with their units, and nothing is guessed."""

import datetime
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from sim.reading.units import Clock, Count, Date, Days, Kilometres, Minutes, Number, Points, Quantity, Share, Text, YesNo, Yuan


def read(kind: Any, value: object) -> Any:
    """Read one value as a scenario would."""
    return TypeAdapter(kind).validate_python(value)


def fault(kind: Any, value: object) -> dict[str, Any]:
    """Give the key and the words of the message with which a value is refused."""
    with pytest.raises(ValidationError) as caught:
        read(kind, value)
    context: dict[str, Any] = caught.value.errors()[0]["ctx"]
    return context


@pytest.mark.parametrize(
    ("kind", "written", "size"),
    [
        (Yuan, "400 yuan", 400.0),
        (Yuan, "400元", 400.0),
        (Yuan, "1e5 yuan", 1e5),
        (Minutes, "30 min", 30.0),
        (Minutes, "2 h", 120.0),
        (Minutes, "30 分钟", 30.0),
        (Days, "8.2 d", 8.2),
        (Days, "8.2 天", 8.2),
        (Share, "95 %", 0.95),
        (Share, "20.56 %", 0.2056),
        (Share, "95％", 0.95),
        (Share, "100 %", 1.0),
        (Points, "5 pp", 0.05),
        (Points, "-5 pp", -0.05),
        (Kilometres, "3.5 km", 3.5),
        (Number, -0.6, -0.6),
        (Count, 1200305, 1200305),
        (Count, 1e3, 1000),
        (Clock, "07:30", 450.0),
        (Date, "2019-08-01", datetime.date(2019, 8, 1)),
        (YesNo, True, True),
        (Text, "no", "no"),
        (Quantity, "90 %", 0.9),
        (Quantity, "2.5 pp", 0.025),
        (Quantity, 5.6, 5.6),
    ],
)
def test_a_quantity_is_read_into_the_unit_of_the_model(kind: Any, written: object, size: object) -> None:
    assert read(kind, written) == size


@pytest.mark.parametrize(
    ("kind", "written", "key"),
    [
        (Yuan, 400, "unit.missing"),
        (Yuan, "400", "unit.missing"),
        (Yuan, "400 min", "unit.wrong"),
        (Yuan, "400 dollars", "unit.unknown"),
        (Yuan, "-1 yuan", "unit.outside"),
        (Yuan, "1,000 yuan", "unit.unknown"),
        (Yuan, "nan yuan", "unit.not_a_quantity"),
        (Yuan, "1e999 yuan", "unit.not_finite"),
        (Yuan, True, "unit.not_a_quantity"),
        (Yuan, [400], "unit.not_a_quantity"),
        (Yuan, None, "unit.not_a_quantity"),
        (Share, 0.95, "unit.missing"),
        (Share, "101 %", "unit.outside"),
        (Share, "-1 %", "unit.outside"),
        (Share, "5 pp", "unit.wrong"),
        (Number, "5 yuan", "unit.unwanted"),
        (Number, "five", "unit.not_a_number"),
        (Number, True, "unit.not_a_number"),
        (Number, math.nan, "unit.not_finite"),
        (Count, -1, "unit.not_a_count"),
        (Count, 1.5, "unit.not_a_count"),
        (Count, math.inf, "unit.not_finite"),
        (Clock, "24:30", "unit.not_a_clock"),
        (Clock, 750, "unit.not_a_clock"),
        (Date, "2019-02-30", "unit.not_a_date"),
        (Date, "20190801", "unit.not_a_date"),
        (Date, 2019, "unit.not_a_date"),
        (YesNo, "no", "unit.not_true_or_false"),
        (YesNo, 0, "unit.not_true_or_false"),
        (Text, 5, "unit.not_text"),
        (Text, " ", "unit.not_text"),
        (Quantity, "90 foo", "unit.not_any_quantity"),
    ],
)
def test_what_is_no_such_quantity_is_refused(kind: Any, written: object, key: str) -> None:
    assert fault(kind, written)["key"] == key


def test_a_bare_number_is_shown_with_the_unit_it_lacks() -> None:
    assert fault(Yuan, 400)["example"] == "400 yuan"
    assert fault(Share, 0.95)["example"] == "95 %"
    assert fault(Share, 49)["example"] == "49 %"


@given(st.integers(0, 2 * 10**7))
def test_whole_yuan_come_through_unchanged(amount: int) -> None:
    assert read(Yuan, f"{amount} yuan") == amount


@given(st.text(max_size=12))
def test_no_text_makes_a_unit_fall_over(written: str) -> None:
    for kind in (Yuan, Share, Number, Count, Clock, Date, YesNo, Quantity):
        try:
            read(kind, written)
        except ValidationError as error:
            assert error.errors()[0]["ctx"]["key"]
