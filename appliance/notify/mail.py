"""The words of a missed-message mail: what one person missed in one conversation.

`compose` makes the event of a job for the queue `email_senders`:

    {"to_user_ids": [7], "from_name": "Bees notifications", "subject": "#general > lunch", "date": 1700000000,
     "text": "Ann:\\n> hello\\n…", "html": "<!doctype html>…", "language": "en",
     "headers": {"Message-ID": "<1f…@chat.example.org>", "References": "<9c…@…>", "List-Id": "Bees <…>", …}}

Subjects, sender blocks and what is hidden are those of Zulip's mails; the rest of the words is ours.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from appliance.model.message import Message, Person
from appliance.model.realm import Realm, bot_domain
from appliance.model.user import User
from appliance.notify import content, conversation, layout, unsubscribe
from appliance.notify.language import Language, msgid, spoken
from appliance.notify.layout import Line
from appliance.notify.reason import reason

MOST_SHOWN = 100  # messages in a mail; of the others it tells how many they are
REALM_NAME_ALWAYS = 2  # of realm_name_in_email_notifications_policy; with one realm "automatic" is never
THREADS = "threads.invalid"  # the mail at the root of a thread is never sent, so its id needs no real host

BY_REALM = msgid("This organization does not let mails show what messages say.")
BY_USER = msgid("You have chosen that mails do not show what messages say.")


@dataclass(frozen=True, slots=True)
class Missed:
    """What `user` missed of one conversation. `context`: what went before; `triggers`: why it is told
    (notify/reason.py); `group`: the name of the group that was mentioned, if one was.

    Both lists are in the order of sending, and `messages` has one at least.
    """

    user: User
    messages: list[Message]
    context: list[Message]
    triggers: frozenset[str]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Whose mails these are. `public_url` has no slash at its end; `secret` signs the links in them."""

    realm: Realm
    public_url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Body:
    """What differs between a mail that shows messages and one that does not. `thread`: which mails belong
    together."""

    subject: str
    thread: tuple[object, ...]
    url: str
    reason: str
    text: str
    html: list[str]


def compose(missed: Missed, site: Site, now: float) -> dict[str, Any]:
    """In the person's language. `now` in epoch seconds."""
    user = missed.user
    language = spoken(user.setting("default_language"))
    hidden_by = _hidden_by(site.realm, user)
    if hidden_by:
        body = _hidden(missed, language, hidden_by, site.public_url)
    else:
        body = _shown(missed, language, site.public_url)
    named = user.setting("realm_name_in_email_notifications_policy") == REALM_NAME_ALWAYS
    subject = one_line(f"{body.subject} [{site.realm.name}]" if named else body.subject)
    leave = unsubscribe.url(site.public_url, site.secret, "missed_messages", user.id)
    answer = (language.say("Read and answer in the chat"), body.url)
    before = [(body.reason, "")] if body.reason else []
    after = list(_footer(language, site.public_url, leave))
    return {
        "to_user_ids": [user.id],
        "from_name": one_line(f"{site.realm.name} notifications"),
        "subject": subject,
        "date": int(now),
        "text": f"{body.text}\n\n--\n{_lines([*before, answer, *after])}\n",
        "html": layout.page(
            language=language.code,
            title=subject,
            messages=body.html,
            answer=answer,
            footer=[*before, *after],
        ),
        "language": language.code,
        "headers": {**_ids(missed, site, body.thread), **_list_headers(site, leave)},
    }


def one_line(text: str) -> str:
    """Fit for a header: no line break of any kind, nothing that cannot be printed."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


# -- what a mail shows


def _shown(missed: Missed, language: Language, public_url: str) -> _Body:
    first = missed.messages[0]
    blocks = list(_blocks(missed))
    texts = [_block_text(name, messages, public_url, language) for name, messages in blocks]
    htmls = [
        layout.block(name, [content.html(each.rendered_content, public_url, language) for each in messages])
        for name, messages in blocks
    ]
    left_out = len(missed.messages) - MOST_SHOWN
    if left_out > 0:
        more = language.count("… and {count} more message.", "… and {count} more messages.", left_out)
        texts.append(more)
        htmls.append(layout.paragraph(more))
    return _Body(
        conversation.name(first, missed.user, language),
        (first.recipient_id, conversation.plain_topic(first).lower()),
        conversation.url(first, missed.user, public_url),
        reason(missed.triggers, one_line(missed.group), language),
        "\n\n".join(texts),
        htmls,
    )


def _blocks(missed: Missed) -> Iterable[tuple[str, list[Message]]]:
    """What one person said in a row, under their name where there are several."""
    shown = [*missed.context, *missed.messages[:MOST_SHOWN]]
    named = not conversation.is_one_to_one(missed.messages[0])
    for sender, messages in groupby(shown, _sender):
        yield one_line(sender.full_name) if named else "", list(messages)


def _sender(message: Message) -> Person:
    return message.sender


def _block_text(name: str, messages: list[Message], public_url: str, language: Language) -> str:
    lines = [
        line
        for message in messages
        for line in content.text(message.rendered_content, public_url, language).split("\n")
    ]
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    return f"{name}:\n{quoted}" if name else quoted


def _hidden_by(realm: Realm, user: User) -> str:
    """Who does not want the content of messages in mails, as a sentence; empty: nobody."""
    if not realm.setting("message_content_allowed_in_email_notifications"):
        return BY_REALM
    if not user.setting("message_content_in_email_notifications"):
        return BY_USER
    return ""


def _hidden(missed: Missed, language: Language, hidden_by: str, public_url: str) -> _Body:
    """Neither what was said, nor by whom, nor where: that also means one thread for all such mails."""
    many = language.count(
        "You have {count} new message.", "You have {count} new messages.", len(missed.messages)
    )
    words = f"{many} {language.say(hidden_by)}"
    return _Body(
        language.say("New messages"),
        ("hidden",),
        f"{public_url}/",
        reason(missed.triggers, "", language),
        words,
        [layout.paragraph(words)],
    )


# -- around it


def _footer(language: Language, public_url: str, leave: str) -> Iterable[Line]:
    yield language.say("Answers to this mail are not read."), ""
    yield language.say("Choose which mails you get"), f"{public_url}/#settings/notifications"
    yield language.say("Get no more mails about missed messages"), leave


def _lines(lines: list[Line]) -> str:
    return "\n".join(f"{words}: {url}" if url else words for words, url in lines)


def _ids(missed: Missed, site: Site, thread: tuple[object, ...]) -> dict[str, str]:
    """They follow from what is mailed: should the same be composed again, it is the same mail."""
    uuid, user_id = site.realm.uuid, missed.user.id
    mail = _digest(uuid, user_id, missed.messages[-1].id)
    return {
        "Message-ID": f"<{mail}@{bot_domain(site.public_url)}>",
        "References": f"<{_digest(uuid, user_id, *thread)}@{THREADS}>",
    }


def _digest(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


def _list_headers(site: Site, leave: str) -> dict[str, str]:
    from email.utils import formataddr  # not above: takes memory that a server which mails nothing saves

    return {
        "List-Id": formataddr((one_line(site.realm.name), bot_domain(site.public_url))),
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "X-Auto-Response-Suppress": "All",
    }
