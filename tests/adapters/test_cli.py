"""The command line, as a user calls it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numba
import pytest
from click.testing import CliRunner, Result

from promise_engine import Fault, Severity
from promise_engine._resources import example_path
from promise_engine.adapters.cli import main
from promise_engine.adapters.cli.app import app
from promise_engine.adapters.cli.console import busy
from promise_engine.adapters.cli.inputs import Words, demo_inputs, destination_of, file_inputs, lines_of
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

if TYPE_CHECKING:
    from pathlib import Path

MINIMAL = example_path("minimal")
FILES = (
    *("--network", str(MINIMAL / "network.yaml")),
    *("--catalogue", str(MINIMAL / "catalogue.json")),
    *("--stock", str(MINIMAL / "stock.json")),
)
REQUEST = MINIMAL / "request.json"


CALENDARS: dict[str, Any] = {
    "valid_from": "2026-12-01",
    "valid_until": "2026-12-31",
    "settings": {"destination_holidays": [{"country": "place", "subdivision": "place"}]},
    "calendars": [{"id": "hours", "hours": {"mon-sun": ["08:00-18:00"]}, "holidays": [{"country": "place"}]}],
    "sites": [
        {
            "id": "depot",
            "address": {"country": "FR", "postal_code": "69002"},
            "preparation": {"calendar": "hours"},
        }
    ],
    "carriers": [{"id": "own"}],
    "zone_sets": [
        {
            "id": "halves",
            "zones": [
                {"id": "north", "areas": [{"countries": ["FR"], "prefixes": ["59"]}]},
                {"id": "south", "areas": [{"countries": ["FR"]}]},
            ],
        }
    ],
    "services": [
        {
            "id": "van",
            "carrier": "own",
            "lanes": [{"transit": {"maximum": "2 h", "hours": "hours"}}],
            "delivery": {
                "worked_holidays": ["2026-12-25"],
                "windows": [
                    {"hours": "08:00-13:00", "weekdays": "mon-sat"},
                    {"hours": "14:00-18:00", "weekdays": "wed"},
                ],
                "exceptions": [
                    {"first": "2026-12-24", "last": "2026-12-25", "name": "peak", "windows": [{"hours": "08:00-20:00"}]}
                ],
            },
        },
        {
            "id": "parcel",
            "carrier": "own",
            "zone_set": "halves",
            "lanes": [
                {"destinations": ["north"], "transit": {"maximum_days": 1}, "delivery": {"on_holidays": True}},
                {"destinations": ["south"], "transit": {"maximum_days": 2}},
            ],
        },
    ],
    "collections": [{"sites": ["depot"], "services": ["van", "parcel"], "cut_off": "17:00"}],
    "methods": [{"id": "home", "kind": "home", "services": ["van", "parcel"], "price": [{"price": 0}]}],
    "channels": [{"id": "web"}],
}
"""A van with hours on the way and windows that change before Christmas, and a parcel with two kinds of lanes."""


def run(*arguments: str | Path, columns: int = 80, **given: Any) -> Result:
    """What a command answers on a terminal of some width."""
    environment = {"COLUMNS": str(columns), "NO_COLOR": "1"}
    return CliRunner(env=environment).invoke(app, [str(argument) for argument in arguments], **given)


def joined(text: str) -> str:
    """A text without its line breaks and columns."""
    return " ".join(text.split())


def written(folder: Path, network: dict[str, Any]) -> Path:
    """The file of a network."""
    path = folder / "network.json"
    path.write_text(json.dumps(network), "utf-8")
    return path


@pytest.fixture(scope="module")
def shown_demo() -> Result:
    """The demo as it answers without options, 80 columns wide."""
    return run("demo")


def test_demo_shows_options_with_all_that_a_checkout_needs(shown_demo: Result) -> None:
    """Method, service, window, order before, price, CO2e and site of an option are in the table."""
    assert 0 == shown_demo.exit_code
    lines = shown_demo.stdout.splitlines()
    assert "1 x CLO-0002, 1 x TAB-0001, to FR 69002 Lyon" == lines[0]
    assert "ordered Fri 20 Nov 2026 10:12, channel web; times of Europe/Paris" == lines[1]
    at = lines.index("Home delivery with signature  home-signature")
    assert ["Mon", "23", "Nov", "09:00-18:00", "Fri", "20", "Nov", "17:00"] == lines[at + 1].split()[1:9]
    assert lines[at + 1].endswith("6.50 EUR  18 g")
    assert "    colissimo-signature from wh-lyon" == lines[at + 2]


def test_demo_shows_refusals_with_their_reasons(shown_demo: Result) -> None:
    """A method that is not offered stands in the second table, with the code of its reason."""
    refusals = shown_demo.stdout.split("Not offered")[1]
    assert "island-freight" in refusals
    assert "[outside_zone]" in refusals


def test_refusals_tell_what_would_do(tmp_path: Path) -> None:
    """Under the reason of a refused method stand the changes that each alone give it an option."""
    request = minimal_request() | {"lines": [{"sku": "A1", "quantity": 12}, {"sku": "B2", "quantity": 1}]}
    documents = {"network": minimal_network(), "stock": minimal_stock(), "request": request}
    documents["stock"]["records"].append({"site": "lyon", "sku": "B2", "on_hand": 1})
    arguments: list[str | Path] = ["promise"]
    for name, document in documents.items():
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(document), "utf-8")
        arguments += [f"--{name}", path]
    shown = run(*arguments, columns=120).stdout
    assert "\u2192 2 more of A1 at lyon; without A1" in shown


def test_demo_fits_eighty_columns_and_has_no_colours_when_piped(shown_demo: Result) -> None:
    """No line is wider than the terminal, and no escape sequence is written."""
    assert max(map(len, shown_demo.stdout.splitlines())) <= 80
    assert "\x1b" not in shown_demo.stdout


def test_demo_in_json_is_the_document_of_the_answer() -> None:
    """`--json` gives the bytes of `Answer.to_json()`, wherever and whenever the order is placed."""
    words = Words(at="2026-12-24T09:30:00+01:00", to="FR 67000", basket="CLO-0002:2", channel="store", view="shopper")
    result = run(
        *("demo", "--json", "--at", words.at, "--to", words.to, "--basket", words.basket),
        *("--channel", words.channel, "--view", words.view),
    )
    assert demo_inputs(words).answer().to_json() + "\n" == result.stdout
    assert "67000" == json.loads(result.stdout)["destination"]["postal_code"]


def test_promise_answers_files() -> None:
    """A network, a catalogue, a snapshot and a request from files give an answer, wide enough on one line."""
    run("promise", *FILES, "--request", REQUEST)  # compiles what is not compiled yet, and says so
    result = run("promise", *FILES, "--request", REQUEST, columns=120)
    assert (0, "") == (result.exit_code, result.stderr)
    row = result.stdout.split("Home delivery  home\n")[1].splitlines()[0]
    assert row.startswith("1  Mon 23 Nov 08:00-18:00  Fri 20 Nov 15:00  4.90 EUR")
    assert "parcel from warehouse" in row


def test_promise_writes_evidence_that_replay_answers_again(tmp_path: Path) -> None:
    """The same document, table and explanation come from the evidence file alone, or from standard input."""
    evidence = tmp_path / "evidence.json"
    command = ("promise", *FILES, "--request", REQUEST, "--evidence", evidence)
    shown, document = run(*command), run(*command, "--json")
    assert 0 == shown.exit_code
    assert shown.stdout == run("replay", evidence).stdout
    assert document.stdout == run("replay", evidence, "--json").stdout
    assert document.stdout == run("replay", "-", "--json", input=evidence.read_bytes()).stdout
    told = run("explain", *FILES, "--request", REQUEST, "--every")
    assert told.stdout == run("replay", evidence, "--explain").stdout
    assert 2 == run("replay", evidence, "--json", "--explain").exit_code


def test_replay_refuses_evidence_that_was_changed(tmp_path: Path) -> None:
    """Status 2, and the fault on the terminal."""
    evidence = tmp_path / "evidence.json"
    run("promise", *FILES, "--request", REQUEST, "--evidence", evidence)
    evidence.write_text(evidence.read_text("utf-8").replace("web", "shop"), "utf-8")
    refused = run("replay", evidence)
    assert 2 == refused.exit_code
    assert "1 fault in the evidence" in refused.stderr
    assert "it was changed since it was written" in joined(refused.stderr)


def test_promise_reads_the_request_from_standard_input() -> None:
    """`--request -` and `--json` make a filter of the command, equal to the library's document."""
    result = run("promise", *FILES, "--request", "-", "--json", input=REQUEST.read_bytes())
    paths = (MINIMAL / "network.yaml", MINIMAL / "catalogue.json", MINIMAL / "stock.json")
    assert file_inputs(*paths, str(REQUEST), None).answer().to_json() + "\n" == result.stdout


