"""What the server's bot says of channels: in them, where new ones are announced, and to people who were put
into one."""

import re
from collections.abc import Iterable

from appliance.actions.bot import notification_bot
from appliance.model.channel import FOREVER, Channel
from appliance.model.group import SYSTEM_GROUP, TITLES
from appliance.model.group_setting import Value
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.transaction import Transaction

TOPIC, ANNOUNCING_TOPIC = "channel events", "new channels"
MOST_TOLD = 100  # people put into channels at once; of more nobody is told
MOST_LISTED = 50  # channels in one message
_IN_A_LINK = frozenset("*`\\@")  # characters that a link to a channel cannot hold


def verbatim(text: str) -> str:
    """A line that somebody wrote, as code: it can mention nobody, nor end before its end."""
    runs = re.findall("`+", text)
    fence = "`" * (max(map(len, runs), default=0) + 1)
    return f"{fence} {text} {fence}" if runs else f"{fence}{text}{fence}"


def link(channel: Channel) -> str:
    return verbatim(channel.name) if _IN_A_LINK & set(channel.name) else f"#**{channel.name}**"


def say(transaction: Transaction, user: User, channel: Channel, content: str) -> None:
    """What `user` did, in the channel."""
    text = f"{notification_bot.mention(user)} {content}"
    notification_bot.post(transaction, channel, TOPIC, text, seen_by=user)


def created(transaction: Transaction, user: User, channel: Channel) -> None:
    described = f"\n\nWhat it is for: {verbatim(channel.description)}" if channel.description else ""
    say(transaction, user, channel, f"made this channel ({channel.privacy.title}).{described}")


def renamed(transaction: Transaction, user: User, channel: Channel, before: str) -> None:
    names = f"from {verbatim(before)} to {verbatim(channel.name)}"
    say(transaction, user, channel, f"renamed this channel {names}.")


def described(transaction: Transaction, user: User, channel: Channel, before: str) -> None:
    _changed(transaction, user, channel, "description", *map(_or_none, (before, channel.description)))


def _or_none(description: str) -> str:
    return verbatim(description) if description else "none"


def reclassified(transaction: Transaction, user: User, channel: Channel, before: Channel) -> None:
    _changed(transaction, user, channel, "privacy", before.privacy.title, channel.privacy.title)


def posting_changed(transaction: Transaction, user: User, channel: Channel, before: Channel) -> None:
    titles = (_title(each.permission("can_send_message_group")) for each in (before, channel))
    _changed(transaction, user, channel, "posting permission", *titles)


def _title(value: Value) -> str:
    if isinstance(value, int) and value in SYSTEM_GROUP:
        return TITLES[value].lower()
    return "chosen people and groups"


def retention_changed(transaction: Transaction, user: User, channel: Channel, before: Channel) -> None:
    periods = (_period(each.message_retention_days) for each in (before, channel))
    _changed(transaction, user, channel, "time for which messages are kept", *periods)


def _period(days: int | None) -> str:
    if days is None:
        return "as the organization's"
    return "for ever" if days == FOREVER else f"{days} days"


def _changed(transaction: Transaction, user: User, channel: Channel, what: str, old: str, new: str) -> None:
    say(transaction, user, channel, f"changed the {what} of this channel.\n\n* Before: {old}\n* Now: {new}")


def announced(transaction: Transaction, user: User, made: Iterable[Channel]) -> None:
    """Where the organization wants to hear of new channels; never of private ones."""
    target = channels.with_id(
        transaction, realms.get(transaction).setting("new_stream_announcements_stream_id")
    )
    told = [each for each in made if not each.invite_only]
    if target is not None and told:
        text = f"{notification_bot.mention(user)} made {_listed(told, 'new channel')}"
        notification_bot.post(transaction, target, ANNOUNCING_TOPIC, text, seen_by=user)


def subscribed(transaction: Transaction, user: User, added: dict[int, list[Channel]]) -> None:
    """`added`: by person the channels that `user` put them into."""
    people = [each for each in users.with_ids(transaction, list(added)) if not each.is_bot]
    others = [each for each in people if each.id != user.id]
    for each in others if len(others) <= MOST_TOLD else ():
        text = f"{notification_bot.mention(user)} added you to {_listed(added[each.id], 'channel')}"
        notification_bot.tell(transaction, [each], text, seen_by=user)


def _listed(told: list[Channel], noun: str) -> str:
    if len(told) == 1:
        return f"the {noun} {link(told[0])}."
    lines = [f"* {link(each)}" for each in told[:MOST_LISTED]]
    more = [f"* {len(told) - MOST_LISTED} more"] if len(told) > MOST_LISTED else []
    return "\n".join([f"these {noun}s:\n", *lines, *more])
