"""What stands beside and below a field is read back in either language."""

from typing import Annotated

from sim.language.label import Label, label_of, sentence
from sim.reading.blocks import Part
from sim.reading.units import Share


class Talks(Part):
    """A block as a newcomer writes it."""

    reach: Annotated[Share, Label("people reached", "覆盖率")] = 0.0
    """Share of the people reached;
    at 0 % nothing changes (覆盖).
    覆盖的人口占比。"""
    english: Share = 0.0
    """Nobody has said it in Chinese (覆盖)."""
    silent: Annotated[Share, Label("silent", "无说明")] = 0.0


def test_a_field_has_its_label_and_its_sentence_in_both_languages() -> None:
    field = Talks.model_fields["reach"]
    assert label_of(field) == Label("people reached", "覆盖率")
    assert [Label("people reached", "覆盖率").say(lang) for lang in ("en", "zh")] == ["people reached", "覆盖率"]
    assert sentence(field, "en") == "Share of the people reached; at 0 % nothing changes (覆盖)."
    assert sentence(field, "zh") == "覆盖的人口占比。"


def test_what_is_said_in_english_alone_is_said_so_in_chinese_too() -> None:
    field = Talks.model_fields["english"]
    assert label_of(field) is None
    assert sentence(field, "zh") == sentence(field, "en") == "Nobody has said it in Chinese (覆盖)."


def test_a_field_below_which_nothing_stands_says_nothing() -> None:
    assert sentence(Talks.model_fields["silent"], "zh") == ""
