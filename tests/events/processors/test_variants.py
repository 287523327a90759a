"""Events of every other type: who gets them, in which form, and what stays inside."""

from typing import Any

import pytest

from tests.events.processors.conftest import ANN, BOB, ERIN, Body, Clients

# -- who gets them

TOLD_FOR = "for_capability"


@pytest.mark.parametrize(  # checklist 141, 151, 152, 155, 156, 157, 162, 183, 188, 189, 191
    ("event", "wishes", "wanted"),
    [
        ({"type": "example"}, {}, True),
        ({"type": "example"}, {"event_types": ("example", "message")}, True),
        ({"type": "example"}, {"event_types": ("message",)}, False),
        ({"type": "example"}, {"event_types": ()}, False),
        ({"type": "muted_topics"}, {}, True),
        ({"type": "muted_topics"}, {"event_types": ("muted_topics",)}, True),
        ({"type": "muted_topics"}, {"event_types": ("muted_topics", "user_topic")}, False),
        ({"type": "typing", "op": "start", "stream_id": 4, "topic": "t"}, {}, False),
        (
            {"type": "typing", "op": "start", "stream_id": 4, "topic": "t"},
            {"stream_typing_notifications": True},
            True,
        ),
        ({"type": "typing", "op": "start", "recipients": []}, {}, True),
        ({"type": "update_display_settings"}, {}, True),
        ({"type": "update_display_settings"}, {"user_settings_object": True}, False),
        ({"type": "update_global_notifications"}, {}, True),
        ({"type": "update_global_notifications"}, {"user_settings_object": True}, False),
        ({"type": "user_settings", "op": "update"}, {"user_settings_object": True}, True),
        ({"type": "user_settings", "op": "update"}, {}, True),
        ({"type": "user_group", "op": "remove", "group_id": 3}, {}, True),
        ({"type": "user_group", "op": "remove", "group_id": 3}, {"include_deactivated_groups": True}, False),
        ({"type": "user_group", "op": "update", "data": {"deactivated": True}}, {}, False),
        (
            {"type": "user_group", "op": "update", "data": {"deactivated": True}},
            {"include_deactivated_groups": True},
            True,
        ),
        ({"type": "user_group", "op": "update", "data": {"description": "x"}}, {}, True),
        ({"type": "user_group", "op": "add_members", "user_ids": [5]}, {}, True),
        ({"type": "realm_linkifiers", "realm_linkifiers": []}, {}, True),
        ({"type": "example", TOLD_FOR: ["archived_channels", True]}, {}, False),
        ({"type": "example", TOLD_FOR: ["archived_channels", False]}, {}, True),
        ({"type": "example", TOLD_FOR: ["archived_channels", True]}, {"archived_channels": True}, True),
        ({"type": "example", TOLD_FOR: ["archived_channels", False]}, {"archived_channels": True}, False),
    ],
)
def test_what_a_client_accepts(clients: Clients, event: Body, wishes: dict[str, Any], wanted: bool) -> None:
    shown = {name: value for name, value in event.items() if name != TOLD_FOR}
    assert clients.of_one(event, **wishes) == ([shown] if wanted else [])


def test_all_queues_of_all_people_named_and_no_others(  # checklist 140, 178, 183
    clients: Clients,
) -> None:
    anns, bobs, bobs_too, _ = clients.add(ANN), clients.add(BOB), clients.add(BOB), clients.add(ERIN)
    assert set(clients.told({"type": "example"}, ANN, BOB)) == {anns.id, bobs.id, bobs_too.id}


def test_a_notice_may_be_for_some_queues_only(clients: Clients) -> None:
    chosen, other = clients.add(BOB), clients.add(BOB)
    event = {"type": "web_reload_client", "immediate": False}
    assert clients.told({**event, "queue_ids": [chosen.id]}) == {chosen.id: [event]}
    assert clients.told(event) == {chosen.id: [event], other.id: [event]}


@pytest.mark.parametrize(("born", "wanted"), [(0, True), (1, False), (2, False)])
def test_what_is_in_the_snapshot_is_not_told_again(clients: Clients, born: int, wanted: bool) -> None:
    clients.add(BOB).born = born
    assert bool(clients.told({"type": "example"})) == wanted


def test_a_common_event_is_shared(clients: Clients) -> None:
    people = range(100, 150)
    for user_id in people:
        clients.add(user_id)
    found = clients.deliveries({"type": "example"}, *people)
    assert len(found) == 50
    assert len({id(event) for _, event in found}) == 1


# -- in which form: (event of the notice, wishes of the client, events that it gets)

Row = tuple[Body, dict[str, Any], list[Body]]


def check(clients: Clients, row: Row) -> None:
    event, wishes, expected = row
    before = repr(event)
    assert clients.of_one(event, **wishes) == expected
    assert repr(event) == before


