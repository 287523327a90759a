"""A conversation as one of its people knows it: its name, and where a client shows it."""

from appliance.model import link
from appliance.model.message import Message, shown_topic
from appliance.model.user import User
from appliance.notify.language import Language

RESOLVED = "✔ "  # begins the topic's name


def is_one_to_one(message: Message) -> bool:
    return message.is_direct and len(message.people) == 2


def name(message: Message, user: User, language: Language) -> str:
    if message.is_direct:
        return _direct(_others(message, user), language)
    topic = shown_topic(plain_topic(message), False)
    resolved = "[resolved] " if message.topic.startswith(RESOLVED) else ""
    return f"{resolved}#{message.channel_name} > {topic}"


def plain_topic(message: Message) -> str:
    """Without the mark of a resolved one."""
    return message.topic.removeprefix(RESOLVED)


def _direct(names: list[str], language: Language) -> str:
    match names:
        case [name]:
            return language.say("DMs with {name}", name=name)
        case [first, second]:
            return language.say("Group DMs with {first} and {second}", first=first, second=second)
        case [first, second, third]:
            return language.say(
                "Group DMs with {first}, {second}, and {third}", first=first, second=second, third=third
            )
        case _:
            return language.count(
                "Group DMs with {first}, {second}, and {count} other",
                "Group DMs with {first}, {second}, and {count} others",
                len(names) - 2,
                first=names[0],
                second=names[1],
            )


def url(message: Message, user: User, public_url: str) -> str:
    """Where a client shows the conversation, at this message."""
    if message.is_direct:
        others = [each for each in message.people if each.id != user.id]
        title = others[0].full_name if len(others) == 1 else "group"
        narrow = link.conversation_link([each.id for each in others], title)
    else:
        narrow = link.topic_link(message.channel_id or 0, message.channel_name or "", message.topic)
    return f"{public_url}/#narrow/{narrow}/near/{message.id}"


def _others(message: Message, user: User) -> list[str]:
    return [each.full_name for each in message.people if each.id != user.id]
