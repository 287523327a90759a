"""`appliance messages`: those that were deleted, and bringing them back."""

import argparse

from appliance.actions.message import restore as restore_actions
from appliance.cli.folder import opened, show, table, utc

MOST, SHOWN = 10_000, 50  # that are listed; characters of a message in a table


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("messages", help="list and restore deleted messages")
    nested = parser.add_subparsers(metavar="COMMAND", required=True)
    listing = nested.add_parser("deleted", help="messages that can be restored, the last deleted first")
    listing.add_argument("--limit", type=int, default=100, metavar="N", help="how many at most (100)")
    listing.set_defaults(func=deleted)
    restoring = nested.add_parser("restore", help="bring deleted messages back to where they were")
    restoring.add_argument("ids", nargs="+", type=int, metavar="ID", help="of messages")
    restoring.set_defaults(func=restore)


def deleted(args: argparse.Namespace) -> int:
    with opened(args) as (store, _):
        found = restore_actions.listed(store, max(0, min(args.limit, MOST)))
    headings = ("ID", "DELETED", "BY", "SENDER", "WHERE", "TOPIC", "TEXT")
    rows = [
        (each.id, utc(each.deleted), each.deleted_by or "(age)", *each[3:6], _short(each.content))
        for each in found
    ]
    show(args, [each._asdict() for each in found], table(headings, rows))
    return 0


def restore(args: argparse.Namespace) -> int:
    with opened(args) as (store, _):
        restore_actions.restore(store, args.ids)
    number = len(set(args.ids))
    show(args, {"restored": sorted(set(args.ids))}, f"restored: {number} message{'s' if number > 1 else ''}")
    return 0


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
