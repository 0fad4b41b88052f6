"""The chance and depth of an overrun of each group's package under other packages and other sharing, the whole county simulated.

It is told only where what is assumed does not move the balance by more than the packages and layouts do: else the figure would be one of
the assumptions, whatever the layout.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from experiments.comparing.origins import run_variants
from experiments.comparing.replicated import experiment_of
from experiments.design.experiment import read_text
from experiments.design.variants import Design, Variant
from experiments.layouts.judging.accounts import ACCOUNTS, Account
from experiments.layouts.judging.drawn import numbers_drawn
from experiments.layouts.judging.judge import Judged
from experiments.running.batch import Batch, Progress
from experiments.running.executors import Where
from results.store.pool import DONE, unpacked
from sim.reading.provenance import ASSUMED
from sim.reading.strict_yaml import Value
from sim.scenario.varying import Setting

FUND = "packaged_fund"
PACKAGES, SHARED = (0.95, 0.97, 1.0), (0.3, 0.5, 0.7)
"""Shares of the fund that are packaged, and of an overrun that the group bears."""
SEEDS, DRAWS, MOST = (1, 2, 3, 4), 8, 3
"""Runs of each where no posterior is named; draws of what is assumed; layouts looked into, the first and its look-alikes."""


class Cell(NamedTuple):
    """One group under one package and sharing."""

    layout: str
    group: str
    package: float
    shared: float
    chance: float
    """Of an overrun."""
    depth: float
    """Mean overrun in years with one, yuan for each insured head; 0 where there are none."""
    borne: float
    """Of that the group's own part."""


class Risk(NamedTuple):
    """What may happen to the groups' packages."""

    spread: float
    """Standard deviation of a group's balance over draws of what is assumed, yuan for each insured head."""
    reach: float
    """By how much the packages and layouts looked into move it at most."""
    cells: Sequence[Cell]
    """Empty where the spread is larger than the reach."""

    @property
    def told(self) -> bool:
        """Say whether the figures mean anything."""
        return self.spread <= self.reach

    def as_json(self) -> dict[str, Any]:
        """Give it for a JSON object."""
        return {"spread": self.spread, "reach": self.reach, "cells": [cell._asdict() for cell in self.cells]}


class Risks:
    """Looks into the packages of the first layout, of the present one, and of the first one's look-alikes.

    accounts  : of all layouts judged
    posterior : whose draws the model's numbers come from; None: what is assumed, each through its range
    """

    def __init__(
        self,
        found: Judged,
        accounts: Mapping[str, Sequence[Account]],
        posterior: str | None,
        where: Callable[[Design], Where],
        limit: float | None = None,
        told: Callable[[Progress], object] = lambda progress: None,
        begins: Callable[[Batch], object] = lambda batch: None,
        scale: float = 1.0,
    ) -> None:
        """Choose the layouts, and read them at a scale."""
        before, bases = found.replicated.batch.design, found.replicated.batch.design.bases
        wanted = dict.fromkeys([next(iter(found.ranking.standings)), next(iter(bases)), *found.ranking.alike])
        self.layouts = [name for name in wanted if FUND in bases[name].mechanisms and bases[name].groups][:MOST]
        self.accounts = [one for layout in self.layouts for one in accounts.get(layout, ())]
        self.posterior, self.base, self.pool = posterior, next(iter(bases.values())), found.replicated.batch.pool
        self._run = (where, limit, told, begins)
        if self.layouts:
            words = dict(zip(bases, before.said.scenarios, strict=True))
            text = experiment_of(f"{before.said.name}-risk", [words[name] for name in self.layouts], SEEDS, scale, (ACCOUNTS,))
            self.design = Design(read_text(text, before.source.path))

    def looked_into(self) -> Risk | None:
        """Say what may happen to the packages; None where no fund is packaged for groups."""
        if not self.accounts:
            return None
        drawn = numbers_drawn(self.base, self.posterior, DRAWS)
        spread, reach = self.spread(drawn), self.reach()
        if spread > reach:
            return Risk(spread, reach, ())
        return Risk(spread, reach, self.cells(drawn if self.posterior is not None else [()]))

    def reach(self) -> float:
        """Say by how much the packages and layouts looked into move a group's balance at most: yuan for each insured head."""
        moved = []
        for group in {one.group for one in self.accounts}:
            mine = [one for one in self.accounts if one.group == group]
            balances = [one.balance.mean or 0.0 for one in mine]
            moved.append(max(one.budget.mean or 0.0 for one in mine) * (1 - PACKAGES[0]) + max(balances) - min(balances))
        return max(moved)

    def spread(self, drawn: Sequence[tuple[Setting, ...]]) -> float:
        """Say how far what is assumed moves a group's balance: the largest standard deviation over draws, the same luck in each."""
        variants = [Variant(name, settings, ()) for settings in drawn for name in self.layouts]
        balances: dict[tuple[str, str], list[float]] = {}
        for variant, row in self._rows(variants, SEEDS[:1]):
            balances.setdefault((variant.scenario, row["group"]), []).append(row["balance_per_head_yuan"])
        return max((float(np.std(some, ddof=1)) for some in balances.values() if len(some) > 1), default=0.0)

    def cells(self, drawn: Sequence[tuple[Setting, ...]]) -> list[Cell]:
        """Simulate every package and sharing: a run a draw of a posterior, else a run a seed."""
        found = []
        for package, shared in product(PACKAGES, SHARED):
            said = [Setting(f"mechanisms.{FUND}.{name}", Value(f"{share * 100:g} %", "layout judge", None, ASSUMED))
                    for name, share in (("package_share", package), ("overrun_shared", shared))]  # fmt: skip
            variants = [Variant(name, (*settings, *said), ()) for settings in drawn for name in self.layouts]
            rows: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
            for variant, row in self._rows(variants, SEEDS[:1] if len(drawn) > 1 else SEEDS):
                rows.setdefault((variant.scenario, row["group"]), []).append(row)
            found += [cell_of(layout, group, package, shared, some) for (layout, group), some in rows.items()]
        return found

    def _rows(self, variants: Sequence[Variant], seeds: Sequence[int]) -> Iterator[tuple[Variant, Mapping[str, Any]]]:
        """Run variants, the whole county each, and give the accounts that were struck, their balances as those of a year."""
        year = 365 / self.base.period.days
        where, limit, told, begins = self._run
        batch = run_variants(self.design, variants, seeds, self.pool, where, limit, told, begins)
        for planned in batch.rows():
            if batch.pool.status(planned.key) == DONE:
                for row in unpacked(batch.pool.read(planned.key).tables[ACCOUNTS]).to_pylist():
                    if row["balance_per_head_yuan"] is not None:
                        yield variants[planned.variant], {**row, "balance_per_head_yuan": row["balance_per_head_yuan"] * year}


def cell_of(layout: str, group: str, package: float, shared: float, rows: Sequence[Mapping[str, Any]]) -> Cell:
    """Sum up the accounts of one group: the chance of an overrun by luck (and by the draws of a posterior), and how deep it is."""
    balances = [row["balance_per_head_yuan"] for row in rows]
    chances = [
        float(balance < 0) if row["overrun_chance"] is None else row["overrun_chance"] for row, balance in zip(rows, balances, strict=True)
    ]
    short = [-balance for balance in balances if balance < 0]
    depth = sum(short) / len(short) if short else 0.0
    return Cell(layout, group, package, shared, sum(chances) / len(chances), depth, depth * shared)
