"""How the dates of an answer came about: its rows read aloud."""

from __future__ import annotations
