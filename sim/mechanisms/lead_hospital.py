"""Lead hospital (牵头医院): it may draw in what its townships could treat (虹吸), or lift them up (帮扶), as the group is governed."""

from typing import Annotated

import numpy as np
from pydantic import Field

from sim.language.label import Label
from sim.mechanisms import base
from sim.mechanisms.base import World, decided
from sim.scenario.behaviour import Utils
from sim.words import SEGMENTS, TIERS

SIMPLE = np.isin(SEGMENTS, ("minor_visit", "common_stay"))[:, None, None, None, None]
"""Segments of tastes for what a township can treat: (segments, old, contracted, villages, slots)."""


class Rules(base.Rules):
    """How strongly a lead hospital moves the people of its group's towns, for the worse and for the better."""

    pull: Annotated[Utils, Field(ge=0), Label("pull of the lead", "虹吸力")]
    """Utils for the lead, for what a township could treat, when it acts for itself alone and courts patients to fill its beds (虹吸).
    牵头医院只顾自身、为填满床位而争取患者时，乡镇卫生院能诊治的病例对它增加的效用（虹吸）。"""
    lift: Annotated[Utils, Field(ge=0), Label("lift of townships", "帮扶力")]
    """Utils for the group's township centres, for what they can treat, when the lead acts for the group alone (帮扶).
    牵头医院完全为集团着想时，本集团乡镇卫生院能诊治的病例对其增加的效用（帮扶）。"""


class LeadHospital(base.Mechanism[Rules]):
    """Moves simple cases of a group's people between their lead hospital and their township centres, and nobody else's."""

    name, Rules = "lead_hospital", Rules
    label = Label("lead hospital", "牵头医院")

    def way(self, county: World) -> base.Array | float:
        """Draw people of the group's villages to their lead as far as it courts them, and to their townships as far as it is aligned."""
        option, house = county.place.option, county.place.facilities
        courts = decided(county.facilities, "courts")
        added = np.zeros(option.shape)
        for group in county.groups:
            township = group.members & (house.tier == TIERS.index("township"))
            worth = self.rules.lift * group.alignment * township
            worth[group.lead_row] += self.rules.pull * courts[group.lead_row]
            mine = np.isin(county.place.village_town, group.town_rows)
            added += np.where(mine[:, None] & (option >= 0), worth[option], 0.0)
        return SIMPLE * added
