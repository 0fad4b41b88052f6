"""The report in a real browser: both languages, on a screen and on paper, without a fault and without asking for anything."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from results.report.markup import LANGUAGES
from tests.browser.browsing import CHROMIUM, DRIVER, NEEDED, WIDE, browser, faults, picture, printed, requests
from tests.results.report.pages import small_page

pytestmark = [pytest.mark.slow, NEEDED]

CHINESE = re.compile("[\u4e00-\u9fff]")
PAPER = 680
"""Pixels of what is printed on A4."""
TEXTS = """
const words = (one) => [...one.querySelectorAll("text")].map((text) => text.textContent).join(" ");
return [...document.querySelectorAll(".plot")].map(words);"""
TOO_WIDE = """
const marks = [...document.querySelectorAll(".plot svg, table, #flowmap svg")];
return marks.filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 120));"""
AXE = """
const done = arguments[arguments.length - 1];
document.querySelectorAll("tbody tr:nth-child(n+4)").forEach((row) => row.remove());
axe.run({exclude: [[".plot svg"], [".fm-stage svg"]]}, arguments[0]).then((found) => done({
  passes: found.passes.length,
  grave: found.violations.filter((one) => ["critical", "serious"].includes(one.impact))
    .map((one) => [one.id, ...one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))]),
}));"""
"""Rows of a table are alike, so three of each are looked at; the inside of drawings, which have a name and tables, is left out."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(small_page("zh"), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, report: Path) -> Iterator[Any]:
    """Open the report, and wait until everything is drawn; what a test changes in it the next must bear."""
    assert CHROMIUM and DRIVER
    with browser(tmp_path_factory.mktemp("profile")) as window:
        window.get(report.as_uri())
        drawn(window, "zh")
        yield window


def drawn(opened: Any, lang: str) -> None:
    """Wait until every picture is drawn in a language."""
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(opened, 30, 0.1).until(lambda window: window.execute_script("return document.documentElement.dataset.drawn") == lang)


def speak(opened: Any, lang: str) -> None:
    """Press the button of the languages where the page speaks the other one."""
    if opened.execute_script("return document.documentElement.dataset.drawn") != lang:
        opened.find_element("id", "switch").click()
        drawn(opened, lang)


def test_nothing_is_asked_for_and_no_fault_is_noted(page: Any, report: Path) -> None:
    speak(page, "en")
    page.execute_script("document.querySelectorAll('details').forEach((fold) => { fold.open = !fold.open; })")
    asked = requests(page, report.as_uri())
    assert report.as_uri() in asked
    assert [address for address in asked if not address.startswith(("file:", "data:", "blob:"))] == []
    assert faults(page) == []


def test_the_button_changes_words_pictures_and_the_language_of_the_page_and_back(page: Any) -> None:
    seen = {}
    for lang in ("zh", "en", "zh"):
        speak(page, lang)
        assert page.find_element("tag name", "html").get_attribute("lang") == LANGUAGES[lang]
        texts = page.execute_script(TEXTS)
        assert len(texts) >= 8 and all(texts), "a picture is empty"
        words = page.execute_script("return document.querySelector('main').innerText")
        now = (page.title, texts, words)
        assert seen.setdefault(lang, now) == now
        assert page.find_element("id", "flowmap").get_attribute("aria-label") is not None
    english, chinese = seen["en"], seen["zh"]
    assert not CHINESE.search(english[0] + "".join(english[1]) + english[2])
    assert CHINESE.search(chinese[0]) and all(CHINESE.search(text) for text in chinese[1])
    assert len(CHINESE.findall(chinese[2])) > 1000


def test_the_button_is_reached_and_pressed_from_the_keyboard(page: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    speak(page, "zh")
    page.execute_script("document.querySelector('.skip').focus()")
    page.switch_to.active_element.send_keys(Keys.TAB)
    assert page.switch_to.active_element.get_attribute("id") == "switch"
    page.switch_to.active_element.send_keys(Keys.ENTER)
    drawn(page, "en")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_fits_a_screen_and_a_sheet_of_paper(page: Any, report: Path, lang: str) -> None:
    """Pictures of both are kept beside the report; nothing is wider than the screen or the paper, and the labels are on both."""
    speak(page, lang)
    picture(page, report.with_name(f"screen-{lang}.png"))
    overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.execute_script(overflow) <= 0
    paper = printed(page, report.with_name(f"paper-{lang}.pdf"))
    assert 4 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 6
    page.find_element("id", "annex").click()
    paper = printed(page, report.with_name(f"paper-annex-{lang}.pdf"))
    assert 6 < len(re.findall(rb"/Type\s*/Page\b", paper)) < 60
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    page.set_window_size(PAPER, 1000)
    page.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    try:
        for name in ("simulated", "schematic"):
            assert page.find_element("class name", name).is_displayed()
        assert not page.find_element("id", "switch").is_displayed()
        assert not page.find_element("id", "annex").is_displayed()
        assert page.execute_script(TOO_WIDE) == []
        assert page.execute_script("return document.querySelectorAll('.sankey-link').length") > 5, "ribbons are still on their way"
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        page.execute_script("document.getElementById('annex').click()")
        page.set_window_size(*WIDE)


def test_everyone_can_use_the_page(page: Any) -> None:
    """By axe-core, no finding that is serious or critical: in Chinese by all rules, in English by those that look at words and names."""
    axe = Path(pytest.importorskip("axe_core_python").__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    named = ["cat.language", "cat.name-role-value", "cat.text-alternatives"]
    page.execute_script(axe)
    for lang, rules, least in (("zh", {}, 20), ("en", {"runOnly": {"type": "tag", "values": named}}, 3)):
        speak(page, lang)
        found = page.execute_async_script(AXE, {"resultTypes": ["violations"], **rules})
        assert found["grave"] == [], lang
        assert found["passes"] > least
