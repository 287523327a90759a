"""Accepting invitations, and coming by a link, or where anybody may."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.group import user_group
from appliance.actions.group.user_group import Wanted
from appliance.actions.realm import closing, joining
from appliance.actions.realm import domain as realm_domain
from appliance.actions.realm import invitation as invitation_actions
from appliance.actions.realm.joining import Newcomer
from appliance.actions.user import account
from appliance.actions.user import creation as user_actions
from appliance.actions.user.newcomer import TOPIC, WELCOME
from appliance.base.errors import ApiError
from appliance.model.invitation import MOST_ASKED, InvitationSpent, Terms
from appliance.model.realm_domain import Domain
from appliance.model.user import Role, User
from appliance.store import invitation as invitations
from appliance.store import subscription as subscriptions
from appliance.store import user_group as groups
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told
from tests.actions.mailed import mailed
from tests.conftest import MakeUser, MovableClock

URL = "https://chat.example.org"
NEW, PASSWORD = "new@example.org", "correct horse battery"


def token_of(link: str) -> str:
    return link.rpartition("/")[2]


def invite(team: Team, user: User, **terms: Any) -> str:
    """The token that is mailed to NEW."""
    invitation_actions.invite(team.store, user, [NEW], Terms(**terms), URL)
    return token_of(mailed(team.store)[-1]["context"]["activate_url"])


def link(team: Team, **terms: Any) -> str:
    """The token of a link of Olga's."""
    return token_of(invitation_actions.make_link(team.store, team.olga, Terms(**terms), URL))


def join(team: Team, token: str, name: str = "New One", email: str = "") -> User:
    return joining.join(team.store, token, Newcomer(name, PASSWORD, email))


def channels_of(team: Team, user: User) -> list[int]:
    with team.store.read() as reader:
        return [each.channel_id for each in subscriptions.of_user(reader, user.id) if each.active]


def refusal(attempt: Callable[[], object]) -> ApiError:
    with pytest.raises(ApiError) as raised:
        attempt()
    return raised.value


# -- with an invitation


def test_whoever_accepts_is_who_was_invited(team: Team) -> None:
    user = join(team, invite(team, team.olga, role=Role.MODERATOR))
    assert (user.delivery_email, user.full_name, user.role) == (NEW, "New One", Role.MODERATOR)
    assert account.log_in(team.store, NEW, PASSWORD).id == user.id


def test_they_are_in_the_channels_and_groups_of_the_invitation(team: Team) -> None:
    group_id = user_group.create(team.store, team.ann, Wanted("devs", "", []))
    wanted = [team.channel_id(PRIVATE), team.channel_id(PROTECTED)]
    user = join(team, invite(team, team.ann, channel_ids=wanted, group_ids=[group_id]))
    assert channels_of(team, user) == wanted
    with team.store.read() as reader:
        assert groups.members(reader, group_id) == {user.id}


@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST])
def test_and_in_those_of_all_newcomers_if_it_says_so(team: Team, role: Role) -> None:
    user = join(team, invite(team, team.ann, role=role, defaults=True))
    assert channels_of(team, user) == [team.channel_id("general")]


def test_but_not_otherwise(team: Team) -> None:
    assert channels_of(team, join(team, invite(team, team.ann))) == []


def test_channels_and_groups_that_are_gone_are_passed_over(team: Team) -> None:
    group_id = user_group.create(team.store, team.ann, Wanted("devs", "", []))
    token = invite(team, team.ann, channel_ids=[team.channel_id(PRIVATE)], group_ids=[group_id])
    user_group.deactivate(team.store, team.ann, group_id)
    team.leave(PRIVATE, team.ann, team.bob)  # the last ones: it is archived
    assert channels_of(team, join(team, token)) == []


