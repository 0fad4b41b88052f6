"""Kinds of facility, a row a kind: how each is reported, chosen and led; a kind without a row does not exist.

Data tables may name these kinds and no other; a row here, and its departments in the table of departments, are all that a new kind takes.
"""

from typing import Literal, NamedTuple

from sim.words import Grade, Nest, Option, Place, Tier

Offered = Literal["own village", "own town", "nearest", "everybody", "elsewhere"]
"""Who considers going there: those of its village; those of its town, and of other towns those to whom it is one of the two nearest;
those to whom it is the nearest of its kind; everybody; those who live elsewhere."""
Decides = Literal["nothing", "township", "county", "tertiary"]
"""Who decides there when a month begins: nobody, or the class of agent of that name (see `sim.institutions`)."""


class Kind(NamedTuple):
    """What a kind of facility is."""

    en: str
    """In English."""
    zh: str
    """In Chinese."""
    tier: Tier
    """The tier under which it is reported, and whose prices, hours and waits it has."""
    option: Option
    """What it is to those who choose: its constant of taste and its perceived quality."""
    nest: Nest
    """The nest of choice it stands in: those that replace one another more readily."""
    offered: Offered
    """Who considers going there."""
    decides: Decides
    """Who decides there when a month begins."""
    may_lead: bool = False
    """Whether it may lead a hospital group."""

    @property
    def places(self) -> tuple[Place, ...]:
        """Say where it may stand."""
        if self.offered == "elsewhere":
            return ("outside",)
        return ("in_city", "in_province", "outside") if self.decides == "tertiary" else ("in_county",)

    @property
    def grades(self) -> tuple[Grade, ...]:
        """Say which grades it may have."""
        return GRADES_OF[self.tier]


GRADES_OF: dict[Tier, tuple[Grade, ...]] = {
    "village": ("none",),
    "clinic": ("none",),
    "township": ("none", "grade_1", "grade_2"),
    "county": ("none", "grade_1", "grade_2", "grade_3_municipal"),
    "municipal": ("grade_2", "grade_3_municipal", "grade_3_provincial"),
    "provincial": ("grade_2", "grade_3_municipal", "grade_3_provincial"),
}
"""Tier -> the grades that facilities of it may have."""


KINDS: dict[str, Kind] = {
    "village_clinic": Kind("village clinic", "村卫生室", "village", "village", "village", "own village", "nothing"),
    "private_clinic": Kind("private clinic", "诊所", "clinic", "clinic", "clinic", "nearest", "nothing"),
    "township": Kind("township health centre", "乡镇卫生院", "township", "township", "township", "own town", "township"),
    "community_centre": Kind("community health centre", "社区卫生服务中心", "township", "township", "township", "own town", "township"),
    "county_general": Kind("county general hospital", "县人民医院", "county", "county", "county", "everybody", "county", may_lead=True),
    "county_tcm": Kind("hospital of Chinese medicine", "县中医院", "county", "county", "county", "everybody", "county", may_lead=True),
    "maternal_child": Kind("maternal and child hospital", "妇幼保健院", "county", "county", "county", "everybody", "county", may_lead=True),
    "private_hospital": Kind("private hospital", "民营医院", "county", "private", "county", "everybody", "county", may_lead=True),
    "rehabilitation": Kind("rehabilitation hospital", "康复护理医院", "county", "rehabilitation", "county", "everybody", "county"),
    "municipal_hospital": Kind("municipal hospital", "市级三级医院", "municipal", "municipal", "tertiary", "everybody", "tertiary"),
    "provincial_hospital": Kind("provincial hospital", "省级三级医院", "provincial", "provincial", "tertiary", "everybody", "tertiary"),
    "elsewhere_clinic": Kind("clinic elsewhere", "外地诊所", "clinic", "clinic", "clinic", "elsewhere", "nothing"),
    "elsewhere_hospital": Kind("hospital elsewhere", "外地医院", "municipal", "municipal", "tertiary", "elsewhere", "tertiary"),
}
"""Name in data tables -> the kind."""


def kinds_offered(*offered: Offered) -> list[str]:
    """Name the kinds that are offered in one of these ways."""
    return [name for name, kind in KINDS.items() if kind.offered in offered]
