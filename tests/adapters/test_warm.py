"""The command `warm`: which kernels it compiles."""

from __future__ import annotations

import json
import os
import subprocess
import sys

RECORDED = """
import json
from promise_engine._kernels import _jit

declared, called = set(), set()

def entry(function):
    declared.add(function.__name__)
    def recorded(*args):
        called.add(function.__name__)
        return function(*args)
    return recorded

_jit.entry = entry
from promise_engine.adapters.cli.warm import _promise_everything
_promise_everything()
print(json.dumps([sorted(declared), sorted(called)]))
"""
"""Which functions Python may call as kernels, and which of them the requests of `warm` call; nothing is compiled."""


def test_every_kernel_that_python_calls_is_warmed() -> None:
    """The requests of `warm` between them call every entry, so that no later command compiles one."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    run = subprocess.run([sys.executable, "-c", RECORDED], env=environment, capture_output=True, text=True, check=True)
    declared, called = json.loads(run.stdout)
    assert "stretch_end" in declared
    assert declared == called
