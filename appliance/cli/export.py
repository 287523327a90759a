"""`appliance export`: the whole organization in one file, which Zulip servers import."""

import argparse
import sys
import time
from pathlib import Path

from appliance.actions.export import request, whole
from appliance.base.config import Config
from appliance.base.errors import CommandError
from appliance.base.options import DATA
from appliance.cli.folder import opened, show
from appliance.model.export import PATH, Kind

WIDTH = 40  # of the bar


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    help = "write everything into one file, in Zulip's export format"
    parser = commands.add_parser(
        "export",
        help=help,
        description=f"{help.capitalize()}: people, channels, all messages, private ones too, but no keys and"
        " no passwords. Keep it safe.",
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help=f"default: a new one below DATA/{PATH}"
    )
    parser.set_defaults(func=export)


def export(args: argparse.Namespace) -> int:
    now = time.time()
    bar = Bar(shown=sys.stderr.isatty() and not args.json)
    with opened(args) as (store, config):
        target = _target(args.file, config, now)
        try:
            size = whole.write(store, target, Kind.FULL, now, bar.step)
        except OSError as error:
            raise CommandError(f"cannot write {target}: {error.strerror}") from error
        finally:
            bar.end()
    facts = {"file": str(target), "size": size, "messages": bar.total}
    show(args, facts, f"{target}: {bar.total} messages, {size / 1e6:.1f} MB")
    return 0


def _target(given: Path | None, config: Config, now: float) -> Path:
    target = (given or config.get(DATA) / PATH / request.file_name(now)).absolute()
    if target.exists():
        raise CommandError(f"{target} is there already")
    if given and not target.parent.is_dir():
        raise CommandError(f"there is no folder {target.parent}")
    return target


class Bar:
    """How far it is, on a terminal."""

    def __init__(self, *, shown: bool) -> None:
        self.total = 0
        self._shown = shown

    def step(self, done: int, of: int) -> None:
        self.total = of
        if self._shown:
            filled = WIDTH * done // of if of else WIDTH
            print(f"\r[{'#' * filled:{WIDTH}}] {done} of {of} messages", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._shown:
            print(file=sys.stderr)
