"""What a scenario inherits and does not fit it is told with the words that mend it, and words that take away nothing are refused."""

from pathlib import Path

import pytest

from sim.language.messages import UserError
from sim.loading import load
from sim.scenario.merging import shipped_tables
from sim.scenario.scenario import Scenario

HEAD = "name: own\ntitle: {en: Own, zh: 自有}\nextends: lujiang-2020\n"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def own(text: str, *settings: str, head: str = HEAD) -> Scenario:
    """Read a scenario of one's own."""
    Path("own.yaml").write_text(head + text, encoding="utf-8")
    return load("own.yaml", settings)


def refused(text: str, *settings: str, head: str = HEAD, lang: str = "en") -> list[str]:
    """Give the lines with which it is refused."""
    with pytest.raises(UserError) as caught:
        own(text, *settings, head=head)
    return caught.value.text(lang).splitlines()


TONGLING = """
population: {source: assumed, towns: tongling_towns.csv, villages: tongling_villages.csv, ages: tongling_ages.csv,
  registered: 199789, residents: 199789}
places: {facilities: tongling_facilities.csv, roads: tongling_roads.csv%s}
"""


def test_a_fault_in_an_inherited_block_says_whence_it_is_and_what_to_write_once_for_each_block() -> None:
    found = refused(TONGLING % "")
    assert len(found) == 3
    for line, (elder, words) in zip(
        found,
        [
            ("lujiang-2020.yaml (faults so inherited: 11)", "groups: {people: null}"),
            ("lujiang-2020.yaml (faults so inherited: 8)", "groups: {tcm: null}"),
            ("lujiang-2018.yaml (faults so inherited: 1)", "places: {grades: []}"),
        ],
        strict=True,
    ):
        assert line.endswith(f"; this is inherited from {elder}; to be without it write in own.yaml: {words}")


def test_what_the_messages_say_mends_the_faults() -> None:
    scenario = own(TONGLING % ", grades: []" + "groups: {people: null, tcm: null}\n")
    assert not scenario.groups
    assert scenario.mechanisms


def test_faults_of_an_inherited_table_are_told_once_with_their_number() -> None:
    towns = shipped_tables()["lujiang_towns.csv"].read_text(encoding="utf-8").replace("baihu,", "new_town,")
    Path("towns.csv").write_text(towns, encoding="utf-8")
    found = refused("population: {towns: towns.csv}\n")
    assert len(found) == 3
    assert (
        "this table is inherited from lujiang-2018.yaml (faults in it: 16); name your own in own.yaml: population: {villages: ...}"
        in found[0]
    )
    assert "places: {facilities: ...}" in found[1]
    assert "请在own.yaml中指定自己的表：population: {villages: ...}" in refused("population: {towns: towns.csv}\n", lang="zh")[0]


def test_a_number_that_no_longer_fits_is_to_be_said_anew() -> None:
    (line,) = refused("insurance: {financing: {source: assumed, per_head: 50 yuan, critical_illness: 20 yuan}}\n")
    assert line.endswith("say in own.yaml what holds here: insurance: {financing: {individual: ...}}")


def test_a_fault_that_the_extended_scenario_has_by_itself_is_told_as_it_is() -> None:
    base = HEAD.replace("own", "base")
    Path("base.yaml").write_text(base + "mechanisms: {family_doctor: {source: assumed, coverage: 400}}\n", encoding="utf-8")
    (line,) = refused("period: {days: 5}\n", head=HEAD.replace("lujiang-2020", "base.yaml"))
    assert line == "base.yaml:4: mechanisms.family_doctor.coverage: 400 has no unit; write it as, for example, '400 %'"


@pytest.mark.parametrize("block", ["mechanisms", "groups", "targets"])
def test_an_empty_block_changes_nothing_and_is_refused_in_a_file_and_on_the_command_line(block: str) -> None:
    for found in (refused(f"{block}: {{}}\n"), refused("", f"{block}={{}}")):
        (line,) = found
        assert f"'{block}' is empty, which changes nothing of what is extended; to be without it write '{block}: null'" in line


def test_null_takes_away_one_or_all_and_a_null_for_what_is_not_in_force_says_what_is_so() -> None:
    assert set(load("lujiang-2020", ["mechanisms.packaged_fund=null"]).mechanisms) == set(load("lujiang-2020").mechanisms) - {
        "packaged_fund"
    }
    assert set(own("groups: {people: null}\n").groups) == {"tcm"}
    assert not own("mechanisms: null\n").mechanisms
    assert own("mechanisms: {referral_hub: null}\nillness: {season: null}\n").mechanisms
    assert load("lujiang-2018", ["mechanisms.packaged_fund=null"])


@pytest.mark.parametrize(
    ("text", "near"),
    [("mechanisms: {familydoctor: null}", "family_doctor"), ("groups: {poeple: null}", "people"), ("illness: {seasn: null}", "season")],
)
def test_a_null_for_what_nobody_knows_is_refused_with_the_nearest_word(text: str, near: str) -> None:
    (line,) = refused(f"{text}\n")
    assert line.endswith(f"to take away; did you mean '{near}'?")
