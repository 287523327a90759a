"""Groups of people, as clients make, change and watch them."""

from itertools import count
from typing import Any

import pytest

from appliance.model.group import ID
from tests.process.client import Answer, Person
from tests.process.server import ServerProcess

NUMBERS = count()
EVERYONE, MEMBERS = ID["role:everyone"], ID["role:members"]
BAD = "BAD_REQUEST"


@pytest.fixture
def name() -> str:
    """Another one for each test: they share the server."""
    return f"group {next(NUMBERS)}"


@pytest.fixture
def owner(server: ServerProcess) -> Person:
    return server.people("iago")[0]


def made(person: Person, name: str, *members: Person, **more: Any) -> int:
    ids = [each.user_id for each in members]
    answer = person.ask("POST", "/user_groups/create", name=name, description="", members=ids, **more)
    return int(answer["group_id"])


def group(person: Person, group_id: int, **how: Any) -> dict[str, Any] | None:
    listed = person.ask("GET", "/user_groups", **how)["user_groups"]
    return next((each for each in listed if each["id"] == group_id), None)


def refused(answer: Answer, msg: str, code: str = BAD) -> bool:
    return answer.is_error(400, code) and answer.body["msg"] == msg


def test_a_group_from_its_making_to_its_end(hamlet: Person, cordelia: Person, name: str) -> None:
    able = {"notification_settings_null": True, "include_deactivated_groups": True}
    watcher = cordelia.register(event_types=["user_group"], client_capabilities=able)
    group_id = made(hamlet, name, hamlet, can_join_group=MEMBERS, subgroups=[ID["role:owners"]])
    path, own = f"/user_groups/{group_id}", {"direct_members": [cordelia.user_id], "direct_subgroups": []}
    hamlet.ask("PATCH", path, description="ours", can_mention_group={"new": own, "old": EVERYONE})
    cordelia.ask("POST", f"{path}/members", add=[cordelia.user_id])
    hamlet.ask("POST", f"{path}/members", delete=[hamlet.user_id], delete_subgroups=[ID["role:owners"]])
    hamlet.ask("POST", f"{path}/subgroups", add=[ID["role:moderators"]])
    before = group(hamlet, group_id) or {}
    hamlet.ask("POST", f"{path}/deactivate")
    events = watcher.next(7)
    assert [event["op"] for event in events] == [
        "add", "update", "add_members", "remove_members", "remove_subgroups", "add_subgroups", "update",
    ]  # fmt: skip
    assert events[1]["data"] == {"description": "ours", "can_mention_group": own}
    assert before == events[0]["group"] | {
        "description": "ours",
        "can_mention_group": own,
        "members": [cordelia.user_id],
        "direct_subgroup_ids": [ID["role:moderators"]],
    }
    assert group(hamlet, group_id) is None
    assert group(hamlet, group_id, include_deactivated_groups=True) == before | {"deactivated": True}


def test_older_clients_hear_that_the_group_is_gone(hamlet: Person, cordelia: Person, name: str) -> None:
    watcher = cordelia.register(event_types=["user_group"])
    group_id = made(hamlet, name)
    hamlet.ask("POST", f"/user_groups/{group_id}/deactivate")
    hamlet.ask("PATCH", f"/user_groups/{group_id}", name=f"{name}, former")
    assert [event["op"] for event in watcher.next(2)] == ["add", "remove"]
    listed = cordelia.register(fetch_event_types=["realm_user_groups"]).snapshot["realm_user_groups"]
    assert group_id not in [each["id"] for each in listed]


def test_the_snapshot_lists_what_get_does(hamlet: Person, name: str) -> None:
    made(hamlet, name, hamlet)
    snapshot = hamlet.register(fetch_event_types=["realm_user_groups"], event_types=["user_group"]).snapshot
    assert snapshot["realm_user_groups"] == hamlet.ask("GET", "/user_groups")["user_groups"]
    assert [each["id"] for each in snapshot["realm_user_groups"][:8]] == [*range(1, 9)]


