"""Attributes by a list of the model: read, chosen, sorted and grouped as Mesa's own set of objects would, and by their codes."""

from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mesa.agent import AgentSet

from sim.columnar.agent_set import ColumnarAgentSet
from sim.columnar.columns import Column, Named, column_property
from sim.columnar.model import ColumnarModel
from sim.columnar.population import ColumnAgent, Population

NODES = ("village", "city", "hospital", "city_2")
AT = [3, 0, 1, 1, 0, 3, 1]
SEXES = ("male", "female")


class Town(ColumnarModel):
    """A model whose nodes are known once it stands."""

    def __init__(self, nodes: Any = NODES) -> None:
        super().__init__(rng=1)
        self.nodes = list(nodes)


class Resident(ColumnAgent):
    """The smallest resident who is somewhere."""

    at = Column(np.int16, "row", "node where the resident is")
    sex = Column(np.uint8, "code", "sex", SEXES)
    place = Named(at, "nodes", "name of the node where the resident is")

    @column_property(lambda residents: residents.get("at") * 2)
    def double(self) -> int:
        """Give a number of no meaning."""
        return int(self.at * 2)


class Plain(mesa.Agent):
    """The oracle: the same resident as an ordinary object."""

    def __init__(self, model: mesa.Model, at: int, place: Any) -> None:
        super().__init__(model)
        self.at, self.place = at, place


class Clinic(mesa.Agent):
    """An ordinary agent that has a place too."""

    place = "city"


def standing(at: list[int] = AT, nodes: Any = NODES) -> ColumnarAgentSet:
    """Put residents on nodes, by turns men and women."""
    return Town(nodes).add_population(Resident, {"at": np.array(at, np.int16), "sex": np.arange(len(at), dtype=np.uint8) % 2})


IN_USE: list[mesa.Model] = []
"""Models whose agents are looked at: Mesa's sets hold their agents weakly, and only the model keeps them alive."""


def oracle(at: list[int] = AT, nodes: Any = NODES) -> Any:
    """Put the same residents into Mesa's own set."""
    IN_USE.append(mesa.Model(rng=1))
    return AgentSet([Plain(IN_USE[-1], code, nodes[code]) for code in at], random=IN_USE[-1].random)


def shown(agents: Any) -> list[tuple[Any, ...]]:
    """Show where everybody of a set is."""
    return [(agent.at, agent.place) for agent in agents]


QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "get": lambda s: list(s.get("place")),
    "get with another": lambda s: [list(row) for row in s.get(["at", "place"])],
    "get of a selection": lambda s: list(s.select(lambda a: a.at > 0).sort("at").get("place")),
    "sort down": lambda s: shown(s.sort("place")),
    "sort up": lambda s: shown(s.sort("place", ascending=True)),
    "groups": lambda s: {key: shown(group) for key, group in s.groupby("place")},
    "groups of a selection": lambda s: {key: shown(group) for key, group in s.select(lambda a: a.at > 0).sort("at").groupby("place")},
    "count": lambda s: s.groupby("place").count(),
    "figure of groups": lambda s: s.groupby("place").agg("at", sum),
    "figure": lambda s: s.agg("place", [min, max, len]),
    "nobody": lambda s: (list(s.select(at_most=0).get("place")), s.select(at_most=0).groupby("place").count()),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("nodes", [NODES, ((0, 1), (0, 2), (5, 0), (0, 10)), ("twice", "once", "twice", "twice")], ids=str)
def test_a_named_attribute_answers_as_mesas_set_of_objects_does(question: str, nodes: Any) -> None:
    ask = QUESTIONS[question]
    assert ask(standing(nodes=nodes)) == ask(oracle(nodes=nodes))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=30), st.sets(st.sampled_from([*NODES, "nowhere"])))
def test_isin_chooses_whom_mesas_function_of_one_agent_chooses(at: list[int], nodes: set[str]) -> None:
    residents = standing(at)
    chosen = shown(oracle(at).select(lambda agent: agent.place in nodes))
    assert shown(residents.select(residents.isin("place", nodes))) == chosen
    turned = residents.sort("at")
    assert turned.isin("place", nodes).tolist() == [agent.place in nodes for agent in turned]


