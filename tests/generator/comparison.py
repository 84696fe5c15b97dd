"""The engine and its slow twin asked the same, and the differences between their answers."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.cases import Case, make_case
from generator.coverage import labels_of
from generator.draw import FEATURES
from generator.facts import Documents, Facts
from generator.rows import Rows, answer_rows, twin_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from promise_engine import Answer

    from generator.rows import Row


@dataclass(frozen=True)
class Outcome:
    """What comparing one case gave."""

    seed: int
    difference: str = ""
    labels: frozenset[str] = frozenset()


@dataclass
class Tally:
    """The outcomes of many cases."""

    cases: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    different: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.cases += 1
        self.counts.update(outcome.labels)
        if outcome.difference:
            self.different.append(outcome)


def engine_answer(case: Case) -> Answer:
    """The engine's answer to a case."""
    from promise_engine import Catalogue, Engine, Network, PromiseRequest, StockSnapshot

    engine = Engine(Network.model_validate(case.network), Catalogue.from_records(case.catalogue["items"]))
    return engine.promise(PromiseRequest.model_validate(case.request), StockSnapshot.from_document(case.stock))


def twin_answer(given: Documents) -> Rows:
    """The twin's answer to a case."""
    import naive

    return twin_rows(naive.answer(given.network, given.catalogue, given.stock, given.request))


def compare(seed: int, off: frozenset[str] = frozenset(), labelled: bool = True) -> Outcome:
    """Ask both about the case of a seed, without the features that are off; say what occurred in it, if wanted."""
    case = make_case(seed, off)
    try:
        given = Documents.of(case)
        expected = twin_answer(given)
        labels = frozenset(labels_of(Facts(given, expected))) if labelled else frozenset()
    except Exception:  # noqa: BLE001
        return Outcome(seed, f"the twin, or the generator, failed:\n{traceback.format_exc(limit=-6)}")
    try:
        actual = answer_rows(engine_answer(case))
    except Exception:  # noqa: BLE001
        return Outcome(seed, f"the engine failed:\n{traceback.format_exc(limit=-6)}", labels)
    return Outcome(seed, difference(expected, actual), labels)


def shrunk(
    seed: int, off: frozenset[str] = frozenset(), compared: Callable[[int, frozenset[str]], Outcome] = compare
) -> tuple[frozenset[str], Outcome]:
    """Switch off every feature that the difference does not need, beside those that are off."""
    outcome = compared(seed, off)
    for feature in FEATURES if outcome.difference else ():
        without = compared(seed, off | {feature})
        if without.difference:
            off, outcome = off | {feature}, without
    return off, outcome


def difference(expected: Rows, actual: Rows) -> str:
    """The first things that differ, as text; nothing when the answers are equal."""
    if (expected.options, expected.refusals) == (actual.options, actual.refusals):
        return ""
    found = [*_refusals(expected.refusals, actual.refusals), *_options(expected.options, actual.options)]
    return "\n".join(found[:14])


def _refusals(expected: list[Row], actual: list[Row]) -> Iterable[str]:
    twin, engine = ({_named((row["group"], row["method"])): row for row in rows} for rows in (expected, actual))
    for method in sorted(twin.keys() | engine.keys()):
        if twin.get(method) != engine.get(method):
            yield f"refusal of {method}: twin {_plain(twin.get(method))}, engine {_plain(engine.get(method))}"


def _options(expected: list[Row], actual: list[Row]) -> Iterable[str]:
    twin, engine = (_keys(rows) for rows in (expected, actual))
    if twin != engine:
        yield from (f"only the twin offers {_named(key)}" for key in (Counter(twin) - Counter(engine)).elements())
        yield from (f"only the engine offers {_named(key)}" for key in (Counter(engine) - Counter(twin)).elements())
        if sorted(map(str, twin)) == sorted(map(str, engine)):
            place = next(i for i, (one, other) in enumerate(zip(twin, engine, strict=True)) if one != other)
            yield f"another order from option {place}: twin {_named(twin[place])}, engine {_named(engine[place])}"
    rows = dict(zip(engine, actual, strict=True))
    for key, row in zip(twin, expected, strict=True):
        other = rows.get(key)
        if other is None:
            continue
        for name in row:
            if row[name] != other.get(name):
                yield f"{_named(key)} {name}: twin {row[name]}, engine {other.get(name)}"


def _keys(rows: list[Row]) -> list[tuple[object, ...]]:
    """What tells the options apart; those of the same candidates, such as nominated days, by their place among them."""
    candidates = [(row["group"], row["method"], row["place"], *_ways(row)) for row in rows]
    return [(*candidate, str(candidates[:number].count(candidate))) for number, candidate in enumerate(candidates)]


def _ways(row: Row) -> list[str]:
    """Sites and ways of an option; of several shipments with the lines that each has."""
    several = len(row["shipments"]) > 1
    return [
        "+".join(
            filter(
                None,
                (
                    sent["site"],
                    sent["service"],
                    *("*".join((sku, *asked)) for sku, asked, _ in sent["lines"] if several),
                ),
            )
        )
        for sent in row["shipments"]
    ]


def _named(key: tuple[object, ...]) -> str:
    return "/".join(str(part) for part in key if part is not None)


def _plain(row: Row | None) -> str:
    return (
        "none"
        if row is None
        else " ".join(f"{name}={value}" for name, value in row.items() if value is not None and name != "method")
    )
