"""Drive Debian's chromium: a fresh profile, nothing fetched in the background, nothing moving, every request and every fault noted."""

import base64
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PACKAGES = ("chromium", "chromium-driver", "fonts-noto-cjk")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--force-prefers-reduced-motion",
)  # fmt: skip
CHROMIUM, DRIVER = shutil.which("chromium") or "", shutil.which("chromedriver") or ""
NEEDED = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason=f"no browser; as root: apt-get install {' '.join(PACKAGES)}")
WIDE = (1440, 900)


@contextmanager
def browser(profile: Path) -> Iterator[Any]:
    """Open a browser with an empty profile."""
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={profile}", "--window-size={},{}".format(*WIDE)):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(DRIVER))
    opened.set_script_timeout(120)
    try:
        yield opened
    finally:
        opened.quit()


def requests(opened: Any, page: str) -> list[str]:
    """List the addresses a page has asked for since the last look, its own among them."""
    told = (json.loads(entry["message"])["message"] for entry in opened.get_log("performance"))
    asked = (one["params"] for one in told if one["method"] == "Network.requestWillBeSent")
    return [one["request"]["url"] for one in asked if one["documentURL"] == page]


def faults(opened: Any) -> list[str]:
    """List the errors and warnings of the page since the last look."""
    return [entry["message"] for entry in opened.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def picture(opened: Any, file: Path) -> None:
    """Keep the whole page as one picture."""
    height = opened.execute_script("return document.documentElement.scrollHeight")
    size = {"width": WIDE[0], "height": height, "deviceScaleFactor": 1, "mobile": False}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    file.write_bytes(base64.b64decode(opened.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]))
    opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def printed(opened: Any, file: Path) -> bytes:
    """Print the page on A4."""
    paper = opened.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    file.write_bytes(base64.b64decode(paper["data"]))
    return file.read_bytes()
