"""What a scenario file may say, block by block."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple, Protocol

from pydantic import Field, SerializeAsAny

from sim.language.label import Label
from sim.reading.blocks import Block, FrozenMapping, Names, Rules, Title
from sim.reading.provenance import Source
from sim.reading.units import Date, Text
from sim.scenario.behaviour import Alignment, Choice, Group, Learning, Referral, Target
from sim.scenario.insurance import Insurance, Prices
from sim.scenario.people import Care, Illness, Period, Places, Population, Shock


class Priced(Protocol):
    """What offers are made from: a scenario, or these blocks of it alone, so that nothing else can decide a price or a choice."""

    @property
    def prices(self) -> Prices:
        """What care costs."""

    @property
    def insurance(self) -> Insurance:
        """Who pays."""

    @property
    def choice(self) -> Choice:
        """How people choose."""


class PricedBlocks(NamedTuple):
    """The blocks of a scenario that offers are made from."""

    prices: Prices
    insurance: Insurance
    choice: Choice


class Change(Block):
    """A dated change: from a day on, some numbers are others."""

    from_: Annotated[Date, Label("from", "起")] = Field(alias="from")
    """First day on which the numbers hold.
    数值生效的第一天。"""
    numbers: Annotated[Mapping[str, Any], Label("set", "设定值")] = Field(alias="set")
    """Dotted path -> new value.
    点号路径 -> 新的值。"""


class Plan(Block):
    """What a scenario file may say."""

    name: Annotated[Text, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$"), Label("name", "名称")]
    """Short name, as used on the command line and for run folders.
    简短名称，用于命令行与结果文件夹；小写字母、数字、-、_。"""
    title: Annotated[Title, Label("title", "标题")]
    """What it is called.
    标题（中英文）。"""
    note: Annotated[Title | None, Label("note", "说明")] = None
    """What it is about, in a sentence or two.
    用一两句话说明情景的内容。"""
    period: Annotated[Period, Label("period", "时期")]
    """When and how long.
    起始日期与时长。"""
    population: Annotated[Population, Label("people", "人口")]
    """Who lives there.
    人口、居住地与参保情况。"""
    illness: Annotated[Illness, Label("illness", "患病")]
    """How they fall ill.
    患病的频率与波动。"""
    places: Annotated[Places, Label("places", "机构")]
    """Where care is given.
    医疗机构、道路与县外等候。"""
    care: Annotated[Care, Label("care", "诊疗")]
    """What care takes.
    诊疗所需的时间与患者的等候行为。"""
    prices: Annotated[Prices, Label("bills", "费用")]
    """What care costs.
    医疗费用。"""
    insurance: Annotated[Insurance, Label("insurance", "医保")]
    """Who pays.
    医保报销政策。"""
    choice: Annotated[Choice, Label("choice", "就医选择")]
    """How people choose.
    居民如何选择就医机构。"""
    learning: Annotated[Learning, Label("learning", "经验")]
    """What experience changes.
    就医经历改变什么。"""
    referral: Annotated[Referral, Label("referral", "转诊")]
    """Referral where no rules speak.
    没有转诊规则时的转诊习惯。"""
    governance: Annotated[Alignment, Label("alignment by governance", "各治理方式的利益一致程度")]
    """What each way of governing a group means for what its members do.
    各种治理方式下成员为集团利益行动的程度。"""
    groups: Annotated[Names[Group], Label("hospital groups", "医疗集团（医共体）")] = Field(default_factory=FrozenMapping)
    """Hospital groups; left out: there are none.
    医疗集团（医共体）；不写则没有。"""
    mechanisms: Annotated[Names[SerializeAsAny[Rules]], Label("policy", "政策")] = Field(default_factory=FrozenMapping)
    """Policies in force, by name; one left out does not exist.
    实施的政策机制，按名称列出；未写的即不存在。"""
    changes: Annotated[tuple[Change, ...], Label("dated change", "政策变动")] = ()
    """Dated changes of any numbers.
    按日期生效的数值变更。"""
    shocks: Annotated[tuple[Shock, ...], Label("shock", "突发事件")] = ()
    """Times in which need for care is different.
    就医需求异常的时段，如疫情。"""
    targets: Annotated[Names[Target], Label("goal", "目标")] = Field(default_factory=FrozenMapping)
    """Goals: measure -> goal.
    目标：指标名称 -> 目标值。"""
    references: Annotated[Names[Source], Label("own sources", "自有出处")] = Field(default_factory=FrozenMapping)
    """Sources of the scenario's own, beside those of scenarios/sources.yaml.
    情景自带的出处，补充 scenarios/sources.yaml。"""
