"""Cost, price and emissions of one candidate, in integers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine import _columns as col
from promise_engine._kernels._jit import kernel
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from promise_engine._arrays import I64, NetworkTables, Targets, Tasks

_MILLION = 1_000_000


@kernel
def write_money(net: NetworkTables, tasks: Tasks, parcels: int, row: I64) -> None:
    """Itemised cost and shopper price, in minor units."""
    task, site = row[col.TASK], row[col.SITE]
    surcharge = tasks.surcharge[task]
    for i in range(tasks.dated_ptr[task], tasks.dated_ptr[task + 1]):
        day = net.collections.day[row[col.COLLECTION + tasks.dated_leg[i]]]
        if tasks.dated_first_day[i] <= day <= tasks.dated_last_day[i]:
            surcharge += tasks.dated_amount[i]
    row[col.PARCELS] = parcels
    row[col.TRANSPORT], row[col.SURCHARGE] = tasks.transport[task], surcharge
    row[col.PREPARATION] = tasks.preparation[site]
    row[col.PACKAGING] = tasks.packaging[site] * parcels
    row[col.TRANSFER] = tasks.transfer[task]
    row[col.COST] = row[col.TRANSPORT] + surcharge + row[col.PREPARATION] + row[col.PACKAGING] + row[col.TRANSFER]
    price = tasks.price[task]
    if price < 0:
        tariff = tasks.transport[task] + surcharge
        percent = tasks.price_percent[task]
        margin = tariff // _MILLION * percent + (tariff % _MILLION * percent + _MILLION // 2) // _MILLION
        price = max(0, tariff + margin + tasks.price_amount[task])
    row[col.PRICE] = price + tasks.service_price[0]


@kernel
def co2e_grams(net: NetworkTables, targets: Targets, way: int, site: int, target: int, mass_grams: int) -> int:
    """Mass x distance x intensity over the legs, half up to the gram; NEVER when something is unknown."""
    if net.ways.leg_ptr[way] == net.ways.leg_ptr[way + 1]:
        return 0
    if mass_grams < 0:
        return NEVER
    micrograms, rest, origin = 0, 0, site
    for leg in range(net.ways.leg_ptr[way], net.ways.leg_ptr[way + 1]):
        service, stop = net.ways.leg_service[leg], net.ways.leg_stop[leg]
        metres = targets.metres[target, origin]
        if stop >= 0:
            metres = net.sites.stop_metres[net.sites.stop_row[stop], origin]
        intensity = net.services.intensity_milli[service]
        if metres < 0 or intensity < 0:
            return NEVER
        travelled = mass_grams * ((metres * net.services.detour_milli[service] + 500) // 1_000)
        micrograms += travelled // _MILLION * intensity
        rest += travelled % _MILLION * intensity
        if stop >= 0:
            origin = stop
    micrograms += rest // _MILLION
    return (micrograms + _MILLION // 2) // _MILLION
