"""Hostile cases, each a function of one seed: the files of a folder and the words of a command line."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from tests.fuzz import mutations, nasty

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
TABLES = {
    "lujiang_towns.csv": "population.towns",
    "lujiang_villages.csv": "population.villages",
    "lujiang_ages.csv": "population.ages",
    "case_mix.csv": "illness.case_mix",
    "lujiang_facilities.csv": "places.facilities",
    "lujiang_roads.csv": "places.roads",
    "departments.csv": "places.departments",
    "catalogue.csv": "referral.catalogue",
}
UNITS = {"N": "", "S": " %", "Y": " yuan", "M": " min", "T": " d"}
HEAD = "name: mine\ntitle: {en: Mine, zh: 我的}\nextends: lujiang-2020\n"


@dataclass(frozen=True)
class Case:
    """One hostile case; `files` are made in an empty folder in which the command then runs."""

    seed: int
    kind: str
    words: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    pipes: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)


@cache
def sound(name: str) -> str:
    """Read a sound file of the package."""
    return (ROOT / name).read_text(encoding="utf-8")


def _language(luck: random.Random) -> tuple[str, ...]:
    """Ask for some language, and sometimes for JSON."""
    return (*luck.choice(((), (), ("--lang", "zh"), ("--lang", "en"))), *luck.choice(((), (), ("--json",))))


def _check(luck: random.Random, *files: str) -> tuple[str, ...]:
    """Write the words of a check."""
    return ("check", *files, *_language(luck))


def scenario(luck: random.Random, seed: int) -> Case:
    """Mutate a whole shipped scenario."""
    name = luck.choice(("lujiang-2018", "lujiang-2020", "lujiang-2020"))
    text = mutations.mutated(luck, sound(f"scenarios/{name}.yaml"), luck.choice((1, 1, 1, 2, 3, 8, 40)))
    return Case(seed, "scenario", _check(luck, "self.yaml"), {"self.yaml": text.encode(errors="replace")})


def change(luck: random.Random, seed: int) -> Case:
    """Extend a shipped scenario and say something odd in one block."""
    blocks = (
        "changes:\n  - {source: assumed, from: D, set: {mechanisms.family_doctor.renewal: S}}\n",
        "changes:\n  - {source: assumed, from: D, set: {care.opening.village.to: V, choice.nests.county: N}}\n",
        "changes:\n  - {source: assumed, from: D, set: {insurance.residents.inpatient.grade_2: V}}\n",
        "changes:\n  - {source: assumed, from: D, set: {insurance.residents.inpatient.grade_2.in_county.deductible: Y, care.attempts: N}}\n",  # noqa: E501
        "changes:\n  - {source: assumed, from: D, set: {places.grades: V}}\n",
        "changes:\n  - {source: assumed, from: D, set: {groups.people.lead: V, groups.tcm.towns: V}}\n",
        "changes:\n  - {source: assumed, from: D, set: {mechanisms.packaged_fund: V, illness.visits_scale: N}}\n",
        "changes:\n  - {source: assumed, from: D, set: {care.opening.county.to: 03:00, mechanisms.referral_rules.until: D}}\n",
        "shocks:\n  - {source: assumed, from: D, until: D, need: N}\n",
        "period: {start: D, days: N, run_in_days: N}\n",
        "population: {source: assumed, registered: N, residents: N, household_size: N}\n",
        "population: {source: assumed, female_share: S, poverty_share: S, employees_share: S, migrants_enrolled: S, migrants_use: S}\n",
        "places:\n  source: assumed\n  grades: [{facility: lujiang_people, grade: grade_1, from: D}, {facility: V, grade: V, from: D}]\n",
        "places:\n  source: assumed\n  outside_wait: {municipal: M, provincial: M}\n  outside_bed_wait: {municipal: T, provincial: T}\n",
        "mechanisms:\n  family_doctor: {source: assumed, coverage: S, panel: N, signing_months: N, from: D, appeal: N, waived_fee: Y}\n",
        "mechanisms:\n  packaged_fund: {source: assumed, appraised: S, thrift: S, split: {county: S, township: S, village: S}}\n",
        "mechanisms:\n  referral_rules: {source: assumed, catalogue: N, waived_fee: Y, down_offer: S, gatekeeping_compliance: S}\n",
        "mechanisms:\n  V: {source: V, from: D, until: D}\n",
        "targets:\n  source: assumed\n  in_county_admission_share_insured: {goal: N, tolerance: N, by: D}\n",
        "targets: V\nreferences: V\n",
        "references:\n  mine: {title: {en: V, zh: V}, kind: V, status: V, where: V}\n",
        "groups:\n  source: assumed\n  people: {lead: V, towns: [tongda, V]}\n",
        "groups: ~\n",
        "mechanisms: ~\n",
        "illness: {source: assumed, visits_scale: N, admissions_scale: N, headroom: N, follow_up_days: T}\n",
        "illness: {source: assumed, visits_scale: N}\n",
        "illness: {source: assumed, season: [N, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, N]}\n",
        "prices: {source: assumed, visit: {county: Y, village: Y}, visit_cv2: N, admission_cv2: N}\n",
        "prices: {source: assumed, admission_scale: {county: N, township: N}, scope: {grade_2: S, none: S}}\n",
        "care: {source: assumed, patience: M, bed_patience: T, service_cv2: N, stay_cv2: N, attempts: N}\n",
        "care: {source: assumed, service: {county: M}, clinic_share: {county: S}, stay_scale: {county: N}}\n",
        "care: {source: assumed, opening: {county: {from: 00:00, to: 24:00}, village: {from: 23:58, to: 23:59}}}\n",
        "care: {source: assumed, again_tomorrow: S, elsewhere_share: S, recovery_day_cost: S}\n",
        "choice: {source: assumed, quality_gate: {midpoint: N, width: N}, loyalty: N, trust: N, referred: N}\n",
        "choice: {source: assumed, nests: {county: N, tertiary: N}, elderly_minute: N}\n",
        "choice: {source: assumed, quality_wanted: [N, N, N, N, N]}\n",
        "choice:\n  source: assumed\n  segments: {minor_visit: {price: N, price_offset: Y, minute: N, size: N, constants: {county: N, none: N}}}\n",  # noqa: E501
        "choice:\n  source: assumed\n  segments: {serious_stay: {wait_day: N, capability: N, quality: N, price: N}}\n",
        "learning: {source: assumed, wait_memory: S, trust_start: N, trust_gain: N, trust_loss: N}\n",
        "referral: {source: assumed, up_share: S, sought_share: S, down_offer: S, down_accept: S, recovery_share: S}\n",
        "insurance: {source: assumed, residents: {ceiling: Y, outpatient_ceiling: Y, chronic_ceiling: Y, repeat_deductible: S}}\n",
        "insurance:\n  source: assumed\n  residents: {critical_illness: {threshold: Y, bands: [{up_to: Y, fund_share: S}, {fund_share: S}]}}\n",  # noqa: E501
        "insurance: {source: assumed, financing: {per_head: Y, previous: Y, critical_illness: Y}, unreferred_deductible: N}\n",
        "insurance: {source: assumed, residents: {inpatient: {grade_2: {in_county: {deductible: Y, fund_share: S}}}}}\n",
        "insurance:\n  source: assumed\n  residents: {inpatient: {grade_3_municipal: {outside: {deductible: Y, deductible_share: S, deductible_most: Y, fund_share: S, floor: S}}}}\n",  # noqa: E501
        "insurance: {source: assumed, employees: {special_chronic: [V, hypertension]}, unreferred_cut_outside: 5 pp}\n",
    )  # fmt: skip
    body = luck.choice(blocks)
    fill: dict[str, Callable[[random.Random], str]] = {
        "D": lambda luck: luck.choice((*nasty.DATES, *("2019-12-20", "2020-01-01", "2020-01-02", "2021-01-01") * 3)), "V": mutations.value,
    } | {letter: partial(_likely, unit) for letter, unit in UNITS.items()}  # fmt: skip
    parts = [fill[part](luck) if part in fill else part for part in _split(body)]
    return Case(seed, "change", _check(luck, "self.yaml"), {"self.yaml": (HEAD + "".join(parts)).encode(errors="replace")})


def _split(body: str) -> list[str]:
    """Split a template at the capital letters to be filled in."""
    return re.split(r"(?<=[ \[])([NDVSYMT])(?=[,}\]:\n])", body)


def _likely(unit: str, luck: random.Random) -> str:
    """Write a number that has a fair chance to be accepted, mostly with the unit wanted."""
    if luck.random() < 0.04:
        return mutations.number(luck)
    tame = ("0", "1", "0.5", "2", "10", "50", "100")
    wild = ("1000", "1e5", "1e6", "1e7", "1e9", "1e12", "1e100", "1e300", "1e-9", "1e-300", "-1", "1e308", "365", "0.001", "2147483647")
    return f"{luck.choice((*tame, *tame, *wild))}{unit}"


def whole(luck: random.Random, seed: int) -> Case:
    """Give a file that is nothing like a scenario, to `check` or to `verify`."""
    words = _check(luck, "self.yaml") if luck.random() < 0.7 else ("verify", "self.yaml", *_language(luck))
    return Case(seed, "whole", words, {"self.yaml": luck.choice(nasty.WHOLE)(luck)})


def extending(luck: random.Random, seed: int) -> Case:
    """Extend what cannot be extended: oneself, a circle, folders, devices, pipes, long chains."""
    names = (
        "self.yaml",
        "self",
        "b.yaml",
        "b",
        "pipe",
        "pipe.yaml",
        "/dev/zero",
        "/dev/stdin",
        "/dev/tty",
        "loop",
        "folder",
        "/",
        "..",
        "nul\\0",
    )
    chain = luck.choice((3, 30, 300))
    files = {"self.yaml": f"{HEAD}extends: {luck.choice(names)}\n".replace("extends: lujiang-2020\n", "", 1).encode()}
    files["b.yaml"] = f"name: b\nextends: {luck.choice((*names, 'lujiang-2020'))}\n".encode()
    files["folder/c.yaml"] = b"extends: ../self.yaml\n"
    if luck.random() < 0.3:
        files |= {f"c{i}.yaml": f"extends: c{i + 1}.yaml\n".encode() for i in range(chain)}
        files[f"c{chain}.yaml"] = b"extends: lujiang-2020\n"
        files["self.yaml"] = HEAD.replace("lujiang-2020", "c0.yaml").encode()
    field_ = luck.choice(tuple(TABLES.values()))
    if luck.random() < 0.3:
        block, name = field_.split(".")
        files["self.yaml"] = f"{HEAD}{block}: {{source: assumed, {name}: {luck.choice(names)}}}\n".encode()
    given = luck.choice(("self.yaml", "self.yaml", "self.yaml", *names))
    return Case(seed, "extending", _check(luck, given), files, ("pipe", "pipe.yaml"), {"loop": "loop"})


def tables(luck: random.Random, seed: int) -> Case:
    """Give data tables of one's own, with faults in them."""
    files: dict[str, bytes] = {}
    blocks: dict[str, list[str]] = {}
    for name in luck.sample(sorted(TABLES), luck.choice((1, 1, 1, 2, 3))):
        block, key = TABLES[name].split(".")
        own = f"own_{name}"
        files[own] = mutations.mutated_table(luck, sound(f"scenarios/data/{name}"), luck.choice((1, 1, 1, 2, 5)))
        if key == "roads" and luck.random() < 0.4:
            own = luck.choice(("roads.graphml", "roads.GRAPHML"))
            files[own] = nasty.graphml(luck)
        elif luck.random() < 0.1:
            files[own] = luck.choice(nasty.WHOLE)(luck)
        blocks.setdefault(block, []).append(f"{key}: {own}")
    said = "".join(f"{block}: {{source: assumed, {', '.join(entries)}}}\n" for block, entries in blocks.items())
    return Case(seed, "tables", _check(luck, "self.yaml"), {"self.yaml": (HEAD + said).encode(), **files})


