"""Share out the doctors and beds of each kind of facility among its departments as the baseline's workload asks.

Each round runs the scenario, adds up the visits and bed days each department was asked for (those still waiting included) over all
facilities of a kind, and makes the shares proportional to them; the table of departments is rewritten.

    python -m calibration.departments lujiang-2018
"""

import csv
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.running.one import lived
from sim.county import County
from sim.loading import load
from sim.place.departments import Departments

ROUNDS, SCALE, DAYS, LEAST = 3, 0.25, 90, 0.02
SOURCE = "assumed: shares follow the visits and bed days asked of it in the fitted baseline (calibration/departments.py)"


def asked(
    county: County, departments: Departments, work: NDArray[np.float64], waiting: NDArray[np.float64]
) -> dict[tuple[str, str], float]:
    """Add up work by (kind, department); work and waiting: (facilities, groups) and (stations,)."""
    house = county.place.facilities
    found: dict[tuple[str, str], float] = {}
    for station, owner in enumerate(departments.owner):
        key = house.kind[owner], departments.names[station].split(".")[1]
        found[key] = found.get(key, 0.0) + float(work[owner, departments.station[owner] == station].sum() + waiting[station])
    return found


def workload(name: str, seed: int) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    """Run the scenario and read doctors' work and bed days by (kind, department)."""
    county = lived(load(name, [f"period.days={DAYS}"]), seed, SCALE)
    out, inn = county.outpatients, county.inpatients
    visits = out.counts.flows.sum(axis=0).astype(float)
    days = inn.counts.flows.sum(axis=(0, 1)) * inn.beds.stay.T
    line = inn.lines.waiting * 8.0
    return asked(county, out.departments, visits, np.zeros(len(out.departments.names))), asked(county, inn.departments, days, line)


def main() -> None:
    """Rewrite the table of departments of the scenario named on the command line."""
    name = sys.argv[1]
    path = load(name).places.departments
    for seed in range(1, ROUNDS + 1):
        doctors, beds = workload(name, seed)
        rows = list(csv.DictReader(path.open(encoding="utf8")))
        for column, work in (("doctor_share", doctors), ("bed_share", beds)):
            for kind in sorted({row["kind"] for row in rows}):
                share_out([row for row in rows if row["kind"] == kind], column, work)
        write(path, rows)


def share_out(rows: list[dict[str, str]], column: str, work: dict[tuple[str, str], float]) -> None:
    """Write shares in proportion to work into the rows of one kind; nobody has less than LEAST."""
    have = [row for row in rows if column == "doctor_share" or row["ward"] == "true"]
    load_of = np.array([work.get((row["kind"], row["department"]), 0.0) for row in have])
    if not load_of.sum():
        return
    shares = np.maximum(load_of / load_of.sum(), LEAST)
    parts = np.round(shares / shares.sum(), 3)
    parts[np.argmax(parts)] += round(1.0 - parts.sum(), 3)
    for row, part in zip(have, parts, strict=True):
        row[column] = f"{part:.3f}"
        row["source"] = SOURCE


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """Write the table."""
    with path.open("w", encoding="utf8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
