"""The `appliance` command: arguments, and errors in one line each."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

import appliance
from appliance.base.errors import ApplianceError

COMMANDS = (
    "serve", "work", "realm", "user", "jobs", "queues", "push", "export", "import-zulip", "messages",
    "doctor", "config",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status: 0 done, 1 something is wrong, 2 it could not be done."""
    given = sys.argv[1:] if argv is None else argv
    args = make_parser([each for each in COMMANDS if each in given]).parse_args(given)
    try:
        status: int = args.func(args)
    except ApplianceError as error:
        print(f"appliance: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # `| head` has seen enough
        sys.stderr.close()
        return 0
    return status


def make_parser(only: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Of all commands, or of those that are named: what the others need takes time to import."""
    parser = argparse.ArgumentParser(
        prog="appliance",
        description="A team chat server that speaks Zulip's API.",
        parents=[_common(top=True)],
    )
    parser.add_argument("--version", action="version", version=f"appliance {appliance.__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for each in only or COMMANDS:
        import_module(f"appliance.cli.{each.replace('-', '_')}").add_parser(commands)
    _share(commands)
    return parser


def _common(*, top: bool) -> argparse.ArgumentParser:
    """Options that may stand before the command as well as after it."""
    missing = None if top else argparse.SUPPRESS
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", metavar="DIR", default=missing, help="the data folder (or APPLIANCE_DATA)")
    common.add_argument("--config", metavar="FILE", default=missing, help="a configuration file (TOML)")
    common.add_argument(
        "--json", action="store_true", default=False if top else missing, help="print JSON, for scripts"
    )
    return common


def _share(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for parser in commands.choices.values():
        nested = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        for each in nested:
            _share(each)
        if not nested:
            common = _common(top=False)
            parser._add_container_actions(common)
