"""`appliance realm …`: the organization."""

import argparse

from appliance.actions.realm import closing
from appliance.cli.folder import opened, show


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("realm", help="open the organization again")
    actions = parser.add_subparsers(metavar="ACTION", required=True)

    help = "open a deactivated organization again; all that was in it is there"
    reactivating = actions.add_parser("reactivate", help=help, description=help)
    reactivating.set_defaults(func=reactivate)


def reactivate(args: argparse.Namespace) -> int:
    with opened(args) as (store, _):
        closing.reactivate(store)
    show(args, {"deactivated": False}, "the organization is open: everybody can sign in again")
    return 0
