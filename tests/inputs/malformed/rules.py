"""Channels, policies, stock rules, restrictions, malformed."""

from __future__ import annotations

from inputs.malformed.words import COUNTRY, REQUIRED, Case
from inputs.samples import ABSENT

CASES = (
    Case("network", "channels", ABSENT, "channels", REQUIRED),
    Case(
        "network", "channels.0.policy", "usually", "channels[web].policy", "the id of a policy; did you mean `usual`?"
    ),
    Case(
        "network",
        "channels.0.methods",
        ["homes"],
        "channels[web].methods.0",
        "the id of a method; did you mean `home`?",
        "'homes'",
    ),
    Case(
        "network",
        "channels.0.supply",
        ["stock", "backorder"],
        "channels[web].supply.1",
        "one of: stock, receipts",
        "'backorder'",
    ),
    Case(
        "network",
        "channels.0.acceptance_counts",
        "working",
        "channels[web].acceptance_counts",
        "one of: elapsed, working_time; did you mean `working_time`?",
    ),
    Case(
        "network",
        "policies.0.criteria",
        ["promised", "promised"],
        "policies[usual]",
        "each criterion at most once",
        "{'id': 'usual', 'criteria': ['promised', 'promised'], 'ranks': [{'sites': ['l...",
    ),
    Case(
        "network",
        "policies.0.criteria",
        ["speed"],
        "policies[usual].criteria.0",
        "one of: promised, price, cost, co2e, shipments, parcels, site_rank, distance, load, stock_depth",
        "'speed'",
    ),
    Case("network", "policies.0.ranks.0", {"rank": 1}, "policies[usual].ranks.0", "sites or a site group"),
    Case(
        "network",
        "policies.0.ranks.0.sites",
        ["paris"],
        "policies[usual].ranks.0.sites.0",
        "the id of a site",
        "'paris'",
    ),
    Case(
        "network",
        "policies.0.ranks.0",
        {"site_group": "south", "rank": 1},
        "policies[usual].ranks.0.site_group",
        "a group that some site names; did you mean `north`?",
        "'south'",
    ),
    Case(
        "network",
        "policies.0.ranks.1",
        {"sites": ["lyon", "metz"], "channel": "web", "rank": 2},
        "policies[usual].ranks.1",
        "a rank for sites that no equally exact rule ranks (see number 0)",
        "",
    ),
    Case("network", "policies.0.ranks.0.country", "XX", "policies[usual].ranks.0.country", COUNTRY),
    Case(
        "network",
        "stock_rules.0.share",
        0.5,
        "stock_rules.0",
        "either safety_stock or share",
        "{'sku': 'A', 'safety_stock': 2, 'share': 0.5}",
    ),
    Case(
        "network",
        "stock_rules.0.tag",
        "aerosol",
        "stock_rules.0",
        "at most one of sku, tag, category",
        "{'sku': 'A', 'safety_stock': 2, 'tag': 'aerosol'}",
    ),
    Case(
        "network", "stock_rules.2.share", 1.5, "stock_rules.2.share", "a number, from 0 to 1, with at most 4 decimals"
    ),
    Case(
        "network", "stock_rules.2.share", 1e-05, "stock_rules.2.share", "a number, from 0 to 1, with at most 4 decimals"
    ),
    Case(
        "network",
        "stock_rules.1.site_group",
        "nord",
        "stock_rules.1.site_group",
        "a group that some site names; did you mean `north`?",
    ),
    Case(
        "network",
        "stock_rules.3",
        {"sku": "A", "safety_stock": 3},
        "stock_rules.3",
        "a stock rule that no equally exact rule can meet (see number 0)",
        "",
    ),
    Case("network", "stock_rules.2.site", "mets", "stock_rules.2.site", "the id of a site; did you mean `metz`?"),
    Case(
        "network",
        "restrictions.0.tags",
        [],
        "restrictions[no_aerosols]",
        "at least one of skus, tags, categories",
        "{'id': 'no_aerosols', 'tags': [], 'services': ['home_13'], 'destinations': [{...",
    ),
    Case(
        "network",
        "restrictions.0",
        {"id": "r", "tags": ["x"]},
        "restrictions[r]",
        "at least one of services, methods, sites, site_groups, channels, destinations",
    ),
    Case(
        "network",
        "restrictions.0.services",
        ["home"],
        "restrictions[no_aerosols].services.0",
        "the id of a service; did you mean `home_13`?",
        "'home'",
    ),
    Case(
        "network",
        "restrictions.0.site_groups",
        ["south"],
        "restrictions[no_aerosols].site_groups.0",
        "a group that some site names; did you mean `north`?",
        "'south'",
    ),
    Case(
        "network",
        "restrictions.0.destinations.0.prefixes",
        ["XX"],
        "restrictions[no_aerosols].destinations.0.prefixes.0",
        "a postal code of FR: the start of 5 digits, such as 75001",
        "'XX'",
    ),
    Case("network", "channels.2", {"id": "web"}, "channels[web].id", "an id that no other channel has", "'web'"),
    Case("network", "policies.1", {"id": "usual"}, "policies[usual].id", "an id that no other policy has", "'usual'"),
    Case(
        "network",
        "restrictions.1",
        {"id": "no_aerosols", "skus": ["A"], "channels": ["web"]},
        "restrictions[no_aerosols].id",
        "an id that no other restriction has",
        "'no_aerosols'",
    ),
)
