"""What a scenario file may say, block by block."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, SerializeAsAny

from sim.reading.blocks import Block, FrozenMapping, Names, Rules, Title
from sim.reading.provenance import Source
from sim.reading.units import Date, Text
from sim.scenario.behaviour import Alignment, Choice, Group, Learning, Referral, Target
from sim.scenario.insurance import Insurance, Prices
from sim.scenario.people import Care, Illness, Period, Places, Population, Shock


class Change(Block):
    """A dated change: from a day on, some numbers are others."""

    from_: Date = Field(alias="from")
    """First day on which the numbers hold."""
    numbers: Mapping[str, Any] = Field(alias="set")
    """Dotted path -> new value."""


class Plan(Block):
    """What a scenario file may say."""

    name: Annotated[Text, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    """Short name, as used on the command line and for run folders."""
    title: Title
    """What it is called."""
    note: Title | None = None
    """What it is about, in a sentence or two."""
    period: Period
    """When and how long."""
    population: Population
    """Who lives there."""
    illness: Illness
    """How they fall ill."""
    places: Places
    """Where care is given."""
    care: Care
    """What care takes."""
    prices: Prices
    """What care costs."""
    insurance: Insurance
    """Who pays."""
    choice: Choice
    """How people choose."""
    learning: Learning
    """What experience changes."""
    referral: Referral
    """Referral where no rules speak."""
    governance: Alignment
    """What each way of governing a group means for what its members do."""
    groups: Names[Group] = Field(default_factory=FrozenMapping)
    """Hospital groups; left out: there are none."""
    mechanisms: Names[SerializeAsAny[Rules]] = Field(default_factory=FrozenMapping)
    """Policies in force, by name; one left out does not exist."""
    changes: tuple[Change, ...] = ()
    """Dated changes of any numbers."""
    shocks: tuple[Shock, ...] = ()
    """Times in which need for care is different."""
    targets: Names[Target] = Field(default_factory=FrozenMapping)
    """Goals: measure -> goal."""
    references: Names[Source] = Field(default_factory=FrozenMapping)
    """Sources of the scenario's own, beside those of scenarios/sources.yaml."""
