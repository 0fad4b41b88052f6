"""Make the tables of Tongling's urban group (铜陵市紧密型城市医联体): 22 communities, their centres and stations, hospitals, roads.

Run `python scenarios/making/make_tongling.py` after a change. Of these things the document gives the number of primary institutions and the
people covered; names of communities, places and sizes are assumed, and each row says so.
"""

import csv
import math
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "tongling"
COMMUNITIES = 22
PEOPLE = 199_789
"""76,599 signed / 38.34 %."""
CENTRE = (30.934, 117.815)
KILOMETRES_A_DEGREE = 111.19
COVERED = PEOPLE / (450_949 + 227_493 + 164_233)
"""Share of the people of the three districts (census 2020) whom the group covers; hospitals are taken at this share of their size."""

Row = dict[str, str]


def point(number: int) -> tuple[str, str]:
    """Place a community on a spiral around the city hospital, 0.6 to 5 km away."""
    radius, angle = 0.6 + 4.4 * math.sqrt((number - 1) / (COMMUNITIES - 1)), number * math.pi * (3 - math.sqrt(5))
    north, east = radius * math.cos(angle), radius * math.sin(angle)
    latitude = CENTRE[0] + north / KILOMETRES_A_DEGREE
    longitude = CENTRE[1] + east / KILOMETRES_A_DEGREE / math.cos(math.radians(CENTRE[0]))
    return f"{latitude:.4f}", f"{longitude:.4f}"


def names() -> list[tuple[str, int, tuple[str, str]]]:
    """Name the communities: key, number, place."""
    return [(f"tongguan_{number:02d}", number, point(number)) for number in range(1, COMMUNITIES + 1)]


def towns() -> list[Row]:
    """Share the people out equally among the communities."""
    return [
        {
            "town": name, "town_zh": f"铜官{number:02d}片区(示意)", "group": "municipal", "census_2000": "0",
            "registered": f"{(PEOPLE + number - 1) // COMMUNITIES}", "residents": f"{(PEOPLE + number - 1) // COMMUNITIES}",
            "latitude": place[0], "longitude": place[1],
            "source": "derived: people covered (76,599 / 38.34 %) shared equally among 22 communities; names illustrative",
            "confidence": "low",
        }
        for name, number, place in names()
    ]  # fmt: skip


def villages() -> list[Row]:
    """Give each community one home, and the people who live elsewhere, of whom there are none, theirs."""
    made = [
        {
            "village": f"{name}_homes", "village_zh": f"铜官{number:02d}社区(示意)", "town": name, "kind": "community", "weight": "1",
            "latitude": place[0], "longitude": place[1], "source": "assumed: one home for each community", "confidence": "low",
        }
        for name, number, place in names()
    ]  # fmt: skip
    away = {"village": "elsewhere", "village_zh": "在外地", "town": "", "kind": "elsewhere", "weight": "1"}
    return [*made, away | {"latitude": "31.3", "longitude": "121.0", "source": "assumed: nobody lives there", "confidence": "low"}]


def ages() -> list[Row]:
    """Split the three age groups of the census into the five of the model."""
    source = "2020 census of Tongguan district: 0-14 13.5 %, 15-64 73.7 %, 65 and over 12.8 %; the split within them assumed"
    bands = ((0, 4, "0.043"), (5, 14, "0.092"), (15, 44, "0.410"), (45, 64, "0.327"), (65, 99, "0.128"))
    return [
        {
            "age_from": str(low), "age_to": str(high), "share": share, "migrant_share": share,
            "source": source, "confidence": "medium" if low == 65 else "low",
        }
        for low, high, share in bands
    ]  # fmt: skip


def facility(name: str, words: tuple[str, str, str, str], at: tuple[str, str, str], numbers: tuple[int, int, int, int], source: str) -> Row:
    """Write a facility's row.

    words   : name in English and Chinese, kind, grade;  at : place, town, node
    numbers : doctors, beds, conditions it treats, level
    """
    kind = words[2]
    tiers = {"village_clinic": "village", "private_clinic": "clinic", "township": "township"}
    tier = tiers.get(kind, kind.split("_")[0] if at[0] != "in_county" else "county")
    spot = {key: place for key, _, place in names()}.get(at[1]) or {
        "hefei": ("31.857", "117.285"), "wuhu": ("31.347", "118.369"), "nanjing": ("32.058", "118.780"),
    }.get(at[2], (str(CENTRE[0]), str(CENTRE[1])))  # fmt: skip
    return {
        "facility": name, "name_en": words[0], "name_zh": words[1], "kind": kind, "tier": tier, "grade": words[3], "place": at[0],
        "ownership": "private" if kind == "private_clinic" else "public", "town": at[1], "node": at[2],
        "doctors": str(numbers[0]), "beds": str(numbers[1]), "treatable": str(numbers[2]), "level": str(numbers[3]),
        "latitude": spot[0], "longitude": spot[1], "source": source, "confidence": "low",
    }  # fmt: skip


