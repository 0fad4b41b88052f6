"""What is told of a batch that was done, beside its tables: the page, and the checklist."""

from pathlib import Path

from experiments.checklist.checklist import checklist
from experiments.checklist.collected import of_batch
from experiments.keeping.folder import REPORT
from experiments.reporting.batch_page import page
from experiments.running.batch import Batch
from results.store.run import CHECKLIST


def tell(batch: Batch, folder: Path, lang: str = "en") -> None:
    """Write page and checklist into the folder of an experiment."""
    (folder / REPORT).write_text(page(batch, lang), encoding="utf-8", newline="\n")
    (folder / CHECKLIST).write_text(checklist(of_batch(batch)), encoding="utf-8", newline="\n")