def test_explain_tells_the_chain_of_one_option() -> None:
    """The timeline names each instant with its local date and the rule that set it."""
    result = run("explain", *FILES, "--request", REQUEST, "--option", "1")
    assert 0 == result.exit_code
    assert "Fri 20 Nov 17:00     ● collected" in result.stdout
    assert "skips Sun 22 Nov" in result.stdout


def test_explain_wants_a_demo_or_files() -> None:
    """Without inputs, with half of them, or with words that only the demo takes, the usage is told."""
    assert "Missing --network, --stock, --request; or --demo" in run("explain").stderr
    assert "--to: only with --demo" in run("explain", *FILES, "--request", REQUEST, "--to", "75001").stderr


def test_explain_takes_the_demo_or_files() -> None:
    """Files beside --demo would be ignored: they are refused by name."""
    result = run("explain", "--demo", *FILES)
    assert 2 == result.exit_code
    assert "--network, --catalogue, --stock: not with --demo" in joined(result.stderr)


@pytest.mark.parametrize(("option", "value"), [("--option", "9"), ("--method", "drone")])
def test_explain_refuses_an_option_or_a_method_that_is_not_there(option: str, value: str) -> None:
    """The message names what was asked and what there is."""
    result = run("explain", *FILES, "--request", REQUEST, option, value)
    assert 2 == result.exit_code
    assert value in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["demo", "--to", "FR 6900"], "destination.postal_code"),
        (["demo", "--to", "no-such-store"], "destination.place"),
        (["demo", "--channel", "radio"], "one of: marketplace, store, web"),
        (["demo", "--basket", "CLO-0002:x"], "lines.0.quantity"),
        (["demo", "--basket", ","], "at least 1 item"),
        (["demo", "--at", "tomorrow"], "an instant with its UTC offset"),
        (["demo", "--at", "2026-11-20T10:12:00"], "an instant with its UTC offset"),
        (["demo", "--at", "2031-01-01T00:00:00Z"], "while the network is valid"),
        (["demo", "--at", "0001-01-01T00:00:00+05:00"], "an instant between the years 1900 and 9999"),
        (["explain", "--demo", "--at", "9999-12-31T23:59:59-05:00"], "an instant between the years 1900 and 9999"),
        (["promise", *FILES, "--request", "no-such-file.json"], "a readable file"),
        (["promise", *FILES, "--request", str(MINIMAL)], "a readable file"),
        (["calendar", "--site", "nowhere"], "is not one of"),
        (["calendar", "--site", "wh-lyon", "--use", "opening"], "has no opening days"),
        (["calendar", "--site", "wh-lyon", "--from", "2026-12-01", "--until", "2026-11-01"], "--until"),
        (["calendar", "--site", "wh-lyon", "--from", "9999-12-20"], "a date from 2000-01-01 to 2100-12-31"),
        (["calendar", "--site", "wh-lyon", "--from", "1999-12-31"], "a date from 2000-01-01 to 2100-12-31"),
        (["calendar", "--site", "wh-lyon", "--from", "2100-12-30", "--until", "2101-01-01"], "to 2100-12-31"),
        (["calendar", "--to", "FR"], "a country with a postal code"),
        (["calendar", "--service", "chrono-13", "--use", "opening"], "delivery, network"),
        (["calendar"], "One of --site, --carrier, --service, --to"),
        (["calendar", "--site", "wh-lyon", "--to", "FR 67000"], "One of --site, --carrier, --service, --to"),
        (["calendar", "--carrier", "colissimo", "--to", "FR 67000"], "One of --site, --carrier, --service, --to"),
        (["calendar", "no-such-folder", "--carrier", "x"], "a file or folder that exists"),
        (["postcodes", "show", "FR", "6"], "5 digits"),
        (["postcodes", "show", "XX", "1"], "ISO 3166-1"),
        (["postcodes", "show", "67000"], "a country with a postal code"),
        (["postcodes", "fetch", "XX"], "ISO 3166-1"),
    ],
)
def test_bad_input_ends_with_a_message_and_status_two(arguments: list[str], said: str) -> None:
    """Nothing on stdout, what was expected on stderr, and never a traceback."""
    result = run(*arguments, columns=120)
    assert (2, "") == (result.exit_code, result.stdout)
    assert said in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_faults_are_listed_by_file(tmp_path: Path) -> None:
    """Every fault of a refused network stands under the name of its file, with its path."""
    (tmp_path / "a.yaml").write_text("valid_from: 2026-01-01\nvalid_until: never\n")
    (tmp_path / "b.yaml").write_text("sites: [{id: x}]\n")
    for columns in (80, 140):
        result = run("promise", "--network", tmp_path, *FILES[2:], "--request", REQUEST, columns=columns)
        assert 2 == result.exit_code
        assert "faults in the network" in result.stderr
        assert "valid_until" in result.stderr.split("a.yaml")[1]
        assert "sites[x].address" in result.stderr.split("b.yaml")[1]


