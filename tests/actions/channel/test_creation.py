"""Making channels: who may, what they are then, and who is told."""

from dataclasses import replace
from typing import Any

import pytest

from appliance.actions.channel import creation, subscription
from appliance.actions.channel.creation import Terms, Wanted
from appliance.actions.channel.subscription import Outcome
from appliance.base.errors import ApiError
from appliance.model.channel import Channel
from appliance.model.group import ID
from appliance.model.privacy import CHOICES, PRIVATE, PROTECTED, PUBLIC, WEB_PUBLIC, Privacy
from appliance.model.user import Role, User
from appliance.store import channel as channels
from appliance.store.transaction import Transaction
from tests.actions.conftest import Team, Told, of_channels
from tests.conftest import MakeUser


def make(team: Team, actor: User, principals: list[User] | None = None, **terms: Any) -> Outcome:
    return subscription.subscribe(
        team.store, actor, [Wanted("new")], principals or [actor], terms=Terms(**terms)
    )


def made(team: Team) -> Channel:
    with team.store.read() as reader:
        found = channels.named(reader, "new")
    assert found is not None
    return found


def test_a_new_public_channel_is_told_to_all_but_guests_before_its_subscribers_come(
    team: Team, told: Told
) -> None:
    outcome = make(team, team.ann, [team.ann, team.bob])
    assert outcome.changed.keys() == {team.ann.id, team.bob.id}
    assert of_channels(told) == [
        ("stream/create", [team.olga.id, team.erin.id]),
        ("stream/create", [team.ann.id, team.bob.id]),
        ("subscription/add", [team.ann.id]),
        ("subscription/add", [team.bob.id]),
        ("subscription/peer_add", [team.olga.id, team.erin.id]),
    ]


def test_a_new_private_channel_is_told_to_its_subscribers_and_admins(team: Team, told: Told) -> None:
    make(team, team.ann, [team.ann, team.gwen], privacy=PROTECTED)
    assert of_channels(told) == [
        ("stream/create", [team.olga.id]),
        ("stream/create", [team.ann.id, team.gwen.id]),
        ("subscription/add", [team.ann.id]),
        ("subscription/add", [team.gwen.id]),
        ("subscription/peer_add", [team.olga.id]),
    ]


def test_subscribers_are_told_everything_of_their_channel(team: Team, told: Told) -> None:
    make(team, team.ann, [team.bob])
    [added] = [event for event, _ in told.look() if event.get("op") == "add"]
    [channel] = added["subscriptions"]
    assert channel["stream_id"] == team.channel_id("new")
    assert channel["subscribers"] == [team.bob.id]
    assert channel["name"] == "new"
    assert channel["in_home_view"] is True


def test_guests_make_no_channels(team: Team, told: Told) -> None:
    with pytest.raises(ApiError, match="Insufficient permission"):
        make(team, team.gwen)
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
        creation.describe(team.store, team.ann, name, "", None)
    assert str(raised.value) == error


def test_a_description_is_one_line_and_rendered(team: Team) -> None:
    wanted = creation.describe(team.store, team.ann, " new ", "for\n**us**", "#ff0000")
    assert wanted == Wanted("new", "for **us**", "<p>for <strong>us</strong></p>", "#ff0000")
    with pytest.raises(ApiError, match="description is too long"):
        creation.describe(team.store, team.ann, "new", "x" * 1025, None)


# -- by the organization's permissions

NAMED = {
    PUBLIC: "can_create_public_channel_group",
    WEB_PUBLIC: "can_create_web_public_channel_group",
    PRIVATE: "can_create_private_channel_group",
    PROTECTED: "can_create_private_channel_group",
}


@pytest.mark.parametrize("privacy", CHOICES)
def test_each_kind_has_a_permission(team: Team, make_user: MakeUser, privacy: Privacy) -> None:
    team.set_realm(**{NAMED[privacy]: ID["role:moderators"]})
    with pytest.raises(ApiError, match=r"^Insufficient permission$"):
        make(team, team.ann, privacy=privacy)
    make(team, make_user("Mo", role=Role.MODERATOR), privacy=privacy)
    assert made(team).privacy == privacy


def test_others_can_be_put_into_a_new_channel_where_the_organization_lets_one(team: Team) -> None:
    team.set_realm(can_add_subscribers_group=ID["role:administrators"])
    with pytest.raises(ApiError, match=r"^Insufficient permission$"):
        make(team, team.ann, [team.bob])
    make(team, team.ann)
    assert made(team).creator_id == team.ann.id


@pytest.mark.parametrize(
    ("who", "terms", "error"),
    [
        ("ann", {"message_retention_days": 5}, "Must be an organization owner"),
        ("ann", {"is_default": True}, "Must be an organization administrator"),
        ("olga", {"is_default": True, "privacy": PRIVATE}, "Private channels cannot be made default."),
        ("olga", {"permissions": {"can_subscribe_group": 99}}, "Invalid user group"),
    ],
)
def test_terms_that_are_refused(team: Team, told: Told, who: str, terms: dict[str, Any], error: str) -> None:
    with pytest.raises(ApiError) as raised:
        make(team, getattr(team, who), **terms)
    assert str(raised.value) == error
    assert told.look() == []


def test_what_was_asked_for_is_what_it_is(team: Team, told: Told) -> None:
    chosen = {"can_subscribe_group": ID["role:members"]}
    make(team, team.olga, permissions=chosen, message_retention_days=30, is_default=True)
    channel = made(team)
    assert (channel.permissions, channel.message_retention_days, channel.is_default) == (chosen, 30, True)
    [(event, users)] = [each for each in told.look() if each[0]["type"] == "default_streams"]
    assert channel.id in event["default_streams"]
    assert team.gwen.id not in users


def test_the_name_of_an_archived_channel_is_taken(team: Team) -> None:
    make(team, team.ann)
    gone = replace(made(team), is_archived=True)

    def archive(transaction: Transaction) -> None:
        channels.change(transaction, gone)

    team.store.write(archive)
    with pytest.raises(ApiError, match="belongs to a channel that is archived"):
        make(team, team.ann)


# -- what the server's bot says


def test_in_it_the_servers_bot_says_who_made_it(team: Team) -> None:
    make(team, team.ann, privacy=PRIVATE)
    assert team.last_in("new") == (
        "channel events",
        "@_**Ann|3** made this channel (private, shared history).",
    )


def test_a_new_channel_is_announced_where_that_is_wanted(team: Team) -> None:
    team.set_realm(new_stream_announcements_stream_id=team.channel_id("public"))
    make(team, team.ann, announce=True)
    assert team.last_in("public") == ("new channels", "@_**Ann|3** made the new channel #**new**.")


@pytest.mark.parametrize("terms", [{"announce": True, "privacy": PRIVATE}, {"announce": False}])
def test_what_is_private_or_shall_not_be_is_not_announced(team: Team, terms: dict[str, Any]) -> None:
    team.set_realm(new_stream_announcements_stream_id=team.channel_id("public"))
    make(team, team.ann, **terms)
    assert team.last_in("public") is None
