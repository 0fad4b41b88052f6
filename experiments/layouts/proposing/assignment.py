"""The assignment of towns to leads as a mixed-integer programme: what is wished of a layout, as rows and costs.

x[i, l] town i belongs to lead l; y[l] lead l leads; q[l] people for each unit of what it can carry, one and the same for all that lead.
Groups hang together where a flow that starts at the town the lead stands in reaches every member through members (Shirabe 2005). Where
several leads stand at one place, minutes to it are the same whatever the layout: each such group has a centre among its own towns.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.layouts.ground import Ground
from experiments.layouts.proposing.programme import Programme, Solved, Term
from experiments.layouts.proposing.traits import capacity, liking
from experiments.layouts.proposing.wishes import OBJECTIVES, Wishes

SIDE = 1e-3
"""What the objectives that were not asked for count beside the one that was: they settle what it leaves open."""
APART = 0.02
"""What a piece that lies apart costs where hanging together is preferred: as much as 2 % more minutes, or 2 % of the people (assumed)."""
FAR = 1e5
"""Minutes beyond which nobody goes."""


class Drawn(NamedTuple):
    """A layout the programme has found."""

    assigned: tuple[int, ...]
    """(towns) row of the lead of each town."""
    cost: float
    bound: float
    """No layout costs less."""
    objectives: Mapping[str, float]


class Assignment:
    """The programme of one ground and one set of wishes."""

    def __init__(self, ground: Ground, wishes: Wishes) -> None:
        """Write everything down."""
        self.ground, self.wishes = ground, wishes
        self.rows = [row for row, lead in enumerate(ground.leads) if lead.name in wishes.leads]
        self.programme = Programme()
        towns, leads = len(ground.towns), len(self.rows)
        self.x = self.programme.block(towns, leads, whole=True)
        self.y = self.programme.block(leads, whole=True)
        self._everybody_belongs()
        self._balanced()
        self.pieces = self._hangs_together() if wishes.contiguous != "ignore" else None
        self.terms = {"near": self._minutes(), "useful": self._beyond(), "mutual": self._lost()}
        for name in OBJECTIVES:
            counts = 1.0 if name == wishes.objective else SIDE
            self.programme.add_cost((size * counts, variable) for size, variable in self.terms[name])
        if self.pieces is not None:
            self.programme.add_cost((APART, variable) for variable in self.pieces.ravel())

    def solved(self) -> Drawn | None:
        """Find the best layout; None where the wishes cannot all be met."""
        return self.drawn(self.programme.solved())

    def drawn(self, found: Solved) -> Drawn | None:
        """Read the layout out of what was found."""
        if found.values is None:
            return None
        own = np.argmax(found.values[self.x], axis=1)
        return Drawn(tuple(self.rows[column] for column in own), found.cost, found.bound, self.objectives(found.values))

    def objectives(self, values: NDArray[np.float64]) -> dict[str, float]:
        """Work out every objective of a solution, each in its own unit (see `terms`)."""
        return {name: float(sum(size * values[variable] for size, variable in terms)) for name, terms in self.terms.items()}

    def hold(self, assigned: Sequence[int]) -> None:
        """Let the layout be this one."""
        for town, lead in enumerate(assigned):
            for column, row in enumerate(self.rows):
                self.programme.fix(int(self.x[town, column]), float(row == lead))

    def differs(self, assigned: Sequence[int], people: float) -> None:
        """Want so many people (a share of all) elsewhere than in a layout that was found."""
        stay = [
            (self.ground.people[town] / self.ground.total, int(self.x[town, self.rows.index(lead)]))
            for town, lead in enumerate(assigned)
            if lead in self.rows
        ]
        self.programme.row(stay, high=1.0 - people)

    def at_most(self, name: str, most: float) -> None:
        """Want an objective no larger than so much."""
        self.programme.row(self.terms[name], high=most)

    def _everybody_belongs(self) -> None:
        """Give every town one lead that leads, every leader a town, and as many leaders as wished; reach and locks."""
        programme, wishes, ground = self.programme, self.wishes, self.ground
        for town in range(len(ground.towns)):
            programme.row([(1.0, one) for one in self.x[town]], 1.0, 1.0)
            for column, row in enumerate(self.rows):
                if not ground.to_lead[town, row] < FAR:
                    programme.fix(int(self.x[town, column]), 0.0)
        for column, leads in enumerate(self.y):
            members = [(1.0, one) for one in self.x[:, column]]
            programme.row([*members, (-1.0, leads)], low=0.0)
            programme.row([*members, (-float(len(ground.towns)), leads)], high=0.0)
        programme.row([(1.0, one) for one in self.y], wishes.groups, wishes.groups)
        for town, lead in wishes.locks:
            column = next(column for column, row in enumerate(self.rows) if ground.leads[row].name == lead)
            programme.row([(1.0, int(self.x[ground.towns.index(town), column]))], 1.0, 1.0)

    def _balanced(self) -> None:
        """Want the people of each group near what its lead can carry: q is the same for all that lead, and 0 for the others."""
        programme, wishes = self.programme, self.wishes
        self.carried = capacity(self.ground, self.rows, "people" if wishes.balance == "none" else wishes.balance)
        most = 1.0 / max(self.carried[self.carried > 0].min(), 1e-9)
        each = int(programme.block(1, high=most)[0])
        self.q = programme.block(len(self.rows), high=most)
        for q, leads in zip(self.q, self.y, strict=True):
            programme.row([(1.0, q), (-most, leads)], high=0.0)
            programme.row([(1.0, q), (-1.0, each)], high=0.0)
            programme.row([(1.0, q), (-1.0, each), (-most, leads)], low=-most)
        programme.row([(size, q) for size, q in zip(self.carried, self.q, strict=True)], 1.0, 1.0)
        if wishes.balance != "none":
            for column, q in enumerate(self.q):
                fair = float(self.carried[column])
                programme.row([*self._people(column), (-(1 + wishes.tolerance) * fair, q)], high=0.0)
                programme.row([*self._people(column), (-(1 - wishes.tolerance) * fair, q)], low=0.0)

    def _people(self, column: int) -> list[Term]:
        """Add up the people of a group, as a share of all."""
        return [(size / self.ground.total, int(one)) for size, one in zip(self.ground.people, self.x[:, column], strict=True)]

    def _hangs_together(self) -> NDArray[np.int64] | None:
        """Let a flow reach every member; where hanging together is preferred only, pieces may begin anew, at a cost.

        returns : (towns, leads) variables that say where a piece begins; None where none may
        """
        ground, programme = self.ground, self.programme
        arcs = [(a, b) for one, other in ground.borders.edges for a, b in ((one, other), (other, one))]
        ends = [(ground.towns.index(a), ground.towns.index(b)) for a, b in arcs]
        begins = programme.block(len(ground.towns), len(self.rows), whole=True) if self.wishes.contiguous == "prefer" else None
        for column, row in enumerate(self.rows):
            seat, many = ground.seats[row], self._most_towns(column)
            flow = programme.block(len(ends), high=many)
            start = programme.block(len(ground.towns), high=many if begins is not None or seat is None else 0.0)
            if seat is None:
                self._starts_once(start, column)
            for town in range(len(ground.towns)):
                into = [(1.0, one) for one, (_, b) in zip(flow, ends, strict=True) if b == town] + [(1.0, start[town])]
                out = [(-1.0, one) for one, (a, _) in zip(flow, ends, strict=True) if a == town]
                if town == seat:
                    continue
                programme.row([*into, *out, (-1.0, int(self.x[town, column]))], 0.0, 0.0)
                programme.row([*into, (-many, int(self.x[town, column]))], high=0.0)
                alone = [(1.0, int(self.x[town, column])), *((-1.0, int(self.x[a, column])) for a, b in ends if b == town)]
                if begins is not None:
                    programme.row([(1.0, start[town]), (-many, int(begins[town, column]))], high=0.0)
                    alone.append((-1.0, int(begins[town, column])))
                if seat is not None and not ground.borders.has_edge(ground.towns[town], ground.towns[seat]):
                    programme.row(alone, high=0.0)  # implied by the flow; it makes the search shorter
        return begins

    def _most_towns(self, column: int) -> float:
        """Count the towns a group can have at most: as many of the smallest as its lead may carry; all where that is not said."""
        towns = float(len(self.ground.towns))
        if self.wishes.balance == "none" or self.wishes.groups < len(self.rows):
            return towns
        most = (1 + self.wishes.tolerance) * float(self.carried[column])
        smallest = np.cumsum(np.sort(self.ground.people)) / self.ground.total
        return max(float(np.searchsorted(smallest, most + 1e-9, side="right")), 1.0)

    def _starts_once(self, start: NDArray[np.int64], column: int) -> None:
        """Let the flow of a lead that stands in no town begin in one of its towns."""
        first = self.programme.block(len(start), whole=True)
        self.programme.row([(1.0, one) for one in first], high=1.0)
        if self.wishes.contiguous == "require":
            for flow, one in zip(start, first, strict=True):
                self.programme.row([(1.0, flow), (-float(len(start)), int(one))], high=0.0)

    def _minutes(self) -> list[Term]:
        """Write the mean minutes to the group's centre, beside the mean minutes between any two towns and leads (so that 1 is usual)."""
        ground = self.ground
        reached = ground.to_lead[:, self.rows]
        usual = max(float(reached[reached < FAR].mean()), 1e-9) if (reached < FAR).any() else 1.0
        weight = ground.people / ground.total / usual
        terms: list[Term] = []
        for column, row in enumerate(self.rows):
            if ground.tied(row, self.rows):
                terms += self._to_a_centre(column, weight)
            else:
                near = np.minimum(ground.to_lead[:, row], FAR)
                terms += [(float(w * minutes), int(one)) for w, minutes, one in zip(weight, near, self.x[:, column], strict=True)]
        return terms

    def _to_a_centre(self, column: int, weight: NDArray[np.float64]) -> Iterator[Term]:
        """Let a group have a centre among its towns, to which all its people go."""
        programme, many = self.programme, len(self.ground.towns)
        centre = programme.block(many, whole=True)
        goes = programme.block(many, many)
        programme.row([*((1.0, one) for one in centre), (-1.0, int(self.y[column]))], 0.0, 0.0)
        for town in range(many):
            mine = int(self.x[town, column])
            programme.row([(1.0, int(centre[town])), (-1.0, mine)], high=0.0)
            programme.row([*((1.0, one) for one in goes[town]), (-1.0, mine)], 0.0, 0.0)
            for other in range(many):
                programme.row([(1.0, int(goes[town, other])), (-1.0, int(centre[other]))], high=0.0)
        minutes = np.minimum(self.ground.between, FAR)
        return ((float(weight[town] * minutes[town, other]), int(goes[town, other])) for town in range(many) for other in range(many))

    def _beyond(self) -> list[Term]:
        """Write the share of people beyond what their lead can carry: half of what all groups are off."""
        off = self.programme.block(len(self.rows))
        for column, one in enumerate(off):
            fair = float(self.carried[column])
            people = self._people(column)
            self.programme.row([*people, (-fair, int(self.q[column])), (-1.0, int(one))], high=0.0)
            self.programme.row([*people, (-fair, int(self.q[column])), (1.0, int(one))], low=0.0)
        return [(0.5, int(one)) for one in off]

    def _lost(self) -> list[Term]:
        """Write the admissions away from the town's own lead, and the people of towns that with another lead would both rather."""
        ties = self.ground.ties
        if ties is None:
            return []
        mine = ties[:, self.rows]
        whole = max(float(mine.sum()), 1e-9)
        away = mine.sum(axis=1, keepdims=True) - mine
        terms = [(float(away[town, column] / whole), int(self.x[town, column])) for town, column in np.ndindex(away.shape)]
        return terms + list(self._rather()) if self.wishes.objective == "mutual" else terms

    def _rather(self) -> Iterator[Term]:
        """Let a pair that would both rather be together cost the town's people."""
        town, lead = liking(self.ground, self.rows)
        many, groups = town.shape
        for row in range(many):
            worse = [column for column in range(groups) if town[row, column] > town[row].min()]
            for column in worse:
                content = [(1.0, int(self.x[row, other])) for other in range(groups) if town[row, other] >= town[row, column]]
                below = [other for other in range(many) if lead[other, column] < lead[row, column]]
                if not below:
                    continue
                pair = int(self.programme.block(1)[0])
                for other in below:
                    self.programme.row([(1.0, pair), *content, (-1.0, int(self.x[other, column]))], low=0.0)
                yield self.ground.people[row] / self.ground.total, pair