def test_it_is_good_once_and_ends_all_others_of_the_address(team: Team, told: Told) -> None:
    first, second = invite(team, team.ann), invite(team, team.bob)
    told.look()
    join(team, first)
    assert ("invites_changed", [team.olga.id, team.ann.id]) in told.kinds()
    for token in (first, second, "nonsense"):
        error = refusal(lambda token=token: join(team, token))  # type: ignore[misc]
        assert isinstance(error, InvitationSpent)
    with team.store.read() as reader:
        assert reader.value("SELECT count(*) FROM scheduled_mail") == 0


def test_mistakes_leave_it_good(team: Team) -> None:
    token = invite(team, team.ann)
    for newcomer in (Newcomer("", PASSWORD), Newcomer("New", "short"), Newcomer("N@w", PASSWORD)):
        with pytest.raises(ApiError):
            joining.join(team.store, token, newcomer)
    assert join(team, token).delivery_email == NEW


def test_it_ends_by_itself(team: Team, clock: MovableClock) -> None:
    token = invite(team, team.ann, minutes=1)
    clock.advance(60)
    assert isinstance(refusal(lambda: join(team, token)), InvitationSpent)


def test_the_address_is_that_of_the_invitation(team: Team) -> None:
    assert join(team, invite(team, team.ann), email="evil@example.org").delivery_email == NEW


@pytest.mark.parametrize("wanted", [True, False])
def test_whoever_invited_hears_of_it_if_they_want(team: Team, told: Told, wanted: bool) -> None:
    token = invite(team, team.ann, notify_referrer=wanted)
    told.look()
    user = join(team, token)
    said = [
        event["message"]["content"]
        for event, users in told.look()
        if event["type"] == "message" and team.ann.id in users
    ]
    assert said == [f"@_**New One|{user.id}** has come: your invitation was accepted."] * wanted


def test_a_rule_made_since_holds(team: Team) -> None:
    token = invite(team, team.ann)
    realm_domain.add(team.store, team.olga, Domain("elsewhere.org", allow_subdomains=False))
    team.set_realm(emails_restricted_to_domains=True)
    assert refusal(lambda: join(team, token)).msg == "Outside your domain."


def test_nobody_comes_into_a_closed_organization(team: Team) -> None:
    token = invite(team, team.ann)
    closing.deactivate(team.store, team.olga)
    assert refusal(lambda: join(team, token)).code == "REALM_DEACTIVATED"


# -- by a link


def test_a_link_is_for_all_who_have_it(team: Team) -> None:
    token = link(team, role=Role.GUEST, channel_ids=[team.channel_id(PUBLIC)])
    one, other = join(team, token, email="one@x.example"), join(team, token, "Other", "other@x.example")
    assert (one.role, other.role) == (Role.GUEST, Role.GUEST)
    assert channels_of(team, other) == [team.channel_id(PUBLIC)]


@pytest.mark.parametrize(
    ("email", "msg"),
    [
        ("", "email"),
        ("bob@example.org", "already in use"),
        ("x@mailinator.com", "Mailboxes for a day are not taken."),
    ],
)
def test_their_addresses_are_checked(team: Team, email: str, msg: str) -> None:
    assert msg.lower() in refusal(lambda: join(team, link(team), email=email)).msg.lower()


def test_where_domains_say_who_may_come_the_address_is_confirmed(team: Team) -> None:
    realm_domain.add(team.store, team.olga, Domain("example.org", allow_subdomains=False))
    team.set_realm(emails_restricted_to_domains=True)
    token = link(team, role=Role.MODERATOR)
    assert isinstance(refusal(lambda: join(team, token, email=NEW)), InvitationSpent)
    joining.ask_by_link(team.store, token, NEW, URL)
    [mail] = mailed(team.store)
    assert (mail["to_emails"], mail["template_prefix"]) == ([NEW], "emails/confirm_registration")
    user = join(team, token_of(mail["context"]["activate_url"]))
    assert (user.delivery_email, user.role) == (NEW, Role.MODERATOR)


