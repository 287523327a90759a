"""Channels: who may make, join and leave them, and who is told what, in which order."""

from typing import Any

import pytest

from appliance.actions import channel as channel_actions
from appliance.actions import subscription as actions
from appliance.actions import user as user_actions
from appliance.actions.subscription import Outcome, Wanted
from appliance.base.errors import ApiError
from appliance.model.user import Role, User
from appliance.store import subscription as subscriptions
from appliance.store import unread
from appliance.store.store import Store
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told
from tests.conftest import MakeUser


def subscribe(
    team: Team, actor: User, *names: str, principals: list[User] | None = None, **how: Any
) -> Outcome:
    options = {"invite_only": False, "history_public": None, "fatal": True, **how}
    wanted = [Wanted(name) for name in names]
    return actions.subscribe(team.store, actor, wanted, principals or [actor], **options)


def members(team: Team, channel: str) -> list[int]:
    with team.store.read() as reader:
        return subscriptions.subscriber_ids(reader, team.channel_id(channel))


# -- making


def test_a_new_public_channel_is_told_to_all_but_guests_before_its_subscribers_come(
    team: Team, told: Told
) -> None:
    outcome = subscribe(team, team.ann, "new", principals=[team.ann, team.bob])
    assert outcome.changed == {team.ann.id: ["new"], team.bob.id: ["new"]}
    assert told.kinds() == [
        ("stream/create", [team.olga.id, team.erin.id]),
        ("stream/create", [team.ann.id, team.bob.id]),
        ("subscription/add", [team.ann.id]),
        ("subscription/add", [team.bob.id]),
        ("subscription/peer_add", [team.olga.id, team.erin.id]),
    ]


def test_a_new_private_channel_is_told_to_its_subscribers_and_admins(team: Team, told: Told) -> None:
    subscribe(team, team.ann, "new", principals=[team.ann, team.gwen], invite_only=True)
    assert told.kinds() == [
        ("stream/create", [team.olga.id]),
        ("stream/create", [team.ann.id, team.gwen.id]),
        ("subscription/add", [team.ann.id]),
        ("subscription/add", [team.gwen.id]),
        ("subscription/peer_add", [team.olga.id]),
    ]


def test_subscribers_are_told_everything_of_their_channel(team: Team, told: Told) -> None:
    subscribe(team, team.ann, "new", principals=[team.bob])
    [added] = [event for event, _ in told.look() if event.get("op") == "add"]
    [channel] = added["subscriptions"]
    assert channel["stream_id"] == team.channel_id("new")
    assert channel["subscribers"] == [team.bob.id]
    assert channel["name"] == "new"
    assert channel["in_home_view"] is True


@pytest.mark.parametrize(
    ("invite_only", "history_public", "kept"),
    [
        (False, None, (False, True)),
        (True, None, (True, False)),
        (True, True, (True, True)),
        (False, False, None),
    ],
)
def test_kinds_of_channels(
    team: Team, invite_only: bool, history_public: bool | None, kept: tuple[bool, bool] | None
) -> None:
    if kept is None:
        with pytest.raises(ApiError, match=r"^Invalid parameters$"):
            subscribe(team, team.ann, "new", invite_only=invite_only, history_public=history_public)
        return
    subscribe(team, team.ann, "new", invite_only=invite_only, history_public=history_public)
    with team.store.read() as reader:
        channel = channel_actions.access_named(reader, team.ann, "NEW")
    assert (channel.invite_only, channel.history_public_to_subscribers) == kept


