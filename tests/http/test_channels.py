"""Channels by the API: making, changing, archiving, listing, joining and leaving."""

from itertools import count
from typing import Any

import pytest

from appliance.model.group import ID
from tests.process.client import Answer, Person
from tests.process.server import ServerProcess

NUMBERS = count()
ADMINS, EVERYONE, MEMBERS = ID["role:administrators"], ID["role:everyone"], ID["role:members"]
CAPABLE = {"archived_channels": True, "notification_settings_null": True}
SUBSCRIPTIONS = "/users/me/subscriptions"


@pytest.fixture
def name() -> str:
    """Another one for each test: they share the server."""
    return f"channel {next(NUMBERS)}"


@pytest.fixture
def iago(server: ServerProcess) -> Person:
    """The owner."""
    return server.people("iago")[0]


def made(person: Person, name: str, *others: Person, **how: Any) -> int:
    if others:
        how["principals"] = [each.user_id for each in (person, *others)]
    person.ask("POST", SUBSCRIPTIONS, subscriptions=[{"name": name}], **how)
    return int(person.ask("GET", "/get_stream_id", stream=name)["stream_id"])


def channel(person: Person, channel_id: int) -> dict[str, Any]:
    found: dict[str, Any] = person.ask("GET", f"/streams/{channel_id}")["stream"]
    return found


def refused(answer: Answer, msg: str, code: str = "BAD_REQUEST") -> bool:
    return answer.is_error(400, code) and answer.body["msg"] == msg


def listed(person: Person, **filters: bool) -> set[str]:
    return {each["name"] for each in person.ask("GET", "/streams", **filters)["streams"]}


# -- making


def test_a_channel_as_it_was_asked_for(iago: Person, name: str) -> None:
    own = {"direct_members": [iago.user_id], "direct_subgroups": []}
    channel_id = made(
        iago,
        name,
        is_web_public=True,
        is_default_stream=True,
        message_retention_days=30,
        can_send_message_group=ADMINS,
        can_subscribe_group=own,
        can_add_subscribers_group={"direct_members": [], "direct_subgroups": [MEMBERS]},
    )
    seen = channel(iago, channel_id)
    assert (seen["is_web_public"], seen["invite_only"]) == (True, False)
    assert (seen["message_retention_days"], seen["can_send_message_group"]) == (30, ADMINS)
    assert (seen["can_subscribe_group"], seen["can_add_subscribers_group"]) == (own, MEMBERS)
    assert seen["can_administer_channel_group"] == own
    assert (seen["stream_post_policy"], seen["is_announcement_only"]) == (2, True)
    assert channel_id in iago.register().snapshot["realm_default_streams"]


@pytest.mark.parametrize(
    ("parameters", "msg"),
    [
        ({"invite_only": True, "is_web_public": True}, "Invalid parameters"),
        ({"history_public_to_subscribers": False}, "Invalid parameters"),
        ({"message_retention_days": 0}, "Bad value for 'message_retention_days': 0"),
        ({"message_retention_days": "soon"}, "message_retention_days is not an integer"),
        ({"can_send_message_group": 10**6}, "Invalid user group"),
        ({"can_send_message_group": ID["role:internet"]}, None),
        ({"can_subscribe_group": {"direct_members": [10**6], "direct_subgroups": []}}, None),
        ({"can_subscribe_group": "everyone"}, None),
    ],
)
def test_what_no_channel_can_be(iago: Person, name: str, parameters: dict[str, Any], msg: str | None) -> None:
    answer = iago.call("POST", SUBSCRIPTIONS, subscriptions=[{"name": name}], **parameters)
    assert answer.status == 400
    assert msg in (None, answer.body["msg"])
    assert name not in listed(iago)


def test_too_many_subscriptions_at_once(iago: Person) -> None:
    names = [{"name": f"n{each}"} for each in range(501)]
    assert iago.call("POST", SUBSCRIPTIONS, subscriptions=names).status == 400


# -- changing


