"""Residents in columns are Mesa agents: the same answers as ordinary agents, refusals in words, and no object stored.

The oracle is Mesa's own `AgentSet` of ordinary agents that hold the same values.
"""

import copy
import gc
import pickle
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mesa.agent import AgentSet

from sim.columnar.agent_set import ColumnarAgentSet, MesaAgentSet
from sim.columnar.columns import Column, column_property
from sim.columnar.methods import batch
from sim.columnar.model import ColumnarModel
from sim.columnar.population import ColumnAgent, Population
from sim.columnar.union import UnionAgentSet

LIVES = ("here", "elsewhere", "unknown")
AGES = [30, 70, 30, 5, 255, 0, 70]
SPENT = [1.5, 0.0, 2.25, 8.0, 0.5, 4.0, 1.0]
CODES = [0, 1, 0, 2, 1, 0, 0]
Make = Callable[..., ColumnarAgentSet]


def nodes_of(residents: Any) -> Any:
    """Name the place of every resident of a set."""
    return np.array(["village", "city", "unknown"])[residents.get("lives")]


class Resident(ColumnAgent):
    """The smallest resident that has every sort of column."""

    age = Column(np.uint8, "years", "age at the start")
    spent = Column(np.float32, "yuan", "spent this year")
    lives = Column(np.uint8, "code", "where the person lives", LIVES)

    @column_property(nodes_of)
    def place(self) -> str:
        """Name the node where the resident is."""
        return {"here": "village", "elsewhere": "city", "unknown": "unknown"}[self.lives]

    @property
    def decade(self) -> int:
        """Give the decade of life, for one resident only."""
        return int(self.age // 10)

    @property
    def broken(self) -> int:
        """Fail inside."""
        return int(self.decade.nothing)

    def spend(self, yuan: float) -> float:
        """Spend as one resident."""
        self.spent += yuan
        return float(self.spent)

    @batch
    def pay(residents: Any, yuan: float) -> Any:  # noqa: N805 -- a batch method is about the set
        """Spend as a set."""
        residents.set("spent", residents.get("spent") + np.float32(yuan))
        return residents.get("spent")

    @batch
    def lose(residents: Any) -> list[int]:  # noqa: N805
        """Give too few results."""
        return [1]


class Mover(Resident):
    """A resident with a column more."""

    moved = Column(np.bool_, "0/1", "has moved")


class Plain(mesa.Agent):
    """The oracle: the same resident as an ordinary object."""

    def __init__(self, model: mesa.Model, age: int, spent: float, lives: str) -> None:
        super().__init__(model)
        self.age, self.spent, self.lives = age, spent, lives
        self.place = {"here": "village", "elsewhere": "city", "unknown": "unknown"}[lives]


class Facility(mesa.Agent):
    """An ordinary agent beside the columns."""

    age = 1


def arrays(ages: list[int] = AGES, spent: list[float] = SPENT, codes: list[int] = CODES) -> dict[str, Any]:
    """Make the columns of a few residents."""
    return {"age": np.array(ages, np.uint8), "spent": np.array(spent, np.float32), "lives": np.array(codes, np.uint8)}


def population(ages: list[int] = AGES) -> ColumnarAgentSet:
    """Put residents of these ages into a model of their own."""
    count = len(ages)
    return ColumnarModel(rng=1).add_population(Resident, arrays(ages, (SPENT * count)[:count], (CODES * count)[:count]))


IN_USE: list[mesa.Model] = []
"""Models whose agents are looked at: Mesa's sets hold their agents weakly, and only the model keeps them alive."""


def oracle() -> Any:
    """Put the same seven residents into Mesa's own set."""
    model = mesa.Model(rng=1)
    IN_USE.append(model)
    people = [Plain(model, age, spent, LIVES[code]) for age, spent, code in zip(AGES, SPENT, CODES, strict=True)]
    return AgentSet(people, random=model.random)


def mixed() -> tuple[ColumnarModel, ColumnarAgentSet, list[Facility]]:
    """Make a model with two facilities, seven residents, and a facility that came later."""
    model = ColumnarModel(rng=1)
    facilities = [Facility(model), Facility(model)]
    residents = model.add_population(Resident, arrays())
    return model, residents, [*facilities, Facility(model)]


def shown(agents: Any) -> list[tuple[Any, ...]]:
    """Show what can be seen of every agent of a set."""
    return [(agent.age, agent.spent, agent.lives, agent.place) for agent in agents]


@pytest.fixture
def no_views(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every attempt to make a view fail."""

    def refuse(self: Population, row: int) -> ColumnAgent:
        raise AssertionError(f"a view of row {row} was made")

    monkeypatch.setattr(Population, "view", refuse)


QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "everybody": lambda s: s,
    "the old": lambda s: s.select(lambda a: a.age > 29),
    "the first old": lambda s: s.select(lambda a: a.age > 29, at_most=2),
    "a share": lambda s: s.select(at_most=0.5),
    "a share of all among the old": lambda s: s.select(lambda a: a.age > 29, at_most=0.3),
    "all": lambda s: s.select(at_most=1.0),
    "one": lambda s: s.select(at_most=1),
    "none": lambda s: s.select(at_most=0),
    "of a kind": lambda s: s.select(agent_type=mesa.Agent),
    "of another kind": lambda s: s.select(agent_type=Facility),
    "in place": lambda s: copy.copy(s).select(lambda a: a.lives == "here", inplace=True),
    "down": lambda s: s.sort("age"),
    "up": lambda s: s.sort("age", ascending=True),
    "down by function": lambda s: s.sort(lambda a: (a.lives, a.age)),
    "up by function": lambda s: s.sort(lambda a: a.lives, ascending=True),
    "down twice": lambda s: s.sort("spent").sort("age"),
    "or": lambda s: s.select(lambda a: a.age < 30) | s.select(lambda a: a.lives == "here"),
    "and": lambda s: s.select(lambda a: a.age < 99) & s.select(lambda a: a.lives == "here"),
    "without": lambda s: s - s.select(lambda a: a.lives == "here"),
    "either": lambda s: s.select(lambda a: a.age < 30) ^ s.select(lambda a: a.lives == "here"),
    "set for some": lambda s: s.select(lambda a: a.age == 70).set("age", 71).select(at_most=9) | s,
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_columnar_set_answers_as_mesas_set_of_objects_does(question: str) -> None:
    assert shown(QUESTIONS[question](population())) == shown(QUESTIONS[question](oracle()))


FIGURES: dict[str, Callable[[Any], Any]] = {
    "length": len,
    "sum wider than the column": lambda s: s.agg("age", sum),
    "several": lambda s: s.agg("spent", [min, max, sum, len]),
    "numpy function": lambda s: float(s.agg("age", np.mean)),
    "get": lambda s: list(s.get("age")),
    "get several": lambda s: [list(row) for row in s.get(["age", "spent"])],
    "get with a default": lambda s: list(s.get("height", handle_missing="default", default_value=170)),
    "count": lambda s: s.groupby("lives").count(),
    "count by number": lambda s: s.groupby("age").count(),
    "count by place": lambda s: s.groupby("place").count(),
    "count by function": lambda s: s.groupby(lambda a: (a.age > 29, a.lives)).count(),
    "group agg": lambda s: s.groupby("lives").agg("spent", sum),
    "group agg of lists": lambda s: s.groupby("lives", result_type="list").agg("spent", sum),
    "group map": lambda s: s.groupby("lives").map(len),
    "group map by name": lambda s: s.groupby("lives").map("agg", "age", max),
    "group do": lambda s: s.groupby("lives").do("set", "age", 3).count() and list(s.get("age")),
    "groups": lambda s: {key: shown(group) for key, group in s.groupby("lives")},
    "map by function": lambda s: s.map(lambda a, more: a.age + more, more=1),
    "equal": lambda s: (s == copy.copy(s), s == s.select(at_most=3), s >= s.select(at_most=3)),
    "in": lambda s: [agent in s.select(lambda a: a.age == 70) for agent in s],
}


@pytest.mark.parametrize("figure", FIGURES)
def test_a_columnar_set_gives_the_figures_of_mesas_set_of_objects(figure: str) -> None:
    assert FIGURES[figure](population()) == FIGURES[figure](oracle())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 255), min_size=1, max_size=30), st.integers(0, 255), st.integers(0, 30))
def test_select_by_a_mask_and_by_a_function_choose_the_same(ages: list[int], bar: int, at_most: int) -> None:
    residents = population(ages)
    by_mask = residents.select(residents.get("age") >= bar, at_most=at_most)
    assert by_mask.rows.tolist() == residents.select(lambda a: a.age >= bar, at_most=at_most).rows.tolist()
    assert by_mask.get("age").tolist() == [age for age in ages if age >= bar][:at_most]


def test_a_mask_of_a_selection_is_in_the_order_of_the_selection() -> None:
    oldest_first = population().sort("age")
    assert oldest_first.select(oldest_first.get("spent") < 2).rows.tolist() == [4, 1, 6, 0]


def test_a_copy_of_all_agents_stays_as_it_was_when_agents_come() -> None:
    model, residents, facilities = mixed()
    before = model.agents.copy()
    late = Facility(model)
    assert list(before) == [*facilities, *residents] and late in model.agents


def test_every_public_method_of_mesas_set_has_a_body_for_columns_and_for_the_union() -> None:
    inherited = {"clear", "pop", "isdisjoint", "index", "count", "agg"}  # written by Python or Mesa in terms of the others
    wanted = {name for name in dir(MesaAgentSet) if not name.startswith("_") and callable(getattr(MesaAgentSet, name))} - inherited
    assert "select" in wanted
    assert wanted <= set(vars(ColumnarAgentSet))
    assert wanted <= set(vars(UnionAgentSet))


def test_columns_are_listed_for_the_docs_in_the_order_of_declaration() -> None:
    assert list(Resident.columns()) == ["age", "spent", "lives"]
    assert list(Mover.columns()) == ["age", "spent", "lives", "moved"]
    assert (Resident.age.unit, Resident.age.description, Resident.lives.words) == ("years", "age at the start", LIVES)


def test_a_view_reads_and_writes_its_row_in_python_values() -> None:
    residents = population()
    resident = residents[3]
    assert (resident.age, resident.lives, resident.place, resident.decade) == (5, "unknown", "unknown", 0)
    assert {type(resident.age), type(resident.spent), type(resident.unique_id)} == {int, float}
    resident.age += 1
    resident.lives = "elsewhere"
    assert residents.get("age").tolist() == [30, 70, 30, 6, 255, 0, 70]
    assert residents.get("lives").tolist() == [0, 1, 0, 1, 1, 0, 0]
    assert (resident.place, residents[3].place) == ("city", "city")


def test_views_of_one_row_are_equal_and_count_once() -> None:
    residents, others = population(), population()
    assert residents[2] == residents[-5]
    assert len({residents[2], residents[-5], residents[1], others[2]}) == 3
    assert residents[2] != others[2]
    assert residents[2] in residents and others[2] not in residents
    assert isinstance(residents[2], mesa.Agent)
    assert residents[2].model is residents.population.model and residents[2].random is residents.random


def test_indices_and_slices_give_views_and_refuse_rows_beyond_the_end() -> None:
    residents = population()
    assert [agent.row for agent in residents[1:6:2]] == [1, 3, 5]
    assert residents.select(residents.get("age") == 70)[-1].row == 6
    with pytest.raises(IndexError):
        residents[7]
    with pytest.raises(IndexError, match="no row -1; rows go from 0 to 6"):
        residents.population.view(-1)


def test_an_unknown_attribute_is_refused_with_the_nearest_name() -> None:
    resident = population()[0]
    with pytest.raises(AttributeError, match="Resident has no column 'agee'; did you mean 'age'"):
        _ = resident.agee
    with pytest.raises(AttributeError, match=r"no column 'live'; did you mean 'lives'.*keeps nothing"):
        resident.live = "here"
    with pytest.raises(AttributeError):
        resident.place = "city"
    with pytest.raises(AttributeError, match="Resident has no column 'agee'; did you mean 'age'"):
        population().get("agee")
    with pytest.raises(AttributeError, match="did you mean 'age'"):
        population().set("agee", 1)
    with pytest.raises(AttributeError, match="Resident has no column 'spendd'; did you mean 'spend'"):
        population().do("spendd", 1)
    assert not hasattr(resident, "__deepcopy__")


def test_a_fault_inside_a_property_shows_itself_and_not_a_missing_column() -> None:
    with pytest.raises(AttributeError, match="'int' object has no attribute 'nothing'"):
        _ = population()[0].broken


def test_a_property_without_an_array_cannot_be_read_for_a_set() -> None:
    assert population().get("place").tolist() == ["village", "city", "village", "unknown", "city", "village", "village"]
    with pytest.raises(AttributeError, match="'decade'; mark the property with @column_property"):
        population().get("decade")


@pytest.mark.parametrize(
    ("name", "value", "quoted"),
    [
        ("age", 256, "age: 256 does not fit; wanted a whole number from 0 to 255"),
        ("age", -1, "age: -1 does not fit"),
        ("age", 1.5, "age: 1.5 does not fit"),
        ("age", float("nan"), "age: nan does not fit"),
        ("age", 2**70, f"age: {2**70} does not fit"),
        ("age", "old", "age: old does not fit"),
        ("age", [1, 2, 3, 4, 5, 6, 700], "age: 700 does not fit"),
        ("age", [1, 2], r"shape \(2,\); wanted one value, or \(7,\)"),
        ("spent", 1e39, r"spent: 1e\+39 does not fit; wanted a number that float32 can hold"),
        ("lives", "heer", "lives: 'heer' is none of here, elsewhere, unknown; did you mean 'here'"),
        ("lives", 3, "lives: 3 does not fit; wanted a whole number from 0 to 2"),
    ],
)
def test_a_value_that_a_column_cannot_hold_is_quoted_and_changes_nothing(name: str, value: Any, quoted: str) -> None:
    residents = population()
    before = residents.get(name).tolist()
    with pytest.raises(ValueError, match=quoted):
        residents.set(name, value)
    assert residents.get(name).tolist() == before


def test_a_view_guards_its_column_like_a_set() -> None:
    resident = population()[4]
    with pytest.raises(ValueError, match="age: 256 does not fit"):
        resident.age += 1
    assert resident.age == 255


@settings(max_examples=100, deadline=None)
@given(st.integers(-(2**66), 2**66) | st.floats(), st.sampled_from(["i1", "u1", "i2", "u4", "i8", "u8", "f4", "f8", "?"]))
def test_a_column_stores_a_number_exactly_or_to_its_precision_or_refuses_it(value: float, dtype: str) -> None:
    column = Column(dtype, "", "any number")
    try:
        stored = column.stored(value).item()
    except ValueError:
        stored = None
    kind = column.dtype.kind
    if kind == "f":
        huge = isinstance(value, int) and not -(2**63) <= value < 2**64  # numpy keeps such an integer as an object
        beyond = abs(value) < float("inf") and abs(value) > float(np.finfo(dtype).max)
        assert (stored is None) == (huge or beyond)
    else:
        low, high = (0, 1) if kind == "b" else (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max))
        assert stored == (value if low <= value <= high and value == int(value) else None)


def test_words_and_codes_are_both_taken_by_a_coded_column() -> None:
    residents = population()
    assert residents.set("lives", "elsewhere").get("lives").tolist() == [1] * 7
    words = ["here", "unknown", "here", "here", "elsewhere", "here", "unknown"]
    assert [agent.lives for agent in residents.set("lives", words)] == words
    assert residents.set("lives", 2)[0].lives == "unknown"


def test_set_writes_the_rows_of_the_set_in_its_own_order() -> None:
    residents = population()
    residents.sort("age", ascending=True).set("spent", np.arange(7))
    assert residents.get("spent").tolist() == [2, 4, 3, 1, 6, 0, 5]


def test_get_is_a_copy_that_neither_changes_later_nor_takes_a_lost_write() -> None:
    residents = population()
    before = residents.get("age")
    residents.set("age", 1)
    assert before.tolist() == AGES
    with pytest.raises(ValueError, match="read-only"):
        before[0] = 3
    residents.population.array("age")[0] = 9
    assert residents[0].age == 9


def test_get_refuses_an_unknown_way_of_handling_what_is_missing() -> None:
    with pytest.raises(ValueError, match="Unknown handle_missing option: ignore"):
        population().get("age", handle_missing="ignore")


def test_select_refuses_what_is_no_mask_of_the_set() -> None:
    with pytest.raises(TypeError, match=r"mask of bools.*int64"):
        population().select(np.array([1, 2]))
    with pytest.raises(ValueError, match=r"the mask gave values of shape \(2,\) for 7 agents"):
        population().select(np.array([True, False]))


def test_the_whole_population_cannot_be_changed_in_place_but_its_copy_can() -> None:
    residents = population()
    for change in (
        lambda s: s.select(lambda a: a.age > 29, inplace=True),
        lambda s: s.shuffle(inplace=True),
        lambda s: s.sort("age", inplace=True),
        lambda s: s.discard(s[0]),
    ):
        with pytest.raises(TypeError, match="all 7 Resident of the model cannot be reordered or cut in place"):
            change(residents)
        change(residents.copy())
    assert residents.get("age").tolist() == AGES
    some = residents.copy()
    assert some.sort("age", inplace=True) is some and some[0].age == 255 and residents[0].age == 30


def test_agents_go_in_and_out_of_a_selection() -> None:
    residents, others = population(), population()
    some = residents.select(at_most=2)
    assert residents[0] in some and residents[5] not in some
    some.add(residents[5])
    some.add(residents[0])
    some.remove(residents[1])
    assert some.rows.tolist() == [0, 5] and residents[1] not in some and residents[5] in some
    with pytest.raises(KeyError):
        some.remove(residents[1])
    with pytest.raises(TypeError, match="is not of this population of Resident"):
        some.add(others[3])


def test_shuffle_keeps_everyone_and_follows_the_seed_of_the_model() -> None:
    first, second, other = (ColumnarModel(rng=seed).add_population(Resident, arrays()).shuffle() for seed in (1, 1, 2))
    assert sorted(first.rows) == list(range(7))
    assert first.rows.tolist() == second.rows.tolist() != other.rows.tolist()
    assert len(first.select(at_most=0).shuffle()) == 0


def test_every_order_of_three_comes_up_equally_often() -> None:
    residents = population([1, 2, 3])
    times = 6000
    orders = np.unique([residents.shuffle().rows for _ in range(times)], axis=0, return_counts=True)[1]
    expected = times / 6
    chi_square = float(((orders - expected) ** 2 / expected).sum())
    assert len(orders) == 6 and chi_square < 25.7  # the 0.9999 point of chi-square with 5 degrees of freedom


def test_do_calls_a_batch_once_and_any_other_method_for_each() -> None:
    residents = population()
    residents.do("pay", 1.0).do("spend", 2).do(lambda agent, yuan: agent.spend(yuan), yuan=3).shuffle_do("pay", 4).shuffle_do("spend", 5)
    assert residents.get("spent").tolist() == [spent + 15 for spent in SPENT]


def test_do_of_a_batch_and_of_mesas_empty_step_makes_no_view(no_views: None) -> None:
    residents = population()
    residents.do("pay", 1.0).shuffle_do("pay", 1.0).do("step").do("advance")
    assert residents.map("pay", 1.0) == [spent + 3 for spent in SPENT]


def test_map_demands_a_result_for_each_agent() -> None:
    assert population().map("spend", 1) == [spent + 1 for spent in SPENT]
    with pytest.raises(ValueError, match=r"Resident.lose gave values of shape \(1,\) for 7 agents"):
        population().map("lose")


def test_a_batch_method_says_that_it_is_not_for_one_resident() -> None:
    with pytest.raises(TypeError, match=r"Resident.pay works on a set of agents, not on <Resident 0>; use select\(...\).do\('pay'\)"):
        population()[0].pay(1.0)


def test_a_population_is_checked_against_its_declaration_all_faults_at_once() -> None:
    given_columns = {"age": np.zeros(3, np.int64), "spentt": np.zeros(3, np.float32), "lives": np.array([0, 3], np.uint8)}
    with pytest.raises(ValueError) as caught:
        ColumnarModel(rng=1).add_population(Resident, given_columns)
    text = str(caught.value)
    assert "column 'spent' is missing" in text
    assert "column 'spentt' is not declared; did you mean 'spent'?" in text
    assert "age is int64(3,), wanted uint8(agents,)" in text
    assert "lives holds 3, wanted a whole number from 0 to 2" in text
    assert "columns differ in length: {'age': 3, 'lives': 2}" in text
    with pytest.raises(ValueError, match="age is list, wanted uint8"):
        ColumnarModel(rng=1).add_population(Resident, arrays() | {"age": [1]})


def test_residents_are_made_all_at_once_and_never_removed_one_by_one() -> None:
    residents = population()
    with pytest.raises(TypeError, match="a Resident is a row of a population"):
        Resident(residents.population.model)
    with pytest.raises(TypeError, match="<Resident 0> cannot be removed"):
        residents[0].remove()


def test_a_column_that_would_hide_something_of_mesas_is_refused() -> None:
    for name in ("model", "row", "step", "unique_id"):
        with pytest.raises(TypeError, match=f"Mesa or the view itself already uses the name {name}"):
            type("Hiding", (ColumnAgent,), {name: Column(np.uint8, "", "")})
    with pytest.raises(TypeError, match="numbers or bools, not"):
        Column("U5", "", "a name")


def test_an_empty_population_has_figures_too() -> None:
    residents = population([])
    assert (len(residents), list(residents), residents.agg("age", sum), residents.groupby("lives").count()) == (0, [], 0, {})
    assert len(residents.shuffle().sort("age").select(np.zeros(0, bool))) == 0


def test_unique_ids_are_unique_over_objects_and_rows() -> None:
    model, residents, _ = mixed()
    ids = model.agents.get("unique_id")
    assert len(set(ids)) == len(ids) == 10
    assert residents.get("unique_id").tolist() == [agent.unique_id for agent in residents]


def test_the_model_lists_residents_beside_its_ordinary_agents() -> None:
    model, residents, facilities = mixed()
    assert model.agents_by_type[Resident] is residents
    assert model.agent_types == [Facility, Resident]
    assert list(model.agents_by_type[Facility]) == facilities
    assert list(model.agents) == [*facilities, *residents] == model.agents.to_list() == model.agents[:]
    assert (model.agents[2], model.agents[-1], model.agents[3]) == (facilities[2], residents[6], residents[0])
    assert facilities[0] in model.agents and residents[0] in model.agents and population()[0] not in model.agents
    with pytest.raises(IndexError):
        model.agents[10]
    with pytest.raises(ValueError, match="the model already has 7 Resident"):
        model.add_population(Resident, arrays())


def test_all_agents_answer_together() -> None:
    model, residents, facilities = mixed()
    assert model.agents.get("age") == [1, 1, 1, *AGES]
    assert model.agents.agg("age", sum) == 3 + sum(AGES)
    assert model.agents.map(lambda agent: agent.age) == [1, 1, 1, *AGES]
    assert model.agents.select(agent_type=Resident).rows.tolist() == residents.rows.tolist()
    assert list(model.agents.select(agent_type=Facility)) == facilities
    assert list(model.agents.select(lambda agent: agent.age < 6)) == [*facilities, residents[3], residents[5]]
    assert list(model.agents.select(at_most=4)) == [*facilities, residents[0]] == list(model.agents.select(at_most=0.4))
    assert list(model.agents.select(lambda agent: agent.age > 300)) == []
    assert model.agents.groupby(type).count() == {Facility: 3, Resident: 7}
    assert model.agents.groupby("age").count() == {1: 3, 30: 2, 70: 2, 5: 1, 255: 1, 0: 1}
    assert model.agents.groupby(lambda agent: agent.age < 6).agg("age", sum) == {True: 8, False: 30 + 70 + 30 + 255 + 70}
    assert model.agents.copy().do("step").shuffle_do("step").set("age", 2).get("age") == [2] * 10


def test_what_would_mix_the_kinds_is_refused_in_words() -> None:
    agents = mixed()[0].agents
    for change in (agents.shuffle, lambda: agents.sort("age"), lambda: agents.add(1), lambda: agents.select(inplace=True)):
        with pytest.raises(TypeError, match="cannot be changed, shuffled or sorted together"):
            change()
    with pytest.raises(TypeError, match="a mask selects among agents of one kind"):
        agents.select(np.ones(10, bool))
    with pytest.raises(ValueError, match="age: 300 does not fit"):
        agents.set("age", 300)
    assert agents.get("age")[:4] == [1, 1, 1, 30]


def test_removing_all_agents_removes_the_residents_too() -> None:
    model, residents, _ = mixed()
    model.remove_all_agents()
    assert len(model.agents) == 0 and len(residents) == 7 and Resident not in model.agents_by_type


def test_a_model_without_populations_is_mesas_own() -> None:
    model = ColumnarModel(rng=1)
    facility = Facility(model)
    assert list(model.agents) == [facility] and not isinstance(model.agents, UnionAgentSet)


@pytest.mark.parametrize("again", [lambda value: pickle.loads(pickle.dumps(value)), copy.deepcopy], ids=["pickle", "deepcopy"])
def test_sets_and_views_survive_pickling_together_with_their_model(again: Callable[[Any], Any]) -> None:
    residents = population()
    old, whole, view = again((residents.select(residents.get("age") == 70), residents, residents[1]))
    assert old.population is whole.population is view.population and view.population is not residents.population
    assert old.rows.tolist() == [1, 6] and view in old and view.age == 70
    whole.set("age", 1)
    assert residents.get("age").tolist() == AGES and view.age == 1
    assert again(mixed()[0].agents).get("age") == [1, 1, 1, *AGES]


class Day(ColumnarModel):
    """A model whose day touches every resident in columns only."""

    def __init__(self, people: int) -> None:
        super().__init__(rng=1)
        self.residents = self.add_population(Resident, arrays([1] * people, [0.0] * people, [0] * people))

    def step(self) -> None:
        """Age, sort, group and pay everybody."""
        self.agents.do("step")
        self.residents.do("pay", 1.0).shuffle_do("pay", 1.0)
        self.residents.set("age", self.residents.get("age") + 1)
        self.residents.select(self.residents.get("age") > 1, at_most=0.5).sort("spent").set("lives", "elsewhere")
        self.paid = self.agents_by_type[Resident].groupby("lives").agg("spent", sum)
        self.kinds = self.agents.groupby(type).count()


def test_a_step_over_a_hundred_thousand_residents_makes_no_view(no_views: None) -> None:
    model = Day(100_000)
    model.step()
    assert model.paid == {"here": 100_000.0, "elsewhere": 100_000.0}
    assert model.kinds == {Resident: 100_000}
    assert model.residents.agg("age", [min, max, sum]) == [2, 2, 200_000]


def test_views_are_forgotten_once_looked_at() -> None:
    residents = population()
    assert sum(agent.age for agent in residents) + len(residents[:]) + residents[0].age > 0
    residents.do("spend", 1)
    gc.collect()
    assert not [kept for kept in gc.get_objects() if type(kept) is Resident and kept.population is residents.population]


def test_mesas_collector_reads_residents_by_figure_and_by_row() -> None:
    model, residents, _ = mixed()
    collector = mesa.DataCollector(
        model_reporters={"oldest": lambda model: model.agents_by_type[Resident].agg("age", max)},
        agenttype_reporters={Resident: {"age": "age", "lives": "lives"}},
    )
    collector.collect(model)
    residents.set("age", 0)
    assert collector.get_model_vars_dataframe()["oldest"].tolist() == [255]
    rows = collector.get_agenttype_vars_dataframe(Resident)
    assert rows["age"].tolist() == AGES and rows["lives"].tolist() == [LIVES[code] for code in CODES]
