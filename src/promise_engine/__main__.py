"""`python -m promise_engine`, where no script is installed."""

from __future__ import annotations

from promise_engine.adapters.cli import main

if __name__ == "__main__":
    main()
