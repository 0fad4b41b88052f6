"""What a planner wishes of a layout: who leads, how many groups, what stays where, and what is to be as small as possible."""

from typing import Literal, NamedTuple, get_args

Contiguous = Literal["require", "prefer", "ignore"]
Balance = Literal["beds", "doctors", "people", "none"]
Objective = Literal["near", "useful", "mutual"]
CONTIGUOUS, BALANCES, OBJECTIVES = get_args(Contiguous), get_args(Balance), get_args(Objective)
MOST_GROUPS = 5
TOLERANCE = 0.2
"""How far the people of a group may be from what its lead can carry, as a share of that. Lujiang's own groups are 9 % above and 18 % below
what beds would give; a tenth would forbid them."""


class Wishes(NamedTuple):
    """What is wished."""

    leads: tuple[str, ...]
    """Hospitals that may lead."""
    groups: int
    """How many of them do."""
    locks: tuple[tuple[str, str], ...] = ()
    """(town, lead) that stay together."""
    contiguous: Contiguous = "prefer"
    """Whether groups hang together: they must, each piece that lies apart costs, or it is all the same."""
    balance: Balance = "beds"
    """What a lead can carry is measured in."""
    tolerance: float = TOLERANCE
    objective: Objective = "near"
    """near 就近: minutes; useful 管用: people beyond what their lead can carry; mutual 互利: ties lost, and pairs that
    would both rather be together."""