ACTIVE = {"client": "website", "status": "active", "timestamp": 1_700_000_000, "pushable": False}
SLIM = {"type": "presence", "user_id": ANN, "server_timestamp": 1.5, "presence": {"website": ACTIVE}}
TIMES = {str(ANN): {"active_timestamp": 1_700_000_000, "idle_timestamp": 1_700_000_000}}
PRESENCE = {**SLIM, "email": "ann@example.org", "presences": TIMES}
SIMPLE = {"type": "presence", "presences": TIMES}


@pytest.mark.parametrize(  # checklist 148, 159, 184
    "row",
    [
        (PRESENCE, {}, [{**SLIM, "email": "ann@example.org"}]),
        (PRESENCE, {"slim_presence": True}, [SLIM]),
        (PRESENCE, {"simplified_presence_events": True}, [SIMPLE]),
        (PRESENCE, {"simplified_presence_events": True, "slim_presence": True}, [SIMPLE]),
    ],
    ids=["legacy", "slim", "simplified", "both"],
)
def test_presence_in_three_forms(clients: Clients, row: Row) -> None:
    check(clients, row)


def deleted(topic: str, **which: Any) -> Body:
    return {"type": "delete_message", "message_type": "stream", "stream_id": 4, "topic": topic, **which}


DIRECT = {"type": "delete_message", "message_type": "private"}
CAPABLE = {"bulk_message_deletion": True, "empty_topic_name": True}


@pytest.mark.parametrize(  # checklist 150, 186
    "row",
    [
        (deleted("t", message_ids=[1, 2]), CAPABLE, [deleted("t", message_ids=[1, 2])]),
        (deleted("t", message_ids=[1, 2]), {}, [deleted("t", message_id=1), deleted("t", message_id=2)]),
        (deleted("", message_ids=[1]), CAPABLE, [deleted("", message_ids=[1])]),
        (deleted("", message_ids=[1]), {}, [deleted("general chat", message_id=1)]),
        ({**DIRECT, "message_ids": [3]}, {}, [{**DIRECT, "message_id": 3}]),
        ({**DIRECT, "message_ids": [3]}, CAPABLE, [{**DIRECT, "message_ids": [3]}]),
    ],
)
def test_messages_deleted_at_once_or_one_by_one(clients: Clients, row: Row) -> None:
    check(clients, row)


def fields(*types: int) -> Body:
    return {
        "type": "custom_profile_fields",
        "fields": [{"id": number, "type": each, "name": "x"} for number, each in enumerate(types)],
    }


@pytest.mark.parametrize(  # checklist 153
    "row",
    [
        (fields(1, 8, 2), {}, [fields(1, 8, 2)]),
        (fields(1, 8, 2), {"pronouns_field_type_supported": False}, [fields(1, 1, 2)]),
    ],
)
def test_pronouns_are_text_for_who_does_not_know_them(clients: Clients, row: Row) -> None:
    check(clients, row)


ADDED = {"type": "realm_user", "op": "add", "person": {"user_id": 12, "full_name": "Unknown user"}}


@pytest.mark.parametrize(  # checklist 155
    "row",
    [
        (ADDED, {}, [ADDED]),
        (ADDED, {"user_list_incomplete": True}, [ADDED]),
        ({**ADDED, "inaccessible_user": False}, {"user_list_incomplete": True}, [ADDED]),
        ({**ADDED, "inaccessible_user": True}, {}, [ADDED]),
        ({**ADDED, "inaccessible_user": True}, {"user_list_incomplete": True}, []),
    ],
)
def test_people_whom_one_may_not_know(clients: Clients, row: Row) -> None:
    check(clients, row)


RENAMED = {"type": "user_group", "op": "update", "group_id": 3, "data": {"name": "new"}}


@pytest.mark.parametrize(  # checklist 156, 187
    "row",
    [
        ({**RENAMED, "deactivated": False}, {}, [RENAMED]),
        ({**RENAMED, "deactivated": False}, {"include_deactivated_groups": True}, [RENAMED]),
        ({**RENAMED, "deactivated": True}, {}, []),
        ({**RENAMED, "deactivated": True}, {"include_deactivated_groups": True}, [RENAMED]),
    ],
)
def test_a_group_is_renamed(clients: Clients, row: Row) -> None:
    check(clients, row)


def channels(type: str, op: str, key: str, *archived: bool) -> Body:
    listed = [{"stream_id": number, "is_archived": each} for number, each in enumerate(archived)]
    return {"type": type, "op": op, key: listed}


CREATED, SUBSCRIBED = ("stream", "create", "streams"), ("subscription", "add", "subscriptions")
ARCHIVES = {"archived_channels": True}


@pytest.mark.parametrize(  # checklist 157, 188
    "row",
    [
        (channels(*CREATED, False, True), {}, [channels(*CREATED, False)]),
        (channels(*CREATED, True), {}, []),
        (channels(*CREATED, False, True), ARCHIVES, [channels(*CREATED, False, True)]),
        (channels("stream", "delete", "streams", True), {}, [channels("stream", "delete", "streams", True)]),
        (channels(*SUBSCRIBED, False, True), {}, [channels(*SUBSCRIBED, False)]),
        (channels(*SUBSCRIBED, True), {}, []),
        (channels(*SUBSCRIBED, True), ARCHIVES, [channels(*SUBSCRIBED, True)]),
        ({"type": "subscription", "op": "peer_add"}, {}, [{"type": "subscription", "op": "peer_add"}]),
    ],
)
def test_archived_channels_are_new_to_clients_that_know_of_them_only(clients: Clients, row: Row) -> None:
    check(clients, row)


