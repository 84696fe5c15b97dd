"""What can be proved wrong, or doubtful, about the inputs before the first order: `check_network`, `stock_warnings`."""

from __future__ import annotations

from promise_engine.check._check import check_network, network_warnings
from promise_engine.check._stock import stock_warnings

__all__ = ["check_network", "network_warnings", "stock_warnings"]
