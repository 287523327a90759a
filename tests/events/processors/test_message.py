"""New messages: which queue gets which form, and that equal forms are made once."""

from typing import Any

import orjson
import pytest

from appliance.events.queue import EventQueue
from appliance.model.message import GRAVATAR
from tests.events.processors.conftest import ANN, BOB, ERIN, Body, Clients, message

MENTIONED = {"id": BOB, "flags": ["mentioned"]}


def told(clients: Clients, event: Body, *users: Any) -> dict[str, Body]:
    """The event of each queue, by its id; no queue gets two."""
    found = clients.told(event, *users)
    assert all(len(events) == 1 for events in found.values())
    return {queue_id: events[0] for queue_id, events in found.items()}


# -- shape


@pytest.mark.parametrize(  # checklist 146, 158, 179
    ("markdown", "empty_name", "expected"),
    [
        (True, True, ("<p>hi</p>", "text/html", "")),
        (False, True, ("**hi**", "text/x-markdown", "")),
        (True, False, ("<p>hi</p>", "text/html", "general chat")),
        (False, False, ("**hi**", "text/x-markdown", "general chat")),
    ],
)
def test_a_message_in_the_form_that_the_client_wants(
    clients: Clients, markdown: bool, empty_name: bool, expected: tuple[str, str, str]
) -> None:
    [event] = clients.of_one(message(topic=""), apply_markdown=markdown, empty_topic_name=empty_name)
    shown = event["message"]
    assert (shown["content"], shown["content_type"], shown["subject"]) == expected
    assert event["flags"] == []
    assert set(event) == {"type", "message", "flags"}


def test_a_direct_message_has_no_topic_in_any_form(clients: Clients) -> None:
    [event] = clients.of_one(message(direct=True))
    assert event["message"]["subject"] == ""


@pytest.mark.parametrize(  # checklist 147
    ("source", "capable", "expected"),
    [(GRAVATAR, True, None), (GRAVATAR, False, f"/avatar/{ANN}"), ("U", True, f"/avatar/{ANN}")],
)
def test_a_gravatar_is_found_by_the_client(
    clients: Clients, source: str, capable: bool, expected: str | None
) -> None:
    sent = message()
    sent["message"]["avatar_source"] = source
    [event] = clients.of_one(sent, client_gravatar=capable)
    assert event["message"]["avatar_url"] == expected


def test_who_may_not_know_the_sender_sees_somebody_unknown(clients: Clients) -> None:
    bobs, erins = clients.add(BOB), clients.add(ERIN)
    events = told(clients, message(user_ids_without_access_to_sender=[ERIN]), BOB, ERIN)
    seen = {
        queue.id: [events[queue.id]["message"][key] for key in ("sender_full_name", "sender_email")]
        for queue in (bobs, erins)
    }
    assert seen == {
        bobs.id: ["Ann", "ann@example.org"],
        erins.id: ["Unknown user", f"user{ANN}@users.invalid"],
    }
    assert str(ANN) not in events[erins.id]["message"]["avatar_url"]


def test_facts_for_the_notifiers_stay_inside(clients: Clients) -> None:
    [event] = clients.of_one(message(presence_idle_user_ids=[BOB], all_bot_user_ids=[]))
    assert set(event) == {"type", "message", "flags"}
    assert not {"rendered_content", "avatar_source"} & set(event["message"])


