"""Every table that compilation fills and kernels read: names, shapes, units.

Instants (`*_at`) are int64 seconds since 1970-01-01 UTC, `*_seconds` durations, `*_day` day numbers counted from
`first_day` of the period, `*_idx` positions, `*_ptr` CSR offsets, `*_minor` money. -1 stands for "none" in an index,
`units.NEVER` in an instant. Shapes use: Z time zones, D days of the period, W working-time calendars, C day calendars,
S sites, V services, L lanes, E deliveries, G delivery windows, R holiday regions, P preparation variants,
K collection patterns, Q collections, B preparation slots, Y ways, J legs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    I64 = NDArray[np.int64]
    I32 = NDArray[np.int32]
    U8 = NDArray[np.uint8]

MAX_LEGS = 4
MAX_SITES = 4_095
MAX_SERVICES = 4_095
MAX_LINES = 200
MAX_UNITS = 5_000


class Clocks(NamedTuple):
    """Time zones. A wall-clock second (local time read as if it were UTC) switches offset at `change_wall`."""

    change_ptr: I64  # (Z+1,)
    change_at: I64  # (n,) instant of a change of offset
    change_wall: I64  # (n,) wall second from which the new offset holds for fold=0
    offset_after: I64  # (n,) seconds east of UTC from the change on
    offset_first: I64  # (Z,) seconds east of UTC before the first change


class WorkingTimes(NamedTuple):
    """Open intervals of working-time calendars at their places; overlaps cut, so that sums count no second twice."""

    ptr: I64  # (W+1,)
    open_at: I64  # (n,)
    close_at: I64  # (n,)
    before_seconds: I64  # (n,) open seconds of the calendar before this interval
    day: I64  # (n,) the date an interval belongs to
    opening_at: I64  # (W, D) first opening of a date, NEVER when closed
    closing_at: I64  # (W, D) last closing of a date, NEVER when closed
    zone_idx: I64  # (W,)
    days_idx: I64  # (W,) its open dates as a day calendar


class DayCalendars(NamedTuple):
    """Open dates. Calendar 0 is open every day."""

    is_open: U8  # (C, D)
    rank: I32  # (C, D+1) open days before this one
    nth_day: I32  # (C, D) the n-th open day, D when there is none
    next_day: I32  # (C, D+1) first open day not before this one, D when there is none


class Sites(NamedTuple):
    """What a site is, in the order of their ids."""

    zone_idx: I64  # (S,)
    prepares: U8  # (S,) may serve orders
    preparation_idx: I64  # (S,) working-time calendar
    receiving_idx: I64  # (S,) working-time calendar
    opening_idx: I64  # (S,) working-time calendar for shoppers
    collection_variant_idx: I64  # (S,) preparation variant of its own store collection
    collection_cut_off: I64  # (S,) seconds after midnight from which a ready parcel is late, NEVER without cut-off
    collection_step: I64  # (S,) seconds
    hold_days: I64  # (S,)
    margin_seconds: I64  # (S,)
    margin_days: I64  # (S,)
    variant_idx: I64  # (S, V) preparation variant for the first leg's service
    pattern_idx: I64  # (S, V) collection pattern, -1 when the service does not serve the site
    service_zone: I64  # (S, V) the site's zone in the service's zone set, 0 none
    stop_row: I64  # (S,) row of stop_metres, -1 when the site is no stop
    stop_metres: I64  # (n, S) great circle from each site to a stop, -1 unknown


class Variants(NamedTuple):
    """Preparation of a site for some ways: order cut-offs and handling."""

    site_idx: I64  # (P,)
    cut_ptr: I64  # (P+1,) empty without order cut-offs
    cut_at: I64  # (n,) first instant that is too late for the working day
    cut_opening_at: I64  # (n,)
    tests_acceptance: U8  # (P,)
    uses_plan: U8  # (P,)
    in_days: U8  # (P,) handling in working days
    low: I64  # (P, 3) minimum: fixed, per line, per unit seconds; or days in column 0
    high: I64  # (P, 3) maximum
    from_release: U8  # (P,) day 0 is the date of the release
    ready_kind: I64  # (P,) 0 opening, 1 closing, 2 time
    ready_seconds: I64  # (P,)
    from_slot_end: U8  # (P,)


class Plans(NamedTuple):
    """Preparation slots of the sites, by start."""

    slot_ptr: I64  # (S+1,)
    has_plan: U8  # (S,)
    unit: I64  # (S,) 0 orders, 1 lines, 2 units, 3 work
    splits: U8  # (S,)
    refuses_oversize: U8  # (S,)
    plain: U8  # (S,) no slot has a use-by: prefix sums apply
    start_at: I64  # (B,)
    end_at: I64  # (B,)
    use_by_at: I64  # (B,)
    day: I64  # (B,)
    capacity: I64  # (B,)


class Collections(NamedTuple):
    """Collections of patterns, by departure. A parcel ready at or before `cut_off_at` may leave."""

    ptr: I64  # (K+1,)
    cut_off_at: I64  # (Q,)
    departure_at: I64  # (Q,)
    day: I64  # (Q,) the date the collection belongs to
    room_idx: I64  # (Q,) position in the free capacity of pools, -1 unlimited
    notification_seconds: I64  # (Q,) -1 none


class Services(NamedTuple):
    """Services and their lanes between zones. Zone 0 means: in no zone of the set, or no set."""

    zone_set_idx: I64  # (V,) -1 without zones
    dispatch_last: U8  # (V,)
    margin_seconds: I64  # (V,)
    margin_days: I64  # (V,)
    overlay_ptr: I64  # (V+1,)
    overlay_first_day: I64  # (n,)
    overlay_last_day: I64  # (n,)
    overlay_days: I64  # (n,)
    overlay_on_arrival: U8  # (n,)
    overlay_zone: I64  # (n,) -1 every zone
    lane_ptr: I64  # (V+1,) into lane_of_pair
    zone_count: I64  # (V,) zones of its set plus one
    lane_of_pair: I64  # (n,) origin zone x destination zone -> lane, -1 none
    lane_in_hours: U8  # (L,)
    lane_low: I64  # (L,) days or seconds
    lane_high: I64  # (L,)
    lane_days_idx: I64  # (L,) day calendar of the network
    lane_hours_idx: I64  # (L, S) working-time calendar at the origin, -1 elapsed
    lane_delivery_idx: I64  # (L,)
    intensity_milli: I64  # (V,) milligrams CO2e per tonne-kilometre, -1 unknown
    detour_milli: I64  # (V,) thousandths


class Deliveries(NamedTuple):
    """Delivery days and windows."""

    next_day: I32  # (E, R, D+1) first delivery day not before this one in this region, D when there is none
    choice: I64  # (E,) 0 none, 1 day, 2 slot
    waiting: U8  # (E,)
    length_seconds: I64  # (E,) 0 without
    step_seconds: I64  # (E,)
    set_of_day: I64  # (E, D) window set of a date
    set_ptr: I64  # (n+1,) windows of a set, by end, start, key
    window_idx: I64  # (n,)
    window_start: I64  # (G,) seconds after midnight
    window_end: I64  # (G,)
    window_room: I64  # (G,) row of free capacity by day, -1 unlimited
    window_slot: I64  # (G,) the same for windows of equal hours and key, in their order


class Ways(NamedTuple):
    """Services, routes and own store collection (way 0), in the order of their ids."""

    leg_ptr: I64  # (Y+1,)
    leg_service: I64  # (J,)
    leg_stop: I64  # (J,) site where the leg ends, -1 on the last leg
    leg_arrival: I64  # (J,) seconds after midnight, -1 without
    leg_turnaround: I64  # (J,) seconds
    to_store: U8  # (Y,)
    from_site: U8  # (Y, S) whether the site uses the way


class Places(NamedTuple):
    """Stores and pickup points, in the order of their ids."""

    site_idx: I64  # (N,) -1 for a pickup point
    zone_idx: I64  # (N,)
    region_idx: I64  # (N,)
    opening_idx: I64  # (N,) working-time calendar
    available_seconds: I64  # (N,) -1: the window's end
    hold_days: I64  # (N,)
    room_idx: I64  # (N,) row of free capacity by day, -1 unlimited


class NetworkTables(NamedTuple):
    """The compiled network as kernels see it."""

    clocks: Clocks
    working: WorkingTimes
    days: DayCalendars
    sites: Sites
    variants: Variants
    plans: Plans
    collections: Collections
    services: Services
    deliveries: Deliveries
    ways: Ways
    places: Places
    first_day: int  # day number of day 0
    day_count: int  # D


class Taken(NamedTuple):
    """What a snapshot leaves free."""

    slot_committed: I64  # (B,)
    slot_room_before: I64  # (B+S,) per site one more than slots: free capacity before each slot
    pool_room: I64  # (n,)
    window_room: I64  # (n, D)
    place_room: I64  # (n, D)


class StockTables(NamedTuple):
    """Records of a snapshot by SKU, with the network's sites. Quantities in thousandths."""

    sku_ptr: I64  # (SKUs+1,)
    site_idx: I64  # (records,) -1 for a site the network does not have
    on_hand: I64  # (records,)
    unsellable: I64  # (records,)
    sellable: U8  # (records,)
    safety: I64  # (records,) NEVER without its own
    overdue: I64  # (records,) commitments due before the snapshot
    reservation_ptr: I64  # (records+1,)
    reservation_quantity: I64  # (n,)
    reservation_channel: I64  # (n,) -1 any
    reservation_segment: I64  # (n,) -1 any
    receipt_ptr: I64  # (records+1,)
    receipt_at: I64  # (n,) available, putaway included; FAR after the last compiled day
    receipt_quantity: I64  # (n,) 0 when dropped
    commitment_ptr: I64  # (records+1,)
    commitment_at: I64  # (n,)
    commitment_quantity: I64  # (n,)
    as_of: int


