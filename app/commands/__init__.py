"""The commands of `tiercare`, listed by hand in the order the help prints them.

To add one: a module here with `COMMAND`, its words in `app/messages.yaml` (cli.NAME, cli.NAME.examples), and its line below.
"""

from app.commands import (
    batch,
    bench,
    check,
    compare,
    explain,
    layout_diff,
    layout_judge,
    layout_propose,
    layout_site,
    offers,
    run,
    runs,
    scenarios,
    schema,
    sensitivity,
    sources,
    trace,
    verify,
)
from app.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    run.COMMAND,
    trace.COMMAND,
    scenarios.COMMAND,
    check.COMMAND,
    explain.COMMAND,
    sources.COMMAND,
    offers.COMMAND,
    schema.COMMAND,
    verify.COMMAND,
    compare.COMMAND,
    batch.COMMAND,
    runs.COMMAND,
    sensitivity.COMMAND,
    layout_propose.COMMAND,
    layout_judge.COMMAND,
    layout_site.COMMAND,
    layout_diff.COMMAND,
    bench.COMMAND,
)

__all__ = ["COMMANDS", "Command"]
