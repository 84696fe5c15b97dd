"""The command `availability`, as a user calls it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner, Result

from promise_engine._resources import example_path
from promise_engine.adapters.cli.app import app

if TYPE_CHECKING:
    from pathlib import Path

MINIMAL = example_path("minimal")


def run(*arguments: str | Path) -> Result:
    """What the command answers."""
    environment = {"COLUMNS": "120", "NO_COLOR": "1"}
    return CliRunner(env=environment).invoke(app, ["availability", *map(str, arguments)])


def test_the_example_shows_sites_pool_and_rules() -> None:
    """The marketplace may take 80 % of what all sites have; the table names the rule."""
    result = run("CLO-0002", "--channel", "marketplace")
    assert 0 == result.exit_code, result.output
    assert result.stdout.startswith("CLO-0002: ")
    assert "all sites" in result.stdout
    assert "share (stock_rules." in result.stdout


def test_files_are_answered_as_a_document() -> None:
    """With --json the document of each SKU, an unknown one too."""
    result = run("MUG", "NONE", "--network", MINIMAL / "network.yaml", "--stock", MINIMAL / "stock.json", "--json")
    assert 0 == result.exit_code, result.output
    mug, none = json.loads(result.stdout)
    assert "MUG" == mug["sku"]
    assert [] == none["sites"]
    assert "0" == none["now"]


def test_an_unknown_sku_is_told() -> None:
    """One that the catalogue lacks, and one that no site has, are told from one that is sold out."""
    unknown = run("NOPE", "--channel", "web")
    assert 0 == unknown.exit_code, unknown.output
    assert "not in the catalogue: every promise refuses it [unknown_sku]" in unknown.stdout
    assert "no site has stock of it" in unknown.stdout
    without = run("NOPE", "--network", MINIMAL / "network.yaml", "--stock", MINIMAL / "stock.json").stdout
    assert "catalogue" not in without
    assert "no site has stock of it" in without


def test_a_network_without_stock_is_refused() -> None:
    """Both or neither; and a channel that does not exist is told with those there are."""
    assert "--network and --stock go together" in run("MUG", "--network", MINIMAL / "network.yaml").output
    wrong = run("CLO-0002", "--channel", "phone")
    assert 2 == wrong.exit_code
    assert "one of: marketplace, store, web" in wrong.output.replace("\n", " ")
