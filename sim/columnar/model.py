"""Model: the Mesa model that holds agents kept in columns beside its ordinary ones."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import mesa

from sim.columnar.agent_set import ColumnarAgentSet, RegisteredAgentSet
from sim.columnar.columns import Array
from sim.columnar.population import ColumnAgent, Population
from sim.columnar.union import UnionAgentSet


class Ids(WeakKeyDictionary[mesa.Model, Iterator[int]]):
    """Counters of agents' ids by model, as Mesa 3.3 keeps them, for models still in use only: its own table lets go of none."""

    def __getitem__(self, model: mesa.Model) -> Iterator[int]:
        """Give the counter of a model, from 1 on."""
        if model not in self:
            self[model] = count(1)
        return super().__getitem__(model)


if hasattr(mesa.Agent, "_ids"):
    mesa.Agent._ids = Ids()


class ColumnarModel(mesa.Model):
    """A Mesa model some of whose agents are rows of columns; they stand in `agents`, `agents_by_type` and `agent_types` like any other."""

    _registered: tuple[RegisteredAgentSet, ...] = ()

    def add_population(self, agent_class: type[ColumnAgent], columns: Mapping[str, Array]) -> ColumnarAgentSet:
        """Add all agents of one kind at once and give their set.

        columns : name -> (agents,) array of the declared dtype; kept, not copied
        raises  : ValueError for columns that differ from the declaration, or a kind that the model has already
        """
        if agent_class in self.agents_by_type:
            raise ValueError(f"the model already has {len(self.agents_by_type[agent_class])} {agent_class.__name__}")
        agents = RegisteredAgentSet(Population(self, agent_class, columns))
        self._registered = (*self._registered, agents)
        return agents

    @property
    def agents(self) -> Any:
        """Give all agents: the ordinary ones, then kind after kind of columnar ones."""
        return UnionAgentSet([super().agents, *self._registered], self.random) if self._registered else super().agents

    @property
    def agents_by_type(self) -> dict[type, Any]:
        """Give the set of each kind of agent."""
        return {**super().agents_by_type, **{agents.population.agent_class: agents for agents in self._registered}}

    @property
    def agent_types(self) -> list[type]:
        """List the kinds of agents."""
        return list(self.agents_by_type)

    def remove_all_agents(self) -> None:
        """Remove all agents, the populations too."""
        self._registered = ()
        super().remove_all_agents()
