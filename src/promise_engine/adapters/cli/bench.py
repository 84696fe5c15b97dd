"""The command `bench`: how long promises take, on the reference workload or on a network of one's own."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promise_engine.adapters.cli.console import err, out, plain_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from promise_engine.benchmarking import Budget, Report, Timings, Verdict
    from promise_engine.benchmarking.report import Fact

_FILE = click.Path(path_type=Path)
_MISSED = 1


@click.command()
@click.option("--quick", is_flag=True, help="A smaller workload, in under a minute once kernels are warm.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the reference workload.")
@click.option("--density", type=click.FloatRange(0.05, 0.9), help="Share of the stores that have what is asked for.")
@click.option(
    "--day-shipments",
    type=click.IntRange(1, 5),
    default=1,
    show_default=True,
    help="Shipments that an order may have whose day the shopper chooses; several are far slower.",
)
@click.option("--network", type=_FILE, help="Your own network, a folder or a file.")
@click.option("--catalogue", type=_FILE, help="Its catalogue.")
@click.option("--stock", type=_FILE, help="Its stock snapshot.")
@click.option("--requests", type=_FILE, help="Recorded requests: JSON lines, or a folder of JSON documents.")
@click.option(
    "--budget", "budgets", multiple=True, metavar="MEASURE=TIME",
    help="The most that recorded requests may take, such as p99=500us, p50=75us or worst=2ms; repeatable.",
)  # fmt: skip
@click.option("--calls", type=click.IntRange(min=1), help="Most calls of a row.  [default: 10,000; 200 with --quick]")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    help="Time after which a row begins no other call.  [default: 60; 3 with --quick]",
)
@click.option(
    "--give-up",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds after which a call is broken off, and counts as that long.  [default: 60; 5 with --quick]",
)
@click.option("--next-change", is_flag=True, help="Every call also works out until when its answer holds.")
@click.option("--json", "as_json", is_flag=True, help="As a document; times in seconds.")
def bench(
    quick: bool, calls: int | None, seconds: float | None, give_up: float | None, next_change: bool, as_json: bool,
    **given: Any,
) -> None:  # fmt: skip
    """How long promises take: on the reference workload FR-500, or on your own network and recorded requests.

    \b
    Examples:
      promise-engine bench --quick
      promise-engine bench --density 0.3
      promise-engine bench --network network/ --catalogue catalogue.csv --stock stock/ \\
        --requests requests.jsonl --budget p50=75us --budget p99=500us

    Without --network, the reference workload is built from a seed and asked baskets of 1, 5 and 20 lines, each call
    another basket to another address at another instant; the budgets in the table are targets, and one that is missed
    is no error. With --network, your budgets are judged: put the command in your CI.

    The ratio is the median over the time of a fixed calculation, measured in the same run: compare ratios between
    machines and days, not times. The stages say what part of a call each takes, in a pass of its own.

    Exit status: 0, 1 when a budget of --budget is missed, or 2 when the input is refused.
    """  # noqa: D301  # click's mark of text that it must not wrap
    from promise_engine.benchmarking import Limit  # noqa: PLC0415

    usual = Limit(200, 3.0, 5.0) if quick else Limit(10_000, 60.0, 60.0)
    wanted = _budgets(given.pop("budgets"))
    files = {name: given.pop(name) for name in ("network", "catalogue", "stock", "requests")}
    yours = _is_yours(files, wanted)
    most = Limit(calls or usual.calls, seconds or usual.seconds, give_up or usual.give_up)
    with _progress() as told:
        if yours:
            report = _of_yours(files, wanted, most, calls=calls, next_change=next_change, told=told)
        else:
            report = _of_reference(quick=quick, limit=most, next_change=next_change, told=told, **given)
    if as_json:
        click.echo(json.dumps(report.to_dict(), ensure_ascii=False))
    else:
        _show(report, next_change=next_change)
    raise SystemExit(_MISSED if yours and report.missed else 0)


def _budgets(texts: Sequence[str]) -> list[Budget]:
    from promise_engine.benchmarking import parse_budget  # noqa: PLC0415

    try:
        return [parse_budget(text) for text in texts]
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), param_hint="'--budget'") from None


def _is_yours(files: dict[str, Path | None], budgets: Sequence[Budget]) -> bool:
    """Whether a network of one's own is measured; what does not go together is refused."""
    named = [f"--{name}" for name, path in files.items() if path is not None]
    if not named:
        if budgets:
            raise click.UsageError("--budget judges recorded requests: give --network, --stock and --requests too.")
        return False
    missing = [f"--{name}" for name in ("network", "stock", "requests") if files[name] is None]
    if missing:
        raise click.UsageError(f"Missing {', '.join(missing)}, beside {', '.join(named)}.")
    context = click.get_current_context()
    unused = [
        f"--{name.replace('_', '-')}"
        for name in ("quick", "seed", "density", "day_shipments")
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    ]
    if unused:
        raise click.UsageError(f"{', '.join(unused)}: of the reference workload, not with --network.")
    return True


