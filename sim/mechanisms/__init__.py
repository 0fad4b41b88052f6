"""The mechanisms there are, one file each, listed by hand. To add one, copy `_skeleton.py` and read docs/add_a_mechanism.md."""

import sim.scenario.plan  # noqa: F401  # before the world: pydantic reads docstrings fast while few modules are loaded

# isort: split
from collections.abc import Mapping

from sim.mechanisms.base import Mechanism, Rules
from sim.mechanisms.expert_posting import ExpertPosting
from sim.mechanisms.family_doctor import FamilyDoctor
from sim.mechanisms.lead_hospital import LeadHospital
from sim.mechanisms.packaged_fund import PackagedFund
from sim.mechanisms.public_health_package import PublicHealthPackage
from sim.mechanisms.referral_hub import ReferralHub
from sim.mechanisms.referral_rules import ReferralRules
from sim.mechanisms.result_recognition import ResultRecognition
from sim.mechanisms.tiered_reimbursement import TieredReimbursement

MECHANISMS: Mapping[str, type[Mechanism]] = {
    kind.name: kind
    for kind in (
        FamilyDoctor,
        ReferralRules,
        ReferralHub,
        PackagedFund,
        PublicHealthPackage,
        LeadHospital,
        ExpertPosting,
        ResultRecognition,
        TieredReimbursement,
    )
}
RULES: Mapping[str, type[Rules]] = {name: kind.Rules for name, kind in MECHANISMS.items()}