def test_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    """Network, catalogue, stock and request are read before the first fault ends the command."""
    (tmp_path / "network.yaml").write_text("valid_from: never\n")
    (tmp_path / "catalogue.json").write_text('{"items": 1}')
    (tmp_path / "stock.json").write_text('{"as_of": "soon"}')
    (tmp_path / "request.json").write_text('{"lines": []}')
    kinds = {"network": "yaml", "catalogue": "json", "stock": "json", "request": "json"}
    files = [part for kind, end in kinds.items() for part in (f"--{kind}", tmp_path / f"{kind}.{end}")]
    result = run("promise", *files)
    assert (2, "") == (result.exit_code, result.stdout)
    assert ["network", "catalogue", "stock", "request"] == re.findall(r"faults? in the (\w+)", result.stderr)
    assert "Traceback" not in result.stderr


def test_compiling_is_told_once_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """One line on stderr, however many functions are compiled, and none when they are compiled already."""

    @numba.njit  # type: ignore[misc]  # numba has no types
    def inner(value: int) -> int:
        return value + 1

    @numba.njit  # type: ignore[misc]
    def outer(value: int) -> int:
        return int(inner(value))

    for expected in (0 if numba.config.DISABLE_JIT else 1, 0):
        with busy("Computing ..."):
            outer(1)
        assert expected == capsys.readouterr().err.count("Compiling the kernels")


