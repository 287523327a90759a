from typing import Any

import pytest

from appliance.model.concern import Concern
from appliance.notify.decision import decide
from appliance.store.transaction import Notice

SENDER, ANN = 1, 7
DIRECT, CHANNEL = "private", "stream"


def message_notice(kind: str = DIRECT, flags: list[str] | None = None, **facts: list[int]) -> Notice:
    """A message to the sender and Ann. `facts`: which ids the action has found; nobody by default."""
    event: dict[str, Any] = {
        "type": "message",
        "message": {"id": 991, "sender_id": SENDER, "type": kind},
        "presence_idle_user_ids": facts.get("idle", []),
        "dm_mention_email_disabled_user_ids": facts.get("disabled", []),
        "all_bot_user_ids": facts.get("bots", []),
    }
    return Notice(3, 0, event, [SENDER, {"id": ANN, "flags": flags} if flags else ANN])


def triggers(notice: Notice, *, online: bool = False) -> list[tuple[int, str]]:
    """(user id, trigger) of each mail now; `online`: everybody has a client that wants messages."""
    orders = [order for each in decide(notice, lambda _: online) if each.away for order in each.orders]
    return [(event["user_profile_id"], event["trigger"]) for _, event in orders]


@pytest.mark.parametrize(
    ("kind", "flags", "trigger"),
    [
        (DIRECT, None, "direct_message"),
        (DIRECT, ["mentioned"], "direct_message"),
        (DIRECT, ["starred"], "direct_message"),
        (CHANNEL, ["mentioned"], "mentioned"),
        (CHANNEL, ["stream_wildcard_mentioned", "wildcard_mentioned", "mentioned"], "mentioned"),
    ],
)
def test_why_somebody_is_mailed(kind: str, flags: list[str] | None, trigger: str) -> None:  # checklist 181
    assert triggers(message_notice(kind, flags)) == [(ANN, trigger)]


@pytest.mark.parametrize("flags", [None, ["read"], ["stream_wildcard_mentioned", "wildcard_mentioned"]])
def test_a_channel_message_must_not_mail_who_is_not_mentioned(flags: list[str] | None) -> None:
    assert triggers(message_notice(CHANNEL, flags, idle=[ANN])) == []


@pytest.mark.parametrize(
    ("online", "idle", "mailed"),
    [(False, [], True), (False, [ANN], True), (True, [ANN], True), (True, [], False)],
)
def test_only_who_is_away_is_mailed(online: bool, idle: list[int], mailed: bool) -> None:  # checklist 181
    assert bool(triggers(message_notice(idle=idle), online=online)) is mailed


@pytest.mark.parametrize("why", ["bots", "disabled"])
@pytest.mark.parametrize("kind", [DIRECT, CHANNEL])
def test_must_not_mail(kind: str, why: str) -> None:
    assert triggers(message_notice(kind, ["mentioned"], idle=[ANN], **{why: [ANN]})) == []


def test_the_sender_must_not_be_mailed() -> None:
    notice = message_notice(CHANNEL, idle=[SENDER])
    notice.users[:] = [{"id": SENDER, "flags": ["mentioned"]}]
    assert triggers(notice) == []


def test_everybody_is_decided_on_their_own() -> None:
    notice = message_notice(idle=[9], bots=[10], disabled=[11])
    notice.users[:] = [SENDER, ANN, 8, {"id": 9, "flags": ["mentioned"]}, 10, 11]
    connected = {8, 9}
    concerns = decide(notice, lambda user_id: user_id in connected)
    assert [(each.user_id, each.away) for each in concerns] == [(ANN, True), (8, False), (9, True)]


def test_the_job() -> None:
    order = {
        "user_profile_id": ANN,
        "message_id": 991,
        "trigger": "direct_message",
        "mentioned_user_group_id": None,
    }
    assert decide(message_notice(), lambda _: False) == [
        Concern(ANN, True, [("missedmessage_emails", order)])
    ]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "presence", "user_id": ANN},
        {"type": "update_message_flags", "op": "add", "flag": "read", "messages": [991], "all": False},
        {"type": "cleanup_queue"},
        {"type": "message", "message": {"id": 991, "sender_id": SENDER, "type": CHANNEL}},
    ],
)
def test_other_notices_must_not_mail_anybody(event: dict[str, Any]) -> None:
    assert decide(Notice(3, 0, event, [ANN]), lambda _: False) == []