class Demand(NamedTuple):
    """What a request asks of stock, one position a SKU. Quantities in thousandths."""

    sku_idx: I64  # (needs,) -1 unknown to the snapshot
    quantity: I64  # (needs,)
    step: I64  # (needs,)
    pool_taken: I64  # (needs,) what other shipments of the plan take of what the pool leaves
    pool_withheld: I64  # (needs,) reservations of others at no site yet
    stock_ahead: I64  # (needs, S) what groups before take of the stock of a site; (needs, 0) for nothing
    supply_ahead: I64  # (needs, S) the same of what comes there
    rule_idx: I64  # (needs,) row of the stock rules
    safety: I64  # (rows, S)
    withdraw_below: I64  # (rows, S) ALWAYS without
    share: I64  # (rows, S) ten-thousandths, by site
    pool_safety: I64  # (rows,)
    pool_share: I64  # (rows,) ten-thousandths, of the pool
    supply_idx: I64  # (needs,) row of the supply rules
    replenish_days: I64  # (supplies, S) -1 without
    replenish_quantity: I64  # (supplies, S)
    preorder_at: I64  # (supplies, S)
    preorder_quantity: I64  # (supplies, S) -1 without
    in_pool: U8  # (S,) whether the site prepares and is shown to the request
    channel_code: int  # of the snapshot, -2 unknown to it
    segment_code: int
    counts_stock: int
    counts_receipts: int
    counts_replenishment: int
    counts_preorder: int
    site_scope: int  # 1 when shares are by site
    share_supply: int
    look_ahead: int  # 0 none, 1 floor, 2 accumulate
    room: int  # increments that the basket's records can give at most