@pytest.mark.parametrize(("severities", "status"), [([], 0), ([Severity.WARNING], 1), (list(Severity), 2)])
def test_check_tells_by_its_status_how_bad_it_is(
    severities: list[Severity], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing found ends with 0, warnings with 1, errors with 2."""
    faults = [Fault("n.yaml", "sites", "0", f"more ({one})", severity=one) for one in severities]
    monkeypatch.setattr("promise_engine.check.check_network", lambda _path: faults)
    result = run("check", "n.yaml")
    assert status == result.exit_code
    assert ("1 warning" in result.stdout) == (Severity.WARNING in severities)
    assert ("1 error" in result.stdout) == (Severity.ERROR in severities)
    assert ("more warnings may appear once they are fixed" in joined(result.stdout)) == (Severity.ERROR in severities)


def test_check_finds_nothing_wrong_with_the_smallest_example() -> None:
    """The smallest network that works has no error."""
    assert run("check", MINIMAL / "network.yaml").exit_code < 2


def test_calendar_gives_the_reason_of_each_exception() -> None:
    """A worked Sunday, a shorter day and a holiday of the site's region stand with their names."""
    result = run(
        "calendar", "--site", "store-strasbourg", "--use", "opening", "--from", "2026-12-20", "--until", "2026-12-26"
    )
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "site store-strasbourg, opening (calendar opening-city, holidays of FR-6AE)" == lines[0]
    assert "Sun 20 Dec 2026 open 11:00-18:30 Sundays before Christmas" in lines
    assert "Sat 26 Dec 2026 closed Saint Stephen's Day" in lines
    assert "Tue 22 Dec 2026 open 10:00-19:30" in lines
    assert "5 days of 7 count." in lines


def test_calendar_ends_with_the_dates_that_a_network_may_name() -> None:
    """The four weeks from the last day of 2100 are that day."""
    result = run("calendar", "--site", "wh-lyon", "--from", "2100-12-31")
    assert (0, True) == (result.exit_code, "31" in result.stdout)


def test_calendar_shows_exceptions_only() -> None:
    """`--exceptions` leaves out dates that follow the ordinary week."""
    result = run("calendar", "--to", "FR 67000", "--from", "2026-12-21", "--until", "2026-12-28", "--exceptions")
    assert ["Fri 25 Dec 2026", "Sat 26 Dec 2026"] == [
        line[:15] for line in result.stdout.splitlines() if " Dec " in line
    ]


def test_calendar_of_a_service_counts_the_holidays_of_a_destination() -> None:
    """Good Friday is no delivery day in Strasbourg, though the carrier's calendar does not say so."""
    words = ("calendar", "--service", "chrono-13", "--from", "2027-03-26", "--until", "2027-03-26")
    assert "1 day of 1 count." in run(*words).stdout
    assert "Good Friday (at the destination)" in run(*words, "--to", "FR 67000").stdout


def test_calendar_of_a_carrier_has_the_holidays_of_the_site_where_it_collects() -> None:
    """Christmas is no collection day at a French site; without a site the output says what is not applied."""
    words = ("calendar", "--carrier", "colissimo", "--from", "2026-12-25", "--until", "2026-12-25")
    alone, at_site = run(*words).stdout, run(*words, "--site", "wh-lyon").stdout
    assert "Holidays of the place are not applied: --site says where the carrier collects." in joined(alone)
    assert "carrier colissimo, collection days at wh-lyon" in at_site
    assert "closed Christmas Day" in joined(at_site)
    assert "not applied" not in at_site


def test_calendar_of_hours_on_the_way_has_the_holidays_of_the_site_that_the_parcel_leaves(tmp_path: Path) -> None:
    """Transit in hours is counted where the parcel leaves; days of a carrier's network have no place."""
    words = ("calendar", written(tmp_path, CALENDARS), "--service", "van", "--use", "network", "--from", "2026-12-25")
    assert "Holidays of the place are not applied: --site says where the parcel leaves." in joined(run(*words).stdout)
    shown = joined(run(*words, "--site", "depot", "--until", "2026-12-25").stdout)
    assert "service van, network from depot (calendar hours, holidays of FR) " in shown
    assert "closed Christmas Day" in shown


def test_calendar_of_a_service_shows_windows_and_their_exceptions(tmp_path: Path) -> None:
    """The windows of each date stand there, those of an exception with its name, and a worked holiday counts."""
    words = ("calendar", written(tmp_path, CALENDARS), "--service", "van", "--from", "2026-12-23", "--until")
    result = run(*words, "2026-12-27", "--to", "FR 67000", columns=120)
    lines = [joined(line) for line in result.stdout.splitlines()]
    assert "Wed 23 Dec 2026 open 08:00-13:00, 14:00-18:00" in lines
    assert "Thu 24 Dec 2026 open 08:00-20:00 peak" in lines
    assert "Fri 25 Dec 2026 open 08:00-20:00 peak" in lines
    assert "Sat 26 Dec 2026 closed Saint Stephen's Day (at the destination)" in lines
    assert "Sun 27 Dec 2026 closed no window" in lines
    only = run(*words, "2026-12-27", "--exceptions").stdout
    assert "24 Dec" in only
    assert "23 Dec" not in only
    assert "Holidays of the destination are not applied: --to says where that is." in joined(only)


def test_calendar_tells_lanes_apart(tmp_path: Path) -> None:
    """Where lanes of a service deliver differently, each table says which lanes it is about."""
    shown = run("calendar", written(tmp_path, CALENDARS), "--service", "parcel").stdout
    assert "service parcel, delivery of any to north: every day\n" in shown
    assert "service parcel, delivery of any to south: every day, less holidays\n" in shown


def test_calendar_says_when_no_order_is_answered() -> None:
    """Dates outside the network's validity are shown with a remark, others without."""
    told = "outside the network's validity, 2026-01-01 to 2027-12-31: no order placed on them is answered."
    assert f"These dates lie {told}" in joined(run("calendar", "--site", "wh-lyon", "--from", "2030-01-01").stdout)
    assert f"Some dates lie {told}" in joined(run("calendar", "--site", "wh-lyon", "--from", "2027-12-20").stdout)
    assert "validity" not in run("calendar", "--site", "wh-lyon").stdout


def test_calendar_says_when_holidays_are_not_known() -> None:
    """Dates outside the years of the `holidays` package are shown without holidays, and it is said; others not."""
    told = "Holidays of ME in 2006 are not known to the `holidays` package: none are applied."
    assert told in joined(run("calendar", "--to", "ME 81000", "--from", "2006-12-20").stdout)
    assert "not known" not in run("calendar", "--to", "ME 81000", "--from", "2007-01-02").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--carrier", "colissimo"], "carrier colissimo, collection days"),
        (["--service", "chrono-13", "--use", "network"], "service chrono-13, network (calendar network-mon-fri)"),
        (["--site", "hub-ajaccio"], "site hub-ajaccio"),
    ],
)
def test_calendar_of_a_carrier_a_network_and_a_stop(arguments: list[str], said: str) -> None:
    """Each subject is named with the calendar that is shown."""
    result = run("calendar", *arguments)
    assert 0 == result.exit_code
    assert said in result.stdout


