"""Sending: who may, what is stored, who is told."""

from typing import Any

import pytest

from appliance.actions.message import access as history
from appliance.actions.message import reaction as reaction_actions
from appliance.actions.message import send as message_actions
from appliance.actions.message.send import Draft
from appliance.base.errors import ApiError
from appliance.model import reaction
from appliance.model.flag import Flag
from appliance.model.message import MAX_CONTENT, Shape
from appliance.model.user import Role
from appliance.store import message as messages
from appliance.store.store import Store
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told, read_one
from tests.conftest import MakeUser, MovableClock

RAW = Shape(apply_markdown=False, empty_topic_name=True)


def stored(team: Team, message_id: int) -> dict[str, Any]:
    return history.shown(read_one(team.store, team.ann, message_id), RAW)


def flags_of(team: Team, message_id: int) -> dict[int, int]:
    with team.store.read() as reader:
        rows = reader.rows("SELECT user_id, flags FROM user_message WHERE message_id = ?", message_id)
    return dict(rows)


# -- who may send where

NO_SUCH = "Channel '{}' does not exist"
NOT_THERE = "Not authorized to send to channel '{}'"


@pytest.mark.parametrize(
    ("role", "channel", "subscribed", "error"),
    [
        (Role.MEMBER, PUBLIC, True, None),
        (Role.MEMBER, PUBLIC, False, None),
        (Role.MEMBER, PRIVATE, True, None),
        (Role.MEMBER, PRIVATE, False, NO_SUCH),
        (Role.MEMBER, PROTECTED, True, None),
        (Role.MEMBER, PROTECTED, False, NO_SUCH),
        (Role.MODERATOR, PRIVATE, False, NO_SUCH),
        (Role.ADMIN, PUBLIC, False, None),
        (Role.ADMIN, PRIVATE, True, None),
        (Role.ADMIN, PRIVATE, False, NOT_THERE),
        (Role.OWNER, PROTECTED, False, NOT_THERE),
        (Role.GUEST, PUBLIC, True, None),
        (Role.GUEST, PUBLIC, False, NO_SUCH),
        (Role.GUEST, PRIVATE, True, None),
        (Role.GUEST, PRIVATE, False, NO_SUCH),
    ],
)
def test_who_may_send_to_a_channel(
    team: Team, make_user: MakeUser, told: Told, role: Role, channel: str, subscribed: bool, error: str | None
) -> None:
    sender = make_user("Sender", role=role)
    if subscribed:
        team.join(channel, sender)
    told.look()
    if error is None:
        assert stored(team, team.send(sender, channel))["sender_id"] == sender.id
        return
    with pytest.raises(ApiError) as raised:
        team.send(sender, channel)
    assert str(raised.value) == error.format(channel)
    assert told.look() == []


@pytest.mark.parametrize("kind", ["name", "id"])
def test_a_channel_that_one_may_not_see_looks_like_none(team: Team, kind: str) -> None:
    hidden: str | int = PRIVATE if kind == "name" else team.channel_id(PRIVATE)
    unknown: str | int = "nowhere" if kind == "name" else 999
    errors = []
    for channel in (hidden, unknown):
        with pytest.raises(ApiError) as raised:
            team.send(team.erin, channel)
        errors.append(
            (raised.value.code, str(raised.value).replace(str(channel), "?"), set(raised.value.data))
        )
    assert errors[0] == errors[1]
    assert errors[0][0] == "STREAM_DOES_NOT_EXIST"


def test_who_has_left_a_private_channel_may_not_send_there(team: Team) -> None:
    team.leave(PRIVATE, team.bob)
    with pytest.raises(ApiError, match="Channel 'private' does not exist"):
        team.send(team.bob, PRIVATE)


# -- what may be sent


@pytest.mark.parametrize(
    ("content", "topic", "error"),
    [
        ("", "lunch", "Message must not be empty"),
        (" \n\n ", "lunch", "Message must not be empty"),
        ("a\0b", "lunch", "Message must not contain null bytes"),
        ("hello", "lu\nnch", "Invalid character in topic, at position 3!"),
        ("hello", "lu\u200bnch", "Invalid character in topic, at position 3!"),
    ],
)
def test_what_cannot_be_sent(team: Team, told: Told, content: str, topic: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        team.send(team.ann, PUBLIC, content, topic)
    assert str(raised.value) == error
    assert told.look() == []


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        ("hello", "hello"),
        ("\n\n  hello \n ", "  hello"),
        ("x" * MAX_CONTENT, "x" * MAX_CONTENT),
        ("x" * (MAX_CONTENT + 1), "x" * (MAX_CONTENT - 20) + "\n[message truncated]"),
    ],
    ids=["plain", "blanks", "longest", "too long"],
)
def test_content_is_trimmed_and_cut(team: Team, content: str, kept: str) -> None:
    assert stored(team, team.send(team.ann, PUBLIC, content))["content"] == kept


@pytest.mark.parametrize(
    ("topic", "kept"),
    [
        (" lunch ", "lunch"),
        ("", ""),
        ("(no topic)", ""),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 57 + "..."),
    ],
)
def test_topics_are_trimmed_and_cut(team: Team, topic: str, kept: str) -> None:
    assert stored(team, team.send(team.ann, PUBLIC, topic=topic))["subject"] == kept


