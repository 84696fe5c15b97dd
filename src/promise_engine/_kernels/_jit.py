"""The one decorator of kernels, and a cache that follows the source."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from types import CellType, FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


def _source_digest() -> int:
    """A number that changes with any source file a kernel may import; numba only looks at the entry's own file."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256()
    beside = (package / name for name in ("_arrays.py", "_columns.py", "errors.py", "units.py"))
    for path in sorted([*package.glob("_kernels/*.py"), *beside]):
        digest.update(path.read_bytes())
    return int.from_bytes(digest.digest()[:7], "big")


SOURCE_DIGEST = _source_digest()


def kernel(function: F) -> F:
    """Compile a function that other kernels call."""
    return cast("F", numba.njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(function))


def _closing_over_digest(function: F) -> F:
    """The function with the digest as a closure variable: numba puts those into the key of its disk cache."""
    copy = FunctionType(
        function.__code__.replace(co_freevars=("source_digest",)),
        function.__globals__,
        function.__name__,
        function.__defaults__,
        (CellType(SOURCE_DIGEST),),
    )
    return cast("F", functools.update_wrapper(copy, function))


def entry(function: F) -> F:
    """Compile a function that Python calls, cached on disk where a place can be written."""
    if numba.config.DISABLE_JIT:
        return function
    function = _closing_over_digest(function)
    try:
        return cast("F", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # no writable cache location: compile in this process only
        return cast("F", numba.njit(nogil=True, error_model="numpy")(function))
