"""How commands reach the data folder, whether or not a server runs on it."""

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from appliance.actions.realm import organization as realm_actions
from appliance.base.clock import SystemClock
from appliance.base.config import Config
from appliance.base.errors import CommandError
from appliance.base.options import DATA, JOB_POLICIES
from appliance.base.urls import public_url
from appliance.cli import config as config_command
from appliance.jobs import lease
from appliance.model.user import User
from appliance.store import user as users
from appliance.store.ownership import running_server
from appliance.store.store import Store
from appliance.work import split_queues


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[tuple[Store, Config]]:
    """The store of the folder. Those who work on it are told afterwards to look at the file."""
    config = config_command.load(args)
    folder: Path = config.get(DATA)
    server = running_server(folder)
    store = Store(folder, SystemClock(), served=server is not None)
    try:
        if config.get(JOB_POLICIES):
            split_queues(config, store)
        realm_actions.prepare(store)
        yield store, config
    finally:
        store.close()
    for pid in {*([server.pid] if server else []), *lease.owners(folder).values()}:
        _wake(pid)


def url(config: Config) -> str:
    """Where people reach the server, which may listen elsewhere than the configuration says."""
    server = running_server(config.get(DATA))
    return public_url(config, server.address if server else "")


def _wake(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGUSR2)
    except ProcessLookupError:
        return
    except PermissionError:
        print(
            "appliance: the running server belongs to another user and hears of this later", file=sys.stderr
        )


def find_user(store: Store, email: str) -> User:
    with store.read() as reader:
        user = users.with_email(reader, email)
    if user is None:
        raise CommandError(f"nobody has the address {email} (see `appliance user list`)")
    return user


def show(args: argparse.Namespace, value: Any, text: str) -> None:
    """Print `value` as JSON if that was asked for, else `text`."""
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() if args.json else text)


def table(headings: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """Columns of text, as wide as they need to be."""
    cells = [headings, *(tuple("" if each is None else str(each) for each in row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    lines = ["  ".join(each.ljust(width) for each, width in zip(row, widths, strict=True)) for row in cells]
    return "\n".join(line.rstrip() for line in lines)


def utc(time: float | None) -> str | None:
    """For a column of times; None stays empty."""
    return None if time is None else f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S}"