def test_archiving_is_told_twice_and_heard_once(clients: Clients) -> None:  # checklist 157, 188
    capable, older = clients.add(archived_channels=True), clients.add()
    update = {"type": "stream", "op": "update", "property": "is_archived", "value": True, "stream_id": 4}
    gone = channels("stream", "delete", "streams", True)
    assert clients.told({**update, TOLD_FOR: ["archived_channels", True]}) == {capable.id: [update]}
    assert clients.told({**gone, TOLD_FOR: ["archived_channels", False]}) == {older.id: [gone]}


# -- the empty topic has a name for older clients


def typing(**topic: str) -> Body:
    return {"type": "typing", "op": "start", "message_type": "stream", "stream_id": 4, **topic}


def unread(topic: str) -> Body:
    details = {
        "1": {"type": "stream", "stream_id": 4, "topic": topic},
        "2": {"type": "private", "user_ids": [ANN]},
    }
    change = {"op": "remove", "operation": "remove", "flag": "read", "all": False}
    return {"type": "update_message_flags", **change, "messages": [1, 2], "message_details": details}


def moved(**topics: str) -> Body:
    return {"type": "update_message", "message_id": 1, "flags": [], **topics}


def muted(topic: str) -> Body:
    return {"type": "user_topic", "stream_id": 4, "topic_name": topic, "visibility_policy": 1}


@pytest.mark.parametrize(  # checklist 158
    ("event", "named"),
    [
        (typing(topic=""), typing(topic="general chat")),
        (typing(topic="lunch"), typing(topic="lunch")),
        (muted(""), muted("general chat")),
        (muted("lunch"), muted("lunch")),
        (moved(orig_subject="", subject="lunch"), moved(orig_subject="general chat", subject="lunch")),
        (moved(orig_subject="lunch", subject=""), moved(orig_subject="lunch", subject="general chat")),
        (moved(orig_subject=""), moved(orig_subject="general chat")),
        (moved(content=""), moved(content="")),
        (unread(""), unread("general chat")),
        (unread("lunch"), unread("lunch")),
    ],
)
def test_the_empty_topic(clients: Clients, event: Body, named: Body) -> None:
    assert clients.of_one(event, stream_typing_notifications=True) == [named]
    assert clients.of_one(event, stream_typing_notifications=True, empty_topic_name=True) == [event]


# -- what differs by person, and what stays inside

EDITED = {"type": "update_message", "message_id": 77, "message_ids": [77], "content": "new"}
FACTS = {
    "prior_mention_user_ids": [ANN],
    "presence_idle_user_ids": [BOB],
    "online_push_user_ids": [],
    "stream_push_user_ids": [],
    "all_bot_user_ids": [],
    "disable_external_notifications": False,
}


def test_a_changed_message_is_something_else_to_each(clients: Clients) -> None:  # checklist 185
    anns, bobs = clients.add(ANN), clients.add(BOB)
    users = [{"id": ANN, "flags": ["read"]}, {"id": BOB, "flags": []}]
    assert clients.told({**EDITED, **FACTS}, *users) == {
        anns.id: [{**EDITED, "flags": ["read"]}],
        bobs.id: [{**EDITED, "flags": []}],
    }


def test_any_event_may_have_keys_of_each_person(clients: Clients) -> None:
    anns, bobs = clients.add(ANN), clients.add(BOB)
    assert clients.told({"type": "example", "common": 1}, {"id": ANN, "own": 2}, BOB) == {
        anns.id: [{"type": "example", "common": 1, "own": 2}],
        bobs.id: [{"type": "example", "common": 1}],
    }


def test_a_persons_internal_keys_stay_inside(clients: Clients) -> None:
    user = {"id": BOB, "flags": ["mentioned"], "mentioned_user_group_id": 3}
    assert clients.of_one(EDITED, user) == [{**EDITED, "flags": ["mentioned"]}]


def test_who_has_the_same_keys_shares_the_event(clients: Clients) -> None:
    people = range(100, 200)
    for user_id in people:
        clients.add(user_id)
    users = [{"id": each, "flags": ["read"] if each % 2 else []} for each in people]
    found = clients.deliveries(EDITED, *users)
    assert len({id(event) for _, event in found}) == 2


@pytest.mark.parametrize("name", [*FACTS, "queue_ids", "inaccessible_user", "deactivated"])
def test_what_is_for_us_is_for_nobody_else(clients: Clients, name: str) -> None:
    queue = clients.add()
    assert clients.told({"type": "example", "user_ids": [ANN], name: [queue.id]}) == {
        queue.id: [{"type": "example", "user_ids": [ANN]}]
    }