def test_postcodes_show_tells_holidays_and_precision() -> None:
    """A code of Alsace has the holidays of Alsace-Moselle, and its coordinates say where they come from."""
    result = run("postcodes", "show", "fr", "67000")
    assert "6AE" in result.stdout
    assert "embedded table" in result.stdout


def test_postcodes_show_tells_chief_towns_from_averages() -> None:
    """The chief town of a small country or a routing key is no average of GeoNames."""
    for words in (("MQ", "97200"), ("IE", "D02X285")):
        shown = run("postcodes", "show", *words, columns=100).stdout
        assert "embedded table (chief towns, written by hand to a few kilometres)" in shown
        assert "averages" not in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ["promise", *FILES, "--request", REQUEST],
        ["check", example_path("fr_omnichannel", "network")],
        ["calendar", "--site", "wh-lyon"],
        ["postcodes", "show", "FR", "67000"],
        ["availability", "CLO-0002", "--channel", "web"],
        ["explain", "--network", MINIMAL / "none.yaml", "--stock", MINIMAL / "none", "--request", REQUEST],
    ],
    ids=lambda arguments: str(arguments[0]),
)
@pytest.mark.parametrize("columns", [80, 140])
def test_lines_of_a_pipe_end_where_their_text_ends(arguments: list[str | Path], columns: int) -> None:
    """No line has spaces at its end, on either stream, whatever the tables are padded to."""
    result = run(*arguments, columns=columns)
    assert [] == [line for line in result.output.splitlines() if line != line.rstrip()]