def test_a_message_is_stored_whole(team: Team, clock: MovableClock) -> None:
    message_id = team.send(team.ann, PUBLIC, "**hello**")
    message = history.shown(read_one(team.store, team.bob, message_id), Shape(True, True))
    assert message == {
        "id": message_id,
        "type": "stream",
        "stream_id": team.channel_id(PUBLIC),
        "display_recipient": PUBLIC,
        "subject": "lunch",
        "content": "<p><strong>hello</strong></p>",
        "content_type": "text/html",
        "sender_id": team.ann.id,
        "sender_email": "ann@example.org",
        "sender_full_name": "Ann",
        "sender_realm_str": "",
        "timestamp": int(clock.now()),
        "client": "test",
        "recipient_id": message["recipient_id"],
        "is_me_message": False,
        "reactions": [],
        "submessages": [],
        "topic_links": [],
        "avatar_url": message["avatar_url"],
        "flags": [],
    }


def test_the_channel_knows_its_first_message(team: Team) -> None:
    first = team.send(team.ann, PUBLIC)
    team.send(team.ann, PUBLIC)
    with team.store.read() as reader:
        assert reader.value("SELECT first_message_id FROM channel WHERE name = 'public'") == first


# -- who gets it


def test_a_message_goes_to_the_subscribers(team: Team, told: Told) -> None:  # checklist 10
    message_id = team.send(team.erin, PUBLIC)
    event, users = told.one("message")
    assert sorted(users) == [team.ann.id, team.bob.id]
    assert (event["type"], event["message"]["id"], event["public_channel"]) == ("message", message_id, True)
    assert set(flags_of(team, message_id)) == {team.ann.id, team.bob.id}


def test_a_message_to_a_private_channel_is_not_announced_to_the_public(team: Team, told: Told) -> None:
    team.send(team.ann, PRIVATE)
    event, users = told.one("message")
    assert event["public_channel"] is False
    assert sorted(users) == [team.ann.id, team.bob.id]


def test_the_first_message_of_a_channel_is_told_to_all_who_see_it(team: Team, told: Told) -> None:
    first, _ = team.send(team.ann, PUBLIC), team.send(team.ann, PUBLIC)
    event, users = told.one("stream")
    assert (event["property"], event["value"]) == ("first_message_id", first)
    assert users == [team.olga.id, team.ann.id, team.bob.id, team.erin.id]


def test_people_who_are_gone_get_nothing(team: Team, told: Told, store: Store) -> None:
    store.write(lambda t: t.execute("UPDATE user SET is_active = 0 WHERE id = ?", team.bob.id))
    message_id = team.send(team.ann, PUBLIC)
    assert set(flags_of(team, message_id)) == {team.ann.id}


@pytest.mark.parametrize("read", [True, False])
def test_ones_own_message_is_read_if_the_client_is_for_people(team: Team, read: bool) -> None:
    message_id = team.send(team.ann, PUBLIC, read_by_sender=read)
    assert flags_of(team, message_id) == {team.ann.id: Flag.READ if read else 0, team.bob.id: 0}


def test_the_local_id_comes_with_its_queue(team: Team, told: Told) -> None:
    team.send(team.ann, PUBLIC, local_id="12.01", queue_id="q")
    event, _ = told.one("message")
    assert (event["local_id"], event["sender_queue_id"]) == ("12.01", "q")


# -- mentions


@pytest.mark.parametrize(
    ("content", "mentioned"),
    [
        ("hello @**Bob**", {"bob"}),
        ("hello @**Bob** and @**Ann**", {"ann", "bob"}),
        ("hello @_**Bob**", set()),
        ("hello `@**Bob**`", set()),
        ("hello @**Erin**", set()),  # she is not in the channel
        ("hello @**Nobody**", set()),
    ],
)
def test_mentions(team: Team, told: Told, content: str, mentioned: set[str]) -> None:
    message_id = team.send(team.ann, PUBLIC, content)
    ids = {getattr(team, name).id for name in mentioned}
    assert {each for each, flags in flags_of(team, message_id).items() if flags & Flag.MENTIONED} == ids
    event, _ = told.one("message")
    assert set(event.get("presence_idle_user_ids", [])) == ids - {team.ann.id}


def test_mentioning_the_channel_flags_everybody_in_it(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC, "@**all** lunch")
    assert set(flags_of(team, message_id).values()) == {Flag.STREAM_WILDCARD_MENTIONED}


def test_mentioning_the_topic_flags_those_who_wrote_in_it(team: Team, make_user: MakeUser) -> None:
    silent = make_user("Silent")
    team.join(PUBLIC, silent)
    team.send(team.bob, PUBLIC, topic="LUNCH")
    message_id = team.send(team.ann, PUBLIC, "@**topic** when?")
    flagged = {each for each, flags in flags_of(team, message_id).items() if flags}
    assert flagged == {team.ann.id, team.bob.id}