def test_guests_make_no_channels(team: Team, told: Told) -> None:
    with pytest.raises(ApiError, match="Insufficient permission"):
        subscribe(team, team.gwen, "new")
    assert told.look() == []


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("  ", "Channel name can't be empty."),
        ("x" * 61, "Channel name too long (limit: 60 characters)."),
        ("a\nb", "Invalid character in channel name."),
    ],
)
def test_names_that_no_channel_can_have(team: Team, name: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        actions.describe(team.store, team.ann, name, "", None)
    assert str(raised.value) == error


def test_a_description_is_one_line_and_rendered(team: Team) -> None:
    wanted = actions.describe(team.store, team.ann, " new ", "for\n**us**", "#ff0000")
    assert wanted == Wanted("new", "for **us**", "<p>for <strong>us</strong></p>", "#ff0000")
    with pytest.raises(ApiError, match="description is too long"):
        actions.describe(team.store, team.ann, "new", "x" * 1025, None)


# -- joining

REFUSED = "Unable to access channel ({})."


@pytest.mark.parametrize(
    ("role", "channel", "inside", "others", "allowed"),
    [
        (Role.MEMBER, PUBLIC, False, False, True),
        (Role.MEMBER, PUBLIC, False, True, True),
        (Role.MEMBER, PRIVATE, False, False, False),
        (Role.MEMBER, PRIVATE, False, True, False),
        (Role.MEMBER, PRIVATE, True, True, True),
        (Role.MEMBER, PROTECTED, True, True, True),
        (Role.ADMIN, PRIVATE, False, False, False),
        (Role.ADMIN, PRIVATE, False, True, False),
        (Role.GUEST, PUBLIC, False, False, False),
        (Role.GUEST, PUBLIC, True, True, False),
        (Role.GUEST, PRIVATE, False, False, False),
    ],
)
def test_who_may_subscribe_whom(
    team: Team,
    make_user: MakeUser,
    told: Told,
    role: Role,
    channel: str,
    inside: bool,
    others: bool,
    allowed: bool,
) -> None:
    actor = make_user("Actor", role=role)
    if inside:
        team.join(channel, actor)
    told.look()
    principal = team.erin if others else actor
    if allowed:
        outcome = subscribe(team, actor, channel, principals=[principal])
        assert outcome.changed == {principal.id: [channel]}
        return
    with pytest.raises(ApiError) as raised:
        subscribe(team, actor, channel, principals=[principal])
    assert str(raised.value) == REFUSED.format(channel)
    assert told.look() == []
    assert principal.id not in members(team, channel)


def test_what_cannot_be_joined_may_be_listed_instead(team: Team) -> None:
    outcome = subscribe(team, team.erin, PUBLIC, PRIVATE, "new", fatal=False)
    assert outcome == Outcome({team.erin.id: [PUBLIC, "new"]}, {}, [PRIVATE])


def test_a_refusal_undoes_all_of_the_request(team: Team, told: Told) -> None:
    with pytest.raises(ApiError, match=r"Unable to access channel \(private\)"):
        subscribe(team, team.erin, PUBLIC, PRIVATE)
    assert team.erin.id not in members(team, PUBLIC)
    assert told.look() == []


def test_who_was_deactivated_meanwhile_is_subscribed_to_nothing(team: Team, told: Told) -> None:
    user_actions.deactivate(team.store, team.erin)
    told.look()
    with pytest.raises(ApiError, match=r"inactive user$"):
        subscribe(team, team.ann, PUBLIC, principals=[team.bob, team.erin])
    assert told.look() == []


def test_who_is_in_already_is_listed_and_nobody_told(team: Team, told: Told) -> None:
    outcome = subscribe(team, team.ann, PUBLIC.upper(), principals=[team.ann, team.bob])
    assert outcome == Outcome({}, {team.ann.id: [PUBLIC], team.bob.id: [PUBLIC]}, [])
    assert told.look() == []


def test_joining_a_public_channel(team: Team, told: Told) -> None:
    subscribe(team, team.erin, PUBLIC)
    assert told.kinds() == [
        ("subscription/add", [team.erin.id]),
        ("subscription/peer_add", [team.olga.id, team.ann.id, team.bob.id]),
    ]


def test_who_joins_a_private_channel_learns_first_that_it_exists(team: Team, told: Told) -> None:
    subscribe(team, team.ann, PRIVATE, principals=[team.erin])
    assert told.kinds() == [
        ("stream/create", [team.erin.id]),
        ("subscription/add", [team.erin.id]),
        ("subscription/peer_add", [team.olga.id, team.ann.id, team.bob.id]),
    ]


def test_a_guest_who_joins_a_public_channel_learns_that_it_exists(team: Team, told: Told) -> None:
    subscribe(team, team.ann, PUBLIC, principals=[team.gwen])
    assert told.kinds()[0] == ("stream/create", [team.gwen.id])


# -- leaving


def test_leaving_a_public_channel(team: Team, told: Told) -> None:
    outcome = actions.unsubscribe(team.store, team.bob, [PUBLIC], [team.bob])
    assert outcome.changed == {team.bob.id: [PUBLIC]}
    assert told.kinds() == [
        ("subscription/remove", [team.bob.id]),
        ("subscription/peer_remove", [team.olga.id, team.ann.id, team.erin.id]),
    ]


def test_who_leaves_a_private_channel_loses_it(team: Team, told: Told) -> None:
    actions.unsubscribe(team.store, team.bob, [PRIVATE], [team.bob])
    assert told.kinds() == [
        ("subscription/remove", [team.bob.id]),
        ("stream/delete", [team.bob.id]),
        ("subscription/peer_remove", [team.olga.id, team.ann.id]),
    ]


def test_who_leaves_together_hears_of_each_other(team: Team, told: Told) -> None:
    team.leave(PUBLIC, team.ann, team.bob)
    [(gone, users)] = [each for each in told.look() if each[0].get("op") == "peer_remove"]
    assert gone["user_ids"] == [team.ann.id, team.bob.id]
    assert users == [team.olga.id, team.ann.id, team.bob.id, team.erin.id]


def test_what_is_unread_in_a_channel_is_read_when_one_leaves(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC)
    told.look()
    team.leave(PUBLIC, team.bob)
    event, users = told.one("update_message_flags")
    assert (event["op"], event["flag"], event["messages"], users) == (
        "add", "read", [message_id], [team.bob.id],
    )  # fmt: skip
    team.join(PUBLIC, team.bob)
    with team.store.read() as reader:
        assert unread.of_user(reader, team.bob.id, 10) == []


def test_leaving_where_one_is_not(team: Team, told: Told) -> None:
    outcome = actions.unsubscribe(team.store, team.erin, [PUBLIC], [team.erin])
    assert outcome == Outcome({}, {team.erin.id: [PUBLIC]}, [])
    assert told.look() == []


@pytest.mark.parametrize("channel", [PRIVATE, "nowhere"])
def test_one_cannot_leave_what_one_cannot_see(team: Team, channel: str) -> None:
    with pytest.raises(ApiError, match=f"^Invalid channel name '{channel}'$"):
        actions.unsubscribe(team.store, team.erin, [channel], [team.erin])


def test_only_admins_take_others_out(team: Team) -> None:
    with pytest.raises(ApiError, match="Must be an organization administrator"):
        actions.unsubscribe(team.store, team.ann, [PUBLIC], [team.bob])
    actions.unsubscribe(team.store, team.olga, [PRIVATE], [team.bob])
    assert members(team, PRIVATE) == [team.ann.id]


def test_who_comes_back_finds_colour_and_settings_as_they_were(team: Team) -> None:
    channel_id = team.channel_id(PUBLIC)
    actions.set_properties(team.store, team.bob, [(channel_id, "color", "#123456")])
    team.leave(PUBLIC, team.bob)
    subscribe(team, team.bob, PUBLIC)
    with team.store.read() as reader:
        again = subscriptions.get(reader, channel_id, team.bob.id)
    assert again is not None
    assert (again.active, again.color) == (True, "#123456")


# -- seeing


@pytest.mark.parametrize(
    ("name", "visible"),
    [
        ("olga", {PUBLIC, PRIVATE, PROTECTED}),
        ("ann", {PUBLIC, PRIVATE, PROTECTED}),
        ("erin", {PUBLIC}),
        ("gwen", set()),
    ],
)
def test_who_sees_which_channel(team: Team, name: str, visible: set[str]) -> None:
    user: User = getattr(team, name)
    with team.store.read() as reader:
        for channel in (PUBLIC, PRIVATE, PROTECTED):
            if channel in visible:
                found = channel_actions.access(reader, user, team.channel_id(channel))
                assert channel_actions.access_named(reader, user, channel) == found
            else:
                with pytest.raises(ApiError, match=r"^Invalid channel ID$"):
                    channel_actions.access(reader, user, team.channel_id(channel))


# -- what a channel is to one person


@pytest.mark.parametrize(
    ("name", "value", "told_as"),
    [
        ("color", "#FF00AA", [("color", "#ff00aa")]),
        ("pin_to_top", True, [("pin_to_top", True)]),
        ("is_muted", True, [("in_home_view", False), ("is_muted", True)]),
        ("in_home_view", False, [("in_home_view", False), ("is_muted", True)]),
        ("push_notifications", False, [("push_notifications", False)]),
    ],
)
def test_a_property_is_stored_and_told(
    team: Team, told: Told, name: str, value: Any, told_as: list[tuple[str, Any]]
) -> None:
    channel_id = team.channel_id(PUBLIC)
    actions.set_properties(team.store, team.bob, [(channel_id, name, value)])
    seen = told.look()
    assert [(event["property"], event["value"]) for event, _ in seen] == told_as
    assert {(event["stream_id"], *users) for event, users in seen} == {(channel_id, team.bob.id)}


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("colour", "#ffffff", "Unknown subscription property: colour"),
        ("color", "red", "color is not a valid hex color code"),
        ("color", 5, "color is not a valid hex color code"),
        ("is_muted", "yes", "is_muted is not a boolean"),
        ("pin_to_top", 1, "pin_to_top is not a boolean"),
    ],
)
def test_a_bad_property_changes_nothing(team: Team, told: Told, name: str, value: Any, error: str) -> None:
    channel_id = team.channel_id(PUBLIC)
    with pytest.raises(ApiError) as raised:
        actions.set_properties(
            team.store, team.bob, [(channel_id, "pin_to_top", True), (channel_id, name, value)]
        )
    assert str(raised.value) == error
    assert told.look() == []


def test_only_ones_own_channels_have_properties(team: Team, store: Store) -> None:
    for channel_id in (team.channel_id(PUBLIC), 999):
        with pytest.raises(ApiError, match=f"^Not subscribed to channel ID {channel_id}$"):
            actions.set_properties(store, team.erin, [(channel_id, "is_muted", True)])
