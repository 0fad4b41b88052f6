"""Result recognition (检查结果互认): examinations done further down are not repeated at the hospital to which a patient is referred."""

import numpy as np

from sim.mechanisms import base
from sim.reading.units import Share
from sim.world import World


class Rules(base.Rules):
    """How much of a referred patient's bill is examinations he has had already, and how many of these count."""

    examinations_share: Share
    """Share of a referred patient's bill that examinations make up which were already done further down."""
    recognised: Share
    """Share of these that the receiving hospital recognises and does not repeat."""


class ResultRecognition(base.Mechanism[Rules]):
    """Makes referred patients' bills at hospitals of the county smaller, visits and stays alike; nobody else's."""

    name, Rules = "result_recognition", Rules

    def bill(self, county: World) -> base.Bill:
        """Leave examinations that are recognised off the bills of referred patients at hospitals of the county."""
        referred = np.array([0.0, 1.0])[:, None]
        factor = 1.0 - self.rules.examinations_share * self.rules.recognised * referred * county.place.facilities.county_hospital
        return base.Bill(visit=factor[None, None], stay=factor[None])
