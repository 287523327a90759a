"""Joining and leaving channels: who may, and who is told what, in which order."""

from typing import Any

import pytest

from appliance.actions.channel import access as channel_actions
from appliance.actions.channel import subscription as actions
from appliance.actions.channel import subscription_property
from appliance.actions.channel.creation import Wanted
from appliance.actions.channel.subscription import Outcome
from appliance.actions.user import deactivation
from appliance.base.errors import ApiError
from appliance.model.channel import Channel
from appliance.model.user import Role, User
from appliance.store import channel as channels
from appliance.store import subscription as subscriptions
from appliance.store import unread
from appliance.store import user as users
from appliance.store.store import Store
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told, of_channels
from tests.conftest import MakeUser


def subscribe(
    team: Team, actor: User, *names: str, principals: list[User] | None = None, **how: Any
) -> Outcome:
    wanted = [Wanted(name) for name in names]
    return actions.subscribe(team.store, actor, wanted, principals or [actor], **how)


def names(found: dict[int, list[Channel]]) -> dict[int, list[str]]:
    return {user_id: [each.name for each in listed] for user_id, listed in found.items()}


def members(team: Team, channel: str) -> list[int]:
    with team.store.read() as reader:
        return subscriptions.subscriber_ids(reader, team.channel_id(channel))


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
        assert names(outcome.changed) == {principal.id: [channel]}
        return
    with pytest.raises(ApiError) as raised:
        subscribe(team, actor, channel, principals=[principal])
    unseen = role == Role.GUEST and not inside
    assert str(raised.value) == ("Insufficient permission" if unseen else REFUSED.format(channel))
    assert told.look() == []
    assert principal.id not in members(team, channel)


def test_what_cannot_be_joined_may_be_listed_instead(team: Team) -> None:
    outcome = subscribe(team, team.erin, PUBLIC, PRIVATE, "new", fatal=False)
    assert names(outcome.changed) == {team.erin.id: [PUBLIC, "new"]}
    assert (outcome.unchanged, outcome.unauthorized) == ({}, [PRIVATE])


def test_a_name_that_is_taken_says_nothing_to_who_makes_no_channels(team: Team) -> None:
    """And to others not how it is written."""
    for name in (PRIVATE, "there is none"):
        with pytest.raises(ApiError, match=r"^Insufficient permission$"):
            subscribe(team, team.gwen, name)
    with pytest.raises(ApiError, match=r"^Unable to access channel \(PRIVATE\)\.$"):
        subscribe(team, team.erin, PRIVATE.upper())


def test_a_refusal_undoes_all_of_the_request(team: Team, told: Told) -> None:
    with pytest.raises(ApiError, match=r"Unable to access channel \(private\)"):
        subscribe(team, team.erin, PUBLIC, PRIVATE)
    assert team.erin.id not in members(team, PUBLIC)
    assert told.look() == []


def test_who_was_deactivated_meanwhile_is_subscribed_to_nothing(team: Team, told: Told) -> None:
    deactivation.deactivate(team.store, team.erin)
    told.look()
    with pytest.raises(ApiError, match=r"inactive user$"):
        subscribe(team, team.ann, PUBLIC, principals=[team.bob, team.erin])
    assert told.look() == []


def test_who_is_in_already_is_listed_and_nobody_told(team: Team, told: Told) -> None:
    outcome = subscribe(team, team.ann, PUBLIC.upper(), principals=[team.ann, team.bob])
    assert names(outcome.unchanged) == {team.ann.id: [PUBLIC], team.bob.id: [PUBLIC]}
    assert (outcome.changed, outcome.unauthorized) == ({}, [])
    assert told.look() == []


def test_joining_a_public_channel(team: Team, told: Told) -> None:
    subscribe(team, team.erin, PUBLIC)
    assert of_channels(told) == [
        ("subscription/add", [team.erin.id]),
        ("subscription/peer_add", [team.olga.id, team.ann.id, team.bob.id]),
    ]


def test_who_joins_a_private_channel_learns_first_that_it_exists(team: Team, told: Told) -> None:
    subscribe(team, team.ann, PRIVATE, principals=[team.erin])
    assert of_channels(told) == [
        ("stream/create", [team.erin.id]),
        ("subscription/add", [team.erin.id]),
        ("subscription/peer_add", [team.olga.id, team.ann.id, team.bob.id]),
    ]


def test_a_guest_who_joins_a_public_channel_learns_that_it_exists(team: Team, told: Told) -> None:
    subscribe(team, team.ann, PUBLIC, principals=[team.gwen])
    assert of_channels(told)[0] == ("stream/create", [team.gwen.id])


def test_who_is_put_into_a_channel_hears_it_from_the_servers_bot(team: Team) -> None:
    subscribe(team, team.ann, PUBLIC, PRIVATE, principals=[team.ann, team.erin])
    text = "@_**Ann|3** added you to these channels:\n\n* #**public**\n* #**private**"
    assert team.last_direct(team.erin) == ("Notification Bot", text)


def test_of_ones_own_joining_one_is_told_nothing_nor_are_bots(team: Team, make_user: MakeUser) -> None:
    bot = make_user("Robot", is_bot=True)
    subscribe(team, team.ann, PUBLIC, principals=[team.erin, bot])
    subscribe(team, team.olga, PUBLIC)
    assert [user.full_name for user in (team.olga, team.erin, bot) if team.last_direct(user)] == ["Erin"]


# -- leaving


