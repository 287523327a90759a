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


_DEACTIVATED = msgid(
    "{administrator} has deactivated your account in the chat of {realm_name} ({realm_url})."
)
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
    "emails/invitation": Template(
        msgid("Join {realm_name}"),
        (
            (msgid("{referrer_name} invites you to the chat of {realm_name}."), ""),
            (msgid("Accept the invitation"), "activate_url"),
            (msgid("If you do not know who that is, you need not do anything."), ""),
        ),
    ),
    "emails/confirm_registration": Template(
        msgid("Confirm your address for {realm_name}"),
        (
            (msgid("Somebody wants to join the chat of {realm_name} with this address."), ""),
            (msgid("It was me: go on"), "activate_url"),
            (msgid("If it was not you, you need not do anything."), ""),
        ),
    ),
    "emails/confirm_new_email": Template(
        msgid("Confirm your new address for {realm_name}"),
        (
            (msgid("{new_email} is to be your address in the chat of {realm_name}, not {old_email}."), ""),
            (msgid("Confirm it"), "activate_url"),
            (msgid("If it was not you, you need not do anything."), ""),
        ),
    ),
    "emails/notify_change_in_email": Template(
        msgid("You have a new address in {realm_name}"),
        (
            (msgid("Your address in the chat of {realm_name} ({realm_url}) is {new_email} now."), ""),
            (msgid("If it was not you who changed it, write to an administrator."), ""),
        ),
    ),
    "emails/password_reset": Template(
        msgid("A new password for {realm_name}"),
        (
            (msgid("Somebody wants to set a new password for {email} in the chat of {realm_name}."), ""),
            (msgid("Choose a new password"), "reset_url"),
            (msgid("The link works once, and for an hour."), ""),
            (msgid("If it was not you, you need not do anything."), ""),
        ),
    ),
    "emails/deactivate": Template(
        msgid("Your account in {realm_name} was deactivated"),
        ((_DEACTIVATED, ""),),
    ),
    "emails/deactivate_with_comment": Template(
        msgid("Your account in {realm_name} was deactivated"),
        (
            (_DEACTIVATED, ""),
            (msgid("They write: {comment}"), ""),
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
