"""What a number is called and what it means, in both languages, said once where it is declared.

    deductible: Annotated[Yuan, Label("deductible", "起付线")]
    \"\"\"Paid by the patient for each admission before the fund pays.
    每次住院基金支付之前由患者负担。\"\"\"

The label stands beside the type; below the field stand a sentence in English and, in the last line, the same in Chinese.
"""

from typing import NamedTuple

from pydantic.fields import FieldInfo

LANGUAGES = ("en", "zh")
FULL_STOP = "。"
"""What the Chinese sentence ends with: by it the last line is known for one."""


class Label(NamedTuple):
    """A short name in both languages; beside a type it is only kept, until a page, a report or an editor asks for it."""

    en: str
    zh: str
    unit: str = ""
    """What a column of a data table is counted in; the numbers of a scenario have types that know."""

    def say(self, lang: str) -> str:
        """Give the name in `lang`, en or zh."""
        return self.zh if lang == "zh" else self.en


def label_of(field: FieldInfo) -> Label | None:
    """Give the label of a field; None where it has none."""
    return next((part for part in field.metadata if isinstance(part, Label)), None)


def sentence(field: FieldInfo, lang: str) -> str:
    """Say what a field means in a language; in English where the language lacks it, '' where nothing is said."""
    *lines, last = (field.description or "").splitlines() or [""]
    if not last.endswith(FULL_STOP):
        lines, last = [*lines, last], ""
    return last if lang == "zh" and last else " ".join(" ".join(lines).split())
