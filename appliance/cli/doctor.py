"""`appliance doctor`: is everything as it should be, and if not, what to do."""

import argparse
import re
import urllib.request
from collections.abc import Callable

import apsw

from appliance.base import checks
from appliance.base.config import Config
from appliance.base.errors import ApplianceError
from appliance.base.finding import Finding
from appliance.base.options import DATA
from appliance.base.urls import local_url
from appliance.cli import config as config_command
from appliance.cli.doctor_push import pushes
from appliance.cli.folder import opened, show
from appliance.cli.job_stats import stored_reports
from appliance.jobs import report
from appliance.model import picture
from appliance.outside import findings as outside
from appliance.store import user as users
from appliance.store.connection import READER, connect
from appliance.store.ownership import running_server
from appliance.store.store import FILE_NAME, Store

OPEN_BREAKER = re.compile(r'^appliance_breaker_open\{host="([^"]*)"\} 1$', re.MULTILINE)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    help = "check the data folder, the database, the server and the mail settings"
    commands.add_parser("doctor", help=help, description=help).set_defaults(func=doctor)


def doctor(args: argparse.Namespace) -> int:
    """1 if something is wrong."""
    config = config_command.load(args)
    findings = [check(config) for check in CHECKS]
    try:
        with opened(args) as (store, _):
            findings += [check(store, config) for check in STORE_CHECKS] + pushes(store, config)
    except ApplianceError as error:
        findings.append(Finding("data folder", "error", str(error)))
    lines = [f"{each.level.upper():8}{each.name}: {each.text}" for each in findings]
    facts = [{"name": each.name, "level": each.level, "text": each.text} for each in findings]
    show(args, facts, "\n".join(lines))
    return 1 if any(each.level == "error" for each in findings) else 0


def _server(config: Config) -> Finding:
    """Does the process that owns the folder answer?"""
    server = running_server(config.get(DATA))
    if server is None:
        return Finding("server", "warning", "not running; start it with `appliance serve`")
    url = local_url(server.address)
    try:
        with urllib.request.urlopen(f"{url}/ready", timeout=5):
            return Finding("server", "ok", f"process {server.pid} answers on {url}")
    except (OSError, ValueError) as error:
        return Finding("server", "error", f"process {server.pid} does not answer on {url}: {error}")


def _outside(config: Config) -> Finding:
    """Hosts that the running server leaves alone for a while, as its metrics say: nobody else knows."""
    server = running_server(config.get(DATA))
    if server is None:
        return Finding("outside", "ok", "the server is not running: it leaves nobody alone")
    try:
        with urllib.request.urlopen(f"{local_url(server.address)}/metrics", timeout=5) as answer:
            failing = OPEN_BREAKER.findall(answer.read().decode())
    except (OSError, ValueError) as error:
        return Finding("outside", "warning", f"the server does not tell its metrics: {error}")
    return outside.hosts(failing)


def _pictures(_: Config) -> Finding:
    if not picture.AVAILABLE:
        text = "Pillow is not installed: pictures are shown as large as they were uploaded"
        return Finding("pictures", "warning", text)
    return Finding("pictures", "ok", "messages show small ones of those that are uploaded")


def _integrity(store: Store, _: Config) -> Finding:
    connection = connect(store.folder / FILE_NAME, READER)
    try:
        answer = connection.execute("PRAGMA quick_check(1)").fetchall()[0][0]
    except apsw.Error as error:
        answer = str(error)
    finally:
        connection.close()
    if answer != "ok":
        return Finding("database", "error", f"{answer}: restore a backup")
    return Finding("database", "ok", f"sound, {store.path.stat().st_size >> 10} KiB")


def _owner(store: Store, _: Config) -> Finding:
    with store.read() as reader:
        if users.owner_exists(reader):
            return Finding("owner", "ok", "the organization has one")
    return Finding("owner", "warning", "nobody owns it yet: open the link of `appliance user link`")


def _jobs(store: Store, config: Config) -> Finding:
    return report.finding(stored_reports(store, config), store.folder)


CHECKS: tuple[Callable[[Config], Finding], ...] = (
    _server,
    *checks.CHECKS,
    _outside,
    _pictures,
)
STORE_CHECKS: tuple[Callable[[Store, Config], Finding], ...] = (_integrity, _owner, _jobs)
