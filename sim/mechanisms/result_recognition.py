"""Result recognition (检查结果互认): examinations done further down are not repeated at the hospital to which a patient is referred."""

from typing import Annotated

import numpy as np

from sim.language.label import Label
from sim.mechanisms import base
from sim.mechanisms.base import World
from sim.reading.units import Share


class Rules(base.Rules):
    """How much of a referred patient's bill is examinations he has had already, and how many of these count."""

    examinations_share: Annotated[Share, Label("share of examinations", "检查费占比")]
    """Share of a referred patient's bill that examinations make up which were already done further down.
    转诊患者费用中，下级机构已经做过的检查所占的比例。"""
    recognised: Annotated[Share, Label("share recognised", "互认比例")]
    """Share of these that the receiving hospital recognises and does not repeat.
    其中接诊医院予以互认、不再重复的占比。"""


class ResultRecognition(base.Mechanism[Rules]):
    """Makes referred patients' bills at hospitals of the county smaller, visits and stays alike; nobody else's."""

    name, Rules = "result_recognition", Rules
    label = Label("result recognition", "检查结果互认")

    def bill(self, county: World) -> base.Bill:
        """Leave examinations that are recognised off the bills of referred patients at hospitals of the county."""
        referred = np.array([0.0, 1.0])[:, None]
        factor = 1.0 - self.rules.examinations_share * self.rules.recognised * referred * county.place.facilities.county_hospital
        return base.Bill(visit=factor[None, None], stay=factor[None])
