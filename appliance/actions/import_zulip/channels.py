"""Channels, who is in them, and direct conversations.

Zulip's messages go to recipients, which stand for a person (whom it was written to), a channel, or a group of
people that has no other name. Here, all direct conversations are sets of people.
"""

from collections import defaultdict
from typing import NamedTuple

from appliance.actions.import_zulip import groups
from appliance.actions.import_zulip.row import BadArchive, Row
from appliance.actions.import_zulip.target import Made, Target, Values
from appliance.model.channel import COLOR, COLORS, MAX_DESCRIPTION, MAX_NAME, whole_color
from appliance.model.group import CHANNEL_PERMISSIONS, ID
from appliance.store import imported
from appliance.store import recipient as recipients

PERSON, CHANNEL, GROUP = 1, 2, 3  # what recipients are
KINDS = frozenset({PERSON, CHANNEL, GROUP})
FOREVER, LONGEST = -1, 1 << 31  # days of retention
ARCHIVED = "!DEACTIVATED:"  # what names of archived channels began with
# Whom numbers that are older than groups stand for.
OLD_POSTING = {1: "role:everyone", 2: "role:administrators", 3: "role:fullmembers", 4: "role:moderators"}
INHERITING = (
    "desktop_notifications", "audible_notifications", "push_notifications", "email_notifications",
    "wildcard_mentions_notify",
)  # fmt: skip


class Recipient(NamedTuple):
    kind: int
    of: int  # a person, a channel, or a group


