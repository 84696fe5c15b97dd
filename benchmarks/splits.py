"""What splits cost on many sites: time of whole answers, and how many sets of sites were looked at, by stock density.

    python benchmarks/splits.py                              # 500 sites, baskets of 20 lines
    python benchmarks/splits.py --weighed                    # with weights, tariffs by weight, and lines of two units
    python benchmarks/splits.py --sites 100 --lines 5 --baskets 40

Every basket is answered twice, the second time is counted: the first one pays for what a process does once. A basket
has a line for each SKU; a site has each SKU as often as the density says. `alone` counts baskets that only single
sites serve, `none` those that nothing serves with three shipments. The times are of whole answers, `order_by` included;
the sets of sites are those looked at for the order's own instant, without the later ones that `order_by` asks about.
With fewer than a hundred baskets p99 is the worst. The network is frozen for the garbage collector, as in a service.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from rich.console import Console
from rich.progress import track
from rich.table import Table

from promise_engine import Engine, Network, StockSnapshot

DENSITIES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9)
DEPARTMENTS = (1, 2, 3, 6, 13, 14, 21, 25, 31, 33, 35, 38, 44, 51, 54, 57, 59, 67, 68, 69, 75, 76, 80, 87)
WINDOW = {"days": "week", "windows": [{"hours": "08:00-18:00"}]}
PLACED_AT = "2026-11-23T10:00:00+01:00"


def network(sites: int, seed: int) -> dict[str, Any]:
    """Sites over France with different cut-offs, ranks and costs; three services of one to three days."""
    draw = Random(seed)
    ids = [f"s{number:04}" for number in range(sites)]
    return {
        "valid_from": "2026-11-01",
        "valid_until": "2026-12-31",
        "calendars": [{"id": "week", "hours": {"mon-fri": ["08:00-18:00"]}}],
        "sites": [
            {
                "id": site,
                "address": {"country": "FR", "postal_code": f"{draw.choice(DEPARTMENTS):02}000"},
                "preparation": {"calendar": "week", "order_cut_off": {"daily": f"{draw.randint(10, 17)}:00"}},
                "rank": draw.randint(0, 5),
                "preparation_cost": draw.randint(0, 3),
            }
            for site in ids
        ],
        "carriers": [{"id": "carrier"}],
        "services": [
            {"id": f"v{k}", "carrier": "carrier", "lanes": [{"transit": {"maximum_days": k + 1}}], "delivery": WINDOW}
            for k in range(3)
        ],
        "collections": [
            {"sites": ids[k::2] if k < 2 else ids, "services": [f"v{k}"], "cut_off": "17:30"} for k in range(3)
        ],
        "methods": [{"id": "home", "kind": "home", "services": ["v0", "v1", "v2"], "price": [{"price": "4.90"}]}],
        "channels": [{"id": "web"}],
    }


def weigh(document: dict[str, Any]) -> None:
    """Let each service have a tariff by weight; the shopper's price stays that of the method."""
    bands = ((0, 1_000, 4), (1_000, 5_000, 6), (5_000, 30_000, 9))
    for number, service in enumerate(document["services"]):
        rows = [{"min_grams": low, "max_grams": high, "price": str(price + number)} for low, high, price in bands]
        document.setdefault("tariffs", []).append({"id": f"t{number}", "rows": rows})
        service |= {"tariff": f"t{number}", "limits": {"weight_grams": 30_000}}


def stock(sites: int, lines: int, density: float, draw: Random) -> StockSnapshot:
    """What each site has of each line."""
    held = [
        {"site": f"s{site:04}", "sku": f"L{line:03}", "on_hand": draw.randint(1, 3)}
        for site in range(sites)
        for line in range(lines)
        if draw.random() < density
    ]
    return StockSnapshot.from_document({"as_of": PLACED_AT, "records": held})


def measured(engine: Engine, request: dict[str, Any], snapshot: StockSnapshot) -> tuple[float, int, str]:
    """Seconds of an answer, sets of sites looked at for it, and how the basket is served."""
    engine.promise(request, snapshot)
    start = time.perf_counter()
    answer = engine.promise(request, snapshot)
    lasted = time.perf_counter() - start
    shipments = max((len(option.shipments) for option in answer.options), default=0)
    whole = engine._questions.whole(answer.context.request.model, engine._bind(snapshot))
    tried = sum(front.tried for front in whole.fronts.values())
    bounded = " bounded" if whole.bounded else ""
    return lasted, tried, ("split" if shipments > 1 else "alone" if shipments else "none") + bounded


def main() -> None:
    """Measure each density and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=500, help="sites (default: 500)")
    parser.add_argument("--lines", type=int, default=20, help="lines of a basket (default: 20)")
    parser.add_argument("--baskets", type=int, default=10, help="baskets of each density (default: 10)")
    parser.add_argument("--weighed", action="store_true", help="with weights, tariffs by weight, lines of two units")
    parser.add_argument("--seed", type=int, default=1, help="seed of the network and of the stock (default: 1)")
    options = parser.parse_args()
    console = Console()
    document, draw = network(options.sites, options.seed), Random(options.seed)
    lines: list[dict[str, Any]] = [{"sku": f"L{line:03}", "quantity": 1} for line in range(options.lines)]
    if options.weighed:
        weigh(document)
        for number, line in enumerate(lines):
            line |= {"quantity": 2 - bool(number % 5), "weight_grams": draw.randint(100, 4_000)}
    engine = Engine(Network.model_validate(document))
    gc.freeze()  # as a service does when it has loaded: what stays is not looked through again and again
    request = {
        "lines": lines,
        "destination": {"country": "FR", "postal_code": "75001"},
        "placed_at": PLACED_AT,
        "view": "front",
    }
    table = Table(title=f"{options.sites} sites, {options.lines} lines, {options.baskets} baskets each", box=None)
    for name in ("density", "median ms", "p99 ms", "worst ms", "sets looked at", "most", "served"):
        table.add_column(name, justify="right" if name != "served" else "left")
    for density in track(DENSITIES, "measuring", console=console, transient=True):
        draw = Random(f"{options.seed}/{density}")
        found = [
            measured(engine, request, stock(options.sites, options.lines, density, draw))
            for _ in range(options.baskets)
        ]
        times = sorted(1_000 * lasted for lasted, *_ in found)
        sets = [tried for _, tried, _ in found]
        served = [how for *_, how in found]
        p99 = times[min(len(times) - 1, round(0.99 * (len(times) - 1)))]
        counts = ", ".join(f"{served.count(how)} {how}" for how in sorted(set(served)))
        table.add_row(
            f"{density:.2f}", f"{statistics.median(times):.1f}", f"{p99:.1f}", f"{times[-1]:.1f}",
            f"{statistics.median(sets):.0f}", str(max(sets)), counts,
        )  # fmt: skip
    console.print(table)


if __name__ == "__main__":
    main()
