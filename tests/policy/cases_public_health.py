"""Read the cases of public_health.yaml: a package, and what is paid to whom and averted."""

from typing import Annotated

from pydantic import Field

from sim.reading.blocks import Part
from sim.reading.units import Count, Share, Text, Yuan
from tests.policy.cases import rows


class Package(Part):
    """People of one group, for some days."""

    people: Count
    """People living in the group's towns."""
    days: Annotated[Count, Field(ge=1)]
    alignment: tuple[float, ...] = (1.0,)
    """How far each group's members act for it; none: there are no groups."""
    settings: tuple[str, ...] = ()
    """Changes of the package's rules, as after `--set mechanisms.public_health_package.`"""


class Effect(Part):
    """What is paid to each tier, and which share of stays for chronic illness is averted; what is left out is not looked at."""

    to_county: Yuan | None = None
    to_township: Yuan | None = None
    to_village: Yuan | None = None
    averted: Share | None = None


class PackageCase(Part):
    """A case about a public-health package."""

    name: Text
    given: Package
    expect: Effect


def package_cases(file: str) -> list[PackageCase]:
    """Read cases about public-health packages."""
    return [PackageCase.model_validate(row) for row in rows(file)]
