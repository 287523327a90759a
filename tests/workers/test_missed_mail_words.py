"""What the mail says of why it came, and how it gets over the wire, through real workers and mail server."""

from email.message import EmailMessage
from typing import Any

import pytest

from appliance.actions.personal import unsubscribe as unsubscribing
from appliance.model.flag import Flag
from appliance.notify.reason import REASONS, UNNAMED
from appliance.store import user_group as user_groups
from appliance.store.transaction import Transaction
from appliance.workers.missedmessage_email_batches import MissedMessageEmailBatches
from appliance.workers.missedmessage_emails import MissedMessageEmails
from tests.outside.smtp_sink import SmtpSink
from tests.workers.conftest import Team
from tests.workers.server import NOREPLY, SECRET, Server
from tests.workers.test_missedmessage_emails import BATCHES, NOTES, event

AT_ALL = "hear, everybody"
CHANNEL_TRIGGERS = [trigger for trigger in REASONS if trigger != "user_group_mentioned"]


def mailed(team: Team, *notes: dict[str, Any]) -> str:
    """The text of the one mail that follows from these notes about messages to Ann."""
    for note in notes:
        team.consume(MissedMessageEmails, team.enqueue(NOTES, note))
    (batch,) = team.waiting(BATCHES)
    team.consume(MissedMessageEmailBatches, batch)
    (mail,) = team.waiting("email_senders")
    text: str = mail.event()["text"]
    return text


def reason(text: str) -> str:
    return text.split("\n--\n")[1].split("\n")[0]


def group(team: Team, name: str) -> int:
    """Ann and Cyd are in it."""

    def write(transaction: Transaction) -> int:
        group_id = user_groups.add(transaction, name, "", team.bob.id, {})
        user_groups.add_members(transaction, group_id, [team.ann.id, team.cyd.id])
        return group_id

    return team.store.write(write)


def mention(team: Team, group_id: int | None, text: str = "look") -> dict[str, Any]:
    note = event(team.ann.id, team.post(team.bob, f"@**Ann Miller** {text}"), "mentioned")
    return {**note, "mentioned_user_group_id": group_id}


@pytest.mark.parametrize("trigger", CHANNEL_TRIGGERS)
def test_each_trigger_has_its_reason(team: Team, trigger: str) -> None:
    team.post(team.ann, "I am in the topic")
    message_id = team.post(team.bob, "@**Ann Miller** @**all** @**topic** hello")
    text = mailed(team, event(team.ann.id, message_id, trigger))
    assert reason(text) == REASONS[trigger]


def test_a_group_is_named(team: Team) -> None:
    assert reason(mailed(team, mention(team, group(team, "bees")))) == (
        "@bees was mentioned, a group that you are in."
    )


def test_a_group_of_a_role_has_a_title(team: Team) -> None:
    assert reason(mailed(team, mention(team, 3))) == "@Members was mentioned, a group that you are in."


def test_who_was_also_named_alone_hears_that(team: Team) -> None:
    assert (
        reason(mailed(team, mention(team, group(team, "bees")), mention(team, None))) == "You were mentioned."
    )


def test_a_group_that_is_gone(team: Team) -> None:
    assert reason(mailed(team, mention(team, 4711))) == UNNAMED


# -- context


@pytest.mark.parametrize(
    ("flag", "comes"),
    [
        (Flag.MENTIONED, True),
        (Flag.STREAM_WILDCARD_MENTIONED, True),
        (Flag.TOPIC_WILDCARD_MENTIONED, True),
        (Flag.STARRED, False),
    ],
)
def test_every_kind_of_mention_comes_with_what_led_to_it(team: Team, flag: Flag, comes: bool) -> None:
    team.post(team.cyd, "before")
    message_id = team.post(team.bob, AT_ALL)
    team.store.write(
        lambda transaction: transaction.execute(
            "UPDATE user_message SET flags = flags | ? WHERE message_id = ?", int(flag), message_id
        )
    )
    text = mailed(team, event(team.ann.id, message_id, "stream_email_notify"))
    assert text.startswith("Cyd:\n> before\n\nBob:\n" if comes else f"Bob:\n> {AT_ALL}\n")


# -- over the wire


@pytest.fixture
def received(team: Team, server: Server, smtp: SmtpSink) -> EmailMessage:
    """By Ann, of a direct message."""
    team.direct(team.bob, team.ann)
    server.pass_time(121)
    (mail,) = smtp.mails
    return mail


# checklist 50, 269
def test_the_headers_arrive_as_they_are(received: EmailMessage, smtp: SmtpSink) -> None:
    assert received["From"] == f"My team notifications <{NOREPLY}>"
    assert received["Reply-To"] == NOREPLY
    assert received["List-Id"] == "My team <chat.test>"
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert received["X-Auto-Response-Suppress"] == "All"
    assert b"\nList-Unsubscribe: <https://chat.test/accounts/unsubscribe/missed_messages/" in smtp.raw[0]


def test_the_link_of_the_mail_ends_the_mails(
    team: Team, server: Server, smtp: SmtpSink, received: EmailMessage
) -> None:
    *_, kind, key = received["List-Unsubscribe"].strip("<>").split("/")
    unsubscribing.unsubscribe(team.store, SECRET, kind, key)
    team.direct(team.bob, team.ann)
    server.pass_time(121)
    assert smtp.mails == [received]
