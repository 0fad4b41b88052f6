"""The commands as calls of Python: do an experiment, open one that was done, compare scenarios; each does what a command does.

Processes are begun anew, so a script calls these below `if __name__ == "__main__":`; a notebook may call them anywhere.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.comparing.compare import Comparison
    from experiments.keeping.opened import Opened


def do(
    experiment: str | Path, out: str | Path | None = None, workers: int | None = None, retry: bool = False, limit: float | None = None
) -> "Opened":
    """Do the runs of an experiment that are not done yet, write its folder, and open it.

    experiment : its file, or the name of one that comes with Tiercare
    out        : folder of the experiment, with a pool of its own; None: results/experiments/NAME
    workers    : runs at a time; None: as many as processors and free memory allow
    retry      : do again what has failed
    limit      : seconds a run may take
    raises     : UserError with all faults
    """
    from experiments.design.variants import design
    from experiments.keeping.folder import gather, places, writable
    from experiments.keeping.found import experiment_called
    from experiments.keeping.opened import Opened
    from experiments.reporting.told import tell
    from experiments.running.batch import Batch
    from experiments.running.executors import here
    from results.store.pool import Pool

    planned = design(experiment_called(str(experiment)))
    folder, kept = places(planned.said.name, None if out is None else Path(out))
    writable(kept)
    batch = Batch(planned, Pool(kept), retry=retry)
    where = here(workers, list(planned.bases.values()), planned.said.scale, limit)
    batch.run(where.executor, where.workers, limit)
    gather(batch, folder)
    tell(batch, folder)
    return Opened(folder)


def opened(experiment: str | Path) -> "Opened":
    """Open the folder of an experiment that was done, by path or by name; raises UserError where there is none."""
    from experiments.keeping.found import folder_called
    from experiments.keeping.opened import Opened

    return Opened(folder_called(str(experiment)))


def compared(
    scenarios: Sequence[str | Path], runs: int = 6, scale: float = 1.0, out: str | Path | None = None, workers: int | None = None
) -> "Comparison":
    """Run scenarios with the same seeds and compare them with the first.

    scenarios : names or paths, two at least
    runs      : of each;  scale : share of the households
    out       : folder with the pool of runs; None: results/experiments/.pool
    raises    : UserError with all faults
    """
    from experiments.comparing.replicated import replicated
    from experiments.keeping.folder import places, writable
    from experiments.running.executors import here

    _, pool = places("compare", None if out is None else Path(out))
    writable(pool)
    words = [str(one) for one in scenarios]
    return replicated(
        "compare", words, runs, scale, pool, lambda design: here(workers, list(design.bases.values()), scale, None)
    ).comparison
