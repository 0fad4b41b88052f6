"""The cases of tests/policy about referral, each decided by the model's own kernels."""

import numpy as np
import pytest

from sim.arithmetic import luck
from sim.choice import referral
from tests.policy.referral_cases import Draws, QueueCase, SentCase, Sick, called, one_case, queue_cases, sent, sent_cases

SENT, QUEUES = sent_cases("catalogue.yaml"), queue_cases("priorities.yaml")


@pytest.mark.parametrize("case", SENT, ids=lambda case: case.name)
def test_a_patient_is_sent_where_the_rules_say(case: SentCase) -> None:
    assert sent(case.given).model_dump() == case.expect.model_dump()


@pytest.mark.parametrize("case", QUEUES, ids=lambda case: case.name)
def test_those_who_wait_are_called_as_the_rules_say(case: QueueCase) -> None:
    assert called(case.given) == tuple(tuple(sorted(names, key=_place(case))) for names in case.expect)


def _place(case: QueueCase):  # type: ignore[no-untyped-def]
    return [patient.who for patient in case.given.patients].index


@pytest.mark.parametrize(("step", "expected"), [(-1, -1), (0, -1), (1, "lujiang_people")])
def test_compliance_is_the_share_of_draws_below_it(step: int, expected: int | str) -> None:
    """A draw at compliance itself is not below it: at 0 % nobody is sent up, at 100 % everybody."""
    world, case, sheet = one_case(Sick(care="visit", at="baihu_township", condition="lrti", draws=Draws(difficulty=0.8)))
    drawn = float(luck.uniforms(world.luck, luck.REFERRAL, case.person, case.occasion)[0, 2])
    compliance = drawn if step == 0 else np.nextafter(drawn, np.inf if step > 0 else -np.inf)
    practice = world.market.practice._replace(up=np.full_like(world.market.practice.up, compliance))
    referral.route_visits(world.luck, case, 0, 1, world.people, sheet, practice)
    wanted = world.place.facilities.row(expected) if isinstance(expected, str) else expected
    assert int(case.onward[0]) == wanted


def test_no_two_cases_have_the_same_name() -> None:
    names = [case.name for case in (*SENT, *QUEUES)]
    assert len(set(names)) == len(names) > 40
