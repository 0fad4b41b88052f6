"""Tiered reimbursement (合理拉开报销差距): the fund pays more at the base and less outside the county, phased in month by month."""

import datetime
from typing import Annotated

import numpy as np
from pydantic import Field

from sim.language.label import Label
from sim.mechanisms import base
from sim.mechanisms.base import World
from sim.reading.units import Count, Points
from sim.words import SCHEMES, TIERS


class Rules(base.Rules):
    """How far the gap between the base and hospitals outside the county is widened, and how fast."""

    primary_more: Annotated[Points, Field(ge=0), Label("more at the base", "基层提高报销比例")]
    """Points added to the fund share of the residents' scheme at village clinics, clinics and township centres of the county.
    居民医保在本县村卫生室、诊所和乡镇卫生院提高的报销百分点。"""
    tertiary_less: Annotated[Points, Field(ge=0), Label("less outside the county", "县外降低报销比例")]
    """Points taken off its fund share outside the county, not below the floor.
    居民医保在县外降低的报销百分点，不低于保底比例。"""
    over_months: Annotated[Count, Field(ge=1, le=1_200), Label("months of phasing in", "分步月数")]
    """Months over which the gap opens in equal steps, the first on the first day; 1 opens it at once.
    差距分多少个月等步拉开，第一步在生效首日；1即一次到位。"""


class TieredReimbursement(base.Mechanism[Rules]):
    """Makes the base cheaper and hospitals outside the county dearer for the county's residents' scheme."""

    name, Rules = "tiered_reimbursement", Rules
    label = Label("tiered reimbursement", "拉开报销差距")

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