def test_a_channel_from_its_making_to_its_end(
    hamlet: Person, cordelia: Person, iago: Person, name: str
) -> None:
    watcher = cordelia.register(event_types=["stream"], client_capabilities=CAPABLE)
    older = cordelia.register(event_types=["stream"])
    channel_id = made(hamlet, name)
    path = f"/streams/{channel_id}"
    hamlet.ask("PATCH", path, new_name=f"{name} 2", description="*ours*")
    hamlet.ask("PATCH", path, can_send_message_group={"new": MEMBERS, "old": EVERYONE})
    hamlet.ask("DELETE", path)
    iago.ask("PATCH", path, is_archived=False)
    told = [
        (event["op"], event.get("property"))
        for event in watcher.next(7)
        if event.get("property") != "first_message_id"
    ]
    assert told == [
        ("create", None),
        ("update", "name"),
        ("update", "description"),
        ("update", "can_send_message_group"),
        ("update", "is_archived"),
        ("update", "is_archived"),
    ]
    ops = [event["op"] for event in older.poll(dont_block=True)]
    assert (ops[0], ops[-2:]) == ("create", ["delete", "create"])
    assert channel(cordelia, channel_id)["name"] == f"{name} 2"


@pytest.mark.parametrize(
    ("parameters", "msg"),
    [
        ({"is_private": "maybe"}, "is_private is not a boolean"),
        ({"new_name": ""}, "Channel name can't be empty."),
        ({"is_private": True, "is_web_public": True}, "Invalid parameters"),
        ({"is_archived": True}, "A channel is archived by DELETE."),
        ({"can_send_message_group": MEMBERS}, "can_send_message_group is missing 'new'"),
        ({"message_retention_days": -5}, "Bad value for 'message_retention_days': -5"),
    ],
)
def test_changes_that_cannot_be(iago: Person, name: str, parameters: dict[str, Any], msg: str) -> None:
    channel_id = made(iago, name)
    assert refused(iago.call("PATCH", f"/streams/{channel_id}", **parameters), msg)


def test_only_who_administers_a_channel_changes_it(hamlet: Person, cordelia: Person, name: str) -> None:
    path = f"/streams/{made(hamlet, name)}"
    msg, code = "You may not administer this channel.", "CANNOT_ADMINISTER_CHANNEL"
    assert refused(cordelia.call("PATCH", path, description="mine"), msg, code)
    assert refused(cordelia.call("DELETE", path), msg, code)


def test_a_private_channel_of_others_does_not_exist(hamlet: Person, cordelia: Person, name: str) -> None:
    channel_id = made(hamlet, name, invite_only=True)
    path = f"/streams/{channel_id}"
    for method, target in [
        ("GET", path),
        ("PATCH", path),
        ("DELETE", path),
        ("GET", f"{path}/members"),
        ("GET", f"{path}/email_address"),
        ("GET", f"/users/{hamlet.user_id}/subscriptions/{channel_id}"),
    ]:
        answer = cordelia.call(method, target)
        assert answer.body == cordelia.call(method, target.replace(str(channel_id), str(10**6))).body
        assert refused(answer, "Invalid channel ID")


# -- default channels


def test_default_channels(iago: Person, hamlet: Person, name: str) -> None:
    channel_id = made(hamlet, name)
    watcher = hamlet.register(event_types=["default_streams"])
    iago.ask("POST", "/default_streams", stream_id=channel_id)
    iago.ask("DELETE", "/default_streams", stream_id=channel_id)
    iago.ask("DELETE", "/default_streams", stream_id=channel_id)  # it is none: nothing to tell
    first, second = (event["default_streams"] for event in watcher.next(2))
    assert set(first) - set(second) == {channel_id}
    assert hamlet.call("POST", "/default_streams", stream_id=channel_id).is_error(
        400, "UNAUTHORIZED_PRINCIPAL"
    )
    private = made(iago, f"{name}, private", invite_only=True)
    answer = iago.call("POST", "/default_streams", stream_id=private)
    assert refused(answer, "Private channels cannot be made default.")


# -- looking


