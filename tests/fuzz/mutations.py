"""Small changes, by luck, to files that are sound: scenarios and problems (YAML), and data tables (CSV)."""

import random

from tests.fuzz import nasty

Lines = list[str]


def number(luck: random.Random) -> str:
    """Write some number, often with some unit."""
    size = luck.choice(nasty.NUMBERS) if luck.random() < 0.6 else f"{10 ** luck.uniform(-6, 12) * luck.choice((1, 1, 1, -1)):.4g}"
    return f"{size} {luck.choice(nasty.UNITS)}".strip() if luck.random() < 0.6 else size


def value(luck: random.Random) -> str:
    """Write some value."""
    return luck.choice((number(luck), number(luck), luck.choice(nasty.DATES), luck.choice(nasty.WORDS)))


def _another_value(luck: random.Random, line: str) -> str:
    """Give the last key of a line another value, and close the brackets that were open there."""
    head, colon, rest = line.rpartition(": ")
    closing = rest[len(rest.rstrip("}] ")) :]
    return f"{head}{colon}{value(luck)}{closing}" if colon else line


def _inside(luck: random.Random, line: str) -> str:
    """Change one value inside the brackets of a line, or the one number of it, keeping its unit."""
    parts = line.split(", ")
    at = luck.randrange(len(parts))
    head, colon, rest = parts[at].rpartition(": ")
    old = rest.rstrip("}] ")
    unit = old.split(" ", 1)[1] if luck.random() < 0.6 and old[:1].isdigit() and " " in old else ""
    new = f"{luck.choice(nasty.NUMBERS)} {unit}".strip() if unit or luck.random() < 0.5 else value(luck)
    parts[at] = f"{head}{colon}{new}{rest[len(old) :]}"
    return ", ".join(parts)


def _another_key(luck: random.Random, line: str) -> str:
    """Give the first key of a line another name, or misspell it."""
    indent, word = line[: len(line) - len(line.lstrip())], line.lstrip()
    name, colon, rest = word.partition(":")
    if not colon:
        return line
    i = luck.randrange(len(name) + 1)
    misspelt = (name[:i] + name[i + 1 :], name[:i] + luck.choice("aex_-é") + name[i:], name.upper(), luck.choice(nasty.KEYS))
    return f"{indent}{luck.choice(misspelt)}:{rest}"


def _broken(luck: random.Random, line: str) -> str:
    """Hurt the text of a line."""
    i = luck.randrange(len(line) + 1)
    odd = luck.choice(
        ("\t", "\0", "{", "}", "[", "]", ":", ": ", "#", " #", "'", '"', "\x1b", "\u202e", "\ufeff", "  ", "&a ", "*a", "!x ", "|", "庐")
    )
    return luck.choice((line[:i] + odd + line[i:], line[:i] + line[i + 1 :], " " + line, line.lstrip(), line + line, "\t" + line))


def mutated(luck: random.Random, text: str, times: int) -> str:
    """Change `times` lines of a YAML text."""
    lines = text.splitlines()
    for _ in range(times):
        at = luck.randrange(len(lines))
        what = luck.random()
        if what < 0.40:
            lines[at] = _another_value(luck, lines[at])
        elif what < 0.62:
            lines[at] = _inside(luck, lines[at])
        elif what < 0.75:
            lines[at] = _another_key(luck, lines[at])
        elif what < 0.83:
            lines[at] = _broken(luck, lines[at])
        else:
            _moved(luck, lines, at)
    return luck.choice(("\n", "\n", "\n", "\r\n")).join(lines) + "\n"


def _moved(luck: random.Random, lines: Lines, at: int) -> None:
    """Leave out lines, write them twice, or put them elsewhere."""
    count = luck.choice((1, 1, 1, 2, 5, 20))
    block = lines[at : at + count]
    what = luck.randrange(4)
    if what in (0, 2) and len(lines) > count:
        del lines[at : at + count]
    if what in (1, 2):
        other = luck.randrange(len(lines) + 1)
        lines[other:other] = block
    if what == 3:
        lines[at : at + 1] = [lines[at], " " * luck.randrange(12) + f"{luck.choice(nasty.KEYS)}: {value(luck)}"]


def mutated_table(luck: random.Random, text: str, times: int) -> bytes:
    """Change cells, rows, columns or bytes of a CSV."""
    lines = text.splitlines()
    for _ in range(times):
        at = luck.randrange(len(lines))
        what = luck.random()
        cells = lines[at].split(",")
        if what < 0.6:
            cells[luck.randrange(len(cells))] = luck.choice(nasty.CELLS)
            lines[at] = ",".join(cells)
        elif what < 0.7 and len(lines) > 2:
            del lines[at : at + luck.choice((1, 3, 100))]
        elif what < 0.78:
            lines[at : at + 1] = [lines[at]] * luck.choice((2, 3, 50))
        elif what < 0.9:
            lines = _columns(luck, lines)
        else:
            lines[at] = _broken(luck, lines[at])
        lines = lines or [""]
    whole = luck.choice(("\n", "\n", "\r\n", "\r")).join(lines) + "\n"
    return whole.encode(luck.choice(("utf-8",) * 8 + ("utf-8-sig", "utf-16", "gb18030")), errors="replace")


def _columns(luck: random.Random, lines: Lines) -> Lines:
    """Leave out, rename, repeat or spoil a whole column."""
    rows = [line.split(",") for line in lines]
    column, what, spoilt = luck.randrange(len(rows[0])), luck.randrange(5), luck.choice(nasty.CELLS)
    for i, row in enumerate(rows):
        if column < len(row):
            if what == 0:
                del row[column]
            elif what == 1:
                row.append(row[column])
            elif what == 2 and i == 0:
                row[column] = luck.choice(nasty.KEYS)
            elif what >= 3 and i:
                row[column] = spoilt
    return [",".join(row) for row in rows]
