"""Do tasks in several processes. Luck belongs to people, so neither the order of the tasks nor their number at a time changes a byte."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TypeVar

Result = TypeVar("Result")
Task = Callable[[], Result]
"""Something to do, of a module's own functions and their arguments (functools.partial), so that another process can do it."""
AT_ONCE = 2
"""Processes unless told otherwise; never more than the machine has processors."""


def processes(wanted: int = AT_ONCE) -> int:
    """Say how many processes there may be."""
    return max(1, min(wanted, os.cpu_count() or 1))


def done(tasks: Sequence[Task[Result]], workers: int, told: Callable[[int], object]) -> list[Result]:
    """Do every task; returns the results in the order of the tasks.

    workers : processes; 1 does them here, one after the other
    told    : called with the number of tasks done, whenever one is
    """
    found: dict[int, Result] = {}
    for row, result in _each(tasks, min(workers, len(tasks))):
        found[row] = result
        told(len(found))
    return [found[row] for row in range(len(tasks))]


def _each(tasks: Sequence[Task[Result]], workers: int) -> Iterator[tuple[int, Result]]:
    """Do the tasks and give each result with the number of its task as soon as it is there."""
    if workers <= 1:
        yield from ((row, task()) for row, task in enumerate(tasks))
        return
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_stay_with_the_one_who_asked)
    before = set(multiprocessing.active_children())
    try:
        with _deaf():
            rows: dict[Future[Result], int] = {pool.submit(task): row for row, task in enumerate(tasks)}
        for future in as_completed(rows):
            yield rows[future], future.result()
    except BaseException:
        for child in set(multiprocessing.active_children()) - before:
            child.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _stay_with_the_one_who_asked() -> None:
    """End this process when the one that began it has ended, however that came about."""
    asker = multiprocessing.parent_process()
    if asker is not None:
        threading.Thread(target=lambda: (asker.join(), os._exit(1)), daemon=True).start()


@contextmanager
def _deaf() -> Iterator[None]:
    """Let processes begun here never hear Ctrl-C: whoever began them hears it, and ends them without a word."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)