class SiteStock(NamedTuple):
    """What each site could sell of this basket."""

    reason: I64  # (S,) 0, NOT_STOCKED or INSUFFICIENT_STOCK
    supply_at: I64  # (S,) the instant the whole basket is there, ALWAYS from stock; replenished lines aside
    depth: I64  # (S,) least exposed quantity left at the scarcest SKU, thousandths
    wait_days: I64  # (needs, S) working days of a SKU that is replenished, -1 for others
    wait_with: I64  # (needs, S) when what must come beside the replenishment is there
    wait_without: I64  # (needs, S) when the SKU is there without it, NEVER if not
    exposed: I64  # (needs, S) what the site sells of its stock, thousandths
    need_reason: I64  # (needs, S) of each SKU by itself, as all below
    need_supply_at: I64  # (needs, S)
    need_depth: I64  # (needs, S)


class SkuStock(NamedTuple):
    """What each site has, and gets, of one SKU."""

    cap: I64  # (1,) what the pool lets a plan take
    free: I64  # (S,)
    known: I64  # (S,) record, -1 none, -2 not sellable
    exposed: I64  # (S,)
    begin: I64  # (S,) first increment of each site
    end: I64  # (S,)
    at: I64  # (room,) instants of increments
    gain: I64  # (room,)
    replenished_at: I64  # (S,) FAR without


