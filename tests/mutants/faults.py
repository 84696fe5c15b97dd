"""Deliberate faults, one at a time in the kernels and the compiler, each of which the comparison with the twin must catch."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """One edit of one file of the package; `old` stands there exactly once."""

    file: str
    old: str
    new: str
    why: str


_WORKING = "_kernels/working_time.py"
_CLOCK = "_kernels/clock.py"
_PREPARATION = "_kernels/preparation.py"
_LEAD_TIME = "_kernels/lead_time.py"
_DELIVERY = "_kernels/delivery.py"
_PROMISE = "_kernels/promise.py"
_STOCK = "_kernels/atp.py"
_MONEY = "_kernels/money.py"
_PARCELS = "_kernels/parcels.py"
_ORDER_BY = "_kernels/order_by.py"
_RANKING = "_kernels/ranking.py"
_CHANGES = "_kernels/changes.py"
_HOW_LONG = "changes.py"
_CALENDARS = "_compile/calendars.py"
_COLLECTIONS = "_compile/collections.py"
_SLOTS = "_compile/preparation.py"
_CARRIER = "_compile/carrier.py"
_ZONES = "_compile/zones.py"
_RULES = "_compile/stock_rules.py"
_REQUEST = "_compile/demand.py"
_TIMES = "_compile/working_time.py"
_SPLITS = "split_search.py"
_SPLIT_OPTION = "split_option.py"
_SENDING = "sending.py"
_SHIPMENTS = "shipments.py"
_STANDING = "standing.py"
_LINES = "_compile/lines.py"
_WHO = "_compile/rules.py"
_FORBIDDING = "_compile/forbidding.py"
_TASKS = "_compile/tasks.py"
_PART_TABLES = "_compile/part_tables.py"
_PARTS = "_kernels/parts.py"

FAULTS: tuple[Fault, ...] = (
    Fault(_WORKING, "    if seconds == 0:\n        return instant\n", "", "no work waits for the next opening"),
    Fault(_WORKING, "working.open_at[middle] >= target:", "working.open_at[middle] > target:", "work ending at closing is ready at the next opening"),
    Fault(_WORKING, "max(day + 1, 0)] + count - 1", "max(day + 1, 0)] + count", "working days are counted one too far"),
    Fault(_WORKING, "if opened == rounded:", "if opened >= rounded:", "a rounded instant may lie outside opening hours"),
    Fault(_CLOCK, "if step_seconds <= 1:", "if step_seconds <= 900:", "nothing is rounded up to a quarter of an hour"),
    Fault(_PREPARATION, "variants.cut_at[middle] > tested", "variants.cut_at[middle] >= tested", "an order at the cut-off is in time"),
    Fault(_PREPARATION, "accepted if net.variants.tests_acceptance[variant] else times[PLACED]", "times[PLACED]", "the cut-off never tests acceptance"),
    Fault(_PREPARATION, "work -= max(0, plans.capacity[slot] - taken.slot_committed[slot])", "work -= plans.capacity[slot] - taken.slot_committed[slot]", "an overbooked slot takes from the others"),
    Fault(_PREPARATION, "target = taken.slot_room_before[first + site] + work", "target = taken.slot_room_before[first + site] + work + 1", "work needs more room than it is"),
    Fault(_PREPARATION, "if capacity - committed >= work:", "if capacity >= work:", "what is committed does not count for whole work"),
    Fault(_PREPARATION, "committed == 0 and 0 < capacity < work", "0 < capacity < work", "work over the slot takes one that is not empty"),
    Fault(_PREPARATION, "if plans.capacity[slot] >= work:", "if plans.capacity[slot] > work:", "another reason for work as large as a slot"),
    Fault(_PREPARATION, "amounts[2] * basket.work[2]", "amounts[2] * basket.work[1]", "handling by unit counts lines"),
    Fault(_PREPARATION, "net.working.zone_idx[calendar], times[RELEASED])", "net.working.zone_idx[calendar], times[STARTED])", "day 0 is never the date of the release"),
    Fault(_PREPARATION, "return max(ready, times[STARTED])", "return ready", "ready before the start"),
    Fault(_PREPARATION, "earliest = max(earliest, net.plans.start_at[times[SLOT]])", "earliest = max(earliest, 0)", "work starts before its slot"),
    Fault(_LEAD_TIME, "services.overlay_first_day[i] <= day <=", "services.overlay_first_day[i] < day <=", "an overlay begins a day late"),
    Fault(_LEAD_TIME, "transit_day(net, calendar, day, services.lane_high[lane] + added)", "transit_day(net, calendar, day, amount + added)", "the early end has its own overlay on arrival"),
    Fault(_LEAD_TIME, "reached = net.working.closing_at[calendar, day]", "reached = net.working.opening_at[calendar, day]", "a parcel reaches a stop at its opening"),
    Fault(_LEAD_TIME, "stack[depth, 3] = -1, leaves, reached, stop", "stack[depth, 3] = -1, reached, reached, stop", "no turnaround at stops"),
    Fault(_LEAD_TIME, "return instant + trip[MARGIN_SECONDS]", "return instant", "no safety margin in minutes"),
    Fault(_DELIVERY, "first = max(first, next_opening_after_day(net, calendar, opening_day))", "pass", "no collection cut-off at stores"),
    Fault(_DELIVERY, "opening_day = open_day_of(net.working, calendar, first)", "opening_day = day_of(net, zone_idx, ready)", "the cut-off of a store is that of the local date"),
    Fault(_DELIVERY, "base = max(found[col.DELIVER_FROM], at_time(net, places.zone_idx[place], day, places.available_seconds[place]))", "base = at_time(net, places.zone_idx[place], day, places.available_seconds[place])", "collected at a point before the parcel is there"),
    Fault(_DELIVERY, "begins = max(start, effective)", "begins = start", "delivered from before the parcel is there"),
    Fault(_DELIVERY, "deliveries.length_seconds[delivery] > end:", "deliveries.length_seconds[delivery] > end + 86_400:", "a window that follows the arrival passes the end of its hours"),
    Fault(_DELIVERY, "taken.place_room[room, day] < trip[PARCELS]", "taken.place_room[room, day] < -99", "pickup points are never full"),
    Fault(_DELIVERY, "if trip[MAY_WAIT] == 0 and day != arrival_day:", "if trip[MAY_WAIT] == 0 and day > arrival_day + 1:", "a parcel may wait a day where it may not"),
    Fault(_LEAD_TIME, "instant = max(at_time(net, zone_idx, day, 0), departure)", "instant = at_time(net, zone_idx, day, 0)", "arrived before the last departure"),
    Fault(_LEAD_TIME, "return notification < 0 or add_working", "return notification >= -1 or add_working", "notification is not looked at"),
    Fault(_LEAD_TIME, "return (mine > other) if last else (mine < other)", "return mine < other", "the first collection where the last is wanted"),
    Fault(_LEAD_TIME, "taken.pool_room[room] < trip[PARCELS]", "taken.pool_room[room] < 1", "one free place in a pool takes any shipment"),
    Fault(_LEAD_TIME, "if found[col.PROMISED] != best[col.PROMISED]:", "if trip[DAY_WANTED] < 0 and found[col.PROMISED] != best[col.PROMISED]:", "a parcel for a slot is held back to a later first collection"),
    Fault(_STOCK, "if channel < 0 and segment < 0:", "if channel < -1:", "reservations for nobody are ours"),
    Fault(_STOCK, "count, debt = 0, max(0, -raw)", "count, debt = 0, 0", "a debt is not paid by receipts"),
    Fault(_STOCK, "if not demand.counts_stock:", "if demand.counts_stock < 0:", "stock counts for channels that do not count it"),
    Fault(_STOCK, "if shared(total, share, step) >= missing:\n            return now", "if shared(total, share, step) > missing:\n            return now", "receipts that just suffice do not"),
    Fault(_STOCK, "left -= demand.pool_withheld[need]", "left -= 0", "what no site holds yet is not withheld"),
    Fault(_STOCK, "max(0, left) - demand.pool_safety[rules]", "max(0, left)", "the pool keeps no safety stock"),
    Fault(_STOCK, "pay_pool_debt(demand, -left,", "pay_pool_debt(demand, 0,", "nobody pays what the pool owes"),
    Fault(_STOCK, "if free[site] < demand.withdraw_below[rules, site]:", "if free[site] <= demand.withdraw_below[rules, site]:", "a site sells nothing at its threshold"),
    Fault(_STOCK, "if demand.in_pool[site]:\n                left", "if demand.in_pool[site] >= 0:\n                left", "hidden sites are in the pool"),
    Fault(_STOCK, "least = min(least, level)", "least = level", "the projection forgets what comes later"),
    Fault(_STOCK, "while due <= j and stock.commitment_at[due] < stock.as_of:", "while due <= j and stock.commitment_at[due] <= stock.as_of:", "a commitment due now is overdue"),
    Fault(_STOCK, "if gain[top] > 0 or top == begin:\n                break\n            top -= 1", "break", "a shortage takes from one surplus only"),
    Fault(_STOCK, "placed_on, days)", "placed_on - 1, days)", "replenishment counts the day of the order"),
    Fault(_STOCK, "min(replenished, stock.wait_without[need, site])", "replenished", "a receipt before the replenishment is not taken"),
    Fault(_STOCK, "return part // step * step", "return part", "shares are not in whole steps"),
    Fault(_STOCK, "if demand.share_supply:", "if demand.share_supply < 0:", "supply to come is not shared"),
    Fault(_STOCK, "share = SHARE_SCALE if demand.site_scope else demand.pool_share[rules]", "share = SHARE_SCALE", "the pool is not shared"),
    Fault(_STOCK, "site] if demand.site_scope else SHARE_SCALE\n    ahead", "site] if demand.site_scope < 0 else SHARE_SCALE\n    ahead", "the stock of a site is not shared"),
    Fault(_RULES, "2 if rule.site else 1 if rule.site_group else 0", "1 if rule.site else 2 if rule.site_group else 0", "a rule for a group beats one for a site"),
    Fault(_WHO, "allocation.segments is None or segment in allocation.segments", "allocation.segments is None or segment is not None", "any segment is admitted"),
    Fault(_REQUEST, 'row.segment in {"", segment}', "row.segment is not None", "a reservation for another segment is ours"),
    Fault(_REQUEST, "((shown_to.channels, channel), (shown_to.segments, segment))", "((shown_to.segments, segment),)", "sites of other channels are in the pool"),
    Fault(_MONEY, "(tariff % _MILLION * percent + _MILLION // 2) // _MILLION", "tariff % _MILLION * percent // _MILLION", "margins are rounded down"),
    Fault(_MONEY, "tasks.packaging[site] * parcels", "tasks.packaging[site]", "packaging is paid once"),
    Fault(_MONEY, "net.services.detour_milli[service] + 500) // 1_000", "net.services.detour_milli[service]) // 1_000", "distances are rounded down"),
    Fault(_PARCELS, "(volume + divisor - 1) // divisor", "volume // divisor", "volumetric weight is rounded down"),
    Fault(_PARCELS, "longest + 2 * (a + b + c - longest)", "2 * (a + b + c) - longest - min(a, b, c)", "girth forgets a side"),
    Fault(_RANKING, "if criteria[j, c] > criteria[i, c]:", "if criteria[j, c] >= criteria[i, c]:", "only what is worse on everything is dominated"),
    Fault(_PROMISE, "return min(start, latest)", "return latest", "no ranges"),
    Fault(_PROMISE, "trip[tr.READY], trip[tr.MAY_WAIT] = 0, times[prep.READY_LOW], 1", "trip[tr.READY], trip[tr.MAY_WAIT] = 0, times[prep.READY_HIGH], 1", "the early end is handled at the maximum"),
    Fault(_ORDER_BY, "same_choice or (by_way[row[col.METHOD]] and tasks.way_idx[task] != row[col.WAY])", "same_choice", "`order_by` counts services the shopper did not choose"),
    Fault(_ORDER_BY, "until, moved = kept, True", "until, moved = kept, False", "`order_by` looks at the plans once"),
    Fault(_CALENDARS, "key=lambda e: -e.length", "key=lambda e: e.length", "of two exceptions the longer wins"),
    Fault(_CALENDARS, "if day in self._closed:", "if day in self._closed and day not in self._opened:", "an opening beats a closure"),
    Fault(_CALENDARS, "if day in self._holidays:", "if day in self._holidays and day not in self._changed:", "changed hours open a holiday"),
    Fault(_CALENDARS, "if day not in source.except_for}", "if day}", "no holiday is an ordinary day"),
    Fault(_TIMES, "at + max(pair) for", "at + min(pair) for", "times that occur twice, or not at all, are read the other way"),
    Fault(_TIMES, "np.maximum(start[1:], reached[:-1])", "start[1:]", "hours of two dates that overlap count twice"),
    Fault(_COLLECTIONS, "zone.instants(numbers + cut_off.days, cut_off.seconds)", "zone.instants(numbers, cut_off.seconds)", "no cut-off the evening before"),
    Fault(_COLLECTIONS, "(dispatched & collected)", "collected", "vans come on days without dispatch"),
    Fault(_CALENDARS, "max(start, self.position(last) + 1)", "max(start, self.position(last))", "ranges of dates end a day early"),
    Fault(_SLOTS, "rules.times.get(weekday, rules.daily)", "rules.daily", "cut-offs by weekday are not looked at"),
    Fault(_SLOTS, "np.maximum(written, opening_at[days])", "written", "slots are not clipped to the opening"),
    Fault(_CARRIER, "holidays & ~worked", "holidays", "worked holidays are holidays"),
    Fault(_CARRIER, "key=lambda exception: exception.length", "key=lambda exception: -exception.length", "of two window exceptions the longer wins"),
    Fault(_CARRIER, "2 * (lane.origins is not None)", "0 * (lane.origins is not None)", "a lane that names the origin is like any other"),
    Fault(_ZONES, "return (7, length)", "return (7, -length)", "the shortest prefix wins"),
    Fault(_ZONES, "and not excluded.holds(spot)", "and excluded is not None", "nothing is excluded from a zone"),
    Fault(_CHANGES, "event = min(limit, next_horizon(net, zone_idx, placed_at))", "event = limit", "the horizon never moves on"),
    Fault(_CHANGES, "other = other or not shows_the_same(before, after, has, by_load)", "other = other", "only another choice is a change"),
    Fault(_CHANGES, "if choice_of(net, targets, trip[tr.WAY], site, trip[tr.TARGET]) == 0:", "if site < 0:", "collections of the early end do not count as events"),
    Fault(_CHANGES, "range(TIGHT_HIGH if by_slot else SLOT)", "range(SLOT)", "another slot is no event"),
    Fault(_HOW_LONG, "request.valid_for - _MOMENT", "request.valid_for", "the answer is for a second too many"),
    Fault(_HOW_LONG, "    return kept\n\n\ndef _choices_promised", "    return later\n\n\ndef _choices_promised", "what begins later is offered"),
    Fault(_HOW_LONG, "    limit = limit if rates is None else min(limit, instant(", "    limit = limit if rates is None else max(limit, instant(", "exchange rates begin unseen"),
    Fault("sourcing.py", "offers.earliest_alone(choice) > offers.earliest(choice)", "offers.earliest_alone(choice) == NEVER", "no split is earlier than a single site"),
    Fault("split_limits.py", "method.max_shipments if worth else 1", "method.max_shipments", "baskets of any value are split"),
    Fault(_SPLITS, "[] if any(self.by(part, day) for part in parts) else self.by(chosen, day)", "self.by(chosen, day)", "more sites take part than are needed"),
    Fault(_SPLITS, "sorted(zip(days, by_rank, strict=True), key=itemgetter(0))", "list(zip(days, by_rank, strict=True))", "a line goes to the first site by rank, however late"),
    Fault(_SPLITS, "key=lambda source: (self._ranks[source], source))\n        able: Able", "key=lambda source: source)\n        able: Able", "a line goes to any of the earliest sites"),
    Fault(_SPLIT_OPTION, "        and not ((alone[:, _BESIDE_ALONE] <= option.row[_BESIDE_ALONE]).all(axis=1)).any()\n", "", "splits stay beside single sites that are as good"),
    Fault(_SPLITS, "return settled or self._given_from(list(able.items()), sent, units, day)", "return settled", "lines that do not fit together go nowhere else"),
    Fault(_SPLITS, "shipments[:, col.PARCELS].sum() > self.limits.parcels", "shipments[:, col.PARCELS].max() > self.limits.parcels", "the most parcels are counted by shipment"),
    Fault(_SPLITS, "shipments[:, col.COLLECT_UNTIL].min() <= shipments[:, col.COLLECT_FROM].max()", "shipments[:, col.COLLECT_UNTIL].min() < shipments[:, col.COLLECT_FROM].max()", "the first parcel may go when the last comes"),
    Fault(_SPLITS, "return self._shipments.have_room(shipments)", "return True", "shipments of a split have room each, not together"),
    Fault(_SPLIT_OPTION, "row[col.COLLECT_UNTIL] = rows[:, col.COLLECT_UNTIL].min()", "row[col.COLLECT_UNTIL] = rows[:, col.COLLECT_UNTIL].max()", "a split is kept as long as its last parcel"),
    Fault("_kernels/covers.py", "if site > count - (size - depth) or", "if site >= count - (size - depth) or", "the last site never takes part in a split"),
    Fault("_kernels/covers.py", "useful[:] = 1\n            return True\n        depth += 1", "return True\n        depth += 1", "more shipments than are needed for the lines are never tried"),
    Fault(_SPLIT_OPTION, "rows[:, _SUMMED].sum(axis=0)", "rows[:, _SUMMED].max(axis=0)", "a split costs what its dearest shipment does"),
    Fault(_SPLIT_OPTION, "min(rows[:, col.EARLIEST_FROM].max(), row[start])", "min(rows[:, col.EARLIEST_FROM].min(), row[start])", "the early end of a split is that of its first shipment"),
    Fault(_SPLIT_OPTION, "_CRITERIA = [col.PROMISED, col.PRICE, col.SHIPMENTS, ", "_CRITERIA = [col.PROMISED, col.PRICE, ", "more shipments for the same day are as good"),
    Fault(_SPLIT_OPTION, "(tariff * int(tables.price_percent[task]) + _MILLION // 2) // _MILLION", "tariff * int(tables.price_percent[task]) // _MILLION", "the margin on tariffs is rounded down"),
    Fault("parts.py", 'request.policy, abstaining="promised")', "request.policy)", "a shipment goes by the fastest service, not by the policy's first that keeps the day"),
    Fault("parts.py", "window_room[row[col.WINDOW]]), day, 1)", "window_room[row[col.WINDOW]]), day, 0)", "windows take any number of shipments of a split"),
    Fault("parts.py", "room_idx[leg]), 0, parcels)", "room_idx[leg]), 0, 0)", "collection pools take any number of parcels of a split"),
    Fault("offers.py", "if choice[1] >= 0 or not self.shipments.to_area}", "if choice[1] >= -1}", "baskets to an area are split"),
    Fault(_STANDING, "end, is_last = max(end, until.until), is_last or until.is_last", "is_last = until.is_last", "a split stands for no second"),
    Fault(_STANDING, "return min(limit, self._unmoved[key])", "return limit", "a split stands while its shipments could be had"),
    Fault(_LINES, "Goods(part.sku, thousandths(quantity * part.quantity)", "Goods(part.sku, thousandths(part.quantity)", "any number of kits takes the stock of one"),
    Fault(_LINES, "units * _units(part.quantity, kept), kept)", "units, kept)", "each component of a kit is one unit"),
    Fault(_LINES, "if self.item.components and not self.item.tags and self.item.category is None:", "if self.item.components:", "tags of a kit do not hide those of its components"),
    Fault(_LINES, "if self.item is not None and self.item.preparation_work is not None:", "if self.item is not None and self.item.preparation_work is not None and not self.item.components:", "a kit is the work of its components, whatever it says"),
    Fault(_LINES, "if weight is None and dimensions is None:", "if item.components:", "a kit is never a piece of its own"),
    Fault(_LINES, "totals[line.sku] = totals.get(line.sku, 0) + line.quantity", "totals[line.sku] = line.quantity", "the least and greatest quantity are of the last line of a SKU"),
    Fault(_FORBIDDING, 'if service.offered_by != "site"}', 'if service.offered_by == "both"}', "carriers need not offer what only they can"),
    Fault(_FORBIDDING, "of_site.issubset(site.line_services)", "not of_site.isdisjoint(site.line_services)", "a site that offers one service offers all"),
    Fault("_compile/request.py", 'times = line.units if service.price_per == "unit" else 1', "times = line.units", "every service is paid for each unit"),
    Fault(_TASKS, "costs.unit * units + parts.service_cost[0]", "costs.unit * units", "services cost the retailer nothing"),
    Fault(_MONEY, "row[col.PRICE] = price + tasks.service_price", "row[col.PRICE] = price", "services are free"),
    Fault(_SPLIT_OPTION, "tables.price[task] + tables.service_price[0])", "tables.price[task])", "services of splits are free"),
    Fault(_PREPARATION, "+ basket.service_seconds", "", "services take no time"),
    Fault(_STOCK, "max(0, pooled - demand.pool_taken[need])", "pooled", "shipments do not share what the pool leaves"),
    Fault(_SENDING, "key=lambda site: (ranks[by_site[site][0].source], site)", "key=lambda site: site", "shipments take from the pool by id alone"),
    Fault(_SENDING, "if not sharing and len(by_site) == len(sent):", "if len(by_site) == len(sent):", "each shipment has the pool for itself"),
    Fault(_SPLITS, "self._most, self._most_tried = MOST_TRIED", "self._most, self._most_tried = 1", "of the placements of lines that share a SKU only the first is priced"),
    Fault(_COLLECTIONS, "self._groups.append(_without_needless_pools(np.unique(pickups, axis=0)))", "self._groups.append(np.unique(pickups, axis=0))", "a parcel takes the last place of a pool that it does not need"),
    Fault("_compile/lines.py", "values[position] += value_of([line])", "values[position] += 0", "the value of lines does not count"),
    Fault("partial.py", "return min(serving)[1] if serving else (), False", "return serving[0][1] if serving else (), False", "of parts worth the same the first is served, however late"),
    Fault("partial.py", "return bool(met) and met.isdisjoint(_WITH_MORE_LINES)", "return bool(met)", "what a line lacks alone it lacks beside others"),
    Fault("partial.py", "key=lambda kept: (*(-amount for amount in self._total(kept)), kept)", "key=lambda kept: kept", "parts come in the order of their lines"),
    Fault("leaving.py", "ahead.stock[need.sku, site] += exposed", "ahead.stock[need.sku, site] += 0", "groups before take no stock"),
    Fault("leaving.py", "supply[need.sku, site] += need.quantity - exposed", "supply[need.sku, site] += 0", "groups before take nothing of what comes"),
    Fault("leaving.py", "committed[slot] += used", "committed[slot] += 0", "groups before take no work that is split over slots"),
    Fault("leaving.py", "[room, day] -= count", "[room, day] -= 0", "groups before take no room in collections"),
    Fault("leaving.py", "ahead.pool[need.sku] += exposed", "ahead.pool[need.sku] += need.quantity", "what comes is taken from the pool, too"),
    Fault("leaving.py", "                ahead.supply[need.sku, site] += need.quantity\n", "", "groups before never take what comes to later ones"),
    Fault("groups.py", '"basket_value": value,', '"basket_value": order.basket_value,', "a group has the value of its own lines"),
    Fault(_HOW_LONG, "if at_first is None and not gains", "if not gains", "what groups before take in the first second does not count"),
    Fault(_HOW_LONG, "        watched[alone[:, col.TASK], alone[:, col.SITE]] = EVERYTHING\n", "", "what hides a first option is not watched"),
    Fault(_HOW_LONG, "    yield from _of_splits(section)\n", "", "splits that a first option may be are not watched"),
    Fault("groups.py", "if line.ships and line.group != group.id:", "if line.ships:", "the most of an order counts the lines of a group twice"),
    Fault("ordering.py", "if len(answer.groups) > 1:", "if len(answer.groups) > 9:", "what groups before take never changes"),
    Fault("ordering.py", "for left in extremes if", "for left in extremes[1:] if", "an offer outlasts what groups before leave for an earlier one"),
    Fault("ordering.py", "standing = some.rows & (section.rows[:, col.ORDER_BY] >= at)", "standing = some.rows.copy()", "an offer that has ended stands again"),
    Fault("_compile/lines.py", "totals = dict(elsewhere)", "totals = dict[str, int]()", "the most of an order counts each group for itself"),
    Fault("_kernels/atp.py", "demand.step[need]) - ahead))", "demand.step[need])))", "groups have the stock of a site each for itself"),
    Fault("split_units.py", "most = min(missing, int(can[line, source]))", "most = min(missing, 1)", "a site sends one unit of a line that is split"),
    Fault("split_units.py", "        return low\n\n    def sets", "        return np.where(low < self._steps[line], low // 2, low)\n\n    def sets", "a site can half of what it can"),
    Fault("split_search.py", "self._can_be_had(sent, first) else self._otherwise(sent, day)", "self._can_be_had(sent, first) else None", "shipments that cannot go by the first services of each go not at all"),
    Fault("sending.py", "*offers.shipments.rooms(row)), row)", "), row)", "a service with room is not told from one without"),
    Fault("split_search.py", "if any(option.row[col.PROMISED] <= soonest for option in options):", "if options:", "more shipments are not looked at on a day that fewer keep"),
    Fault("sending.py", "        if is_enough:\n", "        if known:\n", "sites take of the pool by their rank, whoever else needs it"),
    Fault("split_units.py", "if most == 0 or keeps(most):", "if most >= 0:", "units that a site sends do not look at what else it sends"),
    Fault("split_units.py", "if not whole[line].any()):", "if line >= 0):", "lines are split that a site has whole"),
    Fault("split_units.py", "[s], ranks[s], s)):", "[s], s)):", "sites send units in the order of their ids"),
    Fault(_SENDING, "[line for line, at in there_at.items() if at <= latest]", "[line for line, at in there_at.items() if at < latest]", "what is there at once is prepared apart"),
    Fault(_SENDING, "[line for line, at in there_at.items() if at <= latest]", "list(there_at)", "a shipment is prepared with what comes later, too"),
    Fault(_SENDING, "[one.part for one in sent])\n        takes", "[one.part for one in sent[:1]])\n        takes", "of a site that sends twice the first shipment alone takes from the pool"),
    Fault("as_available.py", "days.max() - days.min() <= self._ahead.days", "days.max() - days.min() < self._ahead.days", "the last shipment may be a day less late"),
    Fault("as_available.py", "self._worth(part) >= self._ahead.worth", "self._worth(part) > self._ahead.worth", "a shipment that is worth the least is too small"),
    Fault("as_available.py", "if len(split.rows) > len(chosen)]", "if split.rows is not None]", "plans that send nothing ahead are plans of this kind"),
    Fault(_SPLITS, "if len(sent) > self.limits.shipments or shipments[", "if shipments[", "as many shipments as one likes go ahead"),
    Fault(_SPLIT_OPTION, "_BESIDE_ALONE = [col.PROMISED, col.PRICE, col.FIRST_PROMISED]", "_BESIDE_ALONE = [col.PROMISED, col.PRICE]", "a single site puts out what sends some earlier"),
    Fault(_SPLIT_OPTION, "col.SHIPMENTS, col.FIRST_PROMISED]", "col.SHIPMENTS]", "what is sent first is not compared"),
    Fault("views.py", "if price < cheapest or promised < first:", "if price < cheapest:", "a shopper does not see what sends some earlier"),
    Fault("views.py", "col.PRICE, col.FIRST_PROMISED, *window]", "col.PRICE, *window]", "an offer stands though its first shipment comes later"),
    Fault("sourcing.py", 'method.shipping == "as_available" and limits.sites > 1', 'method.shipping == "as_available"', "a small basket is sent in several shipments"),
    Fault("leaving.py", "max(0, at_site - from_stock[need.sku, site])", "at_site", "two shipments of a site take one unit twice"),
    Fault("questions.py", "if shipments.sources.count > 1:", "if shipments.sources.count > 9:", "one shipment holds several ship groups"),
    Fault(_SPLITS, "if self.limits.sites >= size:", "if size > 0:", "a small basket in two ship groups comes from several sites"),
    Fault("_compile/request.py", "prepared = [_some_of(request, i, steps) for i in sorted([*chosen, *along])]", "prepared = list(lines)", "each shipment of a site is prepared alone"),
    Fault("_compile/lines.py", 'line.ship_group or (item and item.ship_group) or ""', '(item and item.ship_group) or line.ship_group or ""', "the ship group of an item beats that of its line"),
    Fault(_PARTS, "parts.unit_cost[site] * units + parts.service_cost[part]", "parts.unit_cost[site] + parts.service_cost[part]", "parts are prepared at the cost of one unit"),
    Fault(_PART_TABLES, "sorted(of_plans.union(", "sorted(set().union(", "parts of any lines take the same work of a plan"),
    Fault(_PART_TABLES, "grams[piece.line] += piece.weight_grams * piece.units", "grams[piece.line] += piece.weight_grams", "in parts one piece of each line weighs"),
    Fault(_STOCK, "max(part.supply_at[site], whole.need_supply_at[need, site])", "whole.need_supply_at[need, site]", "the last SKU tells when all are there"),
    Fault(_STOCK, "if part.reason[site] != _NOT_STOCKED and whole.need", "if whole.need", "the last SKU tells why a site has not all"),
    Fault("_compile/line_tasks.py", "tuple(met), len(kinds)", "tuple(0 for _ in met), len(kinds)", "parts forget restrictions and line services"),
    Fault("sourcing.py", "offers.earliest_alone(choice) > offers.earliest_of_line(rarest, choice)", "offers.earliest_alone(choice) == NEVER", "what a single site promises later is not split"),
    Fault(_STANDING, "return not has_one_window(reached, basket, targets, tables, wanted, day)", "return False", "all windows of a day are taken for one"),
    Fault(_STANDING, "            return max(end, last)\n", "            return end\n", "an option ends with the last single site though splits give the same"),
    Fault("asking_again.py", "if self._order is not None and group is not None:", "if self._order is None and group is not None:", "remedies of a group take what others take as it is"),
    Fault("changes.py", "not gains and not (last > placed_at and _may_have_collided(whole))", "not gains", "splits hold for orders that do not have them yet"),
    Fault("changes.py", "soonest.get(key, NEVER) <= promised for", "key in soonest for", "an answer holds for orders that are promised later"),
    Fault("lasting.py", "        return Lasting(until, fewer.is_last)\n    if may_last(offers, method, latest - 1, most, until):\n        return Lasting(until, is_last=False)\n", "        pass\n", "splits keep an option that an earlier split hides"),
    Fault("_kernels/parts.py", "if shares and since >= 0 and same[0] == since:", "if shares and since >= 0 and same[0] >= 0:", "parts that are there at different times are promised the same"),
    Fault(_LINES, "        and _whole_step(line) % QUANTITY_SCALE == 0\n", "", "one unit of measured goods is cut"),
    Fault("ordering.py", "at = first_taken_change(before, latest + 1)", "at = first_taken_change(before, latest)", "an offer ends though the groups before leave more at that second"),
)  # fmt: skip