def test_leaving_a_public_channel(team: Team, told: Told) -> None:
    outcome = actions.unsubscribe(team.store, team.bob, [PUBLIC], [team.bob])
    assert names(outcome.changed) == {team.bob.id: [PUBLIC]}
    assert of_channels(told) == [
        ("subscription/remove", [team.bob.id]),
        ("subscription/peer_remove", [team.olga.id, team.ann.id, team.erin.id]),
    ]


def test_who_leaves_a_private_channel_loses_it(team: Team, told: Told) -> None:
    actions.unsubscribe(team.store, team.bob, [PRIVATE], [team.bob])
    assert of_channels(told) == [
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
    assert names(outcome.unchanged) == {team.erin.id: [PUBLIC]}
    assert outcome.changed == {}
    assert told.look() == []


@pytest.mark.parametrize("channel", [PRIVATE, "nowhere"])
def test_one_cannot_leave_what_one_cannot_see(team: Team, channel: str) -> None:
    with pytest.raises(ApiError, match=f"^Invalid channel name '{channel}'$"):
        actions.unsubscribe(team.store, team.erin, [channel], [team.erin])


def test_admins_and_who_made_a_channel_take_others_out(team: Team) -> None:
    with pytest.raises(ApiError, match=r"^Insufficient permission$"):
        actions.unsubscribe(team.store, team.bob, [PUBLIC], [team.ann])
    actions.unsubscribe(team.store, team.ann, [PUBLIC], [team.bob])
    actions.unsubscribe(team.store, team.olga, [PRIVATE], [team.bob])
    assert members(team, PUBLIC) == members(team, PRIVATE) == [team.ann.id]


def test_who_comes_back_finds_colour_and_settings_as_they_were(team: Team) -> None:
    channel_id = team.channel_id(PUBLIC)
    subscription_property.change(team.store, team.bob, [(channel_id, "color", "#123456")])
    team.leave(PUBLIC, team.bob)
    subscribe(team, team.bob, PUBLIC)
    with team.store.read() as reader:
        again = subscriptions.get(reader, channel_id, team.bob.id)
    assert again is not None
    assert (again.active, again.color) == (True, "#123456")


def test_whom_the_channel_lets_takes_others_out(team: Team) -> None:
    value = {"direct_members": [team.bob.id], "direct_subgroups": []}
    team.permit(PRIVATE, can_remove_subscribers_group=value)
    actions.unsubscribe(team.store, team.bob, [PRIVATE], [team.ann])
    assert members(team, PRIVATE) == [team.bob.id]


def test_ones_own_bots_everybody_takes_out(team: Team, make_user: MakeUser) -> None:
    bot = make_user("Robot", is_bot=True)
    team.store.write(lambda transaction: users.set_bot_owner(transaction, bot.id, team.bob.id))
    team.join(PUBLIC, bot)
    with pytest.raises(ApiError, match=r"^Insufficient permission$"):
        actions.unsubscribe(team.store, team.erin, [PUBLIC], [team.again(bot)])
    actions.unsubscribe(team.store, team.bob, [PUBLIC], [team.again(bot)])
    assert bot.id not in members(team, PUBLIC)


def test_a_private_channel_without_anybody_is_archived(team: Team, told: Told) -> None:
    channel_id = team.channel_id(PRIVATE)
    team.leave(PRIVATE, team.ann, team.bob)
    assert of_channels(told)[-2:] == [
        ("stream/update", [team.olga.id, team.ann.id]),  # whose clients know of archived channels, or
        ("stream/delete", [team.olga.id, team.ann.id]),  # do not; Ann made it
    ]
    with team.store.read() as reader:
        left = channels.even_archived(reader, channel_id)
    assert left is not None
    assert left.is_archived


def test_a_public_channel_without_anybody_stays(team: Team) -> None:
    team.leave(PUBLIC, team.ann, team.bob)
    with team.store.read() as reader:
        assert channels.named(reader, PUBLIC) is not None


def test_leaving_and_joining_at_once(team: Team) -> None:
    joined, left = actions.change(team.store, team.bob, [Wanted("new")], [PRIVATE])
    assert (names(joined.changed), names(left.changed)) == (
        {team.bob.id: ["new"]}, {team.bob.id: [PRIVATE]},
    )  # fmt: skip
    with pytest.raises(ApiError, match=r"Unable to access channel \(private\)"):
        actions.change(team.store, team.bob, [Wanted(PRIVATE)], ["new"])
    assert members(team, "new") == [team.bob.id]


def test_a_guest_who_leaves_a_web_public_channel_knows_it_but_not_its_subscribers(
    team: Team, told: Told
) -> None:
    team.join("open", team.ann, team.gwen, by=team.olga, web_public=True)
    told.look()
    team.leave("open", team.gwen)
    assert of_channels(told) == [
        ("subscription/remove", [team.gwen.id]),
        ("subscription/peer_remove", [team.olga.id, team.ann.id, team.bob.id, team.erin.id]),
        ("subscription/peer_remove", [team.gwen.id]),
    ]
    with team.store.read() as reader, pytest.raises(ApiError, match="You may not know who is in"):
        actions.members(reader, team.gwen, team.channel_id("open"))


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
    subscription_property.change(team.store, team.bob, [(channel_id, name, value)])
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
        subscription_property.change(
            team.store, team.bob, [(channel_id, "pin_to_top", True), (channel_id, name, value)]
        )
    assert str(raised.value) == error
    assert told.look() == []


def test_only_ones_own_channels_have_properties(team: Team, store: Store) -> None:
    for channel_id in (team.channel_id(PUBLIC), 999):
        with pytest.raises(ApiError, match=f"^Not subscribed to channel ID {channel_id}$"):
            subscription_property.change(store, team.erin, [(channel_id, "is_muted", True)])
