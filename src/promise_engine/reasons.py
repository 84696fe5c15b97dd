"""What each reason means, and where to look: the texts of explanations and of the page `docs/reasons.md`."""

from __future__ import annotations

from typing import NamedTuple

from promise_engine.errors import Reason


class ReasonText(NamedTuple):
    """A reason for a person: what happened, in one sentence, and what to look at."""

    meaning: str
    look_at: str


REASON_TEXTS: dict[Reason, ReasonText] = {
    Reason.NONE: ReasonText("Nothing stands in the way.", "Nothing."),
    Reason.UNKNOWN_SKU: ReasonText(
        "The catalogue does not have an item of the basket.",
        "The SKU as the request writes it, and whether the catalogue that was loaded is the current one.",
    ),
    Reason.QUANTITY_NOT_A_STEP: ReasonText(
        "A quantity is not a multiple of the item's step.",
        "The item's `step` in the catalogue, and the sum of the lines that name its SKU with the same services.",
    ),
    Reason.QUANTITY_BELOW_MINIMUM: ReasonText(
        "A quantity is below the least that may be ordered of the item.",
        "The item's `minimum` in the catalogue.",
    ),
    Reason.QUANTITY_ABOVE_MAXIMUM: ReasonText(
        "A quantity is above the most that may be ordered of the item.",
        "The item's `maximum` in the catalogue, and the sum of the lines that name its SKU.",
    ),
    Reason.UNKNOWN_SIZE: ReasonText(
        "A limit, a tariff or a volumetric divisor needs a weight or a size that nobody gives.",
        "`weight_grams` and the dimensions of the item or the line, or the network's `settings.unknown_size`.",
    ),
    Reason.METHOD_NOT_SHOWN: ReasonText(
        "The channel does not show this method.",
        "`methods` of the channel.",
    ),
    Reason.SITE_NOT_SHOWN: ReasonText(
        "Every site that could serve is hidden from this channel, segment, method or country.",
        "`shown_to` of the site.",
    ),
    Reason.ITEM_NOT_SHOWN: ReasonText(
        "An item of the basket is kept for other channels or segments.",
        "The network's `allocations` that name the SKU, a tag or the category of the item.",
    ),
    Reason.RESTRICTED: ReasonText(
        "A restriction forbids to send an item of the basket this way.",
        "The network's `restrictions`, with the SKU, tags and category of the items.",
    ),
    Reason.LINE_SERVICE_NOT_OFFERED: ReasonText(
        "A line asks for a service that the site or the carrier does not offer.",
        "The network's `line_services`, and those that sites and carrier services list.",
    ),
    Reason.DESTINATION_TYPE_NOT_SERVED: ReasonText(
        "The method or its services do not go to this kind of destination.",
        "`destination_types` of the method and its services; for a request that names a place, the kind of the method.",
    ),
    Reason.NO_COORDINATES: ReasonText(
        "Nobody knows where the destination is, so no place near it can be found.",
        "Coordinates in the request, or the postal code files that `promise-engine postcodes fetch` downloads.",
    ),
    Reason.NO_PLACE_IN_RADIUS: ReasonText(
        "No store or pickup point lies within the method's radius.",
        "`radius_metres` of the method, the coordinates of the places, and the pickup networks of its services.",
    ),
    Reason.OUTSIDE_ZONE: ReasonText(
        "The destination lies outside the zones that the method or its services serve, or no price rule fits it.",
        "`zones` and `price` of the method, the zone sets, and in which zone the postal code falls.",
    ),
    Reason.NO_LANE: ReasonText(
        "No lane of the service leads from this site to the destination.",
        "`lanes` of the service: the zones of the site and of the destination in its zone set.",
    ),
    Reason.NOT_STOCKED: ReasonText(
        "No site that could serve has a stock record for every item.",
        "The snapshot's records of the SKU, and whether their sites are those of the network.",
    ),
    Reason.INSUFFICIENT_STOCK: ReasonText(
        "No site that could serve has enough of every item, on hand or on its way.",
        "Stock, reservations, safety stock, share and receipts of the SKU: one site must have all of it, and the whole "
        "basket where the method does not split it (`max_shipments`).",
    ),
    Reason.UNIT_OVER_LIMIT: ReasonText(
        "One unit alone is above the limits of the service or of the pickup point.",
        "`limits` of the service and the point, `packing.oversize`, and the weight and size of the items.",
    ),
    Reason.PARCEL_OVER_LIMIT: ReasonText(
        "The service's box is above the limits of the service or of the pickup point.",
        "`packing.box` and `limits` of the service, and `limits` of the point.",
    ),
    Reason.TOO_MANY_PARCELS: ReasonText(
        "The basket needs more parcels than the service or the method takes.",
        "`max_parcels` of the service and of the method, and the weights in the catalogue.",
    ),
    Reason.NO_TARIFF: ReasonText(
        "The tariff has no weight band for a parcel to this zone.",
        "The rows of the service's tariff: zones, and gaps between weight bands.",
    ),
    Reason.TOO_MANY_SHIPMENTS: ReasonText(
        "No site has the whole basket, and no set of sites that the method allows can deliver it together.",
        "`max_shipments` and `min_split_value` of the method, and which sites have which items of the basket.",
    ),
    Reason.CAPACITY_PLAN_ENDS: ReasonText(
        "The site's preparation plan has no slot with room for the order before the horizon ends.",
        "`plan.slots` of the site (validity, use-by), and `slots_taken` in the snapshot.",
    ),
    Reason.WORK_OVER_SLOT: ReasonText(
        "The order is more work than any preparation slot of the site can hold.",
        "`capacity` of the slots, and `splits` and `oversize` of the plan.",
    ),
    Reason.NO_COLLECTION: ReasonText(
        "The service does not collect at this site, or at a stop of the route.",
        "The network's `collections`: one that names both the site and the service.",
    ),
    Reason.COLLECTION_FULL: ReasonText(
        "The carrier would collect in time, but no collection has room for the parcels.",
        "The `collection_pools`, and `pools_taken` in the snapshot.",
    ),
    Reason.WAITING_FORBIDDEN: ReasonText(
        "The parcel would have to wait on the way for its delivery day, which the service forbids.",
        "`waiting: false`, delivery days and collections of the service.",
    ),
    Reason.SLOT_FULL: ReasonText(
        "The delivery windows that could be met are all taken.",
        "`capacity` of the windows, and `windows_taken` in the snapshot.",
    ),
    Reason.PLACE_FULL: ReasonText(
        "The pickup point has no room on the days it could be reached.",
        "`daily_capacity` of the point, and `places_taken` in the snapshot.",
    ),
    Reason.BEYOND_HORIZON: ReasonText(
        "The earliest date lies beyond the horizon, or some step never ends before it.",
        "`settings.horizon_days`; then calendars, cut-offs and transit of the candidate that got furthest.",
    ),
    Reason.OUTSIDE_WISHES: ReasonText(
        "It can be delivered, but not on the day or in the hours asked for.",
        "`wishes` of the request.",
    ),
}
"""One text for each reason."""
