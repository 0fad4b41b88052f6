"""A story is told in both languages, adds up, and its page stands alone."""

import json
import re
from functools import cache
from html.parser import HTMLParser

import pytest

from results.store.plain import as_json
from results.telling.story import HOME, Story, as_data, tell
from results.telling.story_map import number_ways, sketch
from results.telling.story_page import page
from sim.language.messages import messages
from sim.record.events import EVENTS, FORGONE, REASONS
from tests.sim.record.everyone import WORLDS, Lived, lived

LANGUAGES = ("en", "zh")
USUAL = WORLDS["usual"]
VOID = {"meta", "br"}
SHAPES = {"path", "circle", "rect"}


@pytest.fixture(scope="module")
def world() -> Lived:
    return lived(USUAL)


@pytest.fixture(scope="module")
def busiest(world: Lived) -> int:
    """Find the resident to whom most kinds of things happened."""
    events = world.follower.events
    return max(events, key=lambda r: (len({event.kind for event in events[r]}), -r))


@cache
def stories(world_of: tuple[str, ...], lang: str) -> list[Story]:
    """Tell the story of everybody who has one; the same for everyone who asks."""
    world = lived(world_of)
    return [tell(world.county, world.follower, r, lang) for r, events in world.follower.events.items() if events]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_event_of_everybody_is_a_whole_sentence(lang: str) -> None:
    told = stories(USUAL, lang)
    texts = [line.text for story in told for line in story.lines] + [story.who for story in told]
    assert len(texts) > 2000
    end = {"en": (".", ". "), "zh": ("。",)}[lang]
    assert [text for text in texts if not text.endswith(end) or re.search(r"[{}]|\bnan\b", text)] == []


def test_the_languages_do_not_mix() -> None:
    """Beside figures and the names of what the case mix calls by Latin letters."""
    english, chinese = (stories(USUAL, lang) for lang in LANGUAGES)
    assert not [line.text for story in english for line in story.lines if re.search(r"[\u4e00-\u9fff]", line.text)]
    assert not [line.text for story in chinese for line in story.lines if re.search(r"[a-z]{3}", line.text)]


def test_nothing_happens_before_what_came_earlier() -> None:
    for story in stories(USUAL, "en"):
        dates = [line.date for line in story.lines]
        assert dates == sorted(dates)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_is_a_sentence_for_whatever_may_happen(lang: str) -> None:
    special = {"need": "trace.need.ill", "offer": "trace.offer.taken", "learned": "trace.learned.trust", "forgone": "trace.forgone.gave_up"}
    special["discharged"] = "trace.discharged.home"
    wanted = [special.get(kind, f"trace.event.{kind}") for kind in EVENTS]
    wanted += [f"trace.need.{reason}" for reason in REASONS] + [f"trace.forgone.{why}" for why in FORGONE]
    assert [key for key in wanted if not messages()[key][lang]] == []


def test_the_data_of_a_story_add_up_to_the_books(world: Lived) -> None:
    everybody = [as_data(world.county, world.follower, r, "en") for r, events in world.follower.events.items() if events]
    assert sum(one["totals"]["billed_fen"] for one in everybody) == world.county.books.paid.sum()
    assert sum(one["totals"]["visits"] for one in everybody) == world.county.outpatients.counts.visits.sum()
    assert sum(one["totals"]["admissions"] for one in everybody) == world.county.inpatients.counts.admissions.sum()
    for one in everybody:
        bills = [event["bill"] for event in one["events"] if event["kind"] == "bill"]
        assert sum(bill["total"] for bill in bills) == sum(one["totals"]["paid_fen"].values())
        assert json.loads(as_json(one)) == one


def test_shares_of_the_options_written_add_up_to_everybody() -> None:
    lines = [line for story in stories(USUAL, "en") for line in story.lines if line.options]
    assert lines
    for line in lines:
        parts = [float(option[-1].removesuffix(" %").replace("< 1", "0.5")) for option in line.options]
        assert abs(sum(parts) - 100) <= 4, line.options
        assert 0 <= line.taken < len(line.options)


class Outline(HTMLParser):
    """Reads a page: which elements it has, and whether all are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(text: str) -> Outline:
    """Read a page to its end."""
    read = Outline()
    read.feed(text)
    assert read.open == []
    return read


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_stands_alone_and_shows_every_way_and_event(world: Lived, busiest: int, lang: str) -> None:
    text = page(world.county, world.follower, busiest, world.county.whole, 1, lang)
    story, read = tell(world.county, world.follower, busiest, lang), outline(text)
    assert "{{" not in text
    assert not re.search(r"https?://|//[a-z]|url\((?!#)|@import|<link|<img", text.replace("default-src 'none'", ""))
    assert not [attrs for _, attrs in read.seen if {"src", "href"} & attrs.keys()]
    ways = number_ways([line.way for line in story.lines])
    drawn = [attrs["data-way"] for tag, attrs in read.seen if tag == "path" and "data-way" in attrs]
    assert drawn == [str(number) for number in ways.values()]
    kinds = [attrs.get("class") for tag, attrs in read.seen if tag == "li" and attrs.get("class") in EVENTS]
    assert kinds == [line.kind for line in story.lines]
    assert "示意图，不作行政区划界线依据" in text
    assert "模拟结果·非实际统计" in text
    assert text == page(world.county, world.follower, busiest, world.county.whole, 1, lang)


def test_whatever_is_drawn_lies_in_the_frame(world: Lived) -> None:
    for r in list(world.follower.events)[:: max(len(world.follower.events) // 200, 1)]:
        story = tell(world.county, world.follower, r, "en")
        used = {place for way in number_ways([line.way for line in story.lines]) for place in way if place != HOME}
        drawn = sketch(world.county, r, used)
        spots = [drawn.home, *drawn.facilities.values(), *drawn.nodes.values()]
        outside = [spot for spot in spots if not (0 <= spot[0] <= 620 and 0 <= spot[1] <= 760)]
        assert used <= drawn.facilities.keys()
        assert all(spot in drawn.nodes.values() for spot in outside)
