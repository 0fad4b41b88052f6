"""Try one case: the command runs in this process, in a folder of its own, its output caught, its time and its exit code judged."""

import gc
import io
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from time import perf_counter, process_time
from types import FrameType
from typing import NamedTuple

from app.cli import main
from tests.fuzz.cases import Case

MOST_SECONDS = 5.0
"""Of this process's own work; ten times as much by the clock on the wall, for the machine may be busy."""
MOST_MEMORY = 4_000_000_000
OURS = ("a mistake in this program", "这是程序自身的错误", "the machine could not do it", "系统无法完成", "Traceback (most recent")


class TooLong(BaseException):
    """The case has not ended in time."""


class Outcome(NamedTuple):
    """What became of a case."""

    seed: int
    kind: str
    code: int
    seconds: float
    trouble: str
    """Why the case counts as failed; empty where it does not."""
    out: str
    err: str


def try_(case: Case) -> Outcome:
    """Run one case in a new folder, which is removed."""
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    out, err = io.BytesIO(), io.BytesIO()
    began, worked, code, trouble = perf_counter(), process_time(), -1, ""
    try:
        lay(case, folder)
        with _inside(folder), _caught(out, err), _alarm(MOST_SECONDS * 10):
            began, worked = perf_counter(), process_time()
            code = main(case.words)
    except TooLong:
        trouble = f"does not end: {traceback.format_exc().splitlines()[-3:-1]}"
    except BaseException:
        trouble = f"escaped: {traceback.format_exc()}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if "run" in case.words:
            gc.collect()
    seconds = min(process_time() - worked, perf_counter() - began)
    said = out.getvalue().decode(errors="replace"), err.getvalue().decode(errors="replace")
    return Outcome(case.seed, case.kind, code, seconds, trouble or judged(case, code, seconds, *said), *said)


def judged(case: Case, code: int, seconds: float, out: str, err: str) -> str:
    """Say what is wrong with an outcome: its code, a traceback, a warning, silence, many lines for one fault, or its time."""
    fine = (0, 1, 2) if "verify" in case.words else (0, 2)
    if code not in fine:
        return f"exit code {code}"
    ours = next((word for word in (*OURS, "Warning:") if word in err), None)
    if ours is not None:
        return f"says {ours!r}"
    if code == 2 and not (err.strip() or '"faults"' in out):
        return "refused without a word"
    if any(ord(sign) < 32 and sign != "\n" for sign in err):
        return "control characters in a message"
    if code == 0 and "--json" in case.words and not ({"-h", "--help"} & set(case.words)) and case.words[0] != "words" and not _is_json(out):
        return "no JSON"
    return f"took {seconds:.1f} s" if seconds > MOST_SECONDS else ""


def _is_json(text: str) -> bool:
    """Say whether a text is one JSON object."""
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return text.startswith(("usage", "用法", "Tiercare", "tiercare"))


def lay(case: Case, folder: Path) -> None:
    """Write the files of a case."""
    for name, content in case.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    for name in case.pipes:
        os.mkfifo(folder / name)
    for name, to in case.links.items():
        (folder / name).symlink_to(to)


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Work in a folder for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def _caught(out: io.BytesIO, err: io.BytesIO) -> Iterator[None]:
    """Catch what is printed, as bytes of a terminal in UTF-8; warnings are printed like everything else."""
    streams = [io.TextIOWrapper(raw, encoding="utf-8", write_through=True) for raw in (out, err)]
    with redirect_stdout(streams[0]), redirect_stderr(streams[1]), warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = _shown
        try:
            yield
        finally:
            for stream in streams:
                stream.flush()
                stream.detach()


def _shown(message: Warning | str, category: type[Warning], filename: str, lineno: int, file: object = None, line: object = None) -> None:
    """Print a warning where it is caught."""
    if category.__name__ not in ("DeprecationWarning", "ResourceWarning"):
        print(f"{filename}:{lineno}: Warning: {message}", file=sys.stderr)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Interrupt what does not end."""

    def rung(number: int, frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, rung)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def bound_memory(most: int = MOST_MEMORY) -> None:
    """Let this process take no more memory than `most` bytes."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
