"""The tutorials work: every command and snippet of it runs, in order, and shows what the page says it shows.

A ```console block holds commands after `$` and what they print. A ```python or ```yaml block whose first line is `# name` is a file
to save. Any other ```python block is part of one session, and the ```text block after it is what it prints. `...` stands for what is left
out. Numbers are those that are printed, within a fiftieth (another system may differ in the last digit); with TIERCARE_REWRITE=1 in the
environment the pages take up what is printed instead: `make tutorial`.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest

from app.cli import main
from sim.mechanisms import MECHANISMS, RULES

ROOT = Path(__file__).parents[2]
TUTORIALS = ("tutorial", "tutorial-experiments")
LANGUAGES = {"en": ".md", "zh": ".zh.md"}
LOCALE = {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}
LEFT_OUT = "..."
LIVES = re.compile(r"\b(?:lived|share)\(")
"""Snippets that let whole counties live."""
NUMBER = re.compile(r"(?<![A-Za-z_.])[+-]?\d[\d,]*(?:\.\d+)?(?![A-Za-z_])")
NEAR = 0.02
"""Part of a number by which it may differ from the one shown."""
REWRITES = bool(os.environ.get("TIERCARE_REWRITE"))


class Block(NamedTuple):
    """A fenced block: what stands beside the fence, and what it holds."""

    kind: str
    text: str

    @property
    def file(self) -> str | None:
        """The name under which it is to be saved, None where it is not."""
        found = re.match(r"# ([\w-]+\.(?:py|yaml))\n", self.text)
        return found[1] if found else None

    @property
    def commands(self) -> list[tuple[str, str]]:
        """The commands of a console block, each with what it prints."""
        return [(part.partition("\n")[0], part.partition("\n")[2]) for part in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]]


def page(tutorial: str, lang: str) -> Path:
    return ROOT / "docs" / f"{tutorial}{LANGUAGES[lang]}"


def blocks(tutorial: str, lang: str) -> list[Block]:
    text = page(tutorial, lang).read_text(encoding="utf-8")
    return [Block(*found) for found in re.findall(r"^```([^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]


def numbers(line: str) -> list[float]:
    """List the numbers of a line."""
    return [float(found.replace(",", "")) for found in NUMBER.findall(line)]


def alike(shown: str, printed: str) -> bool:
    """Say whether two lines hold the same numbers, within `NEAR` and with the same signs."""
    pairs = list(zip(numbers(shown), numbers(printed), strict=True))
    return all(abs(a - b) <= NEAR * max(abs(a), abs(b)) + 1e-9 and a * b >= 0 for a, b in pairs)


def renewed(expected: str, printed: str) -> str:
    """Write what a page shows with the numbers that are printed, each where the old one ended."""
    found, lines, i = [line for line in printed.splitlines() if plain(line)], [], 0
    for line in expected.splitlines():
        if plain(line) and plain(line) != LEFT_OUT:
            while i < len(found) and plain(found[i]) != plain(line):
                i += 1
            if i < len(found):
                line, i = with_numbers(line, NUMBER.findall(found[i])), i + 1
        lines.append(line)
    return "\n".join(lines) + "\n"


def with_numbers(line: str, values: list[str]) -> str:
    """Put other numbers into a line, taking room from the spaces before them."""
    parts, old = NUMBER.split(line), NUMBER.findall(line)
    for place, (was, now) in enumerate(zip(old, values, strict=True)):
        more = len(now) - len(was)
        gap = parts[place]
        room = len(gap) - len(gap.rstrip(" "))
        parts[place] = gap[: len(gap) - max(min(more, room - 1), 0)] if more > 0 else gap + " " * (-more if room > 1 else 0)
    return "".join(part + value for part, value in zip(parts, [*values, ""], strict=True))


def plain(line: str) -> str:
    """Strip a line of its digits and of the width of its columns."""
    return " ".join(NUMBER.sub("#", line).split())


def shows(printed: str, expected: str) -> str | None:
    """Name the first expected line that is not printed where it should be; None when all are and nothing else is."""
    found = [plain(line) for line in printed.splitlines() if plain(line)]
    i, free = 0, False
    whole = [line for line in printed.splitlines() if plain(line)]
    for shown in (line for line in expected.splitlines() if plain(line)):
        line = plain(shown)
        if line == LEFT_OUT:
            free = True
            continue
        while free and i < len(found) and found[i] != line:
            i += 1
        if i == len(found) or found[i] != line:
            return line
        if not alike(shown, whole[i]):
            return f"{shown.strip()} (printed: {whole[i].strip()})"
        i, free = i + 1, False
    return None if free or i == len(found) else f"(nothing, but it prints) {found[i]}"


class Reader:
    """Somebody who follows the page, in the present folder."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.session: dict[str, Any] = {"__name__": "session"}
        self.rewritten: dict[str, str] = {}

    def follow(self, block: Block, after: str) -> str:
        """Do what a block says; returns what it printed."""
        if block.file:
            Path(block.file).write_text(block.text, encoding="utf-8")
            return ""
        if block.kind.startswith("console"):
            for command, expected in block.commands:
                self.type(command, expected, int(block.kind.partition("exit=")[2] or 0))
            return ""
        if block.kind == "python":
            return said(lambda: exec(compile(block.text, "tutorial", "exec"), self.session))
        if block.kind == "text" and REWRITES:
            self.rewritten[block.text] = renewed(block.text, after)
        elif block.kind == "text":
            assert shows(after, block.text) is None, f"{shows(after, block.text)}\nis not where it should be in\n{after}"
        return ""

    def type(self, command: str, expected: str, code: int) -> None:
        """Type a command and read what appears."""
        words = shlex.split(command)
        if words[0] == "cd":
            self.monkeypatch.chdir(words[1])
        elif words[0] == "tiercare":
            ended: list[int] = []
            printed = said(lambda: ended.append(main(words[1:])))
            assert ended == [code], f"{command}\n{printed}"
            if REWRITES:
                self.rewritten[expected] = renewed(expected, printed)
                return
            assert shows(printed, expected) is None, f"{command}: {shows(printed, expected)}\nis not where it should be in\n{printed}"
        else:
            done = subprocess.run(words, capture_output=True, text=True, check=True)
            assert shows(done.stdout, expected) is None, f"{command}\n{done.stdout}"


