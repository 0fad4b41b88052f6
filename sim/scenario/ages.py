"""Ages (年龄): what the table of age groups says of the grown-up, whatever its bands."""

from sim.scenario.tables import AgeGroup, Tables
from sim.words import ADULT


def part_from(band: AgeGroup, age: int) -> float:
    """Say which part of a band is of an age or older; its people are spread over its years alike."""
    years = band.age_to + 1 - band.age_from
    return min(max(band.age_to + 1 - age, 0), years) / years


def adult_share(tables: Tables) -> float:
    """Say which share of those living here may be in the employees' scheme."""
    return sum(band.share * part_from(band, ADULT) for band in tables.ages if band.age_to >= band.age_from)
