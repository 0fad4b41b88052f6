"""Tiered reimbursement (合理拉开报销差距): the fund pays more at the base and less outside the county, phased in month by month."""

import datetime
from typing import Annotated

import numpy as np
from pydantic import Field

from sim.mechanisms import base
from sim.reading.units import Count, Points
from sim.words import SCHEMES, TIERS
from sim.world import World


class Rules(base.Rules):
    """How far the gap between the base and hospitals outside the county is widened, and how fast."""

    primary_more: Annotated[Points, Field(ge=0)]
    """Points added to the fund share of the residents' scheme at village clinics, clinics and township centres of the county."""
    tertiary_less: Annotated[Points, Field(ge=0)]
    """Points taken off its fund share outside the county, not below the floor."""
    over_months: Annotated[Count, Field(ge=1, le=1_200)]
    """Months over which the gap opens in equal steps, the first on the first day; 1 opens it at once."""


class TieredReimbursement(base.Mechanism[Rules]):
    """Makes the base cheaper and hospitals outside the county dearer for the county's residents' scheme."""

    name, Rules = "tiered_reimbursement", Rules

    def price(self, county: World) -> base.Price:
        """Widen the gap as far as it has been phased in."""
        house = county.place.facilities
        primary = house.in_county & (house.tier < TIERS.index("county"))
        step = self.rules.primary_more * primary - self.rules.tertiary_less * ~house.in_county
        residents = (np.arange(len(SCHEMES)) == SCHEMES.index("here_residents"))[None, :, None, None, None, None]
        gap = residents * step * self._phase(county)
        return base.Price(fund_share=(gap, gap))

    def _phase(self, county: World) -> float:
        """Say which part of the gap is open this month, counted from the month in which the rules came into force."""
        period = county.whole.period
        first = self.rules.from_ or period.start - datetime.timedelta(days=period.run_in_days)
        months = (county.date.year - first.year) * 12 + county.date.month - first.month
        return min(max(months + 1, 0) / self.rules.over_months, 1.0)
