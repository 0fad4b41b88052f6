"""The script of the flow map draws what it is given in a real browser, asks for nothing, and can be used without a mouse."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import results.report
from results.report.flowmap import flow_map
from tests.results.report.small_runs import small_run

BROWSER = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), "")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run")
SCRIPT = Path(results.report.__file__).with_name("flowmap.js")
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><body><div id="map"></div><pre id="told"></pre>
<script>{script}</script><script>
const data = {data}, told = {{}};
const map = flowmap(document.getElementById("map"), data, "zh", {{}});
{steps}
document.getElementById("told").textContent = JSON.stringify(told);
</script>"""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not BROWSER, reason="no browser; install it with: apt-get install chromium")]


def told(folder: Path, steps: str, *flags: str) -> dict[str, Any]:
    """Draw the map of a small run, take some steps on the page, and give what they noted in `told`."""
    page = folder / "map.html"
    data = json.dumps(flow_map(small_run()), ensure_ascii=False)
    page.write_text(PAGE.format(script=SCRIPT.read_text(encoding="utf-8"), data=data, steps=steps), encoding="utf-8")
    command = [BROWSER, *FLAGS, *flags, f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=1500", "--dump-dom", page.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    found = re.search(r'<pre id="told">(.*?)</pre>', shown, re.S)
    assert found, shown[-500:]
    return json.loads(found[1].replace("&amp;", "&").replace("&gt;", ">"))  # type: ignore[no-any-return]


def test_every_flow_of_the_kind_is_drawn_and_its_kind_can_be_changed(tmp_path: Path) -> None:
    steps = """
    const flows = () => [...document.querySelectorAll(".fm-edge")].map((edge) => edge.getAttribute("aria-label"));
    told.admission = flows();
    document.querySelector("[data-kind=visit]").click();
    told.visit = flows();
    told.pressed = document.querySelector("[aria-pressed=true]").textContent;
    map.language("en");
    told.english = flows();
    told.words = document.querySelector(".fm").innerText;"""
    seen = told(tmp_path, steps)
    edges = flow_map(small_run())["edges"]
    for kind, word in (("admission", "住院"), ("visit", "门诊")):
        counts = sorted(int(re.findall(r"[\d,]+", label)[-1].replace(",", "")) for label in seen[kind])
        assert counts == sorted(edge["count"] for edge in edges if edge["kind"] == kind)
        assert all(word in label and "→" in label for label in seen[kind])
    assert seen["pressed"] == "门诊"
    assert not re.search("[\u4e00-\u9fff]", "".join(seen["english"]) + seen["words"])
    assert "{" not in seen["words"] + "".join(seen["english"])


def test_one_tab_stop_leads_to_every_mark_by_the_arrow_keys(tmp_path: Path) -> None:
    steps = """
    const items = [...document.querySelectorAll(".fm-item")];
    told.stops = items.filter((item) => item.getAttribute("tabindex") === "0").length;
    items[0].focus();
    const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
    told.walked = items.map(() => { const at = items.indexOf(document.activeElement); press("ArrowRight"); return at; });
    told.back = items.indexOf(document.activeElement);
    if (!document.hasFocus()) items[0].dispatchEvent(new FocusEvent("focus")); // a window in the background tells nobody of its focus
    told.tip = document.querySelector(".fm-tip").hidden ? "" : document.querySelector(".fm-tip").textContent;
    told.title = items[0].getAttribute("aria-label");"""
    seen = told(tmp_path, steps)
    assert seen["stops"] == 1
    assert seen["walked"] == list(range(len(seen["walked"]))) and seen["back"] == 0
    assert seen["tip"].replace("\n", ", ") == seen["title"] != ""


def test_dots_rest_where_less_motion_is_wished(tmp_path: Path) -> None:
    steps = """
    told.pause = document.querySelectorAll(".fm-dots").length;
    told.still = matchMedia("(prefers-reduced-motion: reduce)").matches;"""
    assert told(tmp_path, steps) == {"pause": 1, "still": False}
    assert told(tmp_path, steps, "--force-prefers-reduced-motion") == {"pause": 0, "still": True}


def test_towns_roads_and_edges_are_enough_for_a_map_and_it_can_be_taken_away(tmp_path: Path) -> None:
    steps = """
    const {nodes, rings, edges, labels} = data;
    map.update({nodes, rings, edges, labels});
    told.marks = document.querySelectorAll(".fm-node").length;
    map.destroy();
    told.left = document.getElementById("map").children.length;"""
    nodes = [node for node in flow_map(small_run())["nodes"] if node["tier"] != "village"]
    assert told(tmp_path, steps) == {"marks": len(nodes), "left": 0}


def test_the_script_names_no_address_but_that_of_the_language_of_drawings() -> None:
    assert set(re.findall(r"https?://[^\"'\s]+", SCRIPT.read_text(encoding="utf-8"))) == {"http://www.w3.org/2000/svg"}
