"""`appliance import-zulip`: an organization out of an export of a Zulip server, or of this program."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from appliance.base.clock import SystemClock
from appliance.base.errors import CommandError
from appliance.base.options import DATA
from appliance.cli import config as config_command
from appliance.cli.bar import Bar
from appliance.cli.folder import show
from appliance.jobs import lease
from appliance.store.ownership import Ownership

if TYPE_CHECKING:
    from appliance.actions.import_zulip.whole import Imported, Stage

WORDS: dict["Stage", str] = {
    "read": "{done:,} of {of:,} bytes are unpacked",
    "messages": "{done:,} of about {of:,} messages",
    "index": "the words up to message {done:,} of {of:,}",
}


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "import-zulip",
        help="read an organization out of an export of a Zulip server",
        description="Read an organization out of an export of a Zulip server (manage.py export), or of"
        " `appliance export`, into a new data folder, or one with nothing in it but an owner. The server must"
        " not run. It happens as a whole or not at all.",
    )
    parser.add_argument("archive", type=Path, metavar="ARCHIVE", help="the .tar.gz, or its folder")
    parser.set_defaults(func=import_zulip)


def import_zulip(args: argparse.Namespace) -> int:
    from appliance.actions.import_zulip import whole  # not above: it would take time from every command

    config = config_command.load(args)
    folder: Path = config.get(DATA)
    began = time.monotonic()
    bar = Bar(shown=sys.stderr.isatty() and not args.json)

    def step(what: "Stage", done: int, of: int) -> None:
        bar.step(WORDS[what], done, of)

    ownership = Ownership(folder)
    try:
        if workers := lease.owners(folder):
            raise CommandError(f"process {min(workers.values())} works queues of {folder}: stop it first")
        made = whole.read(args.archive, folder, SystemClock(), step)
    except OSError as error:
        raise CommandError(f"cannot import {args.archive}: {error.strerror or error}") from error
    finally:
        bar.end()
        ownership.release()
    _show(args, made, time.monotonic() - began)
    return 0


def _show(args: argparse.Namespace, made: "Imported", seconds: float) -> None:
    facts = {
        "name": made.name,
        "people": made.people,
        "channels": made.channels,
        "messages": made.messages,
        "left_out": made.notes,
    }
    lines = [
        f"{made.name}: {made.people} people, {made.channels} channels, {made.messages} messages"
        f" in {seconds:.0f} s",
        *(f"left out: {each}" for each in made.notes),
        "Nobody has a password yet: `appliance user link EMAIL` makes a link to sign in.",
    ]
    show(args, facts, "\n".join(lines))
