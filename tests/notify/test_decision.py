"""Who is told of a message, by which road and why: the table of decisions.py, and what it leaves out."""

from typing import Any

import pytest

from appliance.model.concern import Concern, JobOrder
from appliance.notify.decision import decide
from appliance.store.transaction import Notice
from tests.notify.decisions import TABLE

SENDER, ANN = 1, 7
MAIL, PUSH = "missedmessage_emails", "missedmessage_mobile_notifications"

SETS = {
    "c:mail": "stream_email",
    "c:push": "stream_push",
    "f:mail": "followed_topic_email",
    "f:push": "followed_topic_push",
    "@all": "stream_wildcard_mention",
    "@topic": "topic_wildcard_mention",
    "f:@all": "stream_wildcard_mention_in_followed_topic",
    "f:@topic": "topic_wildcard_mention_in_followed_topic",
    "-mail": "dm_mention_email_disabled",
    "-push": "dm_mention_push_disabled",
    "online": "online_push",
    "told": "prior_mention",
    "bot": "all_bot",
    "muter": "muted_sender",
    "out": "outsider",
}
FLAGS = {
    "@Ann": ["mentioned"],
    "@all": ["stream_wildcard_mentioned", "wildcard_mentioned"],
    "@topic": ["topic_wildcard_mentioned", "wildcard_mentioned"],
}
TRIGGERS = {
    "direct": "direct_message",
    "mention": "mentioned",
    "f:@topic": "topic_wildcard_mentioned_in_followed_topic",
    "f:@all": "stream_wildcard_mentioned_in_followed_topic",
    "@topic": "topic_wildcard_mentioned",
    "@all": "stream_wildcard_mentioned",
    "followed": "followed_topic_{}_notify",
    "channel": "stream_{}_notify",
}
_EDITED = {"type": "update_message", "user_id": SENDER, "message_id": 991, "rendering_only": False}
EVENTS: dict[str, dict[str, Any]] = {
    "direct": {"type": "message", "message": {"id": 991, "sender_id": SENDER, "type": "private"}},
    "channel": {"type": "message", "message": {"id": 991, "sender_id": SENDER, "type": "stream"}},
    "edit": {**_EDITED, "orig_content": "before", "stream_id": 4},
    "edit-dm": {**_EDITED, "orig_content": "before"},
    "moved": {**_EDITED, "orig_subject": "before", "stream_id": 4},
}

ROWS = [
    tuple(cell.strip() for cell in line.split("|"))
    for line in TABLE.splitlines()
    if line and not line.startswith("#")
]


def notice(kind: str, flags: str = "", sets: str = "", *, idle: bool = False) -> Notice:
    """Of a message to its sender and Ann, as a row of the table describes it."""
    facts = {f"{SETS[each]}_user_ids": [ANN] for each in sets.split()}
    event = {**EVENTS[kind], "presence_idle_user_ids": [ANN] if idle else [], **facts}
    names = [name for each in flags.split() for name in FLAGS.get(each, [each])]
    return Notice(3, 0, event, [SENDER, {"id": ANN, "flags": names} if names else ANN])


def triggers(orders: list[JobOrder], queue: str) -> list[str]:
    return [event["trigger"] for name, event in orders if name == queue]


def told(concerns: list[Concern], queue: str) -> tuple[list[str], list[str]]:
    """For what reasons somebody is told by that road: at once, and if they miss it."""
    now = [order for each in concerns for order in each.now]
    if_missed = [order for each in concerns for order in each.if_missed]
    return triggers(now, queue), triggers(if_missed, queue)


def expected(cell: str, kind: str) -> tuple[list[str], list[str]]:
    if cell == "-":
        return [], []
    trigger = [TRIGGERS[cell.strip("()")].format(kind)]
    return ([], trigger) if cell.startswith("(") else (trigger, [])


# checklist 181
@pytest.mark.parametrize(
    ("kind", "flags", "sets", "where", "mail", "push"), ROWS, ids=[" | ".join(row[:4]) for row in ROWS]
)
def test_the_table(kind: str, flags: str, sets: str, where: str, mail: str, push: str) -> None:
    concerns = decide(notice(kind, flags, sets, idle=where == "idle"), lambda _: where != "away")
    assert told(concerns, MAIL) == expected(mail, "email")
    assert told(concerns, PUSH) == expected(push, "push")


def test_the_table_is_long_and_has_no_row_twice() -> None:
    assert len({row[:4] for row in ROWS}) == len(ROWS) >= 150


@pytest.mark.parametrize("kind", ["direct", "channel", "edit"])
def test_who_wrote_or_edited_it_must_not_be_told(kind: str) -> None:
    sets = "" if kind == "edit" else "c:mail c:push online"
    found = notice(kind, "@Ann", sets, idle=True)
    found.event.update({name: [SENDER] for name in found.event if name.endswith("_user_ids")})
    found.users[:] = [{"id": SENDER, "flags": ["mentioned"]}]
    assert decide(found, lambda _: False) == []


@pytest.mark.parametrize("kind", ["direct", "channel", "edit"])
def test_what_is_not_for_the_outside_must_not_tell_anybody(kind: str) -> None:
    quiet = notice(kind, "@Ann", idle=True)
    assert decide(quiet, lambda _: False) != []
    quiet.event["disable_external_notifications"] = True
    assert decide(quiet, lambda _: False) == []


def test_a_preview_must_not_tell_anybody() -> None:
    preview = notice("edit", "@Ann")
    preview.event["rendering_only"] = True
    assert decide(preview, lambda _: False) == []


def test_everybody_is_decided_on_their_own() -> None:
    found = notice("direct")
    found.event.update({"presence_idle_user_ids": [9], "all_bot_user_ids": [10], "online_push_user_ids": [8]})
    found.event["dm_mention_email_disabled_user_ids"] = [11]
    found.users[:] = [SENDER, ANN, 8, {"id": 9, "flags": ["mentioned"]}, 10, 11]
    concerns = decide(found, lambda user_id: user_id in (8, 9))
    roads = {
        each.user_id: ([queue for queue, _ in each.now], [queue for queue, _ in each.if_missed])
        for each in concerns
    }
    assert roads == {
        ANN: ([MAIL, PUSH], []),
        8: ([PUSH], [MAIL]),
        9: ([MAIL, PUSH], []),
        11: ([PUSH], []),
    }


@pytest.mark.parametrize("group", [None, 12])
def test_the_jobs(group: int | None) -> None:
    found = notice("channel", "@Ann")
    if group is not None:
        found.users[1]["mentioned_user_group_id"] = group
    order = {
        "user_profile_id": ANN,
        "message_id": 991,
        "trigger": "mentioned",
        "mentioned_user_group_id": group,
    }
    pushed = order | {"type": "add"}
    assert decide(found, lambda _: False) == [Concern(ANN, [(MAIL, order), (PUSH, pushed)], [])]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "presence", "user_id": ANN},
        {"type": "update_message_flags", "op": "add", "flag": "read", "messages": [991], "all": False},
        {"type": "cleanup_queue"},
        {"type": "message", "message": {"id": 991, "sender_id": SENDER, "type": "stream"}},
    ],
)
def test_other_notices_must_not_tell_anybody(event: dict[str, Any]) -> None:
    assert decide(Notice(3, 0, event, [ANN]), lambda _: False) == []
