"""Compile kernels with a cache that can never be stale.

Numba keys its cache by the file of a function alone, so a change in a helper imported from another file goes unnoticed.
Here the cache folder is named by a hash of the files that hold kernels, of all they import, and of the versions that compile them:
a changed kernel means a new folder, an edit elsewhere costs nothing, and nobody has to remember to clear anything.
"""

import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np
from llvmlite import ir
from numba import literal_unroll, types
from numba.core import cgutils
from numba.experimental import structref
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

SIM = Path(__file__).parents[1]

__all__ = ["cache_folder", "fetch", "inlined", "literal_unroll", "njit", "record", "spliced"]


def _imported(source: str) -> set[str]:
    """Name the modules of `sim` that a source imports when it runs: lines that begin with `from sim` or `import sim`."""
    lines = re.findall(r"^from (sim[\w.]*) import (\([^)]*\)|.*)|^import (sim[\w.]*)", source, re.MULTILINE)
    return {name for module, names, whole in lines for name in (module, whole, *(f"{module}.{word}" for word in re.findall(r"\w+", names)))}


def kernel_sources() -> list[Path]:
    """List the files that hold kernels, and all of `sim` that these import: what decides the compiled code."""
    sources = {".".join(path.relative_to(SIM.parent).with_suffix("").parts): path for path in SIM.rglob("*.py")}
    texts = {name: path.read_text(encoding="utf-8") for name, path in sources.items()}
    wanted = {name for name, text in texts.items() if re.search(r"^@(njit|inlined)", text, re.MULTILINE)}
    while more := {name for known in wanted for name in _imported(texts[known]) & sources.keys()} - wanted:
        wanted |= more
    return sorted(sources[name] for name in wanted)


def _fingerprint() -> str:
    """Hash the sources of the kernels and the versions of what compiles them."""
    text = hashlib.sha256(f"{sys.version_info[:2]} {numba.__version__} {llvmlite.__version__} {np.__version__}".encode())
    for path in kernel_sources():
        text.update(path.read_bytes())
    return text.hexdigest()[:16]


@cache
def cache_folder() -> Path | None:
    """Say where compiled code is kept: beside the sources, in the user's cache, among temporary files; None where none can be written."""
    if "NUMBA_CACHE_DIR" in os.environ:
        return Path(os.environ["NUMBA_CACHE_DIR"])
    return next((root / "kernels" / _fingerprint() for root in (*_lasting(), _temporary()) if _can_hold(root)), None)


def lasts() -> bool:
    """Say whether compiled code is kept where the next run finds it for sure."""
    folder = cache_folder()
    return folder is not None and _temporary() not in folder.parents


def _lasting() -> Iterator[Path]:
    """Name the places to keep compiled code in, the best first."""
    yield SIM.parent / ".cache"
    with suppress(RuntimeError):  # a user without a home
        yield Path.home() / ".cache" / "tiercare"


def _temporary() -> Path:
    """Name a folder of this user's own among the temporary files."""
    return Path(tempfile.gettempdir()) / f"tiercare-{os.getuid() if hasattr(os, 'getuid') else 'user'}"


def _can_hold(folder: Path) -> bool:
    """Say whether files can be written below a folder, which is made for its user alone where it is missing."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid() or folder != _temporary()
    except OSError:
        return False


if "NUMBA_CACHE_DIR" not in os.environ and cache_folder() is not None:
    numba.config.CACHE_DIR = str(cache_folder())

KEPT = cache_folder() is not None
"""Whether compiled code is kept at all."""


def njit(function: Callable[..., Any]) -> Any:
    """Compile a kernel without Python objects, and keep the result for the next process."""
    return numba.njit(cache=KEPT, error_model="numpy", no_cfunc_wrapper=True)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a small helper once; the compiler of the kernels that call it takes it in."""
    return numba.njit(error_model="numpy", no_cfunc_wrapper=True, no_cpython_wrapper=True)(function)


def spliced(function: Callable[..., Any]) -> Any:
    """Write a part of a kernel into each kernel that calls it, before anything is compiled: it is compiled with them and never alone."""
    return numba.njit(inline="always", cache=KEPT, error_model="numpy", no_cfunc_wrapper=True)(function)


def record(module: str, name: str, fields: Sequence[str]) -> Any:
    """Make a class of records whose fields kernels read, and which cost next to nothing to hand to a kernel, whatever they hold.

    module, name : where the class will stand: `Here = record(__name__, "Here", ...)`
    returns      : the class; `Here.of(*values)` makes one, which holds the very arrays it was given
    """
    kind = structref.register(type(f"{name}Type", (types.StructRef,), {"__module__": module, "__qualname__": f"{name}.Type"}))
    known: Any = type(name, (structref.StructRefProxy,), {"__module__": module, "Type": kind, "FIELDS": tuple(fields)})
    structref.define_proxy(known, kind, list(fields))

    def of(*values):  # type: ignore[no-untyped-def]
        return known(*values)

    known.of = staticmethod(njit(of))
    return known


def _fetch(_typing: Any, column: Any, row: Any) -> Any:
    """Ask memory for a row of a column that is wanted soon, and go on without waiting for it; changes nothing else."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array = make_array(signature.args[0])(context, builder, given[0])
        (stride,) = cgutils.unpack_tuple(builder, array.strides, 1)
        at = builder.mul(stride, context.cast(builder, given[1], signature.args[1], types.intp))
        place, flag = cgutils.pointer_add(builder, array.data, at, cgutils.voidptr_t), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, flag, flag, flag])
        builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0"), [place, flag(0), flag(3), flag(1)])
        return context.get_dummy_value()

    return types.void(column, row), code


fetch: Any = intrinsic(_fetch)
"""`fetch(column, row)` in a kernel asks memory for a row that is wanted soon."""