class Basket(NamedTuple):
    """The request in integers: instants, margins, amounts of work, wishes."""

    placed_at: int
    acceptance_seconds: int
    acceptance_working: int
    horizon_days: int
    margin_seconds: int  # of the channel
    margin_days: int
    work: I64  # (4,) orders, lines, units, work
    service_seconds: I64  # (1,) preparation time of line services
    mass_grams: I64  # (1,) -1 unknown
    not_before: int  # ALWAYS without
    not_after: int  # NEVER without
    nominated_day: int  # day of the period, -1 without
    nominated_until: I64  # (methods,) last day of the period whose slots are asked
    slots_shown: int


class Targets(NamedTuple):
    """Where the basket may go: the address and the places near it."""

    place_idx: I64  # (T,) -1 the address
    zone_idx: I64  # (T,)
    region_idx: I64  # (T,)
    service_zone: I64  # (T, V) zone in the service's zone set, 0 none
    metres: I64  # (T, S) great circle from each site, -1 unknown
    shopper_metres: I64  # (T,) from the shopper to the place, -1 unknown or the address itself


class Tasks(NamedTuple):
    """What is tried for every site: (method, target, way), with its money."""

    method_idx: I64  # (N,)
    target_idx: I64  # (N,)
    way_idx: I64  # (N,)
    site_reason: I64  # (N, S) reason before stock is asked, -1 not a candidate, else 0
    sourcing_reason: I64  # (N,) reason of the sourcing stage, else 0
    parcels: I64  # (N,)
    site_rank: I64  # (N, S)
    price: I64  # (N,) minor units, -1 from the tariff
    service_price: I64  # (1,) of line services, on top of either
    price_percent: I64  # (N,) millionths of the tariff
    price_amount: I64  # (N,) minor units
    transport: I64  # (N,) minor units, as all below
    surcharge: I64  # (N,) without dated ones
    transfer: I64  # (N,)
    preparation: I64  # (S,)
    packaging: I64  # (S,) per parcel
    dated_ptr: I64  # (N+1,) surcharges bound to the collection date of a leg
    dated_leg: I64  # (n,)
    dated_first_day: I64  # (n,)
    dated_last_day: I64  # (n,)
    dated_amount: I64  # (n,)


class PartTables(NamedTuple):
    """What tells parts of a basket apart that are asked together: some of its lines, each from some sites."""

    need_ptr: I64  # (P+1,) the SKUs of a part
    need_idx: I64  # (n,) as the stock of the whole basket numbers them
    waits: int  # 1 where some site waits for the replenishment of some SKU
    site_ptr: I64  # (P+1,) the sites at which it is asked
    site_idx: I64  # (n,)
    work: I64  # (P, 4) as in `Basket`, and the next two
    service_seconds: I64  # (P,)
    mass_grams: I64  # (P,)
    kind: I64  # (P,) parts of one kind take the same time and space, wherever they are there at the same time
    kind_count: int
    reason_idx: I64  # (P,) which of the tables of reasons
    site_reason: I64  # (K, N, S) as in `Tasks`, as all below
    sourcing_reason: I64  # (P, N)
    parcels: I64  # (P, N)
    service_price: I64  # (P,)
    transport: I64  # (P, N)
    surcharge: I64  # (P, N)
    transfer: I64  # (P, N)
    shipment_cost: I64  # (S,) preparation of a shipment
    unit_cost: I64  # (S,) preparation of a unit
    service_cost: I64  # (P,) preparation of line services
    dated_ptr: I64  # (P, N+1) into the surcharges of all parts
