"""The words of a missed-message mail: what one person missed in one conversation.

`compose` makes the event of a job for the queue `email_senders`:

    {"to_user_ids": [7], "from_name": "Bees notifications", "subject": "#general > lunch", "date": 1700000000,
     "text": "Ann:\\n> hello\\n…", "html": "<!doctype html>…", "language": "en",
     "headers": {"Message-ID": "<1f…@chat.example.org>", "References": "<9c…@…>", "List-Id": "Bees <…>", …}}

Subjects, sender blocks and what is hidden are those of Zulip's mails; the rest of the words is ours.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from appliance.model import link
from appliance.model.message import Message, shown_topic
from appliance.model.realm import Realm, bot_domain
from appliance.model.user import User
from appliance.notify import content
from appliance.notify.language import Language, spoken

MOST_SHOWN = 100  # messages in a mail; of the others it tells how many they are
RESOLVED = "✔ "  # begins the topic's name
REALM_NAME_ALWAYS = 2  # of realm_name_in_email_notifications_policy; with one realm "automatic" is never
THREADS = "threads.invalid"  # the mail at the root of a thread is never sent, so its id needs no real host

# The first that applies is told; of a direct message nobody needs to be told why it came.
REASONS = {"mentioned": "You were mentioned."}


@dataclass(frozen=True, slots=True)
class Missed:
    """What `user` missed of one conversation. `context`: what went before; `triggers`: why it is told.

    Both lists are in the order of sending, and `messages` has one at least.
    """

    user: User
    messages: list[Message]
    context: list[Message]
    triggers: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Body:
    """What differs between a mail that shows messages and one that does not."""

    subject: str
    link: str
    text: str
    html: str


def compose(missed: Missed, realm: Realm, public_url: str, now: float) -> dict[str, Any]:
    """In the person's language. `public_url` has no slash at its end; `now` in epoch seconds."""
    user = missed.user
    language = spoken(user.setting("default_language"))
    hidden_by = _hidden_by(realm, user)
    if hidden_by:
        body = _hidden(missed, language, hidden_by, public_url)
    else:
        body = _shown(missed, language, public_url)
    named = user.setting("realm_name_in_email_notifications_policy") == REALM_NAME_ALWAYS
    subject = one_line(f"{body.subject} [{realm.name}]" if named else body.subject)
    footer = list(_footer(missed, language, body.link, public_url))
    return {
        "to_user_ids": [user.id],
        "from_name": one_line(f"{realm.name} notifications"),
        "subject": subject,
        "date": int(now),
        "text": f"{body.text}\n\n--\n{_footer_text(footer)}\n",
        "html": _PAGE.format(
            language=language.code, title=escape(subject), messages=body.html, footer=_footer_html(footer)
        ),
        "language": language.code,
        "headers": _headers(missed, realm, public_url),
    }


