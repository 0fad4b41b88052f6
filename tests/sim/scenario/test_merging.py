"""A child lies over its parent: mappings merge, anything else replaces, null removes."""

from sim.reading.strict_yaml import Value, parse
from sim.scenario.merging import merged, nested


def tree(text: str, name: str = "a.yaml") -> Value:
    """Read a document."""
    return parse(text, name, None)


def test_the_child_wins_and_the_rest_is_inherited() -> None:
    whole = merged(tree("{a: {b: 1, c: 2}, d: [1, 2]}"), tree("{a: {c: 3}, d: [4]}", "b.yaml"))
    assert whole.plain() == {"a": {"b": 1, "c": 3}, "d": [4]}
    assert (whole.at(("a", "b")).place, whole.at(("a", "c")).place) == ("a.yaml:1", "b.yaml:1")


def test_null_removes_at_any_depth_and_what_is_not_there_is_no_fault() -> None:
    assert merged(tree("{a: {b: 1, c: 2}}"), tree("{a: {b: null, x: null}, y: {z: null}}")).plain() == {"a": {"c": 2}, "y": {}}


def test_a_mapping_takes_the_place_of_a_scalar_and_the_other_way_round() -> None:
    assert merged(tree("{a: 1}"), tree("{a: {b: 2}}")).plain() == {"a": {"b": 2}}
    assert merged(tree("{a: {b: 2}}"), tree("{a: 1}")).plain() == {"a": 1}


def test_neither_parent_nor_child_is_changed() -> None:
    parent, child = tree("{a: {b: 1}}"), tree("{a: {c: 2}}")
    merged(parent, child)
    assert (parent.plain(), child.plain()) == ({"a": {"b": 1}}, {"a": {"c": 2}})


def test_a_wrapped_value_leaves_the_blocks_above_where_they_stood() -> None:
    whole = merged(tree("a:\n  b: 1\n"), nested("a.b", Value(2, "--set a.b")))
    assert whole.plain() == {"a": {"b": 2}}
    assert whole.at(("a",)).place == "a.yaml:2"
    assert whole.at(("a", "b")).place == "--set a.b"
