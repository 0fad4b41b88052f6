"""Commands that only read answer at once: they load neither the compiler nor Mesa, and nothing else that is heavy."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("mesa", "numba", "pandas", "scipy", "pyarrow")
TELL = """
import contextlib, io, sys
from app.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    code = main(sys.argv[1:])
print(code, *(name for name in {heavy} if name in sys.modules))
"""


@pytest.mark.parametrize(
    "words",
    ["scenarios", "check scenarios/lujiang-2020.yaml", "explain lujiang-2020", "sources lujiang-2020", "schema"],
)
def test_a_command_that_only_reads_loads_nothing_heavy(words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TELL.format(heavy=HEAVY), *words.split()], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["0"]
