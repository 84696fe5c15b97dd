"""The command `promise-engine`."""

from __future__ import annotations

import sys
from importlib.util import find_spec


def main() -> None:
    """Run the command line; say what to install where its libraries are missing."""
    missing = [name for name in ("click", "rich") if find_spec(name) is None]
    if missing:
        wanted = " and ".join(missing)
        sys.stderr.write(f'promise-engine: the command line needs {wanted}: pip install "promise-engine[cli]"\n')
        raise SystemExit(1)
    from promise_engine.adapters.cli.app import app  # noqa: PLC0415

    app(prog_name="promise-engine")
