"""Random data tables: a county of some towns and villages with the facilities that counties have, and that few have."""

import csv
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from sim import load
from sim.kinds import KINDS
from sim.scenario.merging import shipped_tables
from sim.scenario.scenario import Scenario

ROW = {"source": "drawn", "confidence": "low"}
CENSUS = ((0, 14), (15, 59), (60, 99))
LEVELS = {"village": 1, "clinic": 1, "township": 2, "county": 4, "municipal": 5, "provincial": 5}
HOSPITALS = ("county_general", "county_tcm", "maternal_child", "private_hospital", "rehabilitation")
Row = dict[str, object]


@cache
def covered(kind: str) -> list[tuple[str, str]]:
    """List the grades and places of a kind for which the shipped schedule has cells in every scheme."""
    insurance = load("lujiang-2018").insurance
    tables = [getattr(scheme, setting) for scheme in (insurance.residents, insurance.employees, insurance.elsewhere)
              for setting in ("outpatient", "inpatient")]  # fmt: skip
    meant = KINDS[kind]
    return [(grade, place) for grade in meant.grades for place in meant.places
            if all(table[grade][place] is not None for table in tables[:: 1 if meant.decides != "nothing" else 2])]  # fmt: skip


class Tables:
    """A county on its own tables, written into a folder."""

    def __init__(self, seed: int, folder: Path) -> None:
        """Draw the county and write it."""
        self.luck, self.folder, self.seed = random.Random(f"tables {seed}"), folder, seed
        self.scale = 1.0
        self.towns = [f"t{i:02}" for i in range(self.luck.choice((1, 1, 2, 3, 5, 8, 15, 30)))]
        self.villages = {town: [f"{town}_v{i}" for i in range(self.luck.randint(1, 8))] for town in self.towns}
        self.migrants = self.luck.random() < 0.5
        self.write("towns", self.town_rows())
        self.write("villages", self.village_rows())
        self.write("ages", self.age_rows())
        self.write("facilities", self.facility_rows())
        self.write("roads", self.road_rows())
        self.write("departments", self.department_rows())
        self.write("case_mix", self.condition_rows())
        (folder / "world.yaml").write_text(self.scenario(), encoding="utf-8")

    def load(self) -> Scenario:
        """Load the scenario; raises UserError where it has faults."""
        return load(self.folder / "world.yaml", ["period.run_in_days=0", f"period.days={self.luck.choice((3, 10, 20))}"])

    def write(self, name: str, rows: Sequence[Row]) -> None:
        """Write a table."""
        with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)

    def town_rows(self) -> list[Row]:
        """Draw towns of a few to some thousand people; one may be empty, some have people away."""
        rows: list[Row] = []
        for town in self.towns:
            here = self.luck.choice((0, 40, 300, 800)) if len(self.towns) > 1 and self.luck.random() < 0.2 else self.luck.randint(200, 900)
            away = self.luck.randint(0, here // 2) if self.migrants else 0
            rows.append({"town": town, "town_zh": town, "group": "", "census_2000": here, "registered": here + away, "residents": here,
                         "latitude": 31, "longitude": 117, **ROW})  # fmt: skip
        if self.migrants and all(row["registered"] == row["residents"] for row in rows):
            rows[0]["registered"] = int(str(rows[0]["residents"])) + 50
        self.here, self.registered = (sum(int(str(row[name])) for row in rows) for name in ("residents", "registered"))
        return rows

    def village_rows(self) -> list[Row]:
        """Draw villages, some of which nobody lives in."""
        rows: list[Row] = [
            {"village": village, "village_zh": village, "town": town, "kind": self.luck.choice(("village", "community")),
             "weight": 1 if i == 0 else self.luck.choice((0, 0.1, 1, 5)), "latitude": 31, "longitude": 117, **ROW}
            for town, villages in self.villages.items() for i, village in enumerate(villages)
        ]  # fmt: skip
        return [
            *rows,
            {
                "village": "elsewhere",
                "village_zh": "外地",
                "town": "",
                "kind": "elsewhere",
                "weight": 0,
                "latitude": 31,
                "longitude": 121,
                **ROW,
            },
        ]

    def age_rows(self) -> list[Row]:
        """Draw age bands: as the census gives them, by five years, all in one, or at random."""
        kind = self.luck.choice(("census", "five", "one", "any"))
        bands = CENSUS if kind == "census" else ((0, 99),) if kind == "one" else tuple((low, low + 4) for low in range(0, 100, 5))
        if kind == "any":
            cuts = sorted(self.luck.sample(range(1, 100), self.luck.randint(1, 8)))
            bands = tuple(zip([0, *cuts], [cut - 1 for cut in [*cuts, 100]], strict=True))
        weights = [[self.luck.choice((0.0, 1.0, 3.0)) + (i == 0) for i in range(len(bands))] for _ in range(2)]
        return [{"age_from": low, "age_to": high, "share": here[i] / sum(here), "migrant_share": away[i] / sum(away), **ROW}
                for i, (low, high) in enumerate(bands) for here, away in [weights]]  # fmt: skip

    def facility_rows(self) -> list[Row]:
        """Draw facilities: clinics and centres, none here and two there; one to forty hospitals; some closed, some without a ward."""
        rows: list[Row] = []
        for town, villages in self.villages.items():
            for village in villages:
                rows += [self.facility("village_clinic", town, village) for _ in range(self.luck.choice((0, 1, 1, 1, 2)))]
            centre = self.luck.choice(("township", "community_centre"))
            rows += [self.facility(centre, town, self.luck.choice(villages)) for _ in range(self.luck.choice((0, 1, 1, 1, 2)))]
            rows += [self.facility("private_clinic", town, villages[0]) for _ in range(self.luck.choice((0, 0, 1, 4)))]
        for _ in range(self.luck.choice((1, 1, 2, 4, 9, 40))):
            rows.append(self.facility(self.luck.choice(HOSPITALS), self.towns[0], self.villages[self.towns[0]][0]))
        for kind in self.luck.choice(((), ("municipal_hospital",), ("municipal_hospital", "provincial_hospital"))):
            rows.append(self.facility(kind, "", "city"))
        if self.migrants and self.luck.random() < 0.8:
            rows += [self.facility(kind, "", "elsewhere") for kind in ("elsewhere_clinic", "elsewhere_hospital")]
        return rows

    def facility(self, kind: str, town: str, node: str) -> Row:
        """Draw one facility."""
        self.made = getattr(self, "made", 0) + 1
        meant, size = KINDS[kind], self.luck.choice((0, 1, 1, 2, 5, 20))
        (grade, place), owner = self.luck.choice(covered(kind)), self.luck.choice(("public", "private"))
        beds = 0 if meant.tier in ("village", "clinic") else self.luck.choice((0, 1, 10, 50))
        name, treatable = f"f{self.made}", self.luck.choice((0, 20, 80))
        return {"facility": name, "name_en": name.upper(), "name_zh": f"机构{self.made}", "kind": kind, "tier": meant.tier, "grade": grade,
                "place": place, "ownership": owner, "town": town, "node": node, "doctors": size, "beds": beds, "treatable": treatable,
                "level": LEVELS[meant.tier], "latitude": 31, "longitude": 117, **ROW}  # fmt: skip

    def road_rows(self) -> list[Row]:
        """Draw a tree of roads through all nodes, and some more."""
        nodes = [village for villages in self.villages.values() for village in villages] + ["city", "elsewhere"]
        ways = {(self.luck.choice(nodes[:i]), node) for i, node in enumerate(nodes) if i}
        for _ in range(len(nodes) // 3):
            ends = self.luck.sample(nodes, 2)
            if (ends[1], ends[0]) not in ways:
                ways.add((ends[0], ends[1]))
        return [
            {"from": start, "to": end, "minutes": self.luck.choice((0.5, 5, 20, 90, 300)), "source": "drawn"} for start, end in sorted(ways)
        ]

    def department_rows(self) -> list[Row]:
        """Take the shipped departments; sometimes a kind serves a few condition groups only, or one department all."""
        with shipped_tables()["departments.csv"].open(encoding="utf-8", newline="") as file:
            rows: list[Row] = list(csv.DictReader(file))  # type: ignore[arg-type]
        dropped = self.luck.choice(HOSPITALS)
        if self.luck.random() < 0.3:
            mine = [row for row in rows if row["kind"] == dropped]
            for row in mine:
                row["groups"] = ";".join(str(row["groups"]).replace(" ", ";").split(";")[:1])
        return rows

    def condition_rows(self) -> list[Row]:
        """Take the shipped case mix; sometimes other rates, visits, stays, bills and levels."""
        with shipped_tables()["case_mix.csv"].open(encoding="utf-8", newline="") as file:
            rows: list[Row] = list(csv.DictReader(file))  # type: ignore[arg-type]
        for row in rows if self.luck.random() < 0.5 else ():
            row |= {name: self.luck.randint(1, 5) for name in ("outpatient_level", "inpatient_level") if self.luck.random() < 0.1}
            for name in [name for name in row if name.startswith(("per_1000", "stay_days", "cost", "rehab", "township_share"))]:
                if self.luck.random() < 0.2:
                    most = 1.0 if name.startswith(("rehab", "township")) else 1e9
                    least = 0.0 if name.startswith("per_1000") else 0.1
                    row[name] = round(min(max(float(str(row[name])) * self.luck.choice((0, 0.5, 2)), least), most), 4)
        return rows

    def scenario(self) -> str:
        """Write the scenario."""
        tables = {"population": ("towns", "villages", "ages"), "places": ("facilities", "roads", "departments")}
        lines = [
            "name: world",
            "title: {en: World, zh: 世界}",
            f"extends: {self.luck.choice(('lujiang-2018', 'tongling-2018'))}",
            "groups: GONE",
        ]
        lines += ["population:", "  source: assumed", f"  registered: {self.registered}", f"  residents: {self.here}",
                  f"  employees_share: {self.luck.choice((0, 5, 12))} %"]  # fmt: skip
        lines += [f"  {name}: {name}.csv" for name in tables["population"]]
        lines += [
            "illness: {case_mix: case_mix.csv}",
            "places:",
            "  source: assumed",
            "  grades: []",
            *(f"  {name}: {name}.csv" for name in tables["places"]),
        ]
        gone = ", ".join(f"{group}: null" for group in load(lines[2].split()[1]).groups)
        return "\n".join(lines).replace("groups: GONE", f"groups: {{{gone}}}" if gone else "") + "\n"
