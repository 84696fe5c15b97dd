"""promise-engine: every delivery option a shop can truly promise, with exact dates.

Start with `Network.load`, `Catalogue.load`, `StockSnapshot.load`, and `Engine(network, catalogue).promise`.

Names are imported when first used: numba alone takes longer to import than `promise-engine --help` may.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from promise_engine.answer import Answer
    from promise_engine.availability import Availability, SiteAvailability, SupplyStep, Withheld
    from promise_engine.engine import Engine
    from promise_engine.errors import (
        CatalogueError,
        EvidenceError,
        Fault,
        InputError,
        LimitError,
        MissingExtraError,
        NetworkError,
        PromiseEngineError,
        Reason,
        RequestError,
        Severity,
        Stage,
        StockError,
    )
    from promise_engine.inputs.catalogue import Catalogue
    from promise_engine.inputs.network import Network
    from promise_engine.inputs.snapshot import StockSnapshot
    from promise_engine.models.request import PromiseRequest
    from promise_engine.models.stock import StockDelta
    from promise_engine.options import Cost, Money, Option, Refusal, Shipment
    from promise_engine.remedies import MoreDays, MoreShipments, MoreUnits, OrderBefore, OtherPlace, Remedy, WithoutSku
    from promise_engine.replaying import replay

__all__ = [
    "Answer",
    "Availability",
    "Catalogue",
    "CatalogueError",
    "Cost",
    "Engine",
    "EvidenceError",
    "Fault",
    "InputError",
    "LimitError",
    "MissingExtraError",
    "Money",
    "MoreDays",
    "MoreShipments",
    "MoreUnits",
    "Network",
    "NetworkError",
    "Option",
    "OrderBefore",
    "OtherPlace",
    "PromiseEngineError",
    "PromiseRequest",
    "Reason",
    "Refusal",
    "Remedy",
    "RequestError",
    "Severity",
    "Shipment",
    "SiteAvailability",
    "Stage",
    "StockDelta",
    "StockError",
    "StockSnapshot",
    "SupplyStep",
    "Withheld",
    "WithoutSku",
    "replay",
]

_HOMES = {
    "Answer": "promise_engine.answer",
    "Availability": "promise_engine.availability",
    "Catalogue": "promise_engine.inputs.catalogue",
    "CatalogueError": "promise_engine.errors",
    "Cost": "promise_engine.options",
    "Engine": "promise_engine.engine",
    "EvidenceError": "promise_engine.errors",
    "Fault": "promise_engine.errors",
    "InputError": "promise_engine.errors",
    "LimitError": "promise_engine.errors",
    "MissingExtraError": "promise_engine.errors",
    "Money": "promise_engine.options",
    "MoreDays": "promise_engine.remedies",
    "MoreShipments": "promise_engine.remedies",
    "MoreUnits": "promise_engine.remedies",
    "Network": "promise_engine.inputs.network",
    "NetworkError": "promise_engine.errors",
    "Option": "promise_engine.options",
    "OrderBefore": "promise_engine.remedies",
    "OtherPlace": "promise_engine.remedies",
    "PromiseEngineError": "promise_engine.errors",
    "PromiseRequest": "promise_engine.models.request",
    "Reason": "promise_engine.errors",
    "Refusal": "promise_engine.options",
    "Remedy": "promise_engine.remedies",
    "RequestError": "promise_engine.errors",
    "Severity": "promise_engine.errors",
    "Shipment": "promise_engine.options",
    "SiteAvailability": "promise_engine.availability",
    "Stage": "promise_engine.errors",
    "StockDelta": "promise_engine.models.stock",
    "StockError": "promise_engine.errors",
    "StockSnapshot": "promise_engine.inputs.snapshot",
    "SupplyStep": "promise_engine.availability",
    "Withheld": "promise_engine.availability",
    "WithoutSku": "promise_engine.remedies",
    "replay": "promise_engine.replaying",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    member = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return member


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