def test_and_those_who_reacted_in_it(team: Team) -> None:
    reaction_actions.add(team.store, team.bob, team.send(team.ann, PUBLIC), reaction.named("tada"))
    message_id = team.send(team.ann, PUBLIC, "@**topic** when?")
    assert flags_of(team, message_id)[team.bob.id] == Flag.TOPIC_WILDCARD_MENTIONED


def test_who_may_mention_a_large_topic(team: Team, make_user: MakeUser) -> None:
    crowd = [make_user(f"Person {number}") for number in range(15)]
    team.join(PUBLIC, *crowd)
    for each in crowd[1:]:
        team.send(each, PUBLIC)
    team.send(team.ann, PUBLIC, "@**topic** when?")
    team.send(crowd[0], PUBLIC)
    with pytest.raises(ApiError) as raised:
        team.send(team.ann, PUBLIC, "@**topic** when?")
    assert raised.value.code == "TOPIC_WILDCARD_MENTION_NOT_ALLOWED"


@pytest.mark.parametrize(
    ("size", "role", "allowed"),
    [(15, Role.MEMBER, True), (16, Role.MEMBER, False), (16, Role.ADMIN, True), (16, Role.MODERATOR, False)],
)
def test_who_may_mention_a_large_channel(
    team: Team, make_user: MakeUser, size: int, role: Role, allowed: bool
) -> None:
    sender = make_user("Sender", role=role)
    team.join(PUBLIC, sender, *[make_user(f"Person {number}") for number in range(size - 3)])
    if allowed:
        team.send(sender, PUBLIC, "@**everyone**")
        return
    with pytest.raises(ApiError) as raised:
        team.send(sender, PUBLIC, "@**everyone**")
    assert raised.value.code == "STREAM_WILDCARD_MENTION_NOT_ALLOWED"


# -- direct messages


def test_a_direct_message_goes_to_its_people_and_its_sender(team: Team, told: Told) -> None:
    message_id = team.write_to(team.ann, team.bob, team.erin)
    event, users = told.one("message")
    assert sorted(users) == [team.ann.id, team.bob.id, team.erin.id]
    assert [each["id"] for each in event["message"]["display_recipient"]] == sorted(users)
    assert event["public_channel"] is False
    assert stored(team, message_id)["subject"] == ""


def test_a_conversation_is_its_set_of_people(team: Team) -> None:
    conversations = [
        team.write_to(team.ann, team.bob),
        team.write_to(team.bob, team.ann),
        team.write_to(team.ann, team.bob, team.ann, team.bob),
    ]
    found = {stored(team, each)["recipient_id"] for each in conversations}
    assert len(found) == 1
    assert stored(team, team.write_to(team.ann, team.bob, team.erin))["recipient_id"] not in found


def test_a_note_to_oneself(team: Team, told: Told) -> None:
    team.write_to(team.ann, team.ann)
    event, users = told.one("message")
    assert users == [team.ann.id]
    assert event["presence_idle_user_ids"] == [] if "presence_idle_user_ids" in event else True


@pytest.mark.parametrize("to", [["Bob@Example.org "], ["bob@example.org", "ann@example.org"]])
def test_addresses_will_do(team: Team, told: Told, to: list[str]) -> None:
    message_actions.send_direct(team.store, Draft(team.ann, "hello", "test", False), to)
    assert sorted(told.one("message")[1]) == [team.ann.id, team.bob.id]


@pytest.mark.parametrize(
    ("to", "error"),
    [
        ([], "Message must have recipients"),
        ([999], "Invalid user ID 999"),
        (["nobody@example.org"], "Invalid email 'nobody@example.org'"),
        (list(range(1, 502)), "A conversation can have 500 people at most."),
    ],
)
def test_to_whom_one_cannot_write(team: Team, to: Any, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        message_actions.send_direct(team.store, Draft(team.ann, "hello", "test", False), to)
    assert str(raised.value) == error


def test_nobody_writes_to_who_is_gone(team: Team, store: Store) -> None:
    store.write(lambda t: t.execute("UPDATE user SET is_active = 0 WHERE id = ?", team.bob.id))
    with pytest.raises(ApiError, match="'Bob' is no longer using Zulip"):
        team.write_to(team.ann, team.bob)


def test_what_the_notifiers_need_to_know(team: Team, told: Told, make_user: MakeUser) -> None:
    bot = make_user("Robot", is_bot=True)
    quiet = make_user("Quiet", enable_offline_email_notifications=False)
    told.look()
    team.write_to(team.ann, bot, quiet, team.bob)
    event, _ = told.one("message")
    assert event["presence_idle_user_ids"] == [team.bob.id, bot.id, quiet.id]
    assert event["dm_mention_email_disabled_user_ids"] == [quiet.id]
    assert event["all_bot_user_ids"] == [bot.id]


# -- ids


def test_ids_rise(team: Team) -> None:
    sent = [team.send(team.ann, PUBLIC), team.write_to(team.ann, team.bob), team.send(team.bob, PRIVATE)]
    assert sent == sorted(set(sent))
    with team.store.read() as reader:
        assert messages.newest_id(reader, team.ann.id) == sent[-1]
        assert messages.newest_id(reader, team.gwen.id) == -1
