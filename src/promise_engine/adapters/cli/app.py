"""The command group: what it offers, and how errors end it."""

from __future__ import annotations

import errno
from typing import Any

import click

from promise_engine.adapters.cli.answers import demo, explain, promise, replay
from promise_engine.adapters.cli.availability import availability
from promise_engine.adapters.cli.bench import bench
from promise_engine.adapters.cli.calendars import calendar
from promise_engine.adapters.cli.check import check
from promise_engine.adapters.cli.console import fail, print_faults
from promise_engine.adapters.cli.inputs import RefusedInputsError
from promise_engine.adapters.cli.postcodes import postcodes
from promise_engine.adapters.cli.warm import warm

_FAULTY = 2


class _Group(click.Group):
    """A group whose commands end bad input with a message and exit status 2, never with a traceback."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Commands in the order they are met, not by name."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        from promise_engine.errors import InputError, PromiseEngineError  # noqa: PLC0415
        from promise_engine.places import PlaceError  # noqa: PLC0415

        try:
            return super().invoke(ctx)
        except InputError as error:
            print_faults(error)
        except RefusedInputsError as refused:
            for one in refused.errors:
                print_faults(one)
        except (PromiseEngineError, PlaceError) as error:
            fail(str(error))
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            fail(f"{error.strerror or error}: {error.filename}" if error.filename else str(error))
        raise SystemExit(_FAULTY)


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

        try:
            number = version("promise-engine")
        except PackageNotFoundError:
            number = "(not installed)"
        click.echo(f"promise-engine {number}")
        ctx.exit()


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def app() -> None:
    """Every delivery option a shop can truly promise, with exact dates, and why the others are not possible.

    \b
    Try it (nothing to configure, nothing is downloaded):
      promise-engine demo
      promise-engine demo --to "FR 67000" --basket CLO-0002:2
      promise-engine explain --demo --option 1

    \b
    Your own data:
      promise-engine check network/
      promise-engine calendar network/ --site my-site --from 2026-12-01
      promise-engine promise --network network/ --catalogue catalogue.csv --stock stock/ --request request.json

    The first promise after an installation compiles for a minute: `promise-engine warm` does it in advance. Times
    are local to the place where they happen. Exit status: 0, or 2 when the input is refused.
    """  # noqa: D301  # click's mark of text that it must not wrap


for _command in (demo, promise, explain, replay, availability, check, calendar, warm, bench, postcodes):
    app.add_command(_command)