def test_isin_reads_every_kind_of_attribute() -> None:
    residents = standing()
    assert residents.isin("at", (3, 0)).tolist() == residents.isin("double", range(0, 7, 6)).tolist() == [at in (3, 0) for at in AT]
    assert residents.isin("sex", ["female"]).tolist() == residents.isin("sex", {1}).tolist() == [False, True] * 3 + [False]
    assert residents.isin("unique_id", [residents[2].unique_id]).tolist() == [row == 2 for row in range(7)]
    assert not residents.isin("sex", []).any() and not residents.isin("place", []).any()


def test_isin_refuses_what_a_column_cannot_hold_and_a_single_word() -> None:
    with pytest.raises(ValueError, match="sex: 'femal' is none of male, female; did you mean 'female'"):
        standing().isin("sex", ["femal"])
    with pytest.raises(ValueError, match="at: 40000 does not fit"):
        standing().isin("at", [40_000])
    with pytest.raises(TypeError, match=r"place: wanted several values, such as \['city'\], not the string 'city'"):
        standing().isin("place", "city")
    with pytest.raises(AttributeError, match="Resident has no column 'plac'; did you mean 'place'"):
        standing().isin("plac", ["city"])


def test_the_array_holds_the_very_nodes_of_the_model_and_is_read_only() -> None:
    residents = standing()
    nodes, places = residents.population.model.nodes, residents.get("place")
    assert all(place is nodes[at] for place, at in zip(places, AT, strict=True))
    assert residents[0].place is nodes[AT[0]]
    with pytest.raises(ValueError, match="read-only"):
        places[0] = "city"


def test_a_place_follows_the_code_and_the_list_as_they_are_now() -> None:
    residents = standing([0, 1])
    before = residents.get("place")
    residents[0].at = 2
    assert (residents[0].place, residents.get("place").tolist(), before.tolist()) == ("hospital", ["hospital", "city"], ["village", "city"])
    residents.population.model.nodes[2] = "clinic"
    assert residents.get("place").tolist() == ["clinic", "city"]


@pytest.mark.parametrize("code", [-1, 4])
def test_a_code_that_stands_for_nothing_is_refused(code: int) -> None:
    residents = standing([0, code, 1])
    for look in (lambda: residents.get("place"), lambda: residents[1].place, lambda: residents.isin("place", NODES)):
        with pytest.raises(IndexError, match=f"place: at holds {code}; the model's nodes go from 0 to 3"):
            look()
    assert residents.select(residents.get("at") == 0).get("place").tolist() == ["village"]


def test_a_named_attribute_is_written_only_where_its_code_stands() -> None:
    residents = standing()
    with pytest.raises(AttributeError, match="place cannot be set to 'city': it shows at by the model's nodes; set that"):
        residents[0].place = "city"
    with pytest.raises(AttributeError, match="Resident has no column 'place': it shows at by the model's nodes"):
        residents.set("place", "city")
    assert residents.set("at", 2).groupby("place").count() == {"hospital": 7}


def test_a_named_attribute_is_declared_like_a_column_but_is_none() -> None:
    assert list(Resident.columns()) == ["at", "sex"]
    assert (Resident.place.name, Resident.place.column, Resident.place.by) == ("place", Resident.at, "nodes")
    assert Resident.place.description == "name of the node where the resident is"
    with pytest.raises(TypeError, match="Mesa or the view itself already uses the name pos"):
        type("Hiding", (ColumnAgent,), {"at": Resident.at, "pos": Named(Resident.at, "nodes", "")})


def test_all_agents_of_the_model_tell_their_places_together() -> None:
    residents = standing([0, 2])
    model = residents.population.model
    IN_USE.append(model)
    Clinic(model)
    assert model.agents.get("place") == ["city", "village", "hospital"]
    assert model.agents.groupby("place").count() == {"city": 1, "village": 1, "hospital": 1}


def test_no_view_is_made_to_read_choose_sort_or_group(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Population, row: int) -> ColumnAgent:
        raise AssertionError(f"a view of row {row} was made")

    residents = standing(AT * 1000)
    monkeypatch.setattr(Population, "view", refuse)
    in_city = residents.select(residents.isin("place", ["city"]))
    assert len(in_city) == 3000
    assert residents.groupby("place").count() == {"village": 2000, "city": 3000, "city_2": 2000}
    assert in_city.sort("place").get("place").tolist() == ["city"] * 3000


def test_the_rows_told_of_a_set_are_not_those_it_keeps() -> None:
    some = standing().select(np.array([True] * 3 + [False] * 4))
    some.rows[:] = 6
    assert some.rows.tolist() == [0, 1, 2]
