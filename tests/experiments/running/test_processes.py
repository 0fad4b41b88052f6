"""Tasks give the same, in their order, in one process and in two."""

import math
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from experiments.running import processes


def test_two_processes_give_what_one_gives_in_the_order_of_the_tasks() -> None:
    tasks = [partial(math.sqrt, number) for number in range(7)]
    told: list[int] = []
    assert (
        processes.done(tasks, 2, told.append) == processes.done(tasks, 1, lambda done: None) == [math.sqrt(number) for number in range(7)]
    )
    assert told == [1, 2, 3, 4, 5, 6, 7]


def test_a_task_that_fails_fails_the_whole() -> None:
    with pytest.raises(ValueError, match="math domain error"):
        processes.done([partial(math.sqrt, 4.0), partial(math.sqrt, -1.0)], 2, lambda done: None)


def test_there_are_never_more_processes_than_processors() -> None:
    assert processes.processes(1) == 1
    assert 1 <= processes.processes(10_000) < 10_000


MASKS = """
import signal
from experiments.running.processes import Processes
if __name__ == "__main__":
    with Processes(2) as pool:
        masks = [pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []) for _ in range(2)]
        print(all(signal.SIGINT in mask.result() for mask in masks))
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows has no mask of signals")
def test_no_process_hears_ctrl_c_from_its_first_moment(tmp_path: Path) -> None:
    script = tmp_path / "masks.py"  # in a Python of its own: the first process of all is the one that might hear it
    script.write_text(MASKS)
    environment = {**os.environ, "PYTHONPATH": str(Path(processes.__file__).parents[2])}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "True\n"
