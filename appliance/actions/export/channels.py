"""Tables of channels, of the audiences of messages (recipients), and of who is in which (subscriptions).

Zulip has three kinds of recipients: a person (for what one writes to another: the sender is not part of it),
a channel, and a group of three or more people. Here, all direct conversations are sets of people.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from appliance.actions.export.groups import Groups
from appliance.actions.export.source import REALM, Source
from appliance.model.group import CHANNEL_PERMISSIONS
from appliance.store import export as everything

Row = dict[str, Any]
PERSON, CHANNEL, GROUP = 1, 2, 3  # recipients
NO_COLOR = "#c2c2c2"
SETTINGS = (
    "is_muted", "pin_to_top", "desktop_notifications", "audible_notifications", "push_notifications",
    "email_notifications", "wildcard_mentions_notify",
)  # fmt: skip
OF_NOBODY = {name: False if name in ("is_muted", "pin_to_top") else None for name in SETTINGS}


def channels(source: Source, groups: Groups) -> Iterator[Row]:
    for each in source.channels:
        whole = source.has_all_of(each.recipient_id)
        yield {
            "id": each.id,
            "realm": REALM,
            "name": each.name,
            "description": each.description,
            "rendered_description": each.rendered_description,
            "recipient": each.recipient_id,
            "creator": each.creator_id,
            "date_created": float(each.date_created),
            "deactivated": each.is_archived,
            "invite_only": each.invite_only,
            "history_public_to_subscribers": each.history_public_to_subscribers,
            "is_web_public": each.is_web_public,
            "is_in_zephyr_realm": False,
            "message_retention_days": each.message_retention_days,
            "first_message_id": each.first_message_id if whole else None,
            "is_recently_active": each.is_recently_active,
            "stream_weekly_traffic": each.weekly_traffic,
            **{
                name: groups.id_of(each.permission(name), ("channel", each.id, name))
                for name in CHANNEL_PERMISSIONS
            },
        }


def default_channels(source: Source) -> list[Row]:
    return [{"realm": REALM, "stream": each.id} for each in source.channels if each.is_default]


def groups(source: Source) -> Iterator[Row]:
    """Conversations of three or more: zerver_huddle."""
    for recipient_id, members in _conversations(source):
        listed = ",".join(map(str, members))
        yield {
            "id": recipient_id,
            "huddle_hash": hashlib.sha1(listed.encode(), usedforsecurity=False).hexdigest(),
            "recipient": recipient_id,
        }


def recipients(source: Source) -> Iterator[Row]:
    for person in (*source.people, *source.system_bots):
        yield {"id": source.personal_recipient(person.id), "type": PERSON, "type_id": person.id}
    for channel in source.channels:
        yield {"id": channel.recipient_id, "type": CHANNEL, "type_id": channel.id}
    for recipient_id, _ in _conversations(source):
        yield {"id": recipient_id, "type": GROUP, "type_id": recipient_id}


def subscriptions(source: Source) -> Iterator[Row]:
    """Everybody is in their own personal recipient, and in their conversations, for ever."""
    active = {each.id: each.is_active for each in source.people}
    for user_id in active:
        yield _member(source.personal_recipient(user_id), user_id, active[user_id])
    for channel in source.channels:
        for user_id, is_in, color, *settings in everything.subscriptions(source.reader, channel.id):
            row = {**_member(channel.recipient_id, user_id, active[user_id]), "active": bool(is_in)}
            if user_id in source.consenting:
                own = [None if value is None else bool(value) for value in settings]
                row |= {"color": color, **dict(zip(SETTINGS, own, strict=True))}
            yield row
    for recipient_id, members in _conversations(source):
        for user_id in members:
            yield _member(recipient_id, user_id, active.get(user_id, True))  # (the server's bots are)


def _member(recipient_id: int, user_id: int, is_active: bool) -> Row:
    return {
        "recipient": recipient_id,
        "user_profile": user_id,
        "active": True,
        "is_user_active": is_active,
        "color": NO_COLOR,
        **OF_NOBODY,
    }


def _conversations(source: Source) -> Iterator[tuple[int, list[int]]]:
    for recipient_id, members in everything.conversations(source.reader):
        if source.has_all_of(recipient_id):
            yield recipient_id, members
