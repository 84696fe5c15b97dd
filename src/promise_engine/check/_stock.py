"""What a snapshot names that the network or the catalogue lacks, and commitments that nothing looks at."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from promise_engine.errors import Fault, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promise_engine.inputs.catalogue import Catalogue
    from promise_engine.inputs.network import Network
    from promise_engine.inputs.snapshot import StockSnapshot
    from promise_engine.inputs.stock_columns import StockColumns

_UNUSED = "what the snapshot holds of it is never used"
_RESERVED = "what is reserved for it is kept from all of them"
_NAMED = 5
"""So many unknown names are told one by one; of more, their number and the first."""


def stock_warnings(
    network: Network, stock: StockSnapshot, catalogue: Catalogue | None = None, *, file: str = ""
) -> list[Fault]:
    """Sites, channels, pools, services, places and SKUs that a snapshot names and the other inputs lack.

    So are dated commitments that nothing looks at. A snapshot may hold more than a network uses, so none of it is an
    error; what is reserved for an unknown channel is kept from every channel.

    Parameters
    ----------
    network, stock, catalogue
        The inputs of an engine; SKUs are compared when there is a catalogue.
    file
        Name of the file that the snapshot came from, for the faults.

    Examples
    --------
    >>> from promise_engine import Network, StockSnapshot
    >>> from promise_engine.testing import minimal_network, minimal_stock
    >>> document = minimal_stock()
    >>> document["records"][0]["site"] = "lion"
    >>> for fault in stock_warnings(Network.model_validate(minimal_network()), StockSnapshot.from_document(document)):
    ...     print(fault)
    records: found 'lion' (1 time), expected one of the network's sites: what the snapshot holds of it is never used
    """
    columns = stock.columns
    faults: list[Fault] = []
    for path, kind, names in _names(columns):
        known = {thing.id for thing in getattr(network, kind)}
        words = f"one of the network's {kind.replace('_', ' ')}: {_RESERVED if kind == 'channels' else _UNUSED}"
        faults += _unknown(path, Counter(names), known, words, file)
    faults += _not_looked_at(network, columns, file)
    if catalogue is not None:
        skus = {item.sku for item in catalogue.items}
        held = Counter(dict(zip(columns.skus, np.diff(columns.sku_ptr).tolist(), strict=True)))
        held.update(row.sku for row in columns.pool_reservations)
        faults += _unknown("records", held, skus, f"a SKU of the catalogue: {_UNUSED}", file)
    return sorted(faults)


def _names(columns: StockColumns) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Where a snapshot names objects of a network, of which kind, and their names."""
    yield "records", "sites", (columns.sites[site] for site in columns.site_idx.tolist())
    reserved = columns.reservation_channel[columns.reservation_channel >= 0]
    yield "records.reservations", "channels", (columns.channels[channel] for channel in reserved.tolist())
    yield "pool_reservations", "channels", (row.channel for row in columns.pool_reservations if row.channel)
    yield "slots_taken", "sites", (site for site, _ in columns.slots_taken)
    yield "pools_taken", "collection_pools", (pool for pool, *_ in columns.pools_taken)
    yield "windows_taken", "services", (service for service, *_ in columns.windows_taken)
    yield "places_taken", "pickup_points", (place for place, _ in columns.places_taken)


def _not_looked_at(network: Network, columns: StockColumns, file: str) -> Iterator[Fault]:
    """Dated commitments of a network that does not look ahead; those before the snapshot are reservations."""
    later = int((columns.commitment_at >= columns.as_of).sum())
    if later and network.settings.look_ahead == "none":
        words = "`look_ahead: floor` or `accumulate` in the settings: without, commitments to come are never used"
        yield Fault(file, "records.commitments", f"{later} to come", words, "look_ahead_none", Severity.WARNING)


def _unknown(path: str, names: Counter[str], known: set[str], expected: str, file: str) -> Iterator[Fault]:
    unknown = sorted(names.keys() - known)
    for name in unknown[:_NAMED]:
        often = f"{names[name]} time{'s' if names[name] != 1 else ''}"
        yield Fault(file, path, f"{name!r} ({often})", expected, "unknown_id", Severity.WARNING)
    if len(unknown) > _NAMED:
        yield Fault(file, path, f"{len(unknown) - _NAMED} more such names", expected, "unknown_id", Severity.WARNING)
