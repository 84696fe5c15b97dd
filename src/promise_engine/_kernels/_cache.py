"""The disk cache of kernels: it follows the source, and loads machine code without the compiler around it.

Numba's own cache looks at one source file, loads every implementation the compiler knows before it loads a function,
and keeps beside the machine code a copy for linking into other functions, which Python's entries never are.
"""

from __future__ import annotations

import hashlib
import warnings
from contextlib import suppress
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from llvmlite import binding, ir
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile
from numba.core.runtime import rtsys
from numba.core.sigutils import normalize_signature


def _source_digest() -> str:
    """What changes with any source file a kernel may import."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256()
    beside = (package / name for name in ("_arrays.py", "_columns.py", "errors.py", "units.py"))
    for path in sorted([*package.glob("_kernels/*.py"), *beside]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


SOURCE_DIGEST = _source_digest()


class _MachineCode(CompileResultCacheImpl):
    """What is kept of a compiled entry, with the sources it was made from."""

    def reduce(self, cres: Any) -> Any:
        (name, kind, (machine_code, _)), *rest = super().reduce(cres)
        return SOURCE_DIGEST, ((name, kind, (machine_code, _names_only(cres.fndesc))), *rest)

    def rebuild(self, target_context: Any, payload: Any) -> Any:
        """The entry; nothing when it is of other sources, as where a process ended between index and data."""
        digest, kept = payload
        if digest != SOURCE_DIGEST:
            return None
        compiled = super().rebuild(target_context, kept)
        compiled.library._shared_module = None  # noqa: SLF001 - numba then refuses to link it into another function
        return compiled


def _names_only(fndesc: Any) -> bytes:
    """In place of the copy for linking: the names under which the machine code is found, and nothing behind them."""
    module = ir.Module(name="names")
    for name in (fndesc.llvm_func_name, fndesc.llvm_cpython_wrapper_name, fndesc.llvm_cfunc_wrapper_name):
        ir.GlobalVariable(module, ir.IntType(8), name).initializer = ir.Constant(ir.IntType(8), 0)
    return bytes(binding.parse_assembly(str(module)).as_bitcode())


class KernelCache(FunctionCache):
    """The kernels that Python calls, kept until a source file of any kernel changes.

    Raises
    ------
    RuntimeError
        No folder can be written.
    """

    _impl_class = _MachineCode

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        line = f"-{function.__code__.co_firstlineno}."
        self._cache_file = IndexDataCacheFile(
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base.replace(line, "."),
            source_stamp=SOURCE_DIGEST,
        )

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled entry of a signature; nothing when it is not kept, or what is kept cannot be read."""
        rtsys.initialize(target_context)
        try:
            compiled = self._load_overload(sig, target_context)
        except OSError:
            return None
        except (EOFError, UnpicklingError):
            with suppress(OSError):
                self.flush()
            return None
        wanted, _ = normalize_signature(sig)
        return compiled if compiled is not None and compiled.signature.args == tuple(wanted) else None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled entry; a warning says so when it cannot be written."""
        try:
            super().save_overload(sig, data)
        except OSError as error:
            warnings.warn(f"A kernel is not kept, each process compiles it: {error}", RuntimeWarning, stacklevel=2)
