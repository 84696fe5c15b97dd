"""What the workload sells: a catalogue, and how many sites hold each SKU."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from promise_engine.benchmarking._names import CATEGORIES, WAREHOUSES
from promise_engine.inputs.catalogue import Catalogue

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_DENSITY, MOST_DENSITY = 0.05, 0.9
_TAGS = {"clearance": 40, "flammable": 80, "lithium": 50, "oversize": 90, "exclusive": 60, "made-to-order": 400}
"""One SKU in so many has the tag."""
_WAREHOUSE_DENSITY = 0.9


class Range(NamedTuple):
    """The SKUs by number: first those that one warehouse alone has, then those in stores too, then the long tail."""

    skus: int

    @property
    def scattered(self) -> range:
        """SKUs that lie in one warehouse and nowhere else: the first in the first, the second in the second ..."""
        return range(self.skus // 50)

    @property
    def ranged(self) -> range:
        """SKUs that stores have as often as the density says."""
        return range(self.skus // 50, self.skus // 50 + self.skus // 10)

    @property
    def tail(self) -> range:
        """All other SKUs, rare in stores."""
        return range(self.ranged.stop, self.skus)

    @property
    def kits(self) -> int:
        """How many kits there are, beside the SKUs."""
        return max(1, self.skus // 500)


def sku_id(number: int) -> str:
    """The SKU of a number.

    Examples
    --------
    >>> sku_id(17)
    'S000017'
    """
    return f"S{number:06}"


def kit_id(number: int) -> str:
    """The SKU of a kit.

    Examples
    --------
    >>> kit_id(3)
    'K0003'
    """
    return f"K{number:04}"


def catalogue_of(seed: int, goods: Range) -> Catalogue:
    """Every SKU with weight and size, and kits of two of those that stores have.

    Examples
    --------
    >>> len(catalogue_of(1, Range(500)))
    501
    """
    draw = Random(f"{seed}/catalogue")
    items = [_item(draw, number) for number in range(goods.skus)]
    return Catalogue.from_records([*items, *(_kit(draw, number, goods) for number in range(goods.kits))])


def _item(draw: Random, number: int) -> dict[str, Any]:
    sides = (draw.randint(100, 500), draw.randint(80, 300), draw.randint(20, 200))
    return {
        "sku": sku_id(number),
        "weight_grams": draw.randint(80, 3_500),
        "dimensions": dict(zip(("length_mm", "width_mm", "height_mm"), sides, strict=True)),
        "category": CATEGORIES[number % len(CATEGORIES)],
        "tags": [tag for tag, one_in in _TAGS.items() if draw.randrange(one_in) == 0],
    }


def _kit(draw: Random, number: int, goods: Range) -> dict[str, Any]:
    first, second = draw.sample(goods.ranged, 2)
    return {"sku": kit_id(number), "components": [{"sku": sku_id(first)}, {"sku": sku_id(second), "quantity": 2}]}


def densities(goods: Range, sites: int, records: int, density: float | None) -> NDArray[np.float32]:
    """The share of the stores that hold each SKU; about so many records over all sites, scattered SKUs included.

    The SKUs of the range have the density given, else from 0.05 to 0.9, most of them little; the tail has the rest.

    Examples
    --------
    >>> densities(Range(1_000), 103, 10_000, 0.5)[[0, 30, 999]].tolist()
    [0.0, 0.5, 0.0265...]
    """
    found = np.zeros(goods.skus, np.float32)
    count = len(goods.ranged)
    mixed = LEAST_DENSITY * (MOST_DENSITY / LEAST_DENSITY) ** (np.arange(count) / max(1, count - 1))
    found[goods.ranged.start : goods.ranged.stop] = mixed if density is None else density
    stores = sites - len(WAREHOUSES)
    in_warehouses = _WAREHOUSE_DENSITY * len(WAREHOUSES) * (goods.skus - len(goods.scattered)) + len(goods.scattered)
    rest = records - in_warehouses - float(found.sum()) * stores
    found[goods.tail.start :] = min(MOST_DENSITY, max(0.0, rest / (stores * max(1, len(goods.tail)))))
    return found


def held(
    draw: np.random.Generator, sites: int, numbers: range, store_density: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Which of the sites, sorted by id, hold each of some SKUs: stores come first, then the warehouses.

    Examples
    --------
    >>> held(np.random.default_rng(1), 5, range(1), np.zeros(1, np.float32)).tolist()
    [[False, False, ...]]
    """
    stores = sites - len(WAREHOUSES)
    likely = np.empty((len(numbers), sites), np.float32)
    likely[:, :stores] = store_density[:, None]
    likely[:, stores:] = _WAREHOUSE_DENSITY
    return draw.random(likely.shape, np.float32) < likely