def one_line(text: str) -> str:
    """Fit for a header: no line break of any kind, nothing that cannot be printed."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


# -- what a mail shows


def _shown(missed: Missed, language: Language, public_url: str) -> _Body:
    shown = [*missed.context, *missed.messages[:MOST_SHOWN]]
    left_out = len(missed.messages) - MOST_SHOWN
    more = (
        language.count("… and 1 more message.", "… and {count} more messages.", left_out)
        if left_out > 0
        else ""
    )
    named = not _is_one_to_one(missed.messages[0])
    blocks = [
        (sender.full_name if named else "", list(messages))
        for sender, messages in groupby(shown, lambda message: message.sender)
    ]
    texts = [_block_text(name, messages, public_url) for name, messages in blocks]
    htmls = [_block_html(name, messages, public_url) for name, messages in blocks]
    return _Body(
        conversation_name(missed.messages[0], missed.user, language),
        conversation_link(missed.messages[0], missed.user, public_url),
        "\n\n".join(filter(None, [*texts, more])),
        "\n".join(filter(None, [*htmls, more and f"<p>{more}</p>"])),
    )


def _block_text(name: str, messages: list[Message], public_url: str) -> str:
    lines = [
        line
        for message in messages
        for line in content.text(message.rendered_content, public_url).split("\n")
    ]
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    return f"{one_line(name)}:\n{quoted}" if name else quoted


def _block_html(name: str, messages: list[Message], public_url: str) -> str:
    head = f"<p><b>{escape(name)}</b></p>\n" if name else ""
    parts = [content.html(message.rendered_content, public_url) for message in messages]
    return head + "<div>{}</div>".format("\n".join(parts))


def _hidden_by(realm: Realm, user: User) -> str:
    """Who does not want the content of messages in mails, as a sentence; empty: nobody."""
    if not realm.setting("message_content_allowed_in_email_notifications"):
        return "This organization does not let mails show what messages say."
    if not user.setting("message_content_in_email_notifications"):
        return "You have chosen that mails do not show what messages say."
    return ""


def _hidden(missed: Missed, language: Language, hidden_by: str, public_url: str) -> _Body:
    """Neither what was said, nor by whom, nor where."""
    many = language.count(
        "You have 1 new message.", "You have {count} new messages.", len(missed.messages)
    )
    words = f"{many} {language.say(hidden_by)}"
    return _Body(language.say("New messages"), f"{public_url}/", words, f"<p>{words}</p>")


# -- the conversation


def conversation_name(message: Message, user: User, language: Language) -> str:
    """As `user` knows the conversation that `message` is in."""
    if not message.is_direct:
        topic = shown_topic(message.topic.removeprefix(RESOLVED), False)
        resolved = "[resolved] " if message.topic.startswith(RESOLVED) else ""
        return f"{resolved}#{message.channel_name} > {topic}"
    names = [each.full_name for each in message.people if each.id != user.id]
    match names:
        case [name]:
            return language.say("DMs with {name}", name=name)
        case [first, second]:
            return language.say("Group DMs with {first} and {second}", first=first, second=second)
        case [first, second, third]:
            english = "Group DMs with {first}, {second}, and {third}"
            return language.say(english, first=first, second=second, third=third)
        case _:
            english = "Group DMs with {first}, {second}, and {count} others"
            return language.say(english, first=names[0], second=names[1], count=len(names) - 2)


def conversation_link(message: Message, user: User, public_url: str) -> str:
    """Where a client shows the conversation, at this message."""
    if message.is_direct:
        others = [each for each in message.people if each.id != user.id]
        name = others[0].full_name if len(others) == 1 else "group"
        narrow = link.conversation_link([each.id for each in others], name)
    else:
        narrow = link.topic_link(message.channel_id or 0, message.channel_name or "", message.topic)
    return f"{public_url}/#narrow/{narrow}/near/{message.id}"


def _is_one_to_one(message: Message) -> bool:
    return message.is_direct and len(message.people) == 2


# -- around it


def _footer(missed: Missed, language: Language, link: str, public_url: str) -> Iterable[tuple[str, str]]:
    """Sentences, each with the address that it leads to, if it does."""
    reason = next((words for trigger, words in REASONS.items() if trigger in missed.triggers), None)
    if reason:
        yield language.say(reason), ""
    yield language.say("Read and answer in the chat"), link
    yield language.say("Answers to this mail are not read."), ""
    yield language.say("Choose which mails you get"), f"{public_url}/#settings/notifications"


def _footer_text(footer: list[tuple[str, str]]) -> str:
    return "\n".join(f"{words}: {link}" if link else words for words, link in footer)


def _footer_html(footer: list[tuple[str, str]]) -> str:
    return "<br>\n".join(f'<a href="{escape(link)}">{words}</a>' if link else words for words, link in footer)


_PAGE = """\
<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><title>{title}</title></head>
<body style="font-family: sans-serif">
{messages}
<hr>
<p style="color: #666; font-size: smaller">
{footer}
</p>
</body>
</html>
"""


def _headers(missed: Missed, realm: Realm, public_url: str) -> dict[str, str]:
    """The ids follow from what is mailed: should the same be composed again, it is the same mail."""
    from email.utils import formataddr  # not above: takes memory that a server which mails nothing saves

    host = bot_domain(public_url)
    newest, user_id = missed.messages[-1], missed.user.id
    mail = _digest(realm.uuid, user_id, newest.id)
    thread = _digest(realm.uuid, user_id, newest.recipient_id, newest.topic.lower())
    return {
        "Message-ID": f"<{mail}@{host}>",
        "References": f"<{thread}@{THREADS}>",
        "List-Id": formataddr((one_line(realm.name), host)),
        "X-Auto-Response-Suppress": "All",
    }


def _digest(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
