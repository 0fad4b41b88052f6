"""Expert posting (专家下沉): doctors of the lead hospitals hold clinics in the township centres on some days of the week."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.arithmetic.rounding import largest_remainder, part
from sim.language.label import Label
from sim.mechanisms import base
from sim.mechanisms.base import World
from sim.reading.blocks import FrozenMapping, Names
from sim.reading.units import Count, Number, Share, Yuan
from sim.scenario.behaviour import Utils
from sim.words import LIVES, TIERS, VISIT

if TYPE_CHECKING:
    from sim.institutions.groups import Group

WEEK = 7.0


class Rules(base.Rules):
    """Who is posted, how often, what it is worth to patients, and what the township centres pay for it."""

    posts: Annotated[Count, Label("experts posted", "下沉医师人数")]
    """Doctors of the lead hospitals posted to township centres at any time, in the whole county.
    任一时点全县下沉到乡镇卫生院的牵头医院医师人数。"""
    fixed_posts: Annotated[Names[Count], Label("experts posted to one centre for good", "定点派驻医师人数")] = Field(
        default_factory=FrozenMapping
    )
    """Township centre of a group -> doctors of its lead hospital posted there whatever the need, beside `posts`.
    集团内乡镇卫生院 -> 牵头医院定点派驻该院的医师人数，不随需要调整，在posts之外另计。"""
    days_a_week: Annotated[Number, Field(ge=0, le=7), Label("days a week", "每周坐诊天数")]
    """Days of a week on which a posted doctor sits in his township centre; on the others he is in his hospital.
    下沉医师每周在乡镇卫生院坐诊的天数，其余时间在本院。"""
    skill_gain: Annotated[Share, Label("skill gained", "专家带来的能力")]
    """Share of the visits beyond a township centre, but not beyond the lead hospital, that it can treat while an expert is there.
    专家在场时，超出乡镇卫生院而未超出牵头医院能力的门诊中可在当地诊治的占比。"""
    appeal: Annotated[Utils, Field(ge=0), Label("appeal of an expert", "专家吸引力")]
    """Utils that an expert who is there adds to a township centre, for visits.
    专家在场使乡镇卫生院门诊增加的效用。"""
    reward_share: Annotated[Share, Label("reward of the growth", "业务增量奖励比例")]
    """Share of the growth of a township centre's bills of visits that it pays to the posted staff (业务增量).
    乡镇卫生院门诊业务增量中支付给下沉人员的比例（业务增量）。"""
    surcharge: Annotated[Yuan, Label("surcharge", "专家门诊加价")]
    """Yuan that an expert's visit costs above the township centre's price; 0 where primary prices are kept (执行基层价格).
    专家门诊高出乡镇卫生院价格的金额；执行基层价格时为0。"""


@dataclass
class Business:
    """What facilities usually bill for visits, and how that has grown under rules of posting."""

    usual: NDArray[np.int64]
    """(facilities,) fen billed in the days before the first rules came into force."""
    days: int
    """How many days these were; 0 where rules were in force from the first day of the run-in."""
    grown: NDArray[np.int64]
    """(facilities,) fen above the usual on days with rules, up to the last settlement."""
    settled: NDArray[np.int64]
    """(facilities,) fen of growth that settlements have passed."""


class ExpertPosting(base.Mechanism[Rules]):
    """Moves doctors, and with them visits, from the lead hospitals down to the township centres.

    Who is posted is said at full scale: a run at a smaller scale may round the doctors who move to none, while experts are there as often,
    treat as much and draw as many as at full scale.
    """

    name, Rules = "expert_posting", Rules
    label = Label("expert posting", "专家下沉")

    posted: NDArray[np.int64] = np.zeros(1, np.int64)
    """Experts posted to each facility; nobody before the rules come into force."""
    _business: Business | None = None

    def begin(self, county: World) -> None:
        """Post the first experts, and note what the township centres have billed before."""
        self._business = self._business or business(county)
        self._since, self._bills = (county.today, billed(county)) if county.today > 0 else (0, 0 * billed(county))
        self.month(county, county.date.month)

    def month(self, county: World, month: int) -> None:
        """Post experts anew: to all centres of a group alike, and who is left over to where most visits go unhelped."""
        self.posted, self._sitting = np.zeros((2, len(county.facilities)), np.int64)
        sizes = [len(centres(county, group)) for group in county.groups]
        for group, posts in zip(county.groups, shared_out(self.rules.posts, sizes), strict=True):
            by_need = neediest(county, group)
            fixed = self._fixed(county)[by_need]
            able = affordable(posts + int(fixed.sum()), self.rules.days_a_week, spare(county, group))
            held = largest_remainder(fixed.astype(float), min(int(fixed.sum()), able))
            free = able - int(held.sum())
            self.posted[by_need] = held + spread(free, len(by_need))
            sitting, moving = (round(doctors * self.rules.days_a_week / WEEK) for doctors in (int(held.sum()), able))
            self._sitting[by_need] += largest_remainder(fixed.astype(float), sitting) + spread(moving - sitting, len(by_need))
            self._sitting[group.lead_row] -= moving if len(by_need) else 0

    def room(self, county: World) -> base.Array:
        """Move as many doctors from the lead hospitals' rooms as sit in the township centres: the sum is nothing."""
        return self._sitting.astype(float)

    def skill(self, county: World) -> base.Array:
        """Let township centres treat part of what their lead hospital can treat, as far as experts are there."""
        place, gain = county.place, np.zeros((2, len(county.facilities), len(county.place.conditions.names)))
        for group in county.groups:
            within = place.conditions.level[VISIT] <= place.facilities.level[group.lead_row]
            mine = np.isin(np.arange(gain.shape[1]), centres(county, group))
            gain[VISIT] += np.outer(self.rules.skill_gain * self._presence() * mine, within)
        return gain

    def appeal(self, county: World) -> tuple[base.Array, base.Array]:
        """Draw visits to where experts sit."""
        return (self.rules.appeal * self._presence())[None, None, None, None, None, :], base.NOTHING

    def bill(self, county: World) -> base.Bill:
        """Bill an expert's visit at the township centre's price, and the surcharge where there is one; what is free stays free."""
        price = county.plan.prices.visit.township
        if not price or not self.rules.surcharge:
            return base.Bill()
        return base.Bill(visit=(1.0 + self.rules.surcharge * self._presence() / price)[None, None, None])

    def settle(self, county: World) -> None:
        """Let each township centre pay the posted staff their share of what its bills of visits have grown since the last settlement.

        New is what exceeds the highest growth of earlier settlements; growth of centres where nobody is posted passes unrewarded.
        """
        known = self._business or business(county)
        known.grown = known.grown + growth(county, known, self._since, self._bills)
        self._since, self._bills = county.today, billed(county)
        before, known.settled = known.settled, np.maximum(known.settled, known.grown)
        for group in county.groups:
            for row in (row for row in centres(county, group) if self.posted[row]):
                new, old = (part(int(fen[row]), self.rules.reward_share) for fen in (known.settled, before))
                county.transfer(county.place.facilities.names[row], f"{group.name}.posted_staff", "posting_reward", new - old)

    def measures(self, county: World) -> dict[str, tuple[float, float]]:
        """Tell the doctors posted for ten thousand people living here, at the run's scale."""
        here = int((county.people.lives == LIVES.index("here")).sum())
        return {"posted_physicians_per_10000": (int(self.posted.sum()) * county.scale, here / 10_000)}

    def _fixed(self, county: World) -> NDArray[np.int64]:
        """Say how many experts are posted to each facility for good: (facilities,)."""
        return np.array([self.rules.fixed_posts.get(name, 0) for name in county.place.facilities.names], np.int64)

    def _presence(self) -> base.Array:
        """Say which part of the days an expert is at each facility: (facilities,) 0..1."""
        return np.minimum(self.posted * self.rules.days_a_week / WEEK, 1.0)