def problem(luck: random.Random, seed: int) -> Case:
    """Mutate a problem for `verify`."""
    path = luck.choice(sorted((ROOT / "experiments" / "proof" / "exact").glob("*.yaml")))
    text = sound(str(path.relative_to(ROOT)))
    text = text.replace("0000", "00").replace("hours: 400\n", "hours: 200\n")
    text = mutations.mutated(luck, text, luck.choice((1, 1, 2, 3, 10)))
    words = ("verify", "p.yaml", "--runs", "1", *_language(luck))
    return Case(seed, "problem", words, {"p.yaml": text.encode(errors="replace")})


def setting(luck: random.Random, seed: int) -> Case:
    """Set hostile paths to hostile values; every one has one fault, so that nothing is run."""
    paths = (
        "period.days", "period.start", "population.registered", "population.towns", "mechanisms.family_doctor.coverage", "mechanisms", "a",
        "insurance.residents.inpatient.grade_2.in_county.deductible", "name", "title", "extends", "", ".", "..", "a." * 2000, "период",
        "mechanisms.family_doctor", "groups", "changes", "references", "targets", "source", "mechanisms.packaged_fund.split", "\udcff",
    )  # fmt: skip
    sets = [w for _ in range(luck.choice((1, 1, 2, 5))) for w in ("--set", f"{luck.choice(paths)}={mutations.value(luck)}")]
    return Case(seed, "setting", ("run", "lujiang-2020", *sets, "--set", "no.such=1", *_language(luck)))


