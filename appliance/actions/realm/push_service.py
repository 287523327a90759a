"""What Zulip's push service says of the organization: whether its people's phones get pushes, till when."""

import random
from typing import Any

from appliance.model.push_status import ENABLED, UNTIL, PushStatus
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction

UPLOAD = "push_server_data"  # the queue of what the service is told of the server
SPREAD = 600.0  # seconds within which servers that all wake at the full hour tell it

WORKED = "push_last_worked"  # setting: Unix seconds
ROUGHLY = 600  # seconds by which it may lag behind, to spare the disk
RECENT = 3600  # seconds for which a push that went through outweighs a statistics call that did not


def begin(store: Store, *, reaches_phones: bool, by_service: bool) -> None:
    """At start: without the service the configuration decides; else it does, and is asked at once."""
    if by_service:
        store.write(lambda transaction: _order_upload(transaction, statistics=False, delay=0.0))
    else:
        change(store, PushStatus(reaches_phones, None))


def order_upload(store: Store, *, statistics: bool) -> None:
    """Every hour, but one at a time."""
    delay = random.uniform(0.0, SPREAD)
    store.write(lambda transaction: _order_upload(transaction, statistics=statistics, delay=delay))


def _order_upload(transaction: Transaction, *, statistics: bool, delay: float) -> None:
    event = {"statistics": statistics}
    transaction.job(UPLOAD, event, run_at=transaction.now() + delay if delay else None, key=UPLOAD)


def heard(store: Store, status: PushStatus | None, now: float) -> None:
    """With the answer to a push; None: it says nothing of that."""
    if status is not None:
        change(store, status, worked=now if status.enabled else 0.0)


def failed(store: Store, now: float) -> None:
    """The service could not be told of the server: unless a push went through lately, none will."""
    with store.read() as reader:
        worked = realms.get(reader).settings.get(WORKED, 0)
    if now - worked >= RECENT:
        change(store, PushStatus(False, None))


def change(store: Store, status: PushStatus, *, worked: float = 0.0) -> None:
    """Keep it, and tell everybody what is new; nothing is written when nothing is. `worked`: when a push
    went through."""

    def write(transaction: Transaction) -> None:
        settings = realms.get(transaction).settings
        news = _news(settings, status, worked)
        realms.set_settings(transaction, {**settings, **news})
        for name in news.keys() - {WORKED}:
            event = {"type": "realm", "op": "update", "property": name, "value": news[name]}
            transaction.notice(event, users.active_ids(transaction))

    with store.read() as reader:
        news = _news(realms.get(reader).settings, status, worked)
    if news:
        store.write(write)


def _news(settings: dict[str, Any], status: PushStatus, worked: float) -> dict[str, Any]:
    """What of the settings is to change."""
    before = PushStatus.of(settings)
    news: dict[str, Any] = {}
    if status.enabled != before.enabled:
        news[ENABLED] = status.enabled
    if status.until != before.until:
        news[UNTIL] = status.until
    if worked - settings.get(WORKED, 0) >= ROUGHLY:
        news[WORKED] = int(worked)
    return news
