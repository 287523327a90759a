"""`appliance serve`: run the server in the foreground."""

import argparse
import os

from appliance.base import errortracking, log
from appliance.base.options import LOG_LEVEL
from appliance.cli import config as config_command


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "serve", help="run the server", description="Run the server in the foreground."
    )
    parser.add_argument("--listen", metavar="HOST:PORT", help="where to listen (default 127.0.0.1:9991)")
    parser.set_defaults(func=serve)


def serve(args: argparse.Namespace) -> int:
    config = config_command.load(args)
    log.setup(config.get(LOG_LEVEL))
    os.umask(0o077)  # all that is made in the data folder is private
    from appliance.actions.realm import organization as realm
    from appliance.actions.user import login_link  # the server's modules are of no use to other commands
    from appliance.runtime import Runtime, Signals

    signals = Signals()
    errortracking.start(config)  # its thread leaves the signals to the main one
    runtime = Runtime(config)
    runtime.start()
    print(f"Serving {runtime.public_url} with the data in {runtime.folder}", flush=True)
    if not realm.has_owner(runtime.store):
        token = login_link.make(runtime.store, None)
        print(f"Nobody owns it yet. Open this link once: {runtime.public_url}/owner/{token}", flush=True)
    runtime.wait(signals)
    runtime.stop()
    return 0
