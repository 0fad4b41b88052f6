"""Founding: who decides in a county, each at his place on the grid."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.institutions import signing
from sim.institutions.facilities import CLASSES, Facility
from sim.institutions.fund import Fund
from sim.institutions.groups import Group
from sim.institutions.home import Home, Institution
from sim.institutions.teams import Contracts, Team
from sim.kinds import KINDS
from sim.words import OWN_TOWNSHIP


class Institutions(NamedTuple):
    """All who decide."""

    facilities: Sequence[Facility]
    groups: Sequence[Group]
    teams: Sequence[Team]
    contracts: Contracts
    fund: Fund

    @property
    def deciders(self) -> list[Institution | Contracts]:
        """List them in the order in which they decide when a month begins; teams decide together, through their contracts."""
        return [*self.groups, *self.facilities, self.contracts, self.fund]


def found(county: Home, zone: float) -> Institutions:
    """Put the deciding agents on the grid.

    zone : people of a family-doctor team's zone at full scale; infinite for one team a township
    """
    facilities = [CLASSES[KINDS[kind].decides](county, row) for row, kind in enumerate(county.place.facilities.kind)]
    groups = [Group(county, name, rules) for name, rules in sorted(county.plan.groups.items())]
    for group in groups:
        for row in np.flatnonzero(group.members):
            facilities[row].join(group)
    teams, contracts = form_teams(county, max(zone * county.scale, county.plan.population.household_size))
    return Institutions(facilities, groups, teams, contracts, Fund(county))


def form_teams(county: Home, zone: float) -> tuple[list[Team], Contracts]:
    """Divide the households of each township among teams of so many people each."""
    people, place, population = county.people, county.place, county.residents.population
    here = np.flatnonzero(people.lives == 0)
    town, household = place.village_town[people.village[here]], population.array("household")[here]
    team, town_of = signing.zones(town, household, len(place.towns), zone)
    population.array("team")[here] = team
    contracts = Contracts(county, here, team, len(town_of))
    in_zone = np.zeros((len(town_of), len(place.villages)), bool)
    in_zone[team, people.village[here]] = True
    homes = [np.flatnonzero(place.village_town == town) for town in range(len(place.towns))]
    township = [int(place.option[mine[0], OWN_TOWNSHIP]) if len(mine) else -1 for mine in homes]
    villages = [np.flatnonzero(lived_in) for lived_in in in_zone]
    return [Team(county, contracts, row, town, villages[row], township[town]) for row, town in enumerate(town_of.tolist())], contracts
