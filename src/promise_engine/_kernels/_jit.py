"""The two decorators of kernels."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba

from promise_engine._kernels._cache import KernelCache

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


def kernel(function: F) -> F:
    """Compile a function that other kernels call."""
    return cast("F", numba.njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(function))


def entry(function: F) -> F:
    """Compile a function that only Python calls, cached on disk where a place can be written."""
    if numba.config.DISABLE_JIT:
        return function
    dispatcher = numba.njit(nogil=True, error_model="numpy")(function)
    with suppress(RuntimeError):  # no writable cache location: compile in this process only
        dispatcher._cache = KernelCache(function)  # noqa: SLF001 - what `cache=True` does with numba's own cache
    return cast("F", dispatcher)
