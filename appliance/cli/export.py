"""`appliance export`: the whole organization in one file, which Zulip servers import."""

import argparse
import sys
import time
from pathlib import Path

from appliance.actions.export import request
from appliance.base.config import Config
from appliance.base.errors import CommandError
from appliance.base.options import DATA
from appliance.cli.bar import Bar
from appliance.cli.folder import opened, show
from appliance.model.export import PATH, Kind


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    help = "write everything into one file, in Zulip's export format"
    parser = commands.add_parser(
        "export",
        help=help,
        description="Write everything into one file, in Zulip's export format: people, channels, all"
        " messages, private ones too, uploaded files, but no keys and no passwords. Keep it safe.",
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help=f"default: a new one below DATA/{PATH}"
    )
    parser.set_defaults(func=export)


def export(args: argparse.Namespace) -> int:
    from appliance.actions.export import whole  # not above: it would take time from every command

    now = time.time()
    bar = Bar(shown=sys.stderr.isatty() and not args.json)
    total = 0

    def step(done: int, of: int) -> None:
        nonlocal total
        total = of
        bar.step("{done} of {of} messages", done, of)

    with opened(args) as (store, config):
        target = _target(args.file, config, now)
        try:
            size = whole.write(store, target, Kind.FULL, now, step)
        except OSError as error:
            raise CommandError(f"cannot write {target}: {error.strerror}") from error
        finally:
            bar.end()
    facts = {"file": str(target), "size": size, "messages": total}
    show(args, facts, f"{target}: {total} messages, {size / 1e6:.1f} MB")
    return 0


def _target(given: Path | None, config: Config, now: float) -> Path:
    target = (given or config.get(DATA) / PATH / request.file_name(now)).absolute()
    if target.exists():
        raise CommandError(f"{target} is there already")
    if given and not target.parent.is_dir():
        raise CommandError(f"there is no folder {target.parent}")
    return target

