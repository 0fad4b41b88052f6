"""The folder of an experiment: looked into as data frames and in SQL, handed on as CSV, Stata and to EMA Workbench."""

import csv
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.design.variants import design
from experiments.keeping import export
from experiments.keeping.folder import gather, places, writable
from experiments.keeping.found import experiment_called, folder_called
from experiments.keeping.opened import Opened
from experiments.running.batch import Batch
from results.measuring.definitions import definitions
from results.store.pool import Pool
from sim.language.messages import UserError

COVERAGE = "mechanisms.family_doctor.coverage"
TEXT = f"""name: tiny
title: {{en: Tiny, zh: 很小}}
scenarios: [lujiang-2020]
scale: 0.1 %
seeds: 2
levers:
  {COVERAGE}: {{settings: {{}}}}
  gap: {{settings: {{as now: {{}}, none: {{mechanisms.referral_rules: null}}}}}}
  period.days: [3]
  period.run_in_days: [0]
keep: [daily, claims_sample, claims_people]
outcomes: [visits_per_resident]
""".replace("{settings: {}}", "[20 %, 60 %]")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp("kept")
    (folder / "tiny.yaml").write_text(TEXT, encoding="utf-8")
    batch = Batch(design(folder / "tiny.yaml"), Pool(folder / "pool"))
    batch.run(ThreadPoolExecutor(1), 1)
    gather(batch, folder / "out")
    return Opened(folder / "out")


def test_it_knows_its_name_levers_measures_and_tables(kept: Opened) -> None:
    assert (kept.name, kept.tables) == ("tiny", ("claims_people", "claims_sample", "daily"))
    assert kept.levers == (COVERAGE, "gap", "period.days", "period.run_in_days")
    assert set(kept.measures) <= set(definitions())
    assert "visits" in kept.measures
    assert kept.shown[-1] == "visits_per_resident"


def test_every_column_is_in_the_dictionary_with_both_labels_and_its_direction(kept: Opened) -> None:
    told = {(row["table"], row["column"]): row for row in kept.dictionary}
    assert {column for table, column in told if table == "runs"} == set(kept.schema.names)
    assert all(row["label_en"] and row["label_zh"] for row in told.values())
    assert told["runs", "in_county_admission_share_insured"]["good"] == "up"
    assert told["runs", COVERAGE]["unit"] == "share 0..1"
    assert set(kept.table("daily").columns) - {"run"} == {column for table, column in told if table == "daily"}


def test_the_experiment_as_it_was_run_reads_back_to_the_same_runs(kept: Opened) -> None:
    again = design(kept.folder / "experiment.yaml")
    assert [variant.cells for variant in again.variants()] == [
        variant.cells for variant in design(kept.folder.parent / "tiny.yaml").variants()
    ]
    assert again.said.seeds == (1, 2)
    pool = Pool(kept.folder.parent / "pool")
    assert Batch(again, pool).new == []


def test_a_condition_chooses_runs_and_the_rows_of_their_tables(kept: Opened) -> None:
    some = kept.runs("coverage > 0.4 and gap = 'none'")
    assert (len(some), set(some[COVERAGE])) == (2, {0.6})
    assert list(some.columns) == kept.schema.names
    assert set(kept.table("daily", "coverage > 0.4 and gap = 'none'").run) == set(some.run)
    assert len(kept.table("daily")) == 8 * 3


def test_questions_in_sql_join_tables(kept: Opened) -> None:
    found = kept.sql("select seed, sum(visits_village) as v from daily join runs using (run) group by seed order by seed").to_pandas()
    frame = kept.table("daily").merge(kept.runs(), on="run")
    assert found.v.tolist() == frame.groupby("seed").visits_village.sum().tolist()


def test_what_is_no_condition_or_no_table_is_told(kept: Opened) -> None:
    with pytest.raises(UserError, match=r"'nothing = 1' is no condition on the table of runs \(Binder Error"):
        kept.runs("nothing = 1")
    with pytest.raises(UserError, match=r"did you mean 'daily'"):
        kept.table("dayly")