def words(luck: random.Random, seed: int) -> Case:
    """Give words of a command line in no order; none of them is enough to begin a long run."""
    pool = (*nasty.OPTIONS, *nasty.OPTIONS, *nasty.ARGUMENTS, *nasty.ARGUMENTS, "self.yaml", "p.yaml")
    given = [luck.choice(pool) for _ in range(luck.randrange(6))]
    first = luck.choice(nasty.COMMANDS)
    files = {"self.yaml": HEAD.encode(), "p.yaml": b"kind: stations\nstations: {}\narrivals: {}\n"}
    short = {"verify": ("--nothing",), "run": ("--days", "1"), "trace": ("--days", "1")} if "--help" not in given else {}
    return Case(seed, "words", (first, *given, *short.get(first, ())), files)


def running(luck: random.Random, seed: int) -> Case:
    """Run for a day what an odd but perhaps sound file says."""
    made = luck.choice((change, change, change, tables, tables, scenario))(luck, seed)
    scale = luck.choice(("0.005", "0.002", "0.0005", "1e-5"))
    command = ("run", "self.yaml", "--scale", scale, "--set", f"period.run_in_days={luck.choice((0, 1, 3))}")
    days = ("--days", luck.choice(("1", "1", "2")))
    return Case(seed, "running", (*command, *days, "--out", "out", "--seed", luck.choice(("1", "999999999999999999"))), made.files)


Maker = Callable[[random.Random, int], Case]
MAKERS: tuple[tuple[Maker, int], ...] = (
    (scenario, 28), (change, 24), (whole, 6), (extending, 6), (tables, 16), (problem, 8), (setting, 4), (words, 6), (running, 4),
)  # fmt: skip


def case(seed: int) -> Case:
    """Make the case of a seed."""
    luck = random.Random(seed)
    maker = luck.choices([maker for maker, _ in MAKERS], [weight for _, weight in MAKERS])[0]
    return maker(luck, seed)
