"""Words of the command line as numbers: a share is read plain or in per cent."""

import pytest

from app.parser import part
from sim.language.messages import UserError


@pytest.mark.parametrize(("text", "share"), [("0.05", 0.05), ("5 %", 0.05), ("100%", 1.0), (" 2.5 ％ ", 0.025), (None, 1.0)])
def test_a_share_is_read_plain_or_in_per_cent(text: str | None, share: float) -> None:
    assert part(text, "--scale") == pytest.approx(share)


@pytest.mark.parametrize("text", ["", "%", "5", "0 %", "101 %", "5 percent", "-5 %", "nan", "nan %", "inf %"])
def test_what_is_no_share_is_refused_in_words(text: str) -> None:
    with pytest.raises(UserError, match="above 0 and at most 1"):
        part(text, "--scale")
