"""The command `promise-engine`."""

from __future__ import annotations

import gc
import sys
from importlib.util import find_spec
from io import TextIOWrapper


def main() -> None:
    """Run the command line; say what to install where its libraries are missing."""
    gc.set_threshold(200_000)  # a short process loads much and drops little: it need seldom look for garbage
    missing = [name for name in ("click", "rich") if find_spec(name) is None]
    if missing:
        wanted = " and ".join(missing)
        sys.stderr.write(f'promise-engine: the command line needs {wanted}: pip install "promise-engine[cli]"\n')
        raise SystemExit(1)
    from promise_engine.adapters.cli.app import app  # noqa: PLC0415

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # names of towns must not end a command on a terminal without UTF-8
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="promise-engine")
    finally:
        gc.freeze()  # the process ends: walking all objects once more for garbage takes a fifth of a short command
