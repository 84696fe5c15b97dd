"""Which sets of sites have all lines, against every set tried; baskets of more lines than a word has bits."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
import pytest

from promise_engine import Engine, Network, StockSnapshot, covering
from promise_engine.covering import Coverage
from promise_engine.testing import minimal_network, minimal_request


def has_lines(draw: Random) -> np.ndarray:
    """Whether each site has each line of a random basket: few lines or more than 62, few sites."""
    lines, sites = draw.choice((1, 2, 3, 5, 61, 62, 63, 64, 125, 130)), draw.randint(1, 7)
    often = draw.choice((0.3, 0.6, 0.8)) if lines < 9 else draw.choice((0.9, 0.97, 0.99))
    return np.array([[draw.random() < often for _ in range(sites)] for _ in range(lines)])


@pytest.mark.parametrize("seed", range(300))
def test_sets_are_those_that_have_every_line_between_them(seed: int) -> None:
    """In the order of the sites that are given; the useful ones are those in some set, or any beside fewer."""
    draw = Random(seed)
    has = has_lines(draw)
    coverage, order = Coverage(has), list(range(has.shape[1]))
    draw.shuffle(order)

    def sets(size: int) -> list[tuple[int, ...]]:
        return [found for found in combinations(order, size) if has[:, found].any(axis=1).all()]

    for size in range(1, 5):
        expected = sets(size)
        assert list(coverage.sets(order, size)) == expected
        members = {site for found in expected for site in found}
        if any(sets(fewer) for fewer in range(1, size)):
            members = set(np.flatnonzero(has.any(axis=0)).tolist())
        assert coverage.useful(size) == sorted(members)
        kinds, useful = {tuple(has[:, site]) for site in order}, {tuple(has[:, site]) for site in members}
        few = Coverage(has).few_useful(size)
        assert few in [None, sorted(members)]
        if not any(sets(fewer) for fewer in range(1, size)):
            assert (few is None) == (len(useful) > len(kinds) // 2)


def test_what_would_take_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five lines, each at eight sites of its own: every set of four is told apart, or none when steps are few."""
    has = np.kron(np.eye(5), np.ones((1, 8)))
    assert Coverage(has).useful(4) == []
    assert not Coverage(has).is_covered(4)
    assert len(list(Coverage(has).sets(range(40), 5))) == 8**5
    distinct = np.vstack([has, 1 - np.eye(40)[:39]])
    monkeypatch.setattr(covering, "_MOST_STEPS", 50)
    given_up = Coverage(distinct)
    assert given_up.useful(4) == list(range(40))
    assert not given_up.is_covered(4)
    assert list(given_up.sets(range(40), 4)) == [None]


@pytest.mark.parametrize("lines", [63, 64, 70, 130, 200])
def test_a_long_basket_is_split(lines: int) -> None:
    """Lines in turn at two sites come in two shipments, whatever the number of lines."""
    document = minimal_network()
    site = document["sites"][0]
    document["sites"].append({**site, "id": "metz"})
    document["collections"].append({**document["collections"][0], "sites": ["metz"]})
    held = [{"site": (site["id"], "metz")[i % 2], "sku": f"L{i}", "on_hand": 1} for i in range(lines)]
    stock = StockSnapshot.from_document({"as_of": "2026-11-20T08:00:00+01:00", "records": held})
    request = {**minimal_request(), "lines": [{"sku": f"L{i}", "quantity": 1} for i in range(lines)]}
    answer = Engine(Network.model_validate(document)).promise(request, stock)
    assert {tuple(sorted(sent.site for sent in option.shipments)) for option in answer.options} == {("lyon", "metz")}
    sent = [line.sku for shipment in answer.options[0].shipments for line in shipment.lines]
    assert sorted(sent) == sorted(f"L{i}" for i in range(lines))


@pytest.mark.parametrize("seed", range(60))
def test_sites_have_all_lines_until(seed: int) -> None:
    """The last instant until which so few sites have all lines is that of the set which has them longest."""
    draw = Random(seed)
    lines, sites = draw.choice(((2, 5), (4, 8), (70, 6)))
    until = np.array([[draw.choice((0, 3, 5, 8, 9)) for _ in range(sites)] for _ in range(lines)])
    for size in range(1, 4):
        expected = max(int(until[:, chosen].max(axis=1).min()) for chosen in combinations(range(sites), size))
        assert covering.covered_until(until, size) == expected