def test_postcodes_show_takes_one_word_or_several() -> None:
    """A destination as `demo --to` takes it is understood too."""
    shown = run("postcodes", "show", "GB", "SW1A 1AA").stdout
    assert "GB SW1A 1AA" in shown
    assert (
        shown == run("postcodes", "show", "GB SW1A 1AA").stdout == run("postcodes", "show", "gb", "SW1A", "1AA").stdout
    )


def test_a_folder_of_postal_codes_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A promise ends with the folder's name and status 2, and is not made with other coordinates."""
    monkeypatch.setenv("PGEOCODE_DATA_DIR", str(tmp_path / "none"))
    result = run("promise", *FILES, "--request", REQUEST)
    assert 2 == result.exit_code
    assert f"{tmp_path / 'none'}: found no folder, expected a folder of GeoNames files" in joined(result.stderr)


def test_postcodes_fetch_says_how_the_files_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """After a download the folder is named, with the variable that makes promises use it."""
    monkeypatch.setattr(
        "promise_engine.places.fetch", lambda countries, folder, _progress: [folder / f"{countries[0]}.txt"]
    )
    result = run("postcodes", "fetch", "FR", "--dir", tmp_path)
    assert 0 == result.exit_code
    assert f"export PGEOCODE_DATA_DIR={tmp_path}" in result.stdout