def test_what_was_asked_for_is_no_invitation_that_anybody_sees(team: Team, clock: MovableClock) -> None:
    joining.ask_by_link(team.store, link(team), NEW, URL)
    with team.store.read() as reader:
        assert [each.email for each in invitation_actions.listed(reader, team.olga, clock.now())] == [None]
        asked = invitations.with_token(reader, token_of(mailed(team.store)[0]["context"]["activate_url"]))
    assert asked is not None
    with pytest.raises(ApiError, match="No such invitation"):
        invitation_actions.revoke(team.store, team.olga, asked.id, multiuse=False)


# -- where anybody may


def test_nobody_comes_uninvited_unless_everybody_may(team: Team) -> None:
    error = refusal(lambda: joining.ask(team.store, NEW, URL))
    assert (error.status, error.msg) == (403, "Who wants to join needs an invitation.")
    with pytest.raises(ApiError):
        joining.check_open_to_all(team.store)


def test_everybody_may_with_an_address_that_is_theirs(team: Team) -> None:
    team.set_realm(invite_required=False)
    joining.check_open_to_all(team.store)
    joining.ask(team.store, NEW, URL)
    user = join(team, token_of(mailed(team.store)[0]["context"]["activate_url"]))
    assert (user.delivery_email, user.role) == (NEW, Role.MEMBER)
    assert channels_of(team, user) == [team.channel_id("general")]


def test_the_link_of_an_older_mail_ends(team: Team) -> None:
    team.set_realm(invite_required=False)
    joining.ask(team.store, NEW, URL)
    joining.ask(team.store, NEW, URL)
    first, second = (token_of(mail["context"]["activate_url"]) for mail in mailed(team.store))
    assert isinstance(refusal(lambda: join(team, first)), InvitationSpent)
    join(team, second)


def test_who_has_an_account_gets_no_mail_and_nobody_learns_that(team: Team) -> None:
    team.set_realm(invite_required=False)
    joining.ask(team.store, "bob@example.org", URL)
    assert mailed(team.store) == []


def test_so_many_wait_at_most_until_they_are_too_old(team: Team, clock: MovableClock) -> None:
    team.set_realm(invite_required=False)

    def fill(transaction: Any) -> None:
        for number in range(MOST_ASKED):
            terms, email = Terms(minutes=60), f"p{number}@example.org"
            invitations.add(transaction, f"{number}", terms, email=email, inviter_id=None, link_id=0)

    team.store.write(fill)
    assert "Too many people" in refusal(lambda: joining.ask(team.store, NEW, URL)).msg
    clock.advance(3600)
    joining.ask(team.store, NEW, URL)
    with team.store.read() as reader:
        assert reader.value("SELECT count(*) FROM invitation") == 1


# -- what others hear


def test_a_newcomer_is_announced_where_the_organization_wants(
    team: Team, told: Told, make_user: MakeUser
) -> None:
    team.set_realm(signup_announcements_stream_id=team.channel_id(PUBLIC))
    user = make_user("New One")
    make_user("Some Bot", is_bot=True)
    [message] = [event["message"] for event, _ in told.look() if event["type"] == "message"]
    assert message["subject"] == TOPIC
    assert message["content"] == f"@_**New One|{user.id}** joined this organization."


def test_a_newcomer_begins_with_a_message_and_no_mail(team: Team, told: Told) -> None:
    """zulip-terminal 0.7 does not start where there is none."""
    user = join(team, link(team, role=Role.GUEST), email=NEW)
    [(event, _)] = [each for each in told.look() if user.id in each[1] and each[0]["type"] == "message"]
    assert event["message"]["content"] == WELCOME
    assert event["disable_external_notifications"]


def test_bots_are_not_welcomed(team: Team, told: Told) -> None:
    user_actions.create(
        team.store,
        email="bot@example.org",
        full_name="Bot",
        role=Role.MEMBER,
        password=None,
        is_bot=True,
        welcomed=True,
    )
    assert told.raw("message") == []