def said(act: Any) -> str:
    """Act, and return what was printed, errors first and progress left out."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        act()
    return out.getvalue() or errors.getvalue()


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """Begin in a copy of the program's folder, with nothing listed that the page lists."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path / "my-work")
    monkeypatch.setenv("COLUMNS", "140")
    tables = [cast(dict[str, Any], table) for table in (MECHANISMS, RULES)]
    listed = [dict(table) for table in tables]
    yield Reader(monkeypatch)
    for table, was in zip(tables, listed, strict=True):
        table.clear()
        table.update(was)
    sys.modules.pop("shuttle_bus", None)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tutorial", TUTORIALS)
def test_everything_the_tutorial_says_to_do_works_and_shows_what_it_says(
    tutorial: str, lang: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, LOCALE[lang])
    printed: str | None = ""
    for block in blocks(tutorial, lang):
        if lang != "en" and LIVES.search(block.text):
            printed = None  # the same snippet shows the same on both pages, and was run on the first
        elif printed is not None or block.kind != "text":
            printed = reader.follow(block, printed or "")
    if REWRITES:
        rewrite(tutorial, lang, reader.rewritten)


def rewrite(tutorial: str, lang: str, blocks_now: dict[str, str]) -> None:
    """Put what is printed into a page; what whole counties show, which is the same on both, into the Chinese one too."""
    for one in LANGUAGES if lang == "en" else [lang]:
        path = page(tutorial, one)
        text = path.read_text(encoding="utf-8")
        for was, now in blocks_now.items():
            text = text.replace(f"\n{was}", f"\n{now}") if was.strip() else text
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("tutorial", TUTORIALS)
def test_a_tutorial_has_the_same_commands_files_and_snippets_in_both_languages_and_these_show_the_same(tutorial: str) -> None:
    done = {
        lang: [
            [command for command, _ in block.commands] if block.kind.startswith("console") else block for block in blocks(tutorial, lang)
        ]
        for lang in LANGUAGES
    }
    assert done["zh"] == done["en"]


def test_a_line_that_is_not_printed_is_found_missing() -> None:
    printed = "heading\n  a  12.5 %\n  b  3\nend\n"
    assert shows(printed, "heading\n a 12.4 %\n...\nend") is None
    assert shows(printed, "heading\n a 13.5 %\n...\nend") == "a 13.5 % (printed: a  12.5 %)"
    assert shows(printed, "heading\n...\n c 3\n...") == "c #"
    assert shows(printed, "heading\n a 12.5 %") == "(nothing, but it prints) b #"


def test_numbers_are_renewed_where_they_stand() -> None:
    assert renewed("heading\n a   9.5 %\n...\nend\n", "heading\n  a  12.5 %\n  b  3\nend\n") == "heading\n a  12.5 %\n...\nend\n"
