"""Changing channels: who may, what is told to whom, and what the server's bot says of it."""

from typing import Any

import pytest

from appliance.actions.channel.change import Wish, change
from appliance.base.errors import ApiError
from appliance.model.channel import Channel
from appliance.model.group import ID
from appliance.model.privacy import PRIVATE as SHARED
from appliance.model.privacy import PROTECTED as CLOSED
from appliance.model.privacy import PUBLIC as OPEN
from appliance.model.privacy import WEB_PUBLIC, Privacy
from appliance.model.user import Role
from appliance.store import channel as channels
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told
from tests.conftest import MakeUser

Event = dict[str, Any]
ADMINS, MEMBERS = ID["role:administrators"], ID["role:members"]


def now(team: Team, name: str) -> Channel:
    with team.store.read() as reader:
        found = channels.named(reader, name)
    assert found is not None
    return found


def updates(told: Told) -> list[tuple[Event, list[int]]]:
    """Of properties of channels, but for their first messages."""
    return [
        (event, users)
        for event, users in told.look()
        if (event["type"], event.get("op")) == ("stream", "update")
        and event["property"] != "first_message_id"
    ]


# -- who may


@pytest.mark.parametrize(
    ("who", "channel", "allowed"),
    [
        ("olga", PUBLIC, True),
        ("olga", PRIVATE, True),  # an admin knows of it
        ("ann", PUBLIC, True),  # she made it
        ("bob", PUBLIC, False),
        ("bob", PRIVATE, False),
        ("erin", PUBLIC, False),
    ],
)
def test_who_administers(team: Team, who: str, channel: str, allowed: bool) -> None:
    if allowed:
        team.change(channel, getattr(team, who), description="other")
        assert now(team, channel).description == "other"
        return
    with pytest.raises(ApiError) as raised:
        team.change(channel, getattr(team, who), description="other")
    assert (raised.value.code, str(raised.value)) == (
        "CANNOT_ADMINISTER_CHANNEL",
        "You may not administer this channel.",
    )


@pytest.mark.parametrize(("who", "channel"), [("erin", PRIVATE), ("gwen", PUBLIC)])
def test_what_one_cannot_see_does_not_exist(team: Team, who: str, channel: str) -> None:
    with pytest.raises(ApiError, match=r"^Invalid channel ID$"):
        team.change(channel, getattr(team, who), description="other")


def test_whom_the_channel_names_administers_it(team: Team) -> None:
    named = {"direct_members": [team.bob.id], "direct_subgroups": []}
    team.permit(PUBLIC, can_administer_channel_group=named)
    team.change(PUBLIC, team.bob, name="ours")
    with pytest.raises(ApiError, match="may not administer"):
        team.change("ours", team.ann, name="mine")


# -- name and description


