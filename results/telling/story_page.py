"""Page of a story: one self-contained HTML file with the map of the ways beside the year, in both languages."""

from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from results.telling.names import Names
from results.telling.story import HOME, Line, Story, tell
from results.telling.story_map import Way, number_ways, svg
from sim.language.messages import say
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from sim.county import County
    from sim.record import Follower

TEMPLATE = Path(__file__).with_name("story.html")
LANGUAGES = ("en", "zh")
LEGEND = ("township", "hospital", "outside", "village", "road")
FULL_YEAR = 365


class Told(NamedTuple):
    """One story in both languages, and the numbers of its ways."""

    en: Story
    zh: Story
    ways: dict[Way, int]


def page(county: "County", follower: "Follower", row: int, scenario: Scenario, seed: int, lang: str) -> str:
    """Write the page; it opens in one language and can be switched to the other.

    seed : the luck of the run, said in the heading
    """
    english, chinese = (tell(county, follower, row, one) for one in LANGUAGES)
    told = Told(english, chinese, number_ways([line.way for line in english.lines]))
    days = scenario.period.days
    heading = {
        one: say("trace.heading", one, title=scenario.title.say(one), name=scenario.name, days=days, start=scenario.period.start, seed=seed)
        for one in LANGUAGES
    }
    filled = {
        "LANG": lang,
        "TITLE": escape(told.zh.title if lang == "zh" else told.en.title),
        "HEADING": _both(heading["en"], heading["zh"]),
        "NAME": _both(english.title, chinese.title),
        "WHO": _both(english.who, chinese.who),
        "TOTALS": _totals(told),
        "SUMS": _said("trace.sums") if days == FULL_YEAR else _both(*(say("trace.sums_of_days", one, days=days) for one in LANGUAGES)),
        "MAP": svg(county, row, told.ways),
        "LEGEND": "".join(f'<span><i class="{name}"></i>{_said(f"trace.page.{name}")}</span>' for name in LEGEND),
        "WAYS": _ways(county, told),
        "DAYS": "".join(_days(told)),
        "QUIET": "" if english.lines else f"<p>{_both(*(say('trace.nothing', one, days=days) for one in LANGUAGES))}</p>",
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for key in ("MAP", "YEAR", "SKETCH", "SIMULATED", "HINT"):
        text = text.replace(f"{{{{say {key}}}}}", _said(f"trace.page.{key.lower()}"))
    for one in LANGUAGES:
        text = text.replace(f"{{{{say {one.upper()}}}}}", say("trace.page.language", one))
    for name, value in filled.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text


def _both(english: str, chinese: str) -> str:
    """Write something in both languages, of which the page shows one."""
    return f'<span class="en" lang="en">{escape(english)}</span><span class="zh" lang="zh-CN">{escape(chinese)}</span>'


def _said(key: str) -> str:
    """Write a message in both languages."""
    return _both(say(key, "en"), say(key, "zh"))


def _totals(told: Told) -> str:
    """Write the totals as a table."""
    rows = zip(told.en.totals, told.zh.totals, strict=True)
    return "".join(f"<tr><th>{_both(e[0], z[0])}</th><td>{_both(e[1], z[1])}</td></tr>" for e, z in rows)


def _ways(county: "County", told: Told) -> str:
    """List the ways with their numbers, and how often each was gone."""
    gone = [line.way for line in told.en.lines if line.way is not None]
    names = [Names(county, one) for one in LANGUAGES]
    found = []
    for way, number in told.ways.items():
        ends = [
            f"{say('trace.page.home', name.lang) if way[0] == HOME else name.facility(way[0])} → {name.facility(way[1])}" for name in names
        ]
        times = gone.count(way)
        often = "" if times == 1 else f" <em>{_both(*(say('trace.page.times', one, count=times) for one in LANGUAGES))}</em>"
        found.append(f'<li data-ways="{number}" tabindex="0"><b class="number">{number}</b>{_both(*ends)}{often}</li>')
    return "".join(found)


def _days(told: Told) -> list[str]:
    """Write the year, a block for each day."""
    pairs = list(zip(told.en.lines, told.zh.lines, strict=True))
    found = []
    for date, lines in groupby(pairs, key=lambda pair: pair[0].date):
        held = list(lines)
        numbers = " ".join(str(told.ways[e.way]) for e, _ in held if e.way is not None)
        inside = "".join(_line(e, z, told.ways) for e, z in held)
        head = f'<h3><time datetime="{date}">{_both(held[0][0].day, held[0][1].day)}</time></h3>'
        found.append(f'<li class="day" data-ways="{numbers}">{head}<ul>{inside}</ul></li>')
    return found


def _line(english: Line, chinese: Line, ways: dict[Way, int]) -> str:
    """Write one event."""
    number = ways[english.way] if english.way is not None else None
    mark = f'<b class="number">{number}</b>' if number is not None else ""
    attributes = f' data-ways="{number}" tabindex="0"' if number is not None else ""
    clock = f'<span class="clock">{english.clock}</span>'
    return (
        f'<li class="{english.kind}"{attributes}>{clock}<div>{mark}{_both(english.text, chinese.text)}'
        f"{_shares(english, chinese)}{_options(english, chinese)}</div></li>"
    )


def _shares(english: Line, chinese: Line) -> str:
    """Draw who paid a bill as a bar."""
    total = sum(fen for _, _, fen in english.shares)
    if total <= 0:
        return ""
    parts = "".join(
        f'<i class="{code}" style="width:{100 * fen / total:.1f}%" title="{escape(e)} / {escape(z[1])}"></i>'
        for (code, e, fen), z in zip(english.shares, chinese.shares, strict=True)
    )
    return f'<span class="bar" aria-hidden="true">{parts}</span>'


def _options(english: Line, chinese: Line) -> str:
    """Write what was offered as a table that opens on demand."""
    if not english.options:
        return ""
    heads = ("option", "pays", "way", "wait", "share")
    rows = []
    for place, (e, z) in enumerate(zip(english.options, chinese.options, strict=True)):
        cells = "".join(f"<td>{_both(a, b) if a != b else escape(a)}</td>" for a, b in zip(e, z, strict=True))
        rows.append(f"<tr{' class=taken' if place == english.taken else ''}>{cells}</tr>")
    head = "".join(f"<th>{_said(f'trace.offer.{name}')}</th>" for name in heads)
    return f"<details><summary>{_said('trace.page.offered')}</summary><table><tr>{head}</tr>{''.join(rows)}</table></details>"
