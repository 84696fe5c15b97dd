"""What can be proved wrong, or doubtful, about a network before the first order: `check_network`."""

from __future__ import annotations

from promise_engine.check._check import check_network, network_warnings

__all__ = ["check_network", "network_warnings"]
