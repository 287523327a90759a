"""Changing the organization: who may, what is told, and what follows."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.group import user_group
from appliance.actions.group.user_group import Wanted
from appliance.actions.realm import organization as realm_actions
from appliance.actions.realm import setting as actions
from appliance.base.errors import ApiError
from appliance.model.group import ID, REALM_PERMISSIONS
from appliance.model.realm_setting import OWNERS_ONLY, REALM_SETTINGS
from appliance.model.user import Role, User
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told
from tests.conftest import MakeUser

MEMBERS, ADMINS = ID["role:members"], ID["role:administrators"]


@pytest.fixture
def ada(team: Team, make_user: MakeUser) -> User:
    return make_user("Ada", role=Role.ADMIN)


def change(team: Team, user: User, /, **settings: Any) -> None:
    actions.change(team.store, user, settings)


def current(team: Team, name: str) -> Any:
    return realm_actions.get(team.store).setting(name)


def refusal(attempt: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(ApiError) as raised:
        attempt()
    return raised.value.code, raised.value.msg


def test_a_setting_is_told_to_everybody(team: Team, told: Told) -> None:
    change(team, team.olga, mandatory_topics=True)
    event, users = told.one()
    assert event == {"type": "realm", "op": "update", "property": "mandatory_topics", "value": True}
    assert users == [each.id for each in (team.olga, team.ann, team.bob, team.erin, team.gwen)]
    assert current(team, "mandatory_topics") is True


@pytest.mark.parametrize(
    ("name", "given", "data"),
    [
        ("allow_message_editing", False, {"allow_message_editing": False}),
        ("message_content_edit_limit_seconds", "unlimited", {"message_content_edit_limit_seconds": None}),
        (
            "message_edit_history_visibility_policy",
            3,
            {"message_edit_history_visibility_policy": 3, "allow_edit_history": False},
        ),
        ("can_create_groups", {"new": ADMINS}, {"can_create_groups": ADMINS}),
        (
            "can_mention_many_users_group",
            {"new": MEMBERS, "old": ADMINS},
            {"can_mention_many_users_group": MEMBERS, "wildcard_mention_policy": 2},
        ),
        (
            "can_create_private_channel_group",
            {"new": {"direct_members": [1], "direct_subgroups": []}},
            {
                "can_create_private_channel_group": {"direct_members": [1], "direct_subgroups": []},
                "create_private_stream_policy": 1,
            },
        ),
    ],
)
def test_some_are_told_in_an_object_with_what_older_clients_read(
    team: Team, told: Told, name: str, given: Any, data: dict[str, Any]
) -> None:
    first = team.olga.id
    given, data = (_naming(first, each) for each in (given, data))
    change(team, team.olga, **{name: given})
    assert told.one()[0] == {"type": "realm", "op": "update_dict", "property": "default", "data": data}


def _naming(user_id: int, value: Any) -> Any:
    """With their id in place of 1."""
    if isinstance(value, dict):
        return {
            name: [user_id] if name == "direct_members" else _naming(user_id, each)
            for name, each in value.items()
        }
    return value


def test_what_is_as_it_was_is_not_told(team: Team, told: Told) -> None:
    change(team, team.olga, mandatory_topics=False, org_type=0, can_create_groups={"new": MEMBERS})
    actions.change(team.store, team.olga, {}, name=realm_actions.FIRST_NAME, description="")
    assert told.look() == []


def test_name_and_description(team: Team, told: Told) -> None:
    actions.change(team.store, team.olga, {}, name=" Bees ", description="honey ")
    assert [(event["property"], event["value"]) for event, _ in told.look()] == [
        ("name", "Bees"),
        ("description", "honey"),
    ]
    realm = realm_actions.get(team.store)
    assert (realm.name, realm.description) == ("Bees", "honey")


@pytest.mark.parametrize(("name", "description"), [("", None), ("a" * 41, None), (None, "a" * 1001)])
def test_name_and_description_have_bounds(team: Team, name: str | None, description: str | None) -> None:
    with pytest.raises(ApiError):
        actions.change(team.store, team.olga, {"mandatory_topics": True}, name=name, description=description)
    assert current(team, "mandatory_topics") is False


@pytest.mark.parametrize("name", REALM_SETTINGS)
def test_who_may(team: Team, ada: User, name: str) -> None:
    """Nobody below administrators; some settings only owners."""
    value = REALM_SETTINGS[name].default
    value = "unlimited" if value is None or name == "message_retention_days" else value
    given = {name: {"new": value} if name in REALM_PERMISSIONS else value}
    actions.change(team.store, team.olga, given)
    if name in OWNERS_ONLY:
        assert refusal(lambda: actions.change(team.store, ada, given))[1] == "Must be an organization owner"
    else:
        actions.change(team.store, ada, given)
    for each in (team.ann, team.gwen):
        said = refusal(lambda each=each: actions.change(team.store, each, given))  # type: ignore[misc]
        assert said == ("UNAUTHORIZED_PRINCIPAL", "Must be an organization administrator")


def test_one_mistake_and_nothing_is_changed(team: Team, told: Told) -> None:
    with pytest.raises(ApiError, match="digest_weekday"):
        change(team, team.olga, mandatory_topics=True, digest_weekday=9)
    assert current(team, "mandatory_topics") is False
    assert told.look() == []


@pytest.mark.parametrize(
    ("name", "given", "code", "msg"),
    [
        ("can_create_groups", MEMBERS, "BAD_REQUEST", "can_create_groups is missing 'new'"),
        ("can_create_groups", {"new": 99}, "BAD_REQUEST", "Invalid user group"),
        (
            "can_create_groups",
            {"new": ADMINS, "old": ADMINS},
            "EXPECTATION_MISMATCH",
            "'old' value does not match the expected value.",
        ),
        (
            "can_create_groups",
            {"new": {"direct_members": [999], "direct_subgroups": []}},
            "BAD_REQUEST",
            "Invalid user ID: 999",
        ),
        (
            "can_manage_all_groups",
            {"new": ID["role:nobody"]},
            "BAD_REQUEST",
            "'can_manage_all_groups' setting cannot be set to 'role:nobody' group.",
        ),
        (
            "can_access_all_users_group",
            {"new": {"direct_members": [1], "direct_subgroups": []}},
            "SYSTEM_GROUP_REQUIRED",
            "'can_access_all_users_group' takes no group but the system's.",
        ),
        ("default_code_block_language", "klingon", "BAD_REQUEST", "Invalid language 'klingon'"),
        ("signup_announcements_stream_id", 999, "BAD_REQUEST", "Invalid channel ID"),
        ("org_type", 1, "BAD_REQUEST", "Invalid org_type"),
        ("mandatory_topics", "yes", "BAD_REQUEST", "mandatory_topics is not a boolean"),
    ],
)
def test_values_are_checked(team: Team, name: str, given: Any, code: str, msg: str) -> None:
    assert refusal(lambda: actions.change(team.store, team.olga, {name: given})) == (code, msg)


def test_a_permission_can_name_a_group_that_people_made(team: Team) -> None:
    group_id = user_group.create(team.store, team.olga, Wanted("devs", "", [team.erin.id]))
    change(team, team.olga, can_create_groups={"new": group_id})
    user_group.create(team.store, team.erin, Wanted("by Erin", "", []))
    with pytest.raises(ApiError, match="Insufficient permission"):
        user_group.create(team.store, team.ann, Wanted("by Ann", "", []))


def test_a_group_that_a_permission_names_is_in_use(team: Team) -> None:
    group_id = user_group.create(team.store, team.olga, Wanted("devs", "", []))
    change(team, team.olga, can_create_groups={"new": {"direct_members": [], "direct_subgroups": [group_id]}})
    with pytest.raises(ApiError) as raised:
        user_group.deactivate(team.store, team.olga, group_id)
    assert raised.value.code == "CANNOT_DEACTIVATE_GROUP_IN_USE"
    assert raised.value.data["objections"] == [{"type": "realm", "settings": ["can_create_groups"]}]


def test_announcements_go_to_a_channel_that_one_sees(team: Team, ada: User) -> None:
    channel_id = team.channel_id(PUBLIC)
    change(team, ada, signup_announcements_stream_id=channel_id)
    assert current(team, "signup_announcements_stream_id") == channel_id
    change(team, ada, signup_announcements_stream_id=-1)
    assert current(team, "signup_announcements_stream_id") == -1
    change(team, ada, new_stream_announcements_stream_id=team.channel_id(PRIVATE))


def test_addresses_cannot_be_restricted_to_no_domain(team: Team) -> None:
    with pytest.raises(ApiError, match="Add a domain first"):
        change(team, team.olga, emails_restricted_to_domains=True)


def test_clients_of_guests_begin_anew_when_others_are_there_for_them(team: Team, told: Told) -> None:
    change(team, team.olga, can_access_all_users_group={"new": MEMBERS})
    assert [(event["type"], users) for event, users in told.look()][1:] == [("cleanup_queue", [team.gwen.id])]


def test_who_waits_for_days_is_no_full_member_yet(team: Team, told: Told) -> None:
    change(team, team.olga, waiting_period_threshold=3)
    update, groups = (event for event, _ in told.look())
    assert update["property"] == "waiting_period_threshold"
    assert (groups["op"], groups["group_id"]) == ("remove_members", ID["role:fullmembers"])
    assert groups["user_ids"] == [team.ann.id, team.bob.id, team.erin.id]