def centres(county: World, group: "Group") -> NDArray[np.intp]:
    """Find the township centres of a group: rows of the facilities."""
    return np.flatnonzero(group.members & (county.place.facilities.tier == TIERS.index("township")))


def neediest(county: World, group: "Group") -> NDArray[np.intp]:
    """Order the centres of a group by the share of measured visits that went unhelped, the largest first, then by their rows."""
    mine, counts = centres(county, group), county.outpatients.counts
    seen = counts.visits.sum(axis=(0, 2))[mine]
    return mine[np.argsort(-counts.unhelped[mine] / np.maximum(seen, 1), kind="stable")]


def shared_out(posts: int, sizes: list[int]) -> list[int]:
    """Share posts among groups by their number of centres; without centres nobody is posted."""
    shared: list[int] = largest_remainder(np.array(sizes, float), posts if any(sizes) else 0).tolist()
    return shared


def spread(count: int, places: int) -> NDArray[np.int64]:
    """Spread a number over places alike, what is left over to the first."""
    each, more = divmod(count, max(places, 1))
    return each + (np.arange(places) < more).astype(np.int64)


def spare(county: World, group: "Group") -> int:
    """Say how many doctors the largest department of a group's lead hospital can spare and stay open, at full scale."""
    return max(int(county.outpatients.largest[group.lead_row]) - 1, 0)


def affordable(posts: int, days_a_week: float, doctors: int) -> int:
    """Say how many of the posts so many doctors can fill; for no days of a week nobody is posted."""
    return min(posts, int(doctors * WEEK / days_a_week + 1e-9)) if days_a_week > 0 else 0


def billed(county: World) -> NDArray[np.int64]:
    """Add up the bills of visits in the present books: (facilities,) fen."""
    return county.books.paid[:, VISIT].sum(axis=0)


def business(county: World) -> Business:
    """Note what facilities billed for visits in the run-in and the measured days until today."""
    run_in = county.ledger.run_in.paid[:, VISIT].sum(axis=0) if county.ledger.run_in is not county.books else 0
    nothing = 0 * billed(county)
    return Business(run_in + billed(county), county.today + county.whole.period.run_in_days, nothing, nothing)


def growth(county: World, known: Business, since: int, before: NDArray[np.int64]) -> NDArray[np.int64]:
    """Say by how much bills of visits exceed the usual of as many days: (facilities,) fen.

    Where there were no days before the rules, the run-in is the usual. Parts of a span add up to the whole span.
    since : measured day from which to count;  before : (facilities,) fen billed until then
    """
    run_in = county.ledger.run_in.paid[:, VISIT].sum(axis=0), county.whole.period.run_in_days
    usual, days = (known.usual, known.days) if known.days > 0 else run_in
    new = billed(county) - before
    return new - (usual * county.today // days - usual * since // days) if days > 0 else np.zeros_like(new)