def test_postcodes_fetch_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pgeocode the extra is named."""

    def missing(*_arguments: object) -> None:
        raise ModuleNotFoundError("pgeocode")

    monkeypatch.setattr("promise_engine.places.fetch", missing)
    result = run("postcodes", "fetch", "FR")
    assert 1 == result.exit_code
    assert 'pip install "promise-engine[postcodes]"' in result.stderr


def test_a_missing_library_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without rich the command says what to install, and ends with status 1."""
    monkeypatch.setattr("promise_engine.adapters.cli.find_spec", lambda name: None if name == "rich" else object())
    with pytest.raises(SystemExit) as ended:
        main()
    assert 1 == ended.value.code
    assert 'the command line needs rich: pip install "promise-engine[cli]"\n' == capsys.readouterr().err[16:]


def test_help_teaches_with_examples() -> None:
    """Every command's help has an example that begins with the command."""
    for command in ("demo", "promise", "explain", "check", "calendar", "warm"):
        assert f"  promise-engine {command}" in run(command, "--help").stdout
    assert "  promise-engine demo\n" in run("--help").stdout


def test_the_module_runs_as_a_program() -> None:
    """`python -m promise_engine` is the same command."""
    command = [sys.executable, "-m", "promise_engine", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("promise-engine ")


def test_demo_takes_a_city_and_the_beginning_of_a_code(shown_demo: Result) -> None:
    """What the heading says can be asked again, and an area by the beginning of its codes."""
    heading = shown_demo.stdout.splitlines()[0]
    assert shown_demo.stdout == run("demo", "--to", heading.partition(", to ")[2]).stdout
    assert "to FR 67..." in run("demo", "--to", "FR 67*").stdout.splitlines()[0]


def test_a_terminal_without_utf_8_still_shows_the_answer() -> None:
    """Letters that the terminal does not know are replaced; the document in JSON stays UTF-8."""
    command = [sys.executable, "-m", "promise_engine", "demo"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    shown = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert b"Lyon Presqu'?le" in shown.stdout
    document = subprocess.run([*command, "--json"], env=environment, capture_output=True, check=True)
    assert "Lyon Presqu'île" in document.stdout.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FR 69002", {"country": "FR", "postal_code": "69002"}),
        ("fr 69002", {"country": "FR", "postal_code": "69002"}),
        ("GB SW1A 1AA", {"country": "GB", "postal_code": "SW1A 1AA"}),
        ("GB SW1A 1AA London", {"country": "GB", "postal_code": "SW1A 1AA", "city": "London"}),
        ("FR 42000 Saint-Étienne du Pont", {"country": "FR", "postal_code": "42000", "city": "Saint-Étienne du Pont"}),
        ("67000 Strasbourg", {"country": "FR", "postal_code": "67000", "city": "Strasbourg"}),
        ("FR 6700 Strasbourg", {"country": "FR", "postal_code": "6700 Strasbourg"}),
        ("FR 67*", {"country": "FR", "postal_prefix": "67"}),
        ("67 *", {"country": "FR", "postal_prefix": "67"}),
        ("FR *", {"country": "FR"}),
        ("69002", {"country": "FR", "postal_code": "69002"}),
        ("L-1009", {"country": "FR", "postal_code": "L-1009"}),
        ("MQ", {"country": "MQ"}),
        ("shop", {"place": "shop"}),
        ("ab-12", {"place": "ab-12"}),
    ],
)
def test_destinations_in_words(text: str, expected: dict[str, str]) -> None:
    """A country with a code, a city behind it, a code alone, a prefix, and the id of a place are told apart."""
    assert expected == destination_of(text, "FR", {"shop"})


def test_baskets_in_words() -> None:
    """A quantity left out is 1, a SKU may contain a colon, known prices are kept."""
    assert [{"sku": "A:1", "quantity": "2"}, {"sku": "B", "quantity": "1", "unit_price": 9}] == lines_of(
        "A:1:2, B", {"B": 9}
    )