def test_lists_of_channels(hamlet: Person, cordelia: Person, iago: Person, name: str) -> None:
    kinds = ["public", "web", "private", "lost"]
    public, web, private, lost = (f"{name} {kind}" for kind in kinds)
    made(hamlet, public)
    made(iago, web, is_web_public=True)
    made(hamlet, private, invite_only=True)
    iago.ask("DELETE", f"/streams/{made(iago, lost)}")
    ours = {public, web, private, lost}
    no = {"include_public": False, "include_subscribed": False}
    assert listed(cordelia) & ours == {public, web}
    assert listed(hamlet) & ours == {public, web, private}
    assert listed(hamlet, include_public=False) & ours == {public, private}
    assert listed(hamlet, **no) & ours == set()
    assert listed(cordelia, **no, include_web_public=True) & ours == {web}
    assert listed(hamlet, **no, include_can_access_content=True) & ours == {public, web, private}
    assert listed(cordelia, exclude_archived=False) & ours == {public, web, lost}
    assert listed(iago, include_all=True) & ours == {public, web, private}
    assert cordelia.call("GET", "/streams", include_all_active=True).status == 400


def test_a_bot_lists_the_channels_of_its_owner(server: ServerProcess, hamlet: Person, name: str) -> None:
    made(hamlet, name, invite_only=True)
    bot = hamlet.ask("POST", "/bots", full_name=f"Bot {name}", short_name=name.replace(" ", "-"))
    own = hamlet.ask("GET", f"/users/{bot['user_id']}")["user"]
    robot = Person(hamlet.port, bot["user_id"], own["email"], bot["api_key"])
    assert name not in listed(robot)
    assert name in listed(robot, include_owner_subscribed=True)


def test_default_channels_are_marked_where_that_is_asked_for(iago: Person, name: str) -> None:
    channel_id = made(iago, name, is_default_stream=True)
    found = iago.ask("GET", "/streams", include_default=True)["streams"]
    assert {each["stream_id"]: each["is_default"] for each in found}[channel_id]
    assert "is_default" not in iago.ask("GET", "/streams")["streams"][0]


def test_is_somebody_in_a_channel(hamlet: Person, cordelia: Person, name: str) -> None:
    channel_id = made(hamlet, name)
    for person, inside in ((hamlet, True), (cordelia, False)):
        path = f"/users/{person.user_id}/subscriptions/{channel_id}"
        assert cordelia.ask("GET", path)["is_subscribed"] is inside
    answer = cordelia.call("GET", f"/users/{10**6}/subscriptions/{channel_id}")
    assert refused(answer, "No such user")


def test_mails_go_nowhere(hamlet: Person, name: str) -> None:
    assert hamlet.ask("GET", f"/streams/{made(hamlet, name)}/email_address")["email"] == ""


# -- being in channels


def test_leaving_and_joining_at_once(hamlet: Person, name: str) -> None:
    made(hamlet, name)
    answer = hamlet.ask(
        "PATCH", SUBSCRIPTIONS, delete=[name], add=[{"name": f"{name} 2", "color": "#aabbcc"}]
    )
    assert answer["removed"] == [name]
    assert answer["subscribed"] == {str(hamlet.user_id): [f"{name} 2"]}
    assert (answer["not_removed"], answer["already_subscribed"]) == ([], {})
    nothing = hamlet.call("PATCH", SUBSCRIPTIONS)
    assert refused(nothing, 'Nothing to do. Specify at least one of "add" or "delete".')


def test_a_bot_writes_where_its_owner_may(hamlet: Person, cordelia: Person, name: str) -> None:
    made(hamlet, name, invite_only=True)
    sent = {"type": "channel", "to": name, "topic": "t", "content": "hello"}
    for person, status in ((hamlet, 200), (cordelia, 400)):
        short = f"{name}-{person.user_id}".replace(" ", "-")
        bot = person.ask("POST", "/bots", full_name=f"Bot {short}", short_name=short)
        own = person.ask("GET", f"/users/{bot['user_id']}")["user"]
        robot = Person(person.port, bot["user_id"], own["email"], bot["api_key"])
        assert robot.call("POST", "/messages", **sent).status == status


def test_only_whom_the_channel_names_write_there(hamlet: Person, cordelia: Person, name: str) -> None:
    own = {"direct_members": [hamlet.user_id], "direct_subgroups": []}
    made(hamlet, name, cordelia, can_send_message_group=own)
    sent = {"type": "channel", "to": name, "topic": "t", "content": "hello"}
    hamlet.ask("POST", "/messages", **sent)
    answer = cordelia.call("POST", "/messages", **sent)
    assert refused(answer, "You may not post in this channel.")
