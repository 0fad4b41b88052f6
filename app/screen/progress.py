"""Show how far a long piece of work is, on stderr: a bar on a terminal, a plain line at most every tenth of the way elsewhere."""

import sys
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from sim.language.messages import say

if TYPE_CHECKING:
    from sim.county import Day
    from sim.scenario.people import Period

STEPS = 10
"""Plain lines a phase prints at most."""


class Watcher(Protocol):
    """Whoever shows the progress of work that goes in phases."""

    def phase(self, name: str, steps: int) -> None:
        """Begin a phase of so many steps; 1 where its steps cannot be counted."""

    def at(self, step: int) -> None:
        """Say that so many steps of the phase are done."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


class Bar:
    """A bar with rate and time left, which goes when the work is done."""

    def __init__(self, lang: str, pace: str) -> None:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %  {task.fields[rate]}", markup=False),
        )
        self._bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
        self._pace = _Pace(lang, pace)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def phase(self, name: str, steps: int) -> None:
        """Put a fresh bar in place of the last."""
        for task in self._bar.task_ids:
            self._bar.remove_task(task)
        self._pace.restart(steps)
        self._bar.add_task(name, total=steps if steps > 1 else None, rate="")

    def at(self, step: int) -> None:
        """Move the bar."""
        self._bar.update(self._bar.task_ids[-1], completed=step, rate=self._pace.rate(step))


class Lines:
    """Plain lines for logs and pipes."""

    def __init__(self, lang: str, pace: str) -> None:
        self._pace = _Pace(lang, pace)
        self._name, self._tenth = "", 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave the lines as they are."""

    def phase(self, name: str, steps: int) -> None:
        """Name the phase on a line of its own."""
        self._pace.restart(steps)
        self._name, self._tenth = name, 0
        print(name, file=sys.stderr, flush=True)

    def at(self, step: int) -> None:
        """Print a line when another tenth is done."""
        tenth = STEPS * step // self._pace.steps
        if tenth > self._tenth:
            self._tenth = tenth
            print(
                f"{self._name} {tenth * 100 // STEPS} %  {self._pace.rate(step)}  {self._pace.left(step)}".rstrip(),
                file=sys.stderr,
                flush=True,
            )


class _Pace:
    """How fast the steps of a phase go."""

    def __init__(self, lang: str, pace: str) -> None:
        self.lang, self.pace, self.steps, self.began = lang, pace, 1, monotonic()

    def restart(self, steps: int) -> None:
        """Count from here."""
        self.steps, self.began = max(steps, 1), monotonic()

    def rate(self, step: int) -> str:
        """Say how many days go by in a second, or how many steps are done; nothing where steps are not counted."""
        passed = monotonic() - self.began
        counted = {"days": f"{step / passed:,.0f}", "step": step, "steps": self.steps} if passed > 0 else {}
        return say(self.pace, self.lang, **counted) if self.steps > 1 and counted else ""

    def left(self, step: int) -> str:
        """Say how many seconds the rest will take."""
        seconds = (monotonic() - self.began) * (self.steps - step) / max(step, 1)
        return say("run.left", self.lang, seconds=f"{seconds:.0f}") if 0 < step < self.steps else ""


def watcher(lang: str, pace: str = "run.rate") -> Watcher:
    """Choose how to show progress where stderr goes; `pace` is the message that says how fast it goes, or how far it is."""
    return Bar(lang, pace) if sys.stderr.isatty() else Lines(lang, pace)


class Lived:
    """Shows how far one run is: what begins, then the days of the run-in, then the measured days; entered while it is shown."""

    def __init__(self, shown: Watcher, period: "Period", lang: str) -> None:
        self._shown, self._period, self._lang = shown, period, lang
        self._measured = False

    def __enter__(self) -> Self:
        self._shown.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._shown.__exit__(kind, error, trace)

    def begins(self, stage: str) -> None:
        """Say what begins: compiling, building, living, writing."""
        if stage == "living":
            self._shown.phase(say("run.run_in", self._lang), max(self._period.run_in_days, 1))
        else:
            self._shown.phase(say(f"run.{stage}", self._lang), 1)

    def day(self, day: "Day") -> None:
        """Say which day is lived; days of the run-in carry negative numbers."""
        if day.number >= 0 and not self._measured:
            self._measured = True
            self._shown.phase(say("run.year", self._lang), self._period.days)
        self._shown.at(day.number + 1 + (0 if self._measured else self._period.run_in_days))
