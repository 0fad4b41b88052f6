"""Processes: an executor over processes of one's own, each known by name, so that one that dies or hangs costs its own run and no other.

`concurrent.futures.ProcessPoolExecutor` gives up all that is under way when one of its processes is killed; this one replaces the process
and says whose task it was. Luck belongs to people, so neither the order of tasks nor their number at a time changes a byte.
"""

import math
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from types import TracebackType
from typing import Any, TypeVar

from experiments.running.machine import cores

Result = TypeVar("Result")
Task = Callable[[], Result]
"""Something to do, of a module's own functions and their arguments (functools.partial), so that another process can do it."""
SPAWN = multiprocessing.get_context("spawn")
BEGUN = "begun"
"""What a process says when it has read its task and begins it."""


class WorkerLostError(RuntimeError):
    """A process ended before its task did, killed from outside or for want of memory."""

    def __init__(self, exit_code: int | None, begun: bool) -> None:
        super().__init__(f"the process ended before its run did (exit code {exit_code})")
        self.exit_code, self.begun = exit_code, begun
        """`begun`: whether the task had begun, or the process had not even started."""


class TimedOutError(RuntimeError):
    """A task took longer than it may; its process was ended."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not done within {seconds:g} s; its process was ended")


@dataclass
class _Worker:
    """One process, the pipe to it, and what it is doing."""

    process: BaseProcess
    pipe: Connection
    future: Future[Any] | None = None
    since: float = field(default_factory=lambda: math.inf)
    """When its task began."""


class Processes(Executor):
    """So many processes, begun when there is work; see the module."""

    def __init__(self, workers: int, limit: float | None = None) -> None:
        """Begin; no process is started yet.

        limit : seconds a task may take; None: as long as it likes
        """
        self._most, self._limit = workers, limit
        self._held: list[tuple[Future[Any], Any]] = []
        self._workers: list[_Worker] = []
        self._closing = self._killed = False
        self._ear, self._mouth = SPAWN.Pipe(duplex=False)
        self._lock = threading.Lock()
        self._manager = threading.Thread(target=self._manage, daemon=True)
        self._manager.start()

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Have something done; the future raises WorkerLostError or TimedOutError where its process came to an end."""
        future: Future[Result] = Future()
        with self._lock:
            if self._closing:
                raise RuntimeError("these processes take no more tasks")
            self._held.append((future, (fn, args, kwargs)))
        self._wake()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks, and end the processes when all are done."""
        with self._lock:
            self._closing = True
            if cancel_futures:
                for future, _ in self._held:
                    future.cancel()
                self._held.clear()
        self._wake()
        if wait:
            self._manager.join()

    def kill(self) -> None:
        """End all processes at once, whatever they are doing."""
        self._killed = True
        self.shutdown(cancel_futures=True)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self.shutdown()
        else:
            self.kill()

    def _wake(self) -> None:
        """Let the manager look again."""
        with suppress(OSError, ValueError):
            self._mouth.send_bytes(b"x")

    def _manage(self) -> None:
        """Hand out tasks and take back results until nothing is left to do."""
        try:
            while not self._killed:
                self._hand_out()
                busy = [worker for worker in self._workers if worker.future is not None]
                with self._lock:
                    if self._closing and not busy and not self._held:
                        break
                ready = wait([self._ear, *(worker.pipe for worker in busy)], self._patience(busy))
                if self._ear in ready:
                    self._ear.recv_bytes()
                for worker in busy:
                    if worker.pipe in ready:
                        self._hear(worker)
                    elif self._limit is not None and monotonic() - worker.since > self._limit:
                        self._end(worker, TimedOutError(self._limit))
        finally:
            self._leave()

    def _patience(self, busy: Sequence[_Worker]) -> float | None:
        """Say how long to wait for anything to happen."""
        first = min((worker.since for worker in busy), default=math.inf)
        return None if self._limit is None or first == math.inf else max(first + self._limit - monotonic(), 0.05)

    def _hand_out(self) -> None:
        """Give every free process a task, and start processes while there are tasks for them."""
        while True:
            with self._lock:
                if not self._held:
                    return
                free = next((worker for worker in self._workers if worker.future is None), None)
                if free is None and len(self._workers) >= self._most:
                    return
                future, task = self._held.pop(0)
            if not future.set_running_or_notify_cancel():
                continue
            worker = free or self._start()
            worker.future, worker.since = future, math.inf
            try:
                worker.pipe.send(task)
            except OSError:
                self._end(worker, WorkerLostError(worker.process.exitcode, begun=False))
            except Exception as error:  # a task that cannot be pickled
                worker.future = None
                future.set_exception(error)

    def _start(self) -> _Worker:
        """Start a process."""
        ours, theirs = SPAWN.Pipe()
        process = SPAWN.Process(target=_serve, args=(theirs,), daemon=True)
        _deaf_to_ctrl_c()
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _hear(self, worker: _Worker) -> None:
        """Take what a process says: that it begins, its result, or nothing because it is gone."""
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(5)
            self._end(worker, WorkerLostError(worker.process.exitcode, begun=worker.since < math.inf))
            return
        if said == BEGUN:
            worker.since = monotonic()
            return
        future, worker.future, worker.since = worker.future, None, math.inf
        done, result = said
        if future is not None and done:
            future.set_result(result)
        elif future is not None:
            future.set_exception(result)

    def _end(self, worker: _Worker, why: Exception) -> None:
        """Let a process go, and its task fail."""
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        if worker.future is not None:
            worker.future.set_exception(why)

    def _leave(self) -> None:
        """Let all processes go, and whoever still waits for a task know."""
        with self._lock:
            self._closing, left = True, [*self._held]
            self._held.clear()
        for future, _ in left:
            future.cancel()
        for worker in self._workers:
            if self._killed:
                worker.process.kill()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join()
            if worker.future is not None:
                worker.future.set_exception(WorkerLostError(worker.process.exitcode, begun=True))
        self._workers.clear()


def _deaf_to_ctrl_c() -> None:
    """Have this thread never hear Ctrl-C, nor any process it starts from its first moment: whoever began them all ends them.

    Python's tracker of shared resources opens the ears of the thread that starts it, and the first process would: it is started before.
    """
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _serve(pipe: Connection) -> None:
    """Do tasks until nobody asks any more; what a process does."""
    _stay_with_the_one_who_asked()
    while True:
        try:
            fn, args, kwargs = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(BEGUN)
        try:
            said = True, fn(*args, **kwargs)
        except Exception as error:
            said = False, error
        _send(pipe, said)


def _send(pipe: Connection, said: tuple[bool, Any]) -> None:
    """Send a result; where it cannot be pickled, say so."""
    try:
        pipe.send(said)
    except (EOFError, BrokenPipeError):
        return
    except Exception as error:
        pipe.send((False, RuntimeError(f"{said[1]!r} cannot be handed over: {error}")))


def _stay_with_the_one_who_asked() -> None:
    """End this process when the one that began it has ended, however that came about."""
    asker = multiprocessing.parent_process()
    if asker is not None:
        threading.Thread(target=lambda: (asker.join(), os._exit(1)), daemon=True).start()


def processes(wanted: int | None = None) -> int:
    """Say how many processes there may be: as many as the machine has processors for us, or fewer where fewer are wanted."""
    return max(1, min(wanted or cores(), cores()))


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
    with Processes(workers) as pool:
        rows = {pool.submit(task): row for row, task in enumerate(tasks)}
        for future in as_completed(rows):
            yield rows[future], future.result()
