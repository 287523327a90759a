"""`appliance push register|status|deactivate`: this server at Zulip's push service."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from appliance.actions.realm import push_service
from appliance.base.clock import SystemClock
from appliance.base.config import Config
from appliance.base.errors import CommandError
from appliance.base.metrics import Metrics
from appliance.base.options import DATA, PUBLIC_URL, PUSH_BOUNCER, PUSH_BOUNCER_ORG_ID, Option
from appliance.base.values import mail_address
from appliance.cli.folder import opened, show
from appliance.model.push_status import PushStatus
from appliance.outside.bouncer import account
from appliance.outside.bouncer.account import Account
from appliance.outside.bouncer.answer import BouncerError
from appliance.outside.bouncer.client import Bouncer
from appliance.outside.breaker import Breakers
from appliance.store import realm as realms

PATIENCE = 30.0  # seconds


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("push", help="register at Zulip's push service, or see how it does")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    help = "make this server known to the push service; again: change what it knows"
    registering = actions.add_parser("register", help=help, description=help)
    registering.add_argument("--contact-email", required=True, metavar="ADDRESS", help="whom it may write to")
    registering.set_defaults(func=register)
    for name, func, help in (
        ("status", status, "say whether the push service knows this server and pushes for it"),
        ("deactivate", deactivate, "end the registration; that cannot be undone"),
    ):
        actions.add_parser(name, help=help, description=help).set_defaults(func=func)


def register(args: argparse.Namespace) -> int:
    """The id and key are kept before the service hears of them, so that a lost answer loses nothing."""
    contact = _address(args.contact_email)
    with opened(args) as (_, config):
        hostname = urlsplit(_required(config, PUBLIC_URL)).netloc
        _required(config, PUSH_BOUNCER)
        found = account.provide(config, config.get(DATA))
    with _asking(found) as client:
        created = client.register_server(hostname, contact, _left)
    file = config.get(DATA) / account.FILE_NAME
    kept = "the configuration" if config.get(PUSH_BOUNCER_ORG_ID) else file
    facts = {"org_id": found.org_id, "hostname": hostname, "created": created}
    text = f"{hostname} is {'now' if created else 'still'} registered at {found.url} as {found.org_id}."
    show(args, facts, f"{text}\nIts key is in {kept}: keep a copy.\nRestart the server.")
    return 0


def status(args: argparse.Namespace) -> int:
    """1 if the service does not push for us."""
    with opened(args) as (store, config), store.read() as reader:
        pushes = realms.get(reader).push_status
        found = account.configured(config, config.get(DATA))
    mistake = _mistake(config, found)
    facts = {
        "bouncer": config.get(PUSH_BOUNCER),
        "org_id": found.org_id if found else None,
        "push_notifications_enabled": pushes.enabled,
        "push_notifications_enabled_end_timestamp": pushes.until,
        "error": mistake,
    }
    lines = [f"{name}: {'-' if each in (None, '') else each}" for name, each in facts.items()]
    show(args, facts, "\n".join(lines))
    return 1 if mistake or not pushes.enabled else 0


def deactivate(args: argparse.Namespace) -> int:
    with opened(args) as (store, config):
        found = _registered(config)
        with _asking(found) as client:
            client.deactivate_server(_left)
        account.forget(config.get(DATA))
        push_service.change(store, PushStatus(False, None))
    text = f"{found.url} pushes for this server no more: take push.bouncer out of the configuration"
    show(args, {"org_id": found.org_id, "deactivated": True}, text)
    return 0


def _mistake(config: Config, found: Account | None) -> str | None:
    """Why the service would do nothing for us."""
    if not config.get(PUSH_BOUNCER):
        return "push.bouncer is not set"
    if found is None:
        return "not registered: appliance push register --contact-email ADDRESS"
    try:
        with _asking(found) as client:
            client.known_statistics(_left)
    except CommandError as error:
        return str(error)
    return None


def _registered(config: Config) -> Account:
    _required(config, PUSH_BOUNCER)
    found = account.configured(config, config.get(DATA))
    if found is None:
        raise CommandError("this server is not registered at the push service")
    return found


def _required(config: Config, option: Option[str]) -> str:
    if not config.get(option):
        raise CommandError(f"{option.key} is not set: the push service needs it (docs/notifications.md)")
    return config.get(option)


def _address(given: str) -> str:
    try:
        return mail_address(given)
    except ValueError as error:
        raise CommandError(f"--contact-email {error}") from None


@contextmanager
def _asking(found: Account) -> Iterator[Bouncer]:
    """Raises CommandError for what the service answers."""
    client = Bouncer(found, Breakers(SystemClock(), Metrics()).of(found.url))
    try:
        yield client
    except BouncerError as error:
        raise CommandError(str(error)) from error
    finally:
        client.close()


def _left() -> float:
    return PATIENCE
