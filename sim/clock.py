"""Clock: which day it is. Days are counted from the first measured one and are negative in the run-in before it."""

import datetime

YEAR = 12
"""Months of a year."""
DAY = 24.0 * 60.0
"""Minutes of a day."""


class Clock:
    """The day that comes next, its date, and what is counted from where; it moves only by `today`."""

    def __init__(self, start: datetime.date, days: int, run_in: int) -> None:
        """Stand before the first day of the run-in.

        start : date of the first measured day;  days : measured days;  run_in : days before them
        """
        self.start, self.days, self.run_in = start, days, run_in
        self.today = -run_in

    def date_of(self, day: int) -> datetime.date:
        """Give the date of a day."""
        return self.start + datetime.timedelta(days=day)

    @property
    def date(self) -> datetime.date:
        """The date of the day that comes next."""
        return self.date_of(self.today)

    @property
    def yesterday(self) -> datetime.date:
        """The date of the last day lived."""
        return self.date_of(self.today - 1)

    @property
    def counted(self) -> int:
        """1 on measured days, 0 in the run-in."""
        return int(self.today >= 0)

    @property
    def over(self) -> bool:
        """Say whether all measured days are lived."""
        return self.today >= self.days

    @property
    def year_turns(self) -> bool:
        """Say whether the last measured day was the last of its year."""
        return self.today > 0 and (self.date.month, self.date.day) == (1, 1)

    @property
    def measured_minutes(self) -> tuple[float, float]:
        """First and last minute of the measured days, counted from the beginning of the run-in."""
        return self.midnight(0), self.midnight(self.days)

    def midnight(self, day: int) -> float:
        """Give the minute at which a day begins, counted from the beginning of the run-in."""
        return (day + self.run_in) * DAY

    @property
    def months_gone(self) -> int:
        """Count the months begun since the run-in began, so that no two months of a long run share their luck or their turn.

        Counted from the start of the run and never by date, so that scenarios that begin in different years draw alike.
        """
        first = self.date_of(-self.run_in)
        return (self.date.year - first.year) * YEAR + self.date.month - first.month