def _of_reference(
    *, quick: bool, limit: Any, next_change: bool, told: Callable[[str, float], object], **given: Any
) -> Report:
    from promise_engine.benchmarking import FULL, QUICK, Workload, run_suite  # noqa: PLC0415

    return run_suite(Workload(QUICK if quick else FULL, **given), limit, next_change=next_change, told=told)


def _of_yours(
    files: dict[str, Path | None], budgets: Sequence[Budget], limit: Any, *, calls: int | None, next_change: bool,
    told: Callable[[str, float], object],
) -> Report:  # fmt: skip
    from promise_engine import Catalogue, Engine, Network, StockSnapshot  # noqa: PLC0415
    from promise_engine.adapters.cli.inputs import read_all  # noqa: PLC0415
    from promise_engine.benchmarking import run_yours  # noqa: PLC0415
    from promise_engine.benchmarking.recorded import checked_by, recorded_requests  # noqa: PLC0415

    told("reading", 0.0)
    network, catalogue, stock, requests = read_all(
        lambda: Network.load(files["network"] or ""),
        lambda: None if files["catalogue"] is None else Catalogue.load(files["catalogue"]),
        lambda: StockSnapshot.load(files["stock"] or ""),
        lambda: recorded_requests(files["requests"] or Path()),
    )
    told("compiling", 0.0)
    engine = Engine(network, catalogue)
    asked = checked_by(engine, requests)
    each_once = limit if calls else limit._replace(calls=min(limit.calls, len(asked)))
    return run_yours(engine, stock, asked, budgets, each_once, next_change=next_change, told=told)


@contextmanager
def _progress() -> Iterator[Callable[[str, float], object]]:
    """A bar for what is done, where somebody watches."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = err()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        tasks: dict[str, Any] = {}

        def told(what: str, done: float) -> None:
            if what not in tasks:
                for task in tasks.values():
                    progress.update(task, completed=1.0, visible=False)
                tasks[what] = progress.add_task(what, total=None)
            progress.update(tasks[what], total=1.0 if done else None, completed=done)

        yield told


def _show(report: Report, *, next_change: bool) -> None:
    """The tables, and what they are of."""
    from promise_engine.benchmarking.budgets import duration  # noqa: PLC0415

    console, on = out(), report.machine
    console.print(f"{report.title}", style="bold")
    console.print(
        f"{on['processor']}, {on['cores']} cores; Python {on['python']}, numba {on['numba']}, numpy {on['numpy']}; "
        f"promise-engine {on['promise_engine']}; calibration {duration(report.calibration)}",
        soft_wrap=True,
    )
    console.print()
    if report.facts:
        facts = plain_table("Once", "Measured", "Budget", "")
        for fact in report.facts:
            at_most = "" if fact.at_most is None else _amount(fact._replace(amount=fact.at_most))
            facts.add_row(fact.name, _amount(fact), at_most, _word(fact.is_met))
        console.print(facts)
        console.print()
    rows = plain_table("Each call", "Calls", "Median", "p99", "Worst", "Ratio", "Budget", "")
    for row in report.rows:
        times = [_time(row.timings, measure) for measure in ("p50", "p99", "worst")]
        budgets, words = _judged(row.verdicts)
        rows.add_row(row.name, str(len(row.timings)), *times, f"{row.ratio:.3g}", budgets, words)
    console.print(rows)
    console.print()
    stages = plain_table("Stage", "A call", "Share")
    for cost in report.stages:
        stages.add_row(cost.stage, duration(cost.seconds), f"{100 * cost.share:.1f} %")
    console.print(f"Where the time goes, of: {report.staged}")
    console.print(stages)
    told = "with" if next_change else "without (--next-change adds it)"
    console.print(f"\nEvery call is of another request, refusals read; {told} next_change_at.", soft_wrap=True)


def _time(timings: Timings, measure: str) -> str:
    """A time, marked where calls were given up that long."""
    from promise_engine.benchmarking.budgets import duration  # noqa: PLC0415

    return (">" if timings.is_least(measure) else "") + duration(timings.at(measure))


def _judged(verdicts: Sequence[Verdict]) -> tuple[str, str]:
    """Budgets and what became of them, one a line."""
    return "\n".join(str(one.budget) for one in verdicts), "\n".join(_word(one.is_met) for one in verdicts)


def _amount(fact: Fact) -> str:
    from promise_engine.benchmarking.budgets import duration  # noqa: PLC0415

    if fact.unit == "seconds":
        return duration(fact.amount)
    return f"{fact.amount / 2**20:,.1f} MiB" if fact.unit == "bytes" else f"{fact.amount:,.0f}"


def _word(is_met: bool | None) -> str:
    return "" if is_met is None else "pass" if is_met else "MISS"
