"""The pictures of a run: each knows its title, how to read it, and a plotly figure in every language."""

from results.report.figures.facilities import beds, waits
from results.report.figures.fund import fund
from results.report.figures.goals import goals
from results.report.figures.groups import groups
from results.report.figures.people import people
from results.report.figures.picture import Picture
from results.report.figures.referrals import referrals
from results.report.figures.trends import trends
from results.store.run import Run

__all__ = ["Picture", "pictures"]

DRAWN = (goals, referrals, trends, waits, beds, fund, groups, people)
"""In the order of the report; each gives no picture where the run has nothing to show in it."""


def pictures(run: Run) -> list[Picture]:
    """Draw every picture the run has something to show in."""
    return [picture for draw in DRAWN for picture in draw(run)]
