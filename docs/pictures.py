"""Take the pictures of the README from the report of a run: `python -m docs.pictures [RUN_FOLDER]` (needs a browser and the dev extra).

Without a folder the scenario of the README is run.
"""

import sys
import tempfile
from pathlib import Path

from experiments.running.one import written
from results.store.run import REPORT
from sim.loading import load
from tests.browser.browsing import browser

SCENARIO = "lujiang-2020"
FOLDER = Path(__file__).parent / "pictures"
SIZE = (1180, 1500)
"""Width and height of the window, pixels; a picture is as wide as the map in it."""
DRAWN = "return document.documentElement.dataset.drawn"


def take(report: Path) -> None:
    """Take the flow map in both languages."""
    from selenium.webdriver.support.ui import WebDriverWait

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as profile, browser(Path(profile)) as window:
        window.set_window_size(*SIZE)
        window.get(report.resolve().as_uri())
        for _ in range(2):
            WebDriverWait(window, 30, 0.1).until(lambda opened: opened.execute_script(DRAWN))
            lang = window.execute_script(DRAWN)
            file = FOLDER / f"flowmap.{lang}.png"
            window.find_element("css selector", "#flowmap").screenshot(str(file))
            print(file)
            window.find_element("css selector", "#switch").click()


if __name__ == "__main__":
    run = Path(sys.argv[1]) if sys.argv[1:] else written(load(SCENARIO), report="en").folder
    take(run / REPORT)
