"""Code words: what a scenario may say by tier, grade, option or nest are the words there are, in their order."""

import pytest
from pydantic import BaseModel

from sim.reading.blocks import ByGrade, ByTier
from sim.scenario.behaviour import Constants, Nests, Quality
from sim.words import APPEALS, GRADES, NESTS, TIERS


@pytest.mark.parametrize(("block", "words"), [(ByTier, TIERS), (ByGrade, GRADES), (Constants, APPEALS), (Quality, APPEALS[:-1])])
def test_a_block_has_a_value_for_each_word(block: type[BaseModel], words: tuple[str, ...]) -> None:
    assert tuple(name for name in block.model_fields if name != "source") == words


def test_each_nest_has_a_dissimilarity() -> None:
    assert {name for name in Nests.model_fields if name != "source"} == set(NESTS)
