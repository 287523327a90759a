"""Channels that come into somebody's sight, or go out of it, and who comes into them or leaves: what clients
are told, in the order that they rely on."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from appliance.actions.channel.standing import seers, subscriber_seers
from appliance.model import channel as channel_model
from appliance.model.channel import Channel
from appliance.model.group import ID
from appliance.model.group_setting import groups_of
from appliance.model.permission import GIVING_SIGHT
from appliance.store import channel as channels
from appliance.store import subscription as subscriptions
from appliance.store.transaction import Transaction

# What archiving is told as depends on what a client knows of it.
KNOWING_ARCHIVED = {"for_capability": ("archived_channels", True)}
NOT_KNOWING_ARCHIVED = {"for_capability": ("archived_channels", False)}
Only = dict[str, Any]  # one of these, or nothing: for all clients


def clients_that_know(channel: Channel) -> Only:
    """Those to whom it exists."""
    return KNOWING_ARCHIVED if channel.is_archived else {}


def tell_created(
    transaction: Transaction, channel: Channel, user_ids: Iterable[int], only: Only | None = None
) -> None:
    """There is a channel; nobody is in it yet."""
    event = {"type": "stream", "op": "create", "streams": [channel_model.public(channel)]}
    _notice(transaction, event | (only or clients_that_know(channel)), user_ids)


def tell_come(
    transaction: Transaction, channel: Channel, user_ids: Collection[int], only: Only | None = None
) -> None:
    """To those who know of it from now on: that there is a channel, and who is in it."""
    tell_created(transaction, channel, user_ids, only)
    inside = subscriptions.subscriber_ids(transaction, channel.id)
    knowing = set(subscriber_seers(transaction, channel)).intersection(user_ids)
    tell_peers(transaction, "peer_add", channel, inside, knowing, only)


def tell_gone(
    transaction: Transaction, channel: Channel, user_ids: Iterable[int], only: Only | None = None
) -> None:
    """To those who know nothing of it any more."""
    streams = {"streams": [channel_model.public(channel)], "stream_ids": [channel.id]}
    event = {"type": "stream", "op": "delete", **streams}
    _notice(transaction, event | (only or clients_that_know(channel)), user_ids)


def tell_subscribed(
    transaction: Transaction, channel: Channel, user_ids: Iterable[int], only: Only | None = None
) -> None:
    """To people who are in it from now on."""
    subscriber_ids = subscriptions.subscriber_ids(transaction, channel.id)
    for user_id in user_ids:
        own = subscriptions.get(transaction, channel.id, user_id)
        assert own is not None
        shown = channel_model.subscribed(channel, own, subscriber_ids)
        event = {"type": "subscription", "op": "add", "subscriptions": [shown]}
        _notice(transaction, event | (only or {}), [user_id])


def tell_peers(
    transaction: Transaction,
    op: str,
    channel: Channel,
    changed: Iterable[int],
    user_ids: Iterable[int],
    only: Only | None = None,
) -> None:
    """To others, who came ("peer_add") or left ("peer_remove")."""
    listed = sorted(changed)
    if listed:
        event = {"type": "subscription", "op": op, "stream_ids": [channel.id], "user_ids": listed}
        _notice(transaction, event | (only or clients_that_know(channel)), user_ids)


def _notice(transaction: Transaction, event: dict[str, Any], user_ids: Iterable[int]) -> None:
    listed = sorted(user_ids)
    if listed:
        transaction.notice(event, listed)


@contextmanager
def kept_up(transaction: Transaction) -> Iterator[None]:
    """Around a change of who is in which group: channels name groups whose people may know of them."""
    named = [each for each in channels.everything(transaction) if _names_groups(each)]
    before = {each.id: set(seers(transaction, each)) for each in named}
    yield
    for each in named:
        now = set(seers(transaction, each))
        tell_gone(transaction, each, before[each.id] - now)
        tell_come(transaction, each, now - before[each.id])


def _names_groups(channel: Channel) -> bool:
    values = [channel.permission(name) for name in GIVING_SIGHT]
    return channel.invite_only and any(groups_of(each) for each in values if each != ID["role:nobody"])
