"""Arguments of another type than the one expected: the programmer's fault, told with how to make the right one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from promise_engine import Catalogue, Engine, Network, StockSnapshot, places

from inputs.samples import AS_OF, sample

if TYPE_CHECKING:
    from collections.abc import Callable


NETWORK = "network: expected a Network (Network.load(path) or Network.model_validate(dict)), found dict"
CATALOGUE = "catalogue: expected a Catalogue (Catalogue.load(path) or Catalogue.from_records(rows)), found dict"
STOCK = "stock: expected a StockSnapshot (StockSnapshot.load(path) or StockSnapshot.from_document(dict)), found dict"
PREFIX = "postal_prefix: expected a str (text, such as '01'), found int"
COUNTRY = "country: expected a str (an ISO 3166-1 code, such as 'FR'), found NoneType"
CODE = "postal_code: expected a str (text, such as '01000'), found int"
FRAME = "expected a DataFrame (pandas.DataFrame(rows) or pandas.read_csv(path)), found"
DOCUMENT: Any = sample("stock")
"""No network, no catalogue and no snapshot, but a document."""

STOCK_FRAME = pd.DataFrame({"site": ["lyon"], "sku": ["A"]})


def engine(catalogue: Any = None) -> Engine:
    """The sample network."""
    return Engine(Network.model_validate(sample("network")), catalogue)


CALLS: dict[str, tuple[Callable[[Any], object], Any, str]] = {
    "a network": (Engine, DOCUMENT, NETWORK),
    "a catalogue": (engine, DOCUMENT, CATALOGUE),
    "stock": (lambda stock: engine().promise(sample("request"), stock), DOCUMENT, STOCK),
    "stock of a batch": (lambda stock: engine().promise_many([], stock), DOCUMENT, STOCK),
    "a frame of stock": (lambda frame: StockSnapshot.from_frame(frame, as_of=AS_OF), DOCUMENT, f"stock: {FRAME} dict"),
    "no frame of stock": (lambda frame: StockSnapshot.from_frame(frame, as_of=AS_OF), None, f"stock: {FRAME} NoneType"),
    "a frame of receipts": (
        lambda frame: StockSnapshot.from_frame(STOCK_FRAME, frame, as_of=AS_OF),
        STOCK_FRAME["site"],
        f"receipts: {FRAME} Series",
    ),
    "a frame of items": (Catalogue.from_frame, [], f"frame: {FRAME} list"),
    "a postal code": (lambda code: places.normalise("FR", code), 1000, CODE),
    "a code to locate": (lambda code: places.locate("FR", code), 1000, CODE),
    "a prefix": (lambda start: places.normalise_prefix("FR", start), 1, PREFIX),
    "a country": (lambda country: places.normalise(country, "01000"), None, COUNTRY),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_wrong_type_is_a_type_error(name: str) -> None:
    """It says the argument, what was expected, how to make one, and what was found."""
    call, wrong, words = CALLS[name]
    with pytest.raises(TypeError, match=f"^{re.escape(words)}$"):
        call(wrong)


def test_the_right_types_pass() -> None:
    """With and without a catalogue."""
    stock = StockSnapshot.from_document(sample("stock"))
    assert engine().promise_many([], stock) == []
    assert engine(Catalogue.from_document(sample("catalogue"))).promise_many([], stock) == []
