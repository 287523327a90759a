"""Marking messages: what changes, what is told, what is refused."""

from typing import Any

import pytest

from appliance.actions.channel import subscription_property
from appliance.actions.message import flag as actions
from appliance.actions.personal import user_topic
from appliance.actions.user import setting as setting_actions
from appliance.base.errors import ApiError
from appliance.model.flag import Flag
from appliance.model.topic import Policy
from appliance.store import unread
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told


def update(team: Team, message_ids: list[int], op: str, name: str) -> list[int]:
    return actions.update(team.store, team.bob, message_ids, op, name)


def flags(team: Team, message_id: int) -> int:
    with team.store.read() as reader:
        found: int = reader.value(
            "SELECT flags FROM user_message WHERE message_id = ? AND user_id = ?", message_id, team.bob.id
        )
        return found


def unread_ids(team: Team) -> list[int]:
    with team.store.read() as reader:
        return unread.of_user(reader, team.bob.id, 100)


@pytest.fixture
def sent(team: Team, told: Told) -> list[int]:
    found = [team.send(team.ann, PUBLIC), team.send(team.ann, PRIVATE), team.write_to(team.ann, team.bob)]
    told.look()
    return found


@pytest.mark.parametrize("name", ["read", "starred", "collapsed"])
def test_a_flag_is_set_and_cleared(team: Team, told: Told, sent: list[int], name: str) -> None:
    bit = Flag[name.upper()]
    assert update(team, sent[:2], "add", name) == sent[:2]
    assert [flags(team, each) for each in sent] == [bit, bit, 0]
    event, users = told.one()
    assert users == [team.bob.id]
    assert event == {
        "type": "update_message_flags",
        "op": "add",
        "operation": "add",
        "flag": name,
        "messages": sent[:2],
        "all": False,
    }
    update(team, sent, "remove", name)
    assert [flags(team, each) for each in sent] == [0, 0, 0]
    assert told.one()[0]["messages"] == sent[:2]


def test_what_is_so_already_is_left_out_of_the_event(team: Team, told: Told, sent: list[int]) -> None:
    update(team, sent[:1], "add", "read")
    told.look()
    update(team, sent, "add", "read")
    assert told.one()[0]["messages"] == sent[1:]
    update(team, sent, "add", "read")
    assert told.one()[0]["messages"] == []


def test_reading_is_seen_by_the_list_of_unread_messages(team: Team, sent: list[int]) -> None:
    assert unread_ids(team) == sent
    update(team, sent[:2], "add", "read")
    assert unread_ids(team) == sent[2:]
    update(team, sent[:1], "remove", "read")
    assert unread_ids(team) == [sent[0], sent[2]]


def test_marking_unread_tells_what_clients_need_to_count(team: Team, told: Told) -> None:
    mention = team.send(team.ann, PUBLIC, "@**Bob**", topic="lunch")
    direct = team.write_to(team.ann, team.bob, team.erin)
    update(team, [mention, direct], "add", "read")
    told.look()
    update(team, [mention, direct], "remove", "read")
    details: dict[str, Any] = told.one()[0]["message_details"]
    assert details[str(mention)] == {
        "type": "stream",
        "stream_id": team.channel_id(PUBLIC),
        "topic": "lunch",
        "unmuted_stream_msg": True,
        "mentioned": True,
    }
    assert details[str(direct)]["type"] == "private"
    assert set(details[str(direct)]["user_ids"]) - {team.bob.id} == {team.ann.id, team.erin.id}


def test_a_channel_that_one_has_left_holds_nothing_unread(team: Team, told: Told, sent: list[int]) -> None:
    update(team, sent, "add", "read")
    team.leave(PUBLIC, team.bob)
    told.look()
    update(team, [sent[0], sent[2]], "remove", "read")
    assert told.one()[0]["messages"] == [sent[2]]
    assert unread_ids(team) == [sent[2]]


def test_details_name_the_others_of_a_conversation(team: Team, told: Told) -> None:
    ids = [
        team.write_to(team.ann, team.bob),
        team.write_to(team.bob, team.bob),
        team.write_to(team.ann, team.bob, team.erin),
    ]
    update(team, ids, "add", "read")
    told.look()
    update(team, ids, "remove", "read")
    details = told.one()[0]["message_details"]
    assert [details[str(each)]["user_ids"] for each in ids] == [
        [team.ann.id],
        [],
        [team.ann.id, team.erin.id],
    ]


