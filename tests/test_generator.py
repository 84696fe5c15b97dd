"""The random cases themselves: what a switched-off feature leaves, and the rules that the catalogue must keep."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from generator import make_case
from generator.facts import Documents

SEEDS = range(120)
NEW = frozenset({"kits", "line_services"})


@pytest.mark.parametrize("seed", SEEDS)
def test_a_case_without_kits_and_services_is_as_if_there_were_none(seed: int) -> None:
    """What kits and line services draw disturbs nothing else: without them in it, a case is the same to the byte."""
    case, without = make_case(seed), make_case(seed, NEW)
    used = any("components" in item for item in case.catalogue["items"]) or "line_services" in case.network
    assert used or case == without
    assert not any("components" in item for item in without.catalogue["items"])
    assert "line_services" not in without.network
    assert not any("services" in line for line in without.request["lines"])
    ids = [line["id"] for line in case.request["lines"] if "id" in line]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_case_that_asks_for_no_parts_is_as_if_none_did(seed: int) -> None:
    """Only where `partial` is asked the lines, the stock and the methods are made so that parts compete."""
    case, without = make_case(seed), make_case(seed, frozenset({"partial"}))
    assert "partial" not in without.request
    assert case.request.get("partial") or case == without


@pytest.mark.parametrize("seed", SEEDS)
def test_a_case_whose_lines_are_whole_is_as_if_none_were_cut(seed: int) -> None:
    """What falls short for split units disturbs no other case: where no method splits units, all is the same to the byte."""
    case, without = make_case(seed), make_case(seed, frozenset({"split_units"}))
    assert not any("split_units" in method for method in without.network["methods"])
    assert any("split_units" in method for method in case.network["methods"]) or case == without


@pytest.mark.parametrize("seed", SEEDS)
def test_a_case_without_groups_is_as_if_none_had_any(seed: int) -> None:
    """Orders in groups disturb no other case, and every line of theirs that ships is in one of them."""
    case, without = make_case(seed), make_case(seed, frozenset({"groups"}))
    groups = [group["id"] for group in case.request.get("groups", ())]
    assert groups or case == without
    assert "groups" not in without.request
    shipped = [line for line in case.request["lines"] if line.get("ships", True)]
    assert set(groups) == {line["group"] for line in shipped if groups}
    assert len(groups) == len(set(groups))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_case_without_ship_groups_and_waves_is_as_if_there_were_none(seed: int) -> None:
    """What lines of ship groups and methods as available draw disturbs no other case."""
    case, without = make_case(seed), make_case(seed, frozenset({"as_available", "ship_groups"}))
    lines, methods = case.request["lines"] + case.catalogue["items"], case.network["methods"]
    assert not any("ship_group" in line for line in without.request["lines"] + without.catalogue["items"])
    assert not any("shipping" in method for method in without.network["methods"])
    used = any("ship_group" in line for line in lines) or any("shipping" in method for method in methods)
    assert used or case == without


def test_kits_are_what_a_catalogue_may_hold() -> None:
    """Components are items and no kits, in their steps; kits are whole."""
    count = Counter[str]()
    for seed in SEEDS:
        given = Documents.of(make_case(seed))
        items = {item.sku: item for item in given.catalogue.items}
        for kit in (item for item in items.values() if item.components):
            count["kits"] += 1
            assert kit.step == kit.step.to_integral_value()
            for part in kit.components:
                assert not items[part.sku].components
                assert Decimal(0) == part.quantity % items[part.sku].step
    assert count["kits"] > 5
