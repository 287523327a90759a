"""Mails of fixed words: the reference's `template_prefix` and `context`.

Every template knows `realm_name` and `realm_url`; what else it needs, the job's context holds.
"""

from dataclasses import dataclass
from html import escape
from typing import Any

from appliance.base.errors import ApplianceError
from appliance.notify.language import Language, msgid


class Unsendable(ApplianceError):
    """No mail can be made of the job, today or later; the text says why."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Template:
    """`lines`: English words, and of a link the name of its address in the context."""

    subject: str
    lines: tuple[tuple[str, str], ...]


TEMPLATES = {
    "emails/missed_message": Template(
        msgid("New messages"),
        ((msgid("You have new messages."), ""), (msgid("Read and answer in the chat"), "realm_url")),
    ),
    "emails/welcome": Template(
        msgid("Welcome to {realm_name}"),
        (
            (msgid("You have an account in the chat of {realm_name}."), ""),
            (msgid("Open the chat"), "realm_url"),
        ),
    ),
    "emails/invitation_reminder": Template(
        msgid("Reminder: join {realm_name}"),
        (
            (msgid("{referrer_name} has invited you to the chat of {realm_name}."), ""),
            (msgid("Accept the invitation"), "activate_url"),
        ),
    ),
}


def render(prefix: str, context: dict[str, Any], language: Language) -> Words:
    """Raises Unsendable for an unknown template, or one that misses something in the context."""
    template = TEMPLATES.get(prefix)
    if template is None:
        raise Unsendable(f"there is no template {prefix!r}; there are {', '.join(TEMPLATES)}")
    try:
        lines = [
            (language.say(english, **context), str(context[link]) if link else "")
            for english, link in template.lines
        ]
        subject = language.say(template.subject, **context)
    except KeyError as error:
        raise Unsendable(f"the context of {prefix!r} misses {error.args[0]}") from None
    text = "\n\n".join(f"{words}: {link}" if link else words for words, link in lines)
    html = "\n".join(f"<p>{_html(words, link)}</p>" for words, link in lines)
    return Words(subject, f"{text}\n", f'<!doctype html>\n<html lang="{language.code}">\n{html}\n</html>\n')


def _html(words: str, link: str) -> str:
    return f'<a href="{escape(link)}">{escape(words)}</a>' if link else escape(words)