def test_a_table_that_is_cut_off_is_told(kept: Opened, tmp_path: Path) -> None:
    (tmp_path / "runs.parquet").write_bytes((kept.folder / "runs.parquet").read_bytes()[:900])
    with pytest.raises(UserError, match=r"runs.parquet: the table cannot be read"):
        Opened(tmp_path)


def test_csv_has_its_dictionary_beside_it(kept: Opened, tmp_path: Path) -> None:
    file, beside = export.to_csv(kept, "daily", kept.arrow("daily"), tmp_path / "days.csv")
    assert pd.read_csv(file).shape == kept.table("daily").shape
    with beside.open(encoding="utf-8-sig", newline="") as lines:
        assert [row["column"] for row in csv.DictReader(lines)] == list(kept.table("daily").columns)
    with pytest.raises(UserError, match="cannot be written"):
        export.to_csv(kept, "daily", kept.arrow("daily"), tmp_path / "nowhere" / "days.csv")


def test_csv_of_coded_words_has_its_codebook_too(kept: Opened, tmp_path: Path) -> None:
    _, _, book = export.to_csv(kept, "claims_people", kept.arrow("claims_people"), tmp_path / "people.csv")
    with book.open(encoding="utf-8-sig", newline="") as lines:
        told = {(row["column"], row["value"]): row["label_zh"] for row in csv.DictReader(lines)}
    assert told["scheme", "here_residents"] == "城乡居民医保"
    assert ("facility", "lujiang_people") not in told
    assert {row["column"] for row in kept.codebook if row["table"] == "claims_sample"} > {"facility", "condition", "setting"}


@pytest.mark.parametrize("name", ["runs", "daily", "claims_sample", "claims_people"])
def test_stata_reads_what_is_written_for_it(kept: Opened, tmp_path: Path, name: str) -> None:
    (file,) = export.to_stata(kept, name, kept.arrow(name), tmp_path / "x.dta", "zh")
    read = pd.read_stata(file)
    short = export.stata_names(list(kept.arrow(name).column_names))
    assert list(read.columns) == list(short.values())
    assert len(set(read.columns)) == len(short)
    assert all(len(column) <= 32 and column.isidentifier() for column in read.columns)
    if name == "runs":
        assert np.allclose(read["visits_per_resident"], kept.runs().visits_per_resident)
        with pd.read_stata(file, iterator=True) as told:
            assert told.variable_labels()["visits_per_resident"] == next(
                row["label_zh"] for row in kept.dictionary if row["column"] == "visits_per_resident"
            )


def test_ema_workbench_loads_what_is_written_for_it(kept: Opened, tmp_path: Path) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import load_results

    (file,) = export.to_ema(kept, kept.runs(), tmp_path / "x.tar.gz")
    with tarfile.open(file) as archive:
        assert "metadata.json" in archive.getnames()
    experiments, outcomes = load_results(str(file))
    assert len(experiments) == 8
    assert np.allclose(experiments[COVERAGE], kept.runs()[COVERAGE])
    assert list(experiments["policy"]) == [0, 0, 1, 1, 2, 2, 3, 3]
    assert np.allclose(outcomes["visits_per_resident"], kept.runs().visits_per_resident)


def test_folders_and_files_are_found_by_name_and_by_path(kept: Opened, tmp_path: Path) -> None:
    assert folder_called(str(kept.folder)) == kept.folder
    assert experiment_called(str(kept.folder)) == kept.folder / "experiment.yaml"
    with pytest.raises(UserError, match="there is no experiment 'nix'"):
        folder_called("nix")
    with pytest.raises(UserError, match="there is no experiment file 'nix'"):
        experiment_called("nix")
    assert places("x", tmp_path) == (tmp_path, tmp_path / ".pool")
    assert places("x", None)[0].parts[-3:] == ("results", "experiments", "x")
    assert places("x", None)[1].parts[-3:] == ("results", "experiments", ".pool")


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot hold"):
        writable(tmp_path / "file")
    with pytest.raises(UserError, match="cannot"):
        writable(Path("/proc/nothing"))
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]
