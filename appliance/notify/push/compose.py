"""What is pushed of a message, or to take one back: for all roads the same."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from appliance.model.message import Message, shown_topic
from appliance.model.realm import Realm
from appliance.model.user import User, avatar_url
from appliance.notify import conversation
from appliance.notify.language import Language, msgid, spoken
from appliance.notify.mail_job import REALM_ID
from appliance.notify.push.notification import MOST_REMOVED, Notification
from appliance.notify.push.text import push_text

REDACTED = msgid("New message")


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is said. `redact`: pushes do not show what messages say."""

    realm: Realm
    public_url: str
    redact: bool = False


@dataclass(frozen=True, slots=True)
class MentionedGroup:
    id: int
    name: str


# By trigger; those of whole channels and topics are in the form of mentions of everyone.
_EVERYONE = msgid("{name} mentioned everyone:")
SUBTITLES = {
    "mentioned": msgid("{name} mentioned you:"),
    "topic_wildcard_mentioned_in_followed_topic": _EVERYONE,
    "stream_wildcard_mentioned_in_followed_topic": _EVERYONE,
    "topic_wildcard_mentioned": _EVERYONE,
    "stream_wildcard_mentioned": _EVERYONE,
}
GROUP_SUBTITLE = msgid("{name} mentioned @{group}:")


def added(
    message: Message, user: User, trigger: str, place: Place, group: MentionedGroup | None = None
) -> Notification:
    """`group`: the one by which `user` was mentioned."""
    language = _language(user)
    text, truncated = push_text(message.rendered_content)
    if place.redact:
        text, truncated = language.say(REDACTED), False
    return Notification(
        "add",
        user.id,
        place.realm.uuid,
        {**_base(user.id, place), **_about(message, group)},
        message_ids=(message.id,),
        title=_title(message),
        subtitle=_subtitle(message, trigger, group, language),
        body=text,
        truncated=truncated,
        sender_full_name=message.sender.full_name,
        sender_avatar_url=place.public_url + avatar_url(message.sender.id),
        link=conversation.url(message, user, place.public_url),
        tag=_tag(message, place.realm),
        language=language.code,
    )


def removed(user_id: int, message_ids: Sequence[int], place: Place) -> Notification:
    """Of the newest messages, if there are more than one push can tell."""
    newest = tuple(sorted(message_ids)[-MOST_REMOVED:])
    return Notification("remove", user_id, place.realm.uuid, _base(user_id, place), message_ids=newest)


def tested(user: User, place: Place) -> Notification:
    language = _language(user)
    body = msgid("This is a test notification from {realm} ({url}).")
    return Notification(
        "test",
        user.id,
        place.realm.uuid,
        _base(user.id, place),
        title=language.say("Test notification"),
        body=language.say(body, realm=place.realm.name, url=place.public_url),
        link=f"{place.public_url}/",
        language=language.code,
    )


def _language(user: User) -> Language:
    return spoken(user.setting("default_language"))


# -- what all apps of Zulip's kind read


def _base(user_id: int, place: Place) -> dict[str, Any]:
    return {
        "server": urlsplit(place.public_url).netloc,
        "realm_id": REALM_ID,
        "realm_uri": place.public_url,
        "realm_url": place.public_url,
        "realm_name": place.realm.name,
        "user_id": user_id,
    }


def _about(message: Message, group: MentionedGroup | None) -> dict[str, Any]:
    mention = {"mentioned_user_group_id": group.id, "mentioned_user_group_name": group.name} if group else {}
    return {
        "sender_id": message.sender.id,
        "sender_email": message.sender.email,
        "time": message.time,
        **mention,
        **(_in_conversation(message) if message.is_direct else _in_channel(message)),
    }


def _in_channel(message: Message) -> dict[str, Any]:
    return {
        "recipient_type": "stream",
        "stream": message.channel_name,
        "stream_id": message.channel_id,
        "topic": shown_topic(message.topic, False),
    }


def _in_conversation(message: Message) -> dict[str, Any]:
    """A group lists its people, the one who gets the push among them."""
    if not _is_group(message):
        return {"recipient_type": "private"}
    people = ",".join(str(each) for each in sorted(each.id for each in message.people))
    return {"recipient_type": "private", "pm_users": people}


# -- what a person sees


def _title(message: Message) -> str:
    if not message.is_direct:
        return f"#{message.channel_name} > {shown_topic(message.topic, False)}"
    if _is_group(message):
        return ", ".join(sorted(each.full_name for each in message.people))
    return message.sender.full_name


def _subtitle(message: Message, trigger: str, group: MentionedGroup | None, language: Language) -> str:
    name = message.sender.full_name
    if message.is_direct and not _is_group(message):
        return ""
    if group and trigger == "mentioned":
        return language.say(GROUP_SUBTITLE, name=name, group=group.name)
    words = SUBTITLES.get(trigger)
    return language.say(words, name=name) if words else f"{name}:"


def _is_group(message: Message) -> bool:
    return len(message.people) > 2


def _tag(message: Message, realm: Realm) -> str:
    """Of the conversation. Services see it: nothing can be told from it."""
    parts = f"{realm.uuid}\n{message.recipient_id}\n{message.topic.lower()}"
    return hashlib.sha256(parts.encode()).hexdigest()[:16]
