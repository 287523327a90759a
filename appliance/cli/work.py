"""`appliance work`: work some queues in a process of their own, beside the server."""

import argparse
import os
import signal
from collections.abc import Callable

from appliance.base import errortracking, log
from appliance.base.options import LOG_LEVEL
from appliance.cli import config as config_command


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    help = "work queues in a process of their own"
    parser = commands.add_parser(
        "work",
        help=help,
        description=f"{help.capitalize()}: those that the server leaves out (jobs.elsewhere), or that nobody"
        " works just now. A queue that another process works is taken over when that ends.",
    )
    parser.add_argument("--queue", action="append", required=True, metavar="NAME", help="may be repeated")
    parser.set_defaults(func=work)


def work(args: argparse.Namespace) -> int:
    config = config_command.load(args)
    log.setup(config.get(LOG_LEVEL))
    os.umask(0o077)
    from appliance.base import stacks
    from appliance.runtime import Signals
    from appliance.work import WorkProcess

    signals = Signals()
    errortracking.start(config)  # its thread leaves the signals to the main one
    process = WorkProcess(config, args.queue)
    process.start()
    print(f"Working {', '.join(args.queue)} with the data in {process.folder}", flush=True)
    deeds: dict[int, Callable[[], None]] = {signal.SIGUSR1: stacks.dump, signal.SIGUSR2: process.look}
    while deed := deeds.get(signals.next()):
        deed()
    process.stop()
    return 0
