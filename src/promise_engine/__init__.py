"""promise-engine: every delivery option a shop can truly promise, with exact dates.

Start with `Network.load`, `Catalogue.load`, `StockSnapshot.load`, and `Engine(network, catalogue).promise`.
"""

from __future__ import annotations

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
