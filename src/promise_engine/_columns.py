"""Columns of one candidate's row: who, when, how much. Kernels write them, options read them."""

from __future__ import annotations

METHOD = 0
TARGET = 1
WAY = 2
SITE = 3
TASK = 4
NOMINATED = 5  # 0, 1 a day, 2 a slot
PROMISED = 6
DAY = 7
WINDOW = 8
DELIVER_FROM = 9
DELIVER_BY = 10
COLLECT_FROM = 11
COLLECT_UNTIL = 12
ARRIVES = 13
EFFECTIVE = 14
COLLECTION = 15  # one column a leg
STOP = 19  # arrival at the end of each leg that is a stop
EARLIEST_FROM = 23
ACCEPTED = 24
RELEASED = 25
STARTED = 26
READY = 27
SLOT = 28
VARIANT = 29
PARCELS = 30
PRICE = 31
TRANSPORT = 32
SURCHARGE = 33
PREPARATION = 34
PACKAGING = 35
TRANSFER = 36
COST = 37
CO2E = 38  # NEVER unknown
DISTANCE = 39  # NEVER unknown
RANK = 40
DEPTH = 41
LOAD_USED = 42  # committed in the last slot used, -1 without a plan
LOAD_CAPACITY = 43
ORDER_BY = 44
TAGS = 45  # bits: earliest, cheapest, greenest, fewest parcels
NAMED_SLOT = 46  # of the nominated window: equal hours and key share one, in their order
SPLIT = 47  # position among the answer's splits, -1 for one shipment
SHIPMENTS = 48
COUNT = 49
