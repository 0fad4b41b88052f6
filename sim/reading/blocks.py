"""What all blocks of a scenario are made of: closed frozen models, open tables of names, a value for each tier or grade."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from sim.reading.units import Date, Share, Text, count, fault, number, text, yes_or_no

PLAIN: Mapping[Any, Callable[[object], object]] = {bool: yes_or_no, int: count, float: number, str: text}

T = TypeVar("T")


class Part(BaseModel):
    """A closed frozen piece of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, serialize_by_alias=True)


class Block(Part):
    """A piece whose numbers rest on a source."""

    source: Text | None = None
    """Where the numbers of this block come from: a key of scenarios/sources.yaml or of `references`, `assumed`, or `fitted`."""

    @field_validator("*", mode="before")
    @classmethod
    def _strictly(cls, value: object, info: ValidationInfo) -> object:
        """Let plain types take only what they are: true or false for bool, numbers without units for int and float."""
        field = cls.model_fields[str(info.field_name)]
        unread = not any(isinstance(item, BeforeValidator) for item in field.metadata)
        reader = PLAIN.get(field.annotation) if unread else None
        return reader(value) if reader is not None else value


class Whole(Block):
    """Shares that make up a whole: every field is one, and together they are 100 %."""


class FrozenMapping(Mapping[str, T]):
    """A mapping that cannot be changed; equal to any mapping with the same content, and picklable."""

    __slots__ = ("_content",)
    _content: dict[str, T]

    def __init__(self, content: Mapping[str, T] | None = None) -> None:
        object.__setattr__(self, "_content", dict(content or {}))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a frozen mapping takes no attribute, here {name!r}")

    def __getitem__(self, name: str) -> T:
        return self._content[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def __repr__(self) -> str:
        return f"FrozenMapping({self._content!r})"

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._content)))

    def __reduce__(self) -> tuple[type["FrozenMapping[T]"], tuple[dict[str, T]]]:
        return FrozenMapping, (dict(self),)


def _without_source(value: object) -> object:
    """Leave out the `source` that stands beside the names of an open table."""
    return {name: content for name, content in value.items() if name != "source"} if isinstance(value, dict) else value


Names = Annotated[
    Mapping[str, T],
    BeforeValidator(_without_source),
    AfterValidator(FrozenMapping),
    PlainSerializer(dict),
]


def _data_file(value: object) -> Path:
    """Take the path of a data table, already found by the reader."""
    if isinstance(value, Path):
        return value
    raise fault("value.not_a_file", value=value)


DataFile = Annotated[Path, BeforeValidator(_data_file), WithJsonSchema({"type": "string", "examples": ["lujiang_towns.csv"]})]


class Rules(Block):
    """The rules of a mechanism: every policy derives its own from these."""

    source: Text
    """Where the numbers of this block come from."""
    from_: Date | None = Field(default=None, alias="from")
    """First day on which the rules are in force; left out: from the beginning."""
    until: Date | None = None
    """First day on which they are no longer in force; left out: to the end."""
    fixed: ClassVar[tuple[str, ...]] = ()
    """Numbers that are taken up once, when the rules come into force: no dated change can move them."""

    def due(self, date: datetime.date) -> bool:
        """Say whether the rules are in force on `date`."""
        return (self.from_ is None or self.from_ <= date) and (self.until is None or date < self.until)


class Title(Part):
    """Words in both languages."""

    en: Text
    """In English."""
    zh: Text
    """In Chinese."""

    def say(self, lang: str) -> str:
        """Give the words in `lang`, en or zh."""
        return self.zh if lang == "zh" else self.en


class Table(Block, Generic[T]):
    """A value for each of a fixed list of names, read as `table[name]`."""

    def __getitem__(self, name: str) -> T:
        return getattr(self, name)

    def items(self) -> Iterator[tuple[str, Any]]:
        """Go through names and values in the order declared, leaving out what is not set."""
        for name in type(self).model_fields:
            if name != "source" and (value := getattr(self, name)) is not None:
                yield name, value


class ByTier(Table[T], Generic[T]):
    """A value for each tier of facilities."""

    village: T
    """Village clinics and stations (村卫生室)."""
    clinic: T
    """Private clinics and outpatient departments (诊所)."""
    township: T
    """Township health centres, community health centres (乡镇卫生院)."""
    county: T
    """Hospitals of the county, public and private (县级医院)."""
    municipal: T
    """Municipal tertiary hospitals outside the county (市级三级医院)."""
    provincial: T
    """Provincial tertiary hospitals (省级三级医院)."""


class ByInpatientTier(Table[T], Generic[T]):
    """A value for each tier that has beds."""

    township: T
    """Township health centres (乡镇卫生院)."""
    county: T
    """Hospitals of the county (县级医院)."""
    municipal: T
    """Municipal tertiary hospitals (市级三级医院)."""
    provincial: T
    """Provincial tertiary hospitals (省级三级医院)."""


class ByOutsideTier(Table[T], Generic[T]):
    """A value for each tier outside the county."""

    municipal: T
    """Municipal tertiary hospitals (市级三级医院)."""
    provincial: T
    """Provincial tertiary hospitals (省级三级医院)."""


class ByGrade(Table[T], Generic[T]):
    """A value for each grade of facility; what is left out does not exist."""

    none: T
    """Ungraded: village clinics, private clinics."""
    grade_1: T
    """Grade 1 and below: township centres (一级)."""
    grade_2: T
    """Grade 2 (二级)."""
    grade_3_municipal: T
    """Grade 3 run by a city, or a county hospital raised to grade 3 (市属三级)."""
    grade_3_provincial: T
    """Grade 3 run by the province (省属三级)."""


class TierSplit(Whole):
    """How money is divided among the tiers of a group; together 100 %."""

    county: Share
    """Lead and other hospitals of the county."""
    township: Share
    """Township centres."""
    village: Share
    """Village clinics."""
