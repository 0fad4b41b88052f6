"""YAML's traps are closed, and every value knows its place."""

from pathlib import Path

import pytest

from sim.language.messages import Fault, UserError
from sim.reading.strict_yaml import DEEPEST, LARGEST, MOST_NODES, parse, read_text


def plain(text: str) -> object:
    """Read a document and strip the places."""
    return parse(text, "a.yaml", None).plain()


def faults(text: str) -> tuple[Fault, ...]:
    """Give the faults of a document."""
    with pytest.raises(UserError) as caught:
        parse(text, "a.yaml", None)
    return caught.value.faults


def test_scalars_mean_what_they_look_like() -> None:
    text = (
        "{a: no, b: 1e5, c: 12:30, d: on, e: true, f: 'true', g: 0.5, h: -3, i: ~, j: 2018-01-01, k: 1_000, l: 0x10, m: '', n: +7, o: True}"
    )
    assert plain(text) == {
        "a": "no",
        "b": 1e5,
        "c": "12:30",
        "d": "on",
        "e": True,
        "f": "true",
        "g": 0.5,
        "h": -3,
        "i": None,
        "j": "2018-01-01",
        "k": "1_000",
        "l": "0x10",
        "m": "",
        "n": 7,
        "o": "True",
    }


def test_keys_are_words_even_where_they_look_like_numbers() -> None:
    assert plain("{1: a, no: b}") == {"1": "a", "no": "b"}


def test_every_value_knows_its_line() -> None:
    tree = parse("a:\n  b: 1\n  c:\n    - 2\n    - 3\n", "a.yaml", None)
    assert [(path, leaf.place) for path, leaf in tree.leaves()] == [
        (("a", "b"), "a.yaml:2"),
        (("a", "c", "0"), "a.yaml:4"),
        (("a", "c", "1"), "a.yaml:5"),
    ]
    assert tree.at(("a", "x", "y")).place == "a.yaml:2"


def test_all_faults_of_single_values_are_told_together() -> None:
    found = faults("a: 010\nb: .nan\nb: 1\nc: 1e999\n<<: 1\n? [x]\n: 2\n")
    assert [(fault.key, fault.place) for fault in found] == [
        ("yaml.octal", "a.yaml:1: a"),
        ("unit.not_finite", "a.yaml:2: b"),
        ("yaml.duplicate", "a.yaml:3: b"),
        ("unit.not_finite", "a.yaml:4: c"),
        ("yaml.key", "a.yaml:5"),
        ("yaml.key", "a.yaml:6"),
    ]
    assert found[0].values["plain"] == "10"
    assert found[2].values["first"] == "a.yaml:2"


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("a: 1\nb: &x 2", "yaml.alias", 2),
        ("a: *x", "yaml.alias", 1),
        ("a: !!python/object:os.system x", "yaml.tag", 1),
        ("\na: !mine 3", "yaml.tag", 2),
        ("a: [1,\nb: }", "yaml.broken", 2),
        ("a: 1\n---\nb: 2", "yaml.broken", 2),
        ("a: 1\nb: \x07", "yaml.character", 2),
        ("a: " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "yaml.too_deep", 1),
        ("a: [" + "1," * (MOST_NODES + 1) + "]", "yaml.too_many", 1),
    ],
)
def test_what_no_scenario_needs_is_refused_with_its_line(text: str, key: str, line: int) -> None:
    (fault,) = faults(text)
    assert (fault.key, fault.place) == (key, f"a.yaml:{line}")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    contents = {"file.not_text": b"\xff\xfe\x00", "file.too_large": b"a" * (LARGEST + 1)}
    for key, content in contents.items():
        path = tmp_path / "a.yaml"
        path.write_bytes(content)
        with pytest.raises(UserError) as caught:
            read_text(path)
        assert caught.value.faults[0].key == key
    for key, place in {"file.none": tmp_path / "b.yaml", "file.folder": tmp_path}.items():
        with pytest.raises(UserError) as caught:
            read_text(place)
        assert caught.value.faults[0].key == key


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1")
    assert plain(read_text(path)) == {"a": 1}


def test_on_the_command_line_there_are_no_lines() -> None:
    with pytest.raises(UserError) as caught:
        parse("{a: 010}", "--set x", None, lines=False)
    assert caught.value.faults[0].place == "--set x"