def test_each_form_is_made_and_serialised_once(  # checklist 182
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = range(100, 200)
    for user_id in people:
        clients.add(user_id, apply_markdown=user_id % 2 == 0)
    dumped: list[Any] = []
    dumps = orjson.dumps
    monkeypatch.setattr(orjson, "dumps", lambda value: dumped.append(value) or dumps(value))
    flagged = [{"id": each, "flags": ["mentioned"]} for each in people[:50]]
    found = clients.deliveries(message(), *flagged, *people[50:])
    assert len(found) == 100
    assert len([each for each in dumped if isinstance(each, dict)]) == 2
    assert len({id(event) for _, event in found}) == 4  # two shapes, with the flag and without


# -- whom it goes to


def test_recipients_listeners_and_the_sender(clients: Clients) -> None:  # checklist 180
    sending = clients.add(ANN)
    reading, listening, deaf = clients.add(BOB), clients.add(ERIN, all_public_streams=True), clients.add(ERIN)
    event = message(public_channel=True, local_id="12.01", sender_queue_id=sending.id)
    events = told(clients, event, ANN, MENTIONED)
    assert {queue_id: event["flags"] for queue_id, event in events.items()} == {
        sending.id: [],
        reading.id: ["mentioned"],
        listening.id: [],
    }
    assert [queue_id for queue_id, each in events.items() if "local_message_id" in each] == [sending.id]
    assert deaf.id not in events


def test_flags_are_each_persons_own(clients: Clients) -> None:
    anns, bobs, bobs_too = clients.add(ANN), clients.add(BOB), clients.add(BOB)
    events = told(clients, message(), MENTIONED, {"id": ANN, "flags": ["read"]})
    assert {queue_id: event["flags"] for queue_id, event in events.items()} == {
        anns.id: ["read"],
        bobs.id: ["mentioned"],
        bobs_too.id: ["mentioned"],
    }


def test_the_local_id_is_for_the_senders_queue_only(clients: Clients) -> None:
    mine, mine_too, bobs = clients.add(ANN), clients.add(ANN), clients.add(BOB)
    events = told(clients, message(local_id="12.01", sender_queue_id=mine.id), ANN, BOB)
    assert events[mine.id]["local_message_id"] == "12.01"
    assert "local_message_id" not in events[mine_too.id]
    assert "local_message_id" not in events[bobs.id]


def test_who_wants_no_messages_gets_none(clients: Clients) -> None:
    assert clients.of_one(message(), event_types=("presence",)) == []


NARROW = (("channel", "General"), ("topic", "LUNCH"))


@pytest.mark.parametrize(  # checklist 142, 190
    ("narrow", "flags", "wanted"),
    [
        (NARROW, [], True),
        ((("channel", "other"),), [], False),
        ((("topic", "dinner"),), [], False),
        ((("sender", "Ann@example.org"),), [], True),
        ((("is", "mentioned"),), [], False),
        ((("is", "mentioned"),), ["mentioned"], True),
        ((("is", "unread"),), ["read"], False),
        ((("is", "dm"),), [], False),
    ],
)
def test_a_narrow_queue(
    clients: Clients, narrow: tuple[tuple[str, str], ...], flags: list[str], wanted: bool
) -> None:
    assert bool(clients.of_one(message(), {"id": BOB, "flags": flags}, narrow=narrow)) == wanted


@pytest.mark.parametrize(  # checklist 139, 149
    ("wishes", "public", "hears"),
    [
        ({"all_public_streams": True}, True, True),
        ({"all_public_streams": True}, False, False),
        ({"narrow": NARROW}, True, True),
        ({"narrow": NARROW}, False, False),
        ({"narrow": (("topic", "dinner"),)}, True, False),
        ({}, True, False),
        ({"all_public_streams": True, "is_guest": True}, True, False),
        ({"narrow": NARROW, "is_guest": True}, True, False),
        ({"all_public_streams": True, "event_types": ("presence",)}, True, False),
    ],
)
def test_who_hears_channels_that_they_are_not_in(
    clients: Clients, wishes: dict[str, Any], public: bool, hears: bool
) -> None:
    queue = clients.add(ERIN, **wishes)
    assert set(told(clients, message(public_channel=public), BOB)) == ({queue.id} if hears else set())


def test_who_hears_all_channels_and_is_in_this_one_has_their_own_flags(clients: Clients) -> None:
    queue = clients.add(BOB, all_public_streams=True)
    assert told(clients, message(public_channel=True), MENTIONED)[queue.id]["flags"] == ["mentioned"]


@pytest.mark.parametrize(("born", "wanted"), [(0, True), (1, False), (2, False)])
def test_what_is_in_the_snapshot_is_not_told_again(clients: Clients, born: int, wanted: bool) -> None:
    queue = clients.add(BOB)
    queue.born = born
    assert set(told(clients, message(), BOB)) == ({queue.id} if wanted else set())


# -- mirrors


@pytest.mark.parametrize(
    ("sent_with", "polls_with", "wanted"),
    [
        ("irc_mirror", "irc_mirror", False),
        ("irc_Mirror", "IRC_mirror", False),
        ("irc_mirror", "zephyr_mirror", True),
        ("irc_mirror", "website", True),
        ("website", "irc_mirror", True),
        ("website", "website", True),
    ],
)
def test_a_mirror_does_not_get_back_what_it_sent(
    clients: Clients, sent_with: str, polls_with: str, wanted: bool
) -> None:
    assert bool(clients.of_one(message(client=sent_with), client_type_name=polls_with)) == wanted


@pytest.mark.parametrize(
    ("polls_with", "event", "expected"),
    [
        ("irc_mirror", message(), True),
        ("irc_mirror", message(public_channel=True), None),
        ("irc_mirror", message(direct=True), None),
        ("website", message(), None),
    ],
    ids=["private", "public", "direct", "no mirror"],
)
def test_a_mirror_knows_which_channels_are_private(
    clients: Clients, polls_with: str, event: Body, expected: bool | None
) -> None:
    others: EventQueue = clients.add(BOB)
    mirror = clients.add(BOB, client_type_name=polls_with)
    events = told(clients, event, BOB)
    assert events[mirror.id]["message"].get("invite_only_stream") is expected
    assert "invite_only_stream" not in events[others.id]["message"]
