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

from sim.language.label import Label
from sim.reading.units import Date, Share, Text, count, fault, number, text, yes_or_no

PLAIN: Mapping[Any, Callable[[object], object]] = {bool: yes_or_no, int: count, float: number, str: text}

T = TypeVar("T")


class Part(BaseModel):
    """A closed frozen piece of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, serialize_by_alias=True)


class Block(Part):
    """A piece whose numbers rest on a source."""

    source: Annotated[Text | None, Label("source", "出处")] = None
    """Where the numbers of this block come from: a key of scenarios/sources.yaml or of `references`, `assumed`, or `fitted`.
    数字的出处：sources.yaml 或 references 中的键、assumed（假定）或 fitted（拟合）；引用文件时可写明原文。"""

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

    source: Annotated[Text, Label("source", "出处")]
    """Where the numbers of this block come from.
    本块数字的出处。"""
    from_: Annotated[Date | None, Label("from", "起")] = Field(default=None, alias="from")
    """First day on which the rules are in force; left out: from the beginning.
    规则生效的第一天；不写则自始生效。"""
    until: Annotated[Date | None, Label("until", "止")] = None
    """First day on which they are no longer in force; left out: to the end.
    规则失效的第一天；不写则一直有效。"""
    fixed: ClassVar[tuple[str, ...]] = ()
    """Numbers that are taken up once, when the rules come into force: no dated change can move them."""

    def due(self, date: datetime.date) -> bool:
        """Say whether the rules are in force on `date`."""
        return (self.from_ is None or self.from_ <= date) and (self.until is None or date < self.until)


class Title(Part):
    """Words in both languages."""

    en: Annotated[Text, Label("English", "英文")]
    """In English.
    英文。"""
    zh: Annotated[Text, Label("Chinese", "中文")]
    """In Chinese.
    中文。"""

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

    village: Annotated[T, Label("village clinics", "村卫生室")]
    """Village clinics and stations (村卫生室).
    村卫生室（站）。"""
    clinic: Annotated[T, Label("private clinics", "诊所")]
    """Private clinics and outpatient departments (诊所).
    诊所、门诊部。"""
    township: Annotated[T, Label("township centres", "乡镇卫生院")]
    """Township health centres, community health centres (乡镇卫生院).
    乡镇卫生院、社区卫生服务中心。"""
    county: Annotated[T, Label("county hospitals", "县级医院")]
    """Hospitals of the county, public and private (县级医院).
    县级医院，公立与民营。"""
    municipal: Annotated[T, Label("municipal tertiary hospitals", "市级三级医院")]
    """Municipal tertiary hospitals outside the county (市级三级医院).
    县外市级三级医院。"""
    provincial: Annotated[T, Label("provincial tertiary hospitals", "省级三级医院")]
    """Provincial tertiary hospitals (省级三级医院).
    省级三级医院。"""


class ByInpatientTier(Table[T], Generic[T]):
    """A value for each tier that has beds."""

    township: Annotated[T, Label("township centres", "乡镇卫生院")]
    """Township health centres (乡镇卫生院).
    乡镇卫生院。"""
    county: Annotated[T, Label("county hospitals", "县级医院")]
    """Hospitals of the county (县级医院).
    县级医院。"""
    municipal: Annotated[T, Label("municipal tertiary hospitals", "市级三级医院")]
    """Municipal tertiary hospitals (市级三级医院).
    市级三级医院。"""
    provincial: Annotated[T, Label("provincial tertiary hospitals", "省级三级医院")]
    """Provincial tertiary hospitals (省级三级医院).
    省级三级医院。"""


class ByOutsideTier(Table[T], Generic[T]):
    """A value for each tier outside the county."""

    municipal: Annotated[T, Label("municipal tertiary hospitals", "市级三级医院")]
    """Municipal tertiary hospitals (市级三级医院).
    市级三级医院。"""
    provincial: Annotated[T, Label("provincial tertiary hospitals", "省级三级医院")]
    """Provincial tertiary hospitals (省级三级医院).
    省级三级医院。"""


class ByGrade(Table[T], Generic[T]):
    """A value for each grade of facility; what is left out does not exist."""

    none: Annotated[T, Label("ungraded", "未定级")]
    """Ungraded: village clinics, private clinics.
    未定级：村卫生室、诊所。"""
    grade_1: Annotated[T, Label("grade 1", "一级")]
    """Grade 1 and below: township centres (一级).
    一级及以下：乡镇卫生院。"""
    grade_2: Annotated[T, Label("grade 2", "二级")]
    """Grade 2 (二级).
    二级。"""
    grade_3_municipal: Annotated[T, Label("grade 3 of the city", "市属三级")]
    """Grade 3 run by a city, or a county hospital raised to grade 3 (市属三级).
    市属三级，或升为三级的县级医院。"""
    grade_3_provincial: Annotated[T, Label("grade 3 of the province", "省属三级")]
    """Grade 3 run by the province (省属三级).
    省属三级。"""


class TierSplit(Whole):
    """How money is divided among the tiers of a group; together 100 %."""

    county: Annotated[Share, Label("county hospitals", "县级医院")]
    """Lead and other hospitals of the county.
    牵头医院与其他县级医院。"""
    township: Annotated[Share, Label("township centres", "乡镇卫生院")]
    """Township centres.
    乡镇卫生院。"""
    village: Annotated[Share, Label("village clinics", "村卫生室")]
    """Village clinics.
    村卫生室。"""
