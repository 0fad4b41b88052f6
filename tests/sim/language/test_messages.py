"""The tables of the floors hold every sentence, each once, in both languages, with nothing missing and nothing left over."""

import ast
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
import experiments
import results
from sim.language.messages import FLOORS, OWN, Fault, UserError, messages, nearest, read, refuse, say, table_of

HOME = Path(__file__).parents[3]
ROOMS = ("app", "calibration", "experiments", "results", "sim")
SPEAKERS = ("say", "refuse", "Fault", "fault", "complain", "_refuse")


def trees(*rooms: str) -> Iterator[ast.Module]:
    """Read all our code, or that of some rooms."""
    for room in rooms or ROOMS:
        for path in (HOME / room).rglob("*.py"):
            yield ast.parse(path.read_text(encoding="utf-8"))


def spoken(*rooms: str) -> Iterator[tuple[str, ast.Call]]:
    """Go through all calls that name a message outright."""
    for tree in trees(*rooms):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in SPEAKERS and isinstance(node.args[0].value, str):
                    yield node.args[0].value, node


def named_in(*rooms: str) -> set[str]:
    """List the messages whose key stands in the code of some rooms, or begins as a word made there does."""
    nodes = [node for tree in trees(*rooms) for node in ast.walk(tree)]
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    firsts = (node.values[0] for node in nodes if isinstance(node, ast.JoinedStr))
    begun = tuple(str(first.value) for first in firsts if isinstance(first, ast.Constant) and "." in str(first.value))
    return {key for key in messages() if key in words or key.startswith(begun)}


def blanks(sentence: str) -> set[str]:
    """List what a sentence needs filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


TABLES = {"sim": OWN, **{room.__name__: Path(room.__path__[0]) / "messages.yaml" for room in (results, experiments, app)}}
"""Floor -> its table, from the ground up."""


def test_every_message_stands_in_the_one_table_that_is_asked_for_it() -> None:
    keys = [(key, table) for table in TABLES.values() for key in read(table)]
    assert len({key for key, _ in keys}) == len(keys) == len(messages())
    assert [key for key, table in keys if table_of(key) is not read(table)] == []


@pytest.mark.parametrize("room", [room for room in TABLES if room != "sim"])
def test_a_floor_names_the_first_words_of_its_messages_and_no_others(room: str) -> None:
    assert {word for word, table in FLOORS.items() if table == TABLES[room]} == {key.split(".")[0] for key in read(TABLES[room])}


@pytest.mark.parametrize("room", ROOMS)
def test_no_floor_says_a_message_of_one_above_it(room: str) -> None:
    below = {"sim": 1, "results": 2, "experiments": 3, "calibration": 3, "app": 4}[room]
    above = list(TABLES.values())[below:]
    assert sorted(key for key in named_in(room) for table in above if key in read(table)) == []


def test_help_reads_no_table_but_that_of_the_command_line() -> None:
    asked = (
        "from sim.language import messages as m; whole = m.read; asked = []\n"
        "m.read = lambda table: asked.append(table.parent.name) or whole(table)\n"
        "from app.cli import main; main(['--help']); main(['run', '--help']); print(*set(asked))"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=HOME)
    assert said.stdout.splitlines()[-1] == "app"


@pytest.mark.parametrize("key", sorted(messages()))
def test_a_message_says_the_same_in_both_languages(key: str) -> None:
    assert set(messages()[key]) == {"en", "zh"}
    assert blanks(messages()[key]["en"]) == blanks(messages()[key]["zh"])


def test_every_message_the_code_names_exists() -> None:
    named = {key for key, _ in spoken()}
    assert named
    assert sorted(named - set(messages()) - {"en", "zh"}) == []


def test_no_message_is_left_over() -> None:
    assert sorted(set(messages()) - named_in(*ROOMS)) == []


def test_a_message_named_outright_gets_all_it_needs() -> None:
    short = []
    for key, call in spoken():
        given = {word.arg for word in call.keywords}
        held = [arg for arg in call.args if isinstance(arg, ast.Dict)]
        given |= {name.value for arg in held for name in arg.keys if isinstance(name, ast.Constant)}
        complete = None not in given and (held or not isinstance(call.func, ast.Name) or call.func.id != "Fault")
        if key in messages() and complete and getattr(call.func, "id", "") != "_refuse" and not blanks(messages()[key]["en"]) <= given:
            short.append((key, sorted(blanks(messages()[key]["en"]) - given)))
    assert short == []


def test_a_fault_names_place_value_and_the_nearest_word() -> None:
    fault = Fault("mechanism.unknown", "lujiang.yaml:21: mechanisms.familydoctor", {"value": "familydoctor", "near": "family_doctor"})
    assert fault.text() == "lujiang.yaml:21: mechanisms.familydoctor: there is no mechanism 'familydoctor'; did you mean 'family_doctor'?"
    assert fault.text("zh").endswith("；是否指“family_doctor”？")


def test_an_error_tells_every_fault_once() -> None:
    fault = Fault("table.no_rows", "towns.csv", {})
    assert UserError([fault, fault]).text().count("\n") == 0
    assert refuse("table.no_rows", "towns.csv").faults == (fault,)


def test_the_nearest_word_is_near_or_none() -> None:
    assert nearest("catalog", ["catalogue", "coverage"]) == "catalogue"
    assert nearest("Catalogue", ["catalogue"]) == "catalogue"
    assert nearest("xyz", ["catalogue", "coverage"]) is None


def test_a_message_nobody_wrote_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        say("no.such_message")


@pytest.mark.parametrize("table", sorted({OWN, *FLOORS.values()}), ids=lambda table: table.parent.name)
def test_a_table_says_no_key_twice(table: Path) -> None:
    keys = [line.partition(":")[0] for line in table.read_text(encoding="utf-8").splitlines() if line[:1].isalpha()]
    assert len(keys) == len(set(keys)) == len(read(table))