def test_a_new_name_is_told_under_the_old_one(team: Team, told: Told) -> None:
    team.change(PUBLIC, name="Squad")
    [(event, users)] = updates(told)
    assert (event["property"], event["value"], event["name"]) == ("name", "Squad", PUBLIC)
    assert users == [team.olga.id, team.ann.id, team.bob.id, team.erin.id]
    assert team.last_in("Squad") == (
        "channel events",
        "@_**Olga|2** renamed this channel from `public` to `Squad`.",
    )


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (PUBLIC, "Channel already has that name."),
        (PRIVATE.upper(), "Channel already exists."),
        (" ", "Channel name can't be empty."),
        ("x" * 61, "Channel name too long (limit: 60 characters)."),
    ],
)
def test_names_that_cannot_be(team: Team, told: Told, name: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        team.change(PUBLIC, name=name, description="other")
    assert str(raised.value) == error
    assert told.look() == []
    assert now(team, PUBLIC).description == ""


def test_a_name_may_differ_by_case_alone(team: Team) -> None:
    team.change(PUBLIC, name=PUBLIC.upper())
    assert now(team, PUBLIC).name == PUBLIC.upper()


def test_a_description_is_rendered(team: Team, told: Told) -> None:
    team.change(PUBLIC, description="for\n**us**")
    [(event, _)] = updates(told)
    assert (event["value"], event["rendered_description"]) == (
        "for **us**",
        "<p>for <strong>us</strong></p>",
    )
    assert team.last_in(PUBLIC) == (
        "channel events",
        "@_**Olga|2** changed the description of this channel.\n\n* Before: none\n* Now: `for **us**`",
    )


def test_what_is_as_it_was_is_not_told(team: Team, told: Told) -> None:
    team.change(PUBLIC, description="", invite_only=False, is_default=False, retention="realm_default")
    team.permit(PUBLIC, can_send_message_group=ID["role:everyone"])
    assert told.look() == []


# -- privacy


def test_who_comes_to_know_of_a_channel_learns_who_is_in_it(team: Team, told: Told) -> None:
    team.change(PRIVATE, team.ann, invite_only=False)
    changes = [each for each in told.look() if each[0]["type"] in ("stream", "subscription")][:3]
    assert [("/".join((event["type"], event["op"])), users) for event, users in changes] == [
        ("stream/create", [team.erin.id]),
        ("subscription/peer_add", [team.erin.id]),
        ("stream/update", [team.olga.id, team.ann.id, team.bob.id]),
    ]
    created, came, changed = (event for event, _ in changes)
    assert created["streams"][0]["invite_only"] is False
    assert came["user_ids"] == [team.ann.id, team.bob.id]
    assert (changed["property"], changed["value"]) == ("invite_only", False)
    assert (changed["history_public_to_subscribers"], changed["is_web_public"]) == (True, False)


def test_who_may_know_of_it_no_more_is_told_that_it_is_gone(team: Team, told: Told) -> None:
    team.change(PUBLIC, team.ann, invite_only=True)
    [(gone, users)] = [each for each in told.look() if each[0].get("op") == "delete"]
    assert (gone["stream_ids"], users) == ([team.channel_id(PUBLIC)], [team.erin.id])


def test_web_public_channels_are_for_guests_too_but_not_who_is_in_them(team: Team, told: Told) -> None:
    team.change(PUBLIC, web_public=True)
    kinds = [(event.get("op"), users) for event, users in told.look() if event["type"] != "message"]
    assert kinds[0] == ("create", [team.gwen.id])
    assert "peer_add" not in [op for op, _ in kinds]


@pytest.mark.parametrize(
    ("channel", "wish", "becomes"),
    [
        (PUBLIC, {"invite_only": True}, CLOSED),
        (PUBLIC, {"invite_only": True, "history_public": True}, SHARED),
        (PUBLIC, {"web_public": True}, WEB_PUBLIC),
        (PRIVATE, {"history_public": False}, CLOSED),
        (PRIVATE, {"invite_only": True}, SHARED),
        (PROTECTED, {"history_public": True}, SHARED),
        (PROTECTED, {"invite_only": False}, OPEN),
        (PUBLIC, {"history_public": False}, None),
        (PUBLIC, {"invite_only": True, "web_public": True}, None),
        (PROTECTED, {"web_public": True, "history_public": False}, None),
    ],
)
def test_kinds(team: Team, channel: str, wish: dict[str, Any], becomes: Privacy | None) -> None:
    team.join(channel, team.olga, by=team.ann)
    if becomes is None:
        with pytest.raises(ApiError, match=r"^Invalid parameters$"):
            team.change(channel, **wish)
        return
    team.change(channel, **wish)
    assert now(team, channel).privacy == becomes


def test_an_admin_who_is_not_in_a_private_channel_does_not_open_it(team: Team, told: Told) -> None:
    """Or they would read it."""
    letting_in = {"can_subscribe_group": {"new": ADMINS}}
    for wish in (Wish(invite_only=False), Wish(permissions=letting_in)):
        with pytest.raises(ApiError, match=r"^Channel content access is required\.$"):
            change(team.store, team.olga, team.channel_id(PRIVATE), wish)
    assert told.look() == []


@pytest.mark.parametrize(
    ("permission", "wish"),
    [
        ("can_create_private_channel_group", {"invite_only": True}),
        ("can_create_web_public_channel_group", {"web_public": True}),
    ],
)
def test_a_kind_that_one_may_not_make_one_may_not_make_of_another(
    team: Team, permission: str, wish: dict[str, Any]
) -> None:
    team.set_realm(**{permission: ADMINS})
    with pytest.raises(ApiError, match=r"^Insufficient permission$"):
        team.change(PUBLIC, team.ann, **wish)
    team.change(PUBLIC, team.olga, **wish)


def test_the_kind_is_said_in_the_channel(team: Team) -> None:
    team.change(PUBLIC, invite_only=True)
    assert team.last_in(PUBLIC) == (
        "channel events",
        "@_**Olga|2** changed the privacy of this channel.\n\n"
        "* Before: public\n* Now: private, protected history",
    )


# -- permissions


def test_who_may_write_is_told_in_the_older_forms_too(team: Team, told: Told) -> None:
    team.permit(PUBLIC, can_send_message_group=ADMINS)
    assert [(event["property"], event["value"]) for event, _ in updates(told)] == [
        ("can_send_message_group", ADMINS),
        ("stream_post_policy", 2),
        ("is_announcement_only", True),
    ]
    assert team.last_in(PUBLIC) == (
        "channel events",
        "@_**Ann|3** changed the posting permission of this channel.\n\n"
        "* Before: everyone\n* Now: administrators",
    )


def test_a_permission_that_lets_people_in_brings_the_channel_into_their_sight(team: Team, told: Told) -> None:
    team.permit(PRIVATE, can_subscribe_group={"direct_members": [team.erin.id], "direct_subgroups": []})
    seen = [(event.get("op"), users) for event, users in told.look()]
    assert seen[:2] == [("create", [team.erin.id]), ("peer_add", [team.erin.id])]
    team.permit(PRIVATE, can_subscribe_group=ID["role:nobody"])
    assert ("delete", [team.erin.id]) in [(event.get("op"), users) for event, users in told.look()]


@pytest.mark.parametrize(
    ("permissions", "error"),
    [
        ({"can_send_message_group": {"new": 99}}, "Invalid user group"),
        (
            {"can_subscribe_group": {"new": ID["role:everyone"]}},
            "'can_subscribe_group' setting cannot be set to 'role:everyone' group.",
        ),
        ({"can_send_message_group": 3}, "can_send_message_group is missing 'new'"),
        (
            {"can_send_message_group": {"new": ADMINS, "old": MEMBERS}},
            "'old' value does not match the expected value.",
        ),
    ],
)
def test_permissions_that_cannot_be(team: Team, told: Told, permissions: dict[str, Any], error: str) -> None:
    with pytest.raises(ApiError) as raised:
        team.change(PUBLIC, name="other", permissions=permissions)
    assert str(raised.value) == error
    assert told.look() == []


# -- retention and newcomers


def test_retention_is_for_owners(team: Team, told: Told, make_user: MakeUser) -> None:
    admin = make_user("Ada", role=Role.ADMIN)
    told.look()
    for someone in (admin, team.ann):
        with pytest.raises(ApiError, match=r"^Must be an organization owner$"):
            team.change(PUBLIC, someone, retention=30)
    team.change(PUBLIC, retention=30)
    [(event, _)] = updates(told)
    assert (event["property"], event["value"]) == ("message_retention_days", 30)
    assert team.last_in(PUBLIC) == (
        "channel events",
        "@_**Olga|2** changed the time for which messages are kept of this channel.\n\n"
        "* Before: as the organization's\n* Now: 30 days",
    )


@pytest.mark.parametrize("days", [0, -1, True, "soon", 2**31, [5]])
def test_periods_that_cannot_be(team: Team, days: Any) -> None:
    with pytest.raises(ApiError, match="Bad value for 'message_retention_days'"):
        team.change(PUBLIC, retention=days)


def test_newcomers_are_put_into_default_channels(team: Team, told: Told, make_user: MakeUser) -> None:
    team.change(PUBLIC, is_default=True)
    event, users = told.one("default_streams")
    assert team.channel_id(PUBLIC) in event["default_streams"]
    assert users == [team.olga.id, team.ann.id, team.bob.id, team.erin.id]
    newcomer = make_user("Nina")
    with team.store.read() as reader:
        assert reader.value(
            "SELECT active FROM subscription WHERE channel_id = ? AND user_id = ?",
            team.channel_id(PUBLIC),
            newcomer.id,
        )


def test_default_channels_are_the_administrators_choice_and_public(team: Team) -> None:
    with pytest.raises(ApiError, match=r"^Must be an organization administrator$"):
        team.change(PUBLIC, team.ann, is_default=True)
    with pytest.raises(ApiError, match=r"^Private channels cannot be made default\.$"):
        team.change(PRIVATE, is_default=True)
    team.change(PUBLIC, is_default=True)
    with pytest.raises(ApiError, match=r"^Private channels cannot be made default\.$"):
        team.change(PUBLIC, invite_only=True)
    team.change(PUBLIC, invite_only=True, is_default=False)
    assert now(team, PUBLIC).privacy == CLOSED