class Places:
    """Where messages go."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._recipients: dict[int, Recipient] = {}
        self._members: dict[int, set[int]] = defaultdict(set)  # of groups, by recipient
        for row in target.tables.rows("zerver_recipient"):
            kind, of = row.choice("type", KINDS), row.id("type_id")
            self._recipients[row.id("id")] = Recipient(kind, of)
        self._of_channels = {each.of: key for key, each in self._recipients.items() if each.kind == CHANNEL}
        self._conversations: dict[str, int] = {}

    def copy(self) -> None:
        """Channels, subscriptions, conversations of groups."""
        self._target.copy("zerver_stream", "channel", self._channel)
        known = self._target.channels
        rows = [{"id": key, "channel_id": of} for of, key in sorted(self._of_channels.items()) if of in known]
        imported.put(self._target.transaction, "recipient", rows)
        self._target.copy("zerver_subscription", "subscription", self._subscription)
        imported.reserve(self._target.transaction, "recipient", max(self._recipients, default=0))
        self._groups()

    def _channel(self, row: Row) -> Values:
        channel_id = row.id("id")
        if channel_id not in self._of_channels:
            raise BadArchive(f"{row.place}: the channel {channel_id} has no recipient")
        self._target.channels.add(channel_id)
        name = row.text("name", most=MAX_NAME + len(ARCHIVED)).strip()
        if not name or not name.isprintable():
            raise row.wrong("name", "is not the name of a channel")
        creator = self._target.maybe_person(row, "creator")
        return {
            "id": channel_id,
            "name": name,
            "name_key": name.lower(),
            "description": row.text("description", "", MAX_DESCRIPTION),
            "rendered_description": self._target.clean(row.text("rendered_description", "")),
            "invite_only": int(row.flag("invite_only", False)),
            "history_public_to_subscribers": int(
                row.flag("history_public_to_subscribers", not row.flag("invite_only", False))
            ),
            "is_web_public": int(row.flag("is_web_public", False)),
            "is_archived": int(row.flag("deactivated", False)),
            "creator_id": creator,
            "date_created": row.time("date_created", 0),
            "recipient_id": self._of_channels[channel_id],
            "permissions": self._target.json(self._permissions(row, creator)),
            "message_retention_days": _retention(row),
            "is_recently_active": int(row.flag("is_recently_active", True)),
            "weekly_traffic": row.number("stream_weekly_traffic")
            if row.has("stream_weekly_traffic")
            else None,
        }

    def _permissions(self, row: Row, creator: int | None) -> Values:
        found: Values = groups.changed(self._target, row, CHANNEL_PERMISSIONS, creator)
        old = OLD_POSTING.get(row.number("stream_post_policy", 1), "role:everyone")
        if not row.has("can_send_message_group") and old != "role:everyone":
            found["can_send_message_group"] = ID[old]
        return found

    def _subscription(self, row: Row) -> Made:
        key = row.id("recipient")
        place = self._recipients.get(key)
        if place is None:
            raise row.wrong("recipient", f"is {key}, and there is no such recipient")
        user_id = self._target.person(row, "user_profile")
        if place.kind == GROUP:
            self._members[key].add(user_id)
        if place.kind != CHANNEL:
            return None
        if place.of not in self._target.channels:
            raise row.wrong("recipient", f"is the channel {place.of}, and there is no such channel")
        color = row.text("color", COLORS[0], 20)
        return {
            "channel_id": place.of,
            "user_id": user_id,
            "active": int(row.flag("active", True)),
            "color": whole_color(color) if COLOR.fullmatch(color) else COLORS[0],
            "is_muted": int(row.flag("is_muted", not row.flag("in_home_view", True))),
            "pin_to_top": int(row.flag("pin_to_top", False)),
            **{name: _number(row.maybe_flag(name)) for name in INHERITING},
        }

    def _groups(self) -> None:
        for key, members in sorted(self._members.items()):
            listed = recipients.key(sorted(members))
            if listed not in self._conversations:
                row = {"id": key, "member_ids": listed}
                imported.put(self._target.transaction, "recipient", [row])
                recipients.add_members(self._target.transaction, key, members)
                self._conversations[listed] = key

    # -- for messages

    def of_message(self, row: Row, sender_id: int) -> tuple[int, bool]:
        """The recipient here, and whether it is a channel's."""
        key = row.id("recipient")
        place = self._recipients.get(key)
        if place is None:
            raise row.wrong("recipient", f"is {key}, and there is no such recipient")
        if place.kind == CHANNEL:
            if place.of not in self._target.channels:
                raise row.wrong("recipient", f"is the channel {place.of}, and there is no such channel")
            return key, True
        return self.conversation(row, self._people(row, key, place, sender_id)), False

    def _people(self, row: Row, key: int, place: Recipient, sender_id: int) -> set[int]:
        if place.kind == GROUP:
            if key not in self._members:
                raise row.wrong("recipient", f"is {key}, a conversation in which nobody is")
            return self._members[key]
        if place.of not in self._target.people:
            raise row.wrong("recipient", f"is the person {place.of}, and there is no such person")
        return {sender_id, place.of}

    def conversation(self, row: Row, people: set[int]) -> int:
        listed = recipients.key(sorted(people))
        if listed not in self._conversations:
            self._conversations[listed] = recipients.find_or_add(self._target.transaction, sorted(people))
        return self._conversations[listed]

    def addressees(self, row: Row, name: str) -> tuple[int | None, list[int]]:
        """Of a message that is not sent yet: a channel, or people without the sender."""
        place = self._recipients.get(row.id(name))
        if place is None:
            raise row.wrong(name, f"is {row.id(name)}, and there is no such recipient")
        if place.kind == CHANNEL:
            return place.of, []
        return None, sorted(self._members[row.id(name)]) if place.kind == GROUP else [place.of]


def defaults(target: Target) -> None:
    for row in target.tables.rows("zerver_defaultstream"):
        imported.set_column(target.transaction, "channel", "is_default", 1, target.channel(row, "stream"))


def _retention(row: Row) -> int | None:
    """None: as the organization's."""
    days = row.values.get("message_retention_days")
    if days is None:
        return None
    number = row.number("message_retention_days")
    if number != FOREVER and not 0 < number < LONGEST:
        raise row.wrong("message_retention_days", "is not a number of days")
    return number


def _number(flag: bool | None) -> int | None:
    return None if flag is None else int(flag)