@pytest.mark.parametrize(("content", "counts"), [("@**Bob**", True), ("@**all**", False)])
def test_only_ones_name_counts_as_a_mention_in_a_muted_channel(
    team: Team, told: Told, content: str, counts: bool
) -> None:
    setting_actions.change(team.store, team.bob, {"automatically_follow_topics_where_mentioned": False})
    message_id = team.send(team.ann, PUBLIC, content)
    channel_id = team.channel_id(PUBLIC)
    subscription_property.change(team.store, team.bob, [(channel_id, "is_muted", True)])
    update(team, [message_id], "add", "read")
    told.look()
    update(team, [message_id], "remove", "read")
    detail = told.one()[0]["message_details"][str(message_id)]
    assert ("mentioned" in detail, detail["unmuted_stream_msg"]) == (counts, False)


@pytest.mark.parametrize(
    ("channel_muted", "policy", "unmuted"),
    [
        (False, Policy.INHERIT, True),
        (False, Policy.MUTED, False),
        (True, Policy.INHERIT, False),
        (True, Policy.UNMUTED, True),
        (True, Policy.FOLLOWED, True),
        (True, Policy.MUTED, False),
    ],
)
def test_a_topic_is_muted_by_itself_or_with_its_channel(
    team: Team, told: Told, channel_muted: bool, policy: Policy, unmuted: bool
) -> None:
    message_id, channel_id = team.send(team.ann, PUBLIC), team.channel_id(PUBLIC)
    subscription_property.change(team.store, team.bob, [(channel_id, "is_muted", channel_muted)])
    user_topic.choose(team.store, team.bob, channel_id, "LUNCH", policy)
    update(team, [message_id], "add", "read")
    told.look()
    update(team, [message_id], "remove", "read")
    assert told.one()[0]["message_details"][str(message_id)]["unmuted_stream_msg"] is unmuted


def test_starring_what_one_never_got(team: Team, told: Told) -> None:
    team.leave(PUBLIC, team.bob)
    message_id = team.send(team.ann, PUBLIC)
    told.look()
    update(team, [message_id], "add", "starred")
    assert flags(team, message_id) == Flag.READ | Flag.HISTORICAL | Flag.STARRED
    assert told.one()[0]["messages"] == [message_id]
    assert unread_ids(team) == []


def test_reading_what_one_never_got_does_nothing(team: Team, told: Told) -> None:
    team.leave(PUBLIC, team.bob)
    message_id = team.send(team.ann, PUBLIC)
    told.look()
    update(team, [message_id], "add", "read")
    assert told.one()[0]["messages"] == []


def test_a_message_listed_twice_is_marked_once(team: Team, told: Told, sent: list[int]) -> None:
    update(team, [sent[0], sent[0]], "add", "starred")
    assert told.one()[0]["messages"] == [sent[0]]


@pytest.mark.parametrize(
    ("op", "name", "error"),
    [
        ("add", "important", "Invalid flag: 'important'"),
        ("add", "mentioned", "Flag not editable: 'mentioned'"),
        ("add", "historical", "Flag not editable: 'historical'"),
        ("add", "active_push", "Invalid flag: 'active_push'"),
        ("toggle", "read", "Invalid message flag operation: 'toggle'"),
    ],
)
def test_what_is_refused(team: Team, told: Told, sent: list[int], op: str, name: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        update(team, sent, op, name)
    assert str(raised.value) == error
    assert told.look() == []


def test_one_message_out_of_reach_refuses_all(team: Team, told: Told, sent: list[int]) -> None:
    hidden = team.write_to(team.ann, team.erin)
    told.look()
    for unreachable in (hidden, 999):
        with pytest.raises(ApiError, match=r"^Invalid message\(s\)$"):
            update(team, [*sent, unreachable], "add", "read")
    assert unread_ids(team) == sent
    assert told.look() == []


def test_so_many_at_once(team: Team) -> None:
    with pytest.raises(ApiError, match=r"Too many messages requested \(maximum 5000\)"):
        update(team, list(range(1, 5002)), "add", "read")
