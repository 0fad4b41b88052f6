"""Tasks give the same, in their order, in one process and in two."""

import math
from functools import partial

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
