"""What is written reads back as the same."""

from hypothesis import given
from hypothesis import strategies as st

from sim.reading.provenance import sourced
from sim.reading.strict_yaml import Value, parse
from sim.scenario.writing import written

WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn", "Zl", "Zp")), max_size=20)
SCALAR = st.one_of(WORD, st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
TREE = st.dictionaries(
    WORD.filter(lambda word: word not in ("", "<<", "source")), st.one_of(SCALAR, st.lists(SCALAR, max_size=3)), max_size=5
)


def tree(content: object) -> Value:
    """Give plain content places."""
    if isinstance(content, dict):
        return Value({name: tree(item) for name, item in content.items()}, "a.yaml")
    return Value([tree(item) for item in content] if isinstance(content, list) else content, "a.yaml")


@given(TREE)
def test_whatever_words_and_numbers_stand_there_they_read_back(content: dict[str, object]) -> None:
    assert parse(written(tree({"a": content})), "a.yaml", None).plain() == {"a": content}


def test_a_source_is_written_only_where_it_differs_from_the_block() -> None:
    text = "a:\n  source: one\n  b: 1\n  c: {value: 2, source: two}\n  d:\n    source: two\n    e: 3\n"
    again = sourced(parse(text, "a.yaml", None))
    assert written(again) == text
    assert [leaf.source for path, leaf in again.leaves() if path[-1] != "source"] == ["one", "two", "two"]
