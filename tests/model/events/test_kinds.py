"""Every kind of event is described, and the checker sees whatever is wrong with one."""

from typing import Any

import pytest

from appliance.model.events import KINDS, check, find
from appliance.model.events.kind import Kind
from appliance.model.events.types import Object
from tests.model.events.examples import example, spoilt

WITHOUT_OP = (
    "alert_words", "custom_profile_fields", "default_stream_groups", "default_streams",
    "delete_message", "has_zoom_token", "heartbeat", "invites_changed", "message", "muted_topics",
    "muted_users", "onboarding_steps", "presence", "push_device", "realm_export",
    "realm_export_consent", "realm_linkifiers", "realm_playgrounds", "restart", "submessage",
    "update_display_settings", "update_global_notifications", "update_message", "user_status",
    "user_topic", "web_reload_client",
)  # fmt: skip
OPS = {
    "attachment": "add remove update",
    "drafts": "add update remove",
    "reaction": "add remove",
    "realm": "update update_dict deactivated",
    "realm_bot": "add update delete",
    "realm_domains": "add change remove",
    "realm_emoji": "update",
    "realm_user": "add update remove",
    "realm_user_settings_defaults": "update",
    "saved_snippets": "add update remove",
    "scheduled_messages": "add update remove",
    "stream": "create delete update",
    "subscription": "add remove update peer_add peer_remove",
    "typing": "start stop",
    "typing_edit_message": "start stop",
    "update_message_flags": "add remove",
    "user_group": "add remove update add_members remove_members add_subgroups remove_subgroups",
    "user_settings": "update",
}
CATALOGUE = [*WITHOUT_OP, *(f"{type}/{op}" for type, ops in OPS.items() for op in ops.split())]

FORMS = [
    pytest.param(kind, whole, id=kind.name if len(kind.objects) == 1 else f"{kind.name}-{number}")
    for kind in KINDS.values()
    for number, whole in enumerate(kind.objects)
]


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(("kind", "whole"), FORMS)
def test_an_event_as_described_has_no_mistake(kind: Kind, whole: Object, full: bool) -> None:
    assert check(example(whole, full=full)) == []


@pytest.mark.parametrize(("kind", "whole"), FORMS)
def test_whatever_is_wrong_is_seen(kind: Kind, whole: Object) -> None:
    bad = list(spoilt(whole, example(whole, full=True)))
    assert len(bad) > 3
    assert [each for each in bad if not list(whole.mistakes(each, ""))] == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_field_that_is_missing_is_named(kind: Kind) -> None:
    for whole in kind.objects:
        event = example(whole, full=False)
        for name in event:
            without = {key: value for key, value in event.items() if key != name}
            assert f"{name}: missing" in list(whole.mistakes(without, ""))


@pytest.mark.parametrize(
    ("event", "mistakes"),
    [
        ({"type": "heartbeat", "id": 1}, []),
        ({"type": "heartbeat"}, ["id: missing"]),
        ({"type": "heartbeat", "id": 1, "op": "beat"}, ["op: unknown field"]),
        ({"type": "hartbeat", "id": 1}, ["type: 'hartbeat' is unknown"]),
        ({"id": 1}, ["type: None is unknown"]),
        ({"type": "typing", "op": "pause", "id": 1}, ["op: 'pause' is unknown of typing"]),
        ({"type": "stream", "id": 1}, ["op: None is unknown of stream"]),
    ],
)
def test_the_type_and_op_must_be_known(event: dict[str, Any], mistakes: list[str]) -> None:
    assert check(event) == mistakes


# checklist 1
@pytest.mark.parametrize("name", CATALOGUE)
def test_every_type_of_the_catalogue_is_described(name: str) -> None:
    assert name in KINDS


def test_nothing_else_is_described() -> None:
    assert sorted(KINDS) == sorted(CATALOGUE)


# checklist 176
@pytest.mark.parametrize(
    ("changes", "mistakes"),
    [
        ({}, []),
        ({"flag": "read"}, []),
        ({"all": True, "messages": []}, []),
        ({"op": "remove", "operation": "remove"}, []),
        ({"op": "remove", "operation": "remove", "flag": "read", "message_details": {}}, []),
        ({"op": "remove", "operation": "remove", "flag": "read"}, ["message_details: missing"]),
        ({"op": "toggle"}, ["op: 'toggle' is unknown of update_message_flags"]),
        ({"operation": "remove"}, ["operation: 'remove' instead of \"add\""]),
        ({"flag": "liked"}, ["flag: 'liked' instead of a message flag"]),
        ({"messages": ["1"]}, ["messages[0]: text instead of a whole number"]),
        ({"all": 0}, ["all: a whole number instead of a boolean"]),
    ],
)
def test_flag_events_have_two_ops(changes: dict[str, Any], mistakes: list[str]) -> None:
    event = {"type": "update_message_flags", "op": "add", "operation": "add", "flag": "starred", "id": 1}
    found = check({**event, "messages": [5], "all": False, **changes})
    assert [each for each in mistakes if each not in found] == []
    assert bool(found) == bool(mistakes)


@pytest.mark.parametrize(
    ("fields", "clients"),
    [
        (
            {"presences": {"5": {"active_timestamp": 1, "idle_timestamp": 2}}},
            "with `simplified_presence_events`",
        ),
        ({"user_id": 5, "server_timestamp": 1.5, "presence": {}}, "with `slim_presence`"),
        ({"user_id": 5, "server_timestamp": 1, "presence": {}, "email": "ann@example.org"}, "all others"),
    ],
)
def test_presence_has_three_forms(fields: dict[str, Any], clients: str) -> None:
    event = {"type": "presence", "id": 1, **fields}
    kind = find(event)
    assert kind is not None
    fitting = [
        form.clients
        for form, whole in zip(kind.forms, kind.objects, strict=True)
        if not list(whole.mistakes(event, ""))
    ]
    assert fitting == [clients]