def test_who_and_what_is_inside(hamlet: Person, cordelia: Person, owner: Person, name: str) -> None:
    inner = made(hamlet, f"{name} inside", cordelia)
    outer = f"/user_groups/{made(hamlet, name, hamlet, subgroups=[inner, ID['role:owners']])}"
    everybody = sorted([hamlet.user_id, cordelia.user_id, owner.user_id])
    assert hamlet.ask("GET", f"{outer}/members")["members"] == everybody
    direct = hamlet.ask("GET", f"{outer}/members", direct_member_only=True)["members"]
    assert direct == [hamlet.user_id]
    inside = {
        (each.user_id, only): hamlet.ask("GET", f"{outer}/members/{each.user_id}", direct_member_only=only)
        for each in (hamlet, cordelia)
        for only in (False, True)
    }
    assert [answer["is_user_group_member"] for answer in inside.values()] == [True, True, True, False]
    assert hamlet.ask("GET", f"{outer}/subgroups")["subgroups"] == [ID["role:owners"], inner]
    moderators = f"/user_groups/{ID['role:moderators']}/subgroups"
    direct_only = hamlet.ask("GET", moderators, direct_subgroup_only=True)["subgroups"]
    assert direct_only == [ID["role:administrators"]]


def test_mistakes(hamlet: Person, cordelia: Person, name: str) -> None:
    group_id = made(hamlet, name, hamlet)
    create = {"name": name, "description": "", "members": []}
    path = f"/user_groups/{group_id}"
    taken = hamlet.call("POST", "/user_groups/create", **create)
    assert refused(taken, f"User group '{name}' already exists.")
    assert hamlet.call("POST", "/user_groups/create", name="x", members=[]).body["msg"] == (
        "Missing 'description' argument"
    )
    malformed = hamlet.call("POST", "/user_groups/create", **create | {"can_join_group": "{"})
    assert malformed.is_error(400, "INVALID_JSON")
    assert refused(hamlet.call("GET", "/user_groups/999/members"), "Invalid user group")
    assert refused(hamlet.call("GET", f"{path}/members/999"), "No such user")
    assert refused(hamlet.call("PATCH", path), "No new data supplied")
    stale = hamlet.call("PATCH", path, can_join_group={"new": MEMBERS, "old": MEMBERS})
    assert refused(stale, "'old' value does not match the expected value.", "EXPECTATION_MISMATCH")
    twice = hamlet.call("POST", f"{path}/members", add=[hamlet.user_id])
    assert refused(twice, f"User {hamlet.user_id} is already a member of this group")
    circle = hamlet.call("POST", f"{path}/subgroups", add=[group_id])
    assert refused(circle, f"User group {group_id} is already a subgroup of one of the passed subgroups.")
    foreign = cordelia.call("PATCH", path, name="mine")
    assert refused(foreign, "Insufficient permission", "UNAUTHORIZED_PRINCIPAL")


def test_a_group_that_another_holds_cannot_go(hamlet: Person, name: str) -> None:
    group_id = made(hamlet, name)
    around = made(hamlet, f"{name} around", subgroups=[group_id])
    answer = hamlet.call("POST", f"/user_groups/{group_id}/deactivate")
    assert refused(answer, "Cannot deactivate user group in use.", "CANNOT_DEACTIVATE_GROUP_IN_USE")
    assert answer.body["objections"] == [{"type": "subgroup", "group_ids": [around]}]


def test_a_mention_reaches_the_members(hamlet: Person, cordelia: Person, name: str) -> None:
    group_id = made(hamlet, name, cordelia)
    watcher = cordelia.register(event_types=["message"])
    hamlet.send(cordelia, f"@*{name}* look")
    [event] = watcher.poll()
    assert event["flags"] == ["mentioned"]
    assert event.keys() == {"id", "type", "message", "flags"}
    span = f'<span class="user-group-mention" data-user-group-id="{group_id}">@{name}</span>'
    rendered = cordelia.ask("GET", f"/messages/{event['message']['id']}")["message"]["content"]
    assert rendered == f"<p>{span} look</p>"


def test_a_mention_that_is_not_allowed_is_not_sent(hamlet: Person, cordelia: Person, name: str) -> None:
    nobody = ID["role:nobody"]
    made(hamlet, name, cordelia, can_mention_group=nobody)
    to = {"type": "direct", "to": [cordelia.user_id]}
    answer = hamlet.call("POST", "/messages", **to, content=f"@*{name}* look")
    assert refused(answer, f"You are not allowed to mention user group '{name}'.")
