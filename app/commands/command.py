"""What a command is: its name, its words, the options it takes and what it does."""

import argparse
from collections.abc import Callable
from typing import NamedTuple

from app.parser import Parser


class Command(NamedTuple):
    """One command of `tiercare`."""

    name: str
    summary: str
    """Key of the message that says what it does."""
    examples: str
    """Key of the message with examples, printed at the end of its help."""
    options: Callable[[Parser], None]
    """Adds the words and options it takes."""
    act: Callable[[argparse.Namespace, str], int]
    """Runs it with what was read, in a language; returns the exit code."""