def primary(name: str, number: int) -> list[Row]:
    """Give a community its centre, its station and a private clinic."""
    en, zh = f"{number} (illustrative)", f"铜官{number:02d}"
    assumed = "assumed: one for each community"
    return [
        facility(
            f"{name}_centre", (f"Community health centre {en}", f"{zh}社区卫生服务中心(示意)", "township", "grade_1"),
            ("in_county", name, name), (12, 10, 80, 2), "document 000: 22 primary institutions; name illustrative, size assumed",
        ),
        facility(
            f"{name}_clinic", (f"Community health station {en}", f"{zh}社区卫生服务站(示意)", "village_clinic", "none"),
            ("in_county", name, f"{name}_homes"), (4, 0, 20, 1), assumed,
        ),
        facility(
            f"{name}_private", (f"Private clinic {en}", f"{zh}诊所(示意)", "private_clinic", "none"),
            ("in_county", name, name), (2, 0, 25, 1), assumed,
        ),
    ]  # fmt: skip


def hospitals() -> list[Row]:
    """Write the city's hospitals, at the share of their size that serves the people covered, and those outside."""
    thinned = "placeholder: size assumed, taken at the share of the three districts' people whom the group covers"
    outside = "placeholder: size assumed; its queues are not simulated"
    seat = ("in_county", "tongguan_01", "tongguan_01")
    return [
        facility(
            "tongling_municipal", ("Tongling Municipal Hospital", "铜陵市立医院", "county_general", "grade_3_municipal"),
            seat, (round(800 * COVERED), round(1500 * COVERED), 600, 4), thinned,
        ),
        facility(
            "tongling_people", ("Tongling People's Hospital", "铜陵市人民医院", "county_general", "grade_3_municipal"),
            seat, (round(500 * COVERED), round(900 * COVERED), 500, 4), thinned,
        ),
        facility(
            "tongling_tcm", ("Tongling Hospital of Chinese Medicine", "铜陵市中医医院", "county_tcm", "grade_2"),
            seat, (round(240 * COVERED), round(450 * COVERED), 300, 3), thinned,
        ),
        facility(
            "hefei_provincial", ("Provincial tertiary hospitals in Hefei", "合肥省属三级医院", "provincial_hospital", "grade_3_provincial"),
            ("in_province", "", "hefei"), (4500, 12000, 1200, 5), outside,
        ),
        facility(
            "wuhu_yijishan", ("Yijishan Hospital in Wuhu", "皖南医学院弋矶山医院", "provincial_hospital", "grade_3_provincial"),
            ("in_province", "", "wuhu"), (1200, 2500, 1000, 5), outside,
        ),
        facility(
            "nanjing_provincial", ("Tertiary hospitals in Nanjing", "南京三级医院", "provincial_hospital", "grade_3_provincial"),
            ("outside", "", "nanjing"), (5000, 13000, 1200, 5), outside,
        ),
    ]  # fmt: skip


def roads() -> list[Row]:
    """Write a star of streets around the city hospital, a ring between neighbours, and the ways to Hefei, Wuhu and Nanjing."""
    ways = [("elsewhere", "tongguan_01", 300, 400.0), ("hefei", "tongguan_01", 130, 150.0), ("nanjing", "tongguan_01", 150, 180.0)]
    ways.append(("tongguan_01", "wuhu", 80, 90.0))
    for name, number, _ in names():
        ways.append((name, f"{name}_homes", 5, 0.6))
        if number > 1:
            ways.append(("tongguan_01", name, round(4 + 16 * number / COMMUNITIES), round(5 * number / COMMUNITIES, 1)))
        if 1 < number < COMMUNITIES:
            ways.append((name, f"tongguan_{number + 1:02d}", 8, 1.5))
    assumed = "assumed: streets of a city at 20 km/h; expressways to the cities around"
    return [
        {"from": one, "to": other, "minutes": str(minutes), "kilometres": str(length), "source": assumed, "confidence": "low"}
        for one, other, minutes, length in ways
    ]


def write(name: str, rows: list[Row], *keys: str) -> None:
    """Write a table sorted by its key, the homes of those who live elsewhere last."""
    last = [row for row in rows if row.get("kind") == "elsewhere"]
    ordered = (
        rows
        if keys == ("age_from",)
        else sorted((row for row in rows if row not in last), key=lambda row: [row[key] for key in keys]) + last
    )
    with (FOLDER / f"tongling_{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)


def main() -> None:
    """Write all tables anew."""
    write("towns", towns(), "town")
    write("villages", villages(), "village")
    write("ages", ages(), "age_from")
    write("facilities", [*hospitals(), *(row for name, number, _ in names() for row in primary(name, number))], "facility")
    write("roads", roads(), "from", "to")


if __name__ == "__main__":
    main()
