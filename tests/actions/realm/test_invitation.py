"""Inviting: who may, whom, into what, and what is mailed and told."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.group import user_group
from appliance.actions.group.user_group import Wanted
from appliance.actions.realm import domain as realm_domain
from appliance.actions.realm import invitation as actions
from appliance.actions.user import deactivation
from appliance.actions.user import role as roles
from appliance.base.errors import ApiError
from appliance.model.group import ID
from appliance.model.invitation import DAILY, DAY, MOST_LINKS, Invitation, InvitationFailed, Terms
from appliance.model.realm_domain import Domain
from appliance.model.user import Role, User
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told
from tests.actions.mailed import mailed
from tests.conftest import MakeUser, MovableClock

URL = "https://chat.example.org"
NEW = "new@example.org"


@pytest.fixture
def ada(team: Team, make_user: MakeUser) -> User:
    return make_user("Ada", role=Role.ADMIN)


def invite(team: Team, user: User, *addresses: str, **terms: Any) -> None:
    actions.invite(team.store, user, list(addresses), Terms(**terms), URL)


def listed(team: Team, user: User, later: float = 0) -> list[Invitation]:
    """`later`: seconds since the beginning of the test."""
    with team.store.read() as reader:
        return actions.listed(reader, user, MovableClock().now() + later)


def reminders(team: Team) -> list[tuple[str, int]]:
    with team.store.read() as reader:
        return list(reader.rows("SELECT address, due FROM scheduled_mail WHERE type = 3 ORDER BY id"))


def refusal(attempt: Callable[[], object]) -> ApiError:
    with pytest.raises(ApiError) as raised:
        attempt()
    return raised.value


# -- by mail


def test_an_invitation_is_mailed_kept_and_told(team: Team, told: Told) -> None:
    invite(team, team.ann, NEW, role=Role.GUEST, channel_ids=[team.channel_id(PUBLIC)])
    event, users = told.one()
    assert event == {"type": "invites_changed"}
    assert users == [team.olga.id, team.ann.id]
    [mail] = mailed(team.store)
    assert mail["to_emails"] == [NEW]
    assert mail["template_prefix"] == "emails/invitation"
    assert mail["context"]["referrer_name"] == "Ann"
    assert mail["context"]["activate_url"].startswith(f"{URL}/join/")
    [kept] = listed(team, team.ann)
    assert (kept.email, kept.inviter_id, kept.terms.role) == (NEW, team.ann.id, Role.GUEST)
    assert kept.token is None


def test_the_secret_of_a_mail_is_kept_nowhere_but_in_the_mail(team: Team) -> None:
    invite(team, team.ann, NEW)
    token = mailed(team.store)[0]["context"]["activate_url"].rpartition("/")[2]
    with team.store.read() as reader:
        row = reader.row("SELECT * FROM invitation")
    assert row is not None
    assert token not in map(str, row)


def test_it_is_called_to_mind_two_days_before_it_ends(team: Team, clock: MovableClock) -> None:
    invite(team, team.ann, NEW, minutes=4 * 24 * 60)
    invite(team, team.ann, "soon@example.org", minutes=60)
    invite(team, team.ann, "ever@example.org", minutes=None)
    assert reminders(team) == [(NEW, int(clock.now()) + 2 * DAY)]


def test_one_that_has_ended_is_not_there(team: Team, clock: MovableClock) -> None:
    invite(team, team.ann, NEW, minutes=10)
    clock.advance(600)
    assert listed(team, team.ann, 600) == []
    assert (
        refusal(lambda: actions.revoke(team.store, team.ann, 1, multiuse=False)).msg == "No such invitation"
    )


def test_who_has_an_account_is_not_invited_and_the_others_are(team: Team) -> None:
    error = refusal(lambda: invite(team, team.ann, "bob@example.org", NEW))
    assert isinstance(error, InvitationFailed)
    assert error.data == {
        "errors": [["bob@example.org", "Already has an account.", False]],
        "sent_invitations": True,
        "license_limit_reached": False,
        "daily_limit_reached": False,
    }
    assert [each.email for each in listed(team, team.ann)] == [NEW]


def test_other_letters_are_the_same_address_and_its_owners_letters_are_not_told(team: Team) -> None:
    asked = team.bob.delivery_email.upper()
    error = refusal(lambda: invite(team, team.ann, asked, NEW))
    assert team.bob.delivery_email not in str(error.body())
    assert asked in str(error.body())
    assert [mail["to_emails"] for mail in mailed(team.store)] == [[NEW]]


def test_nobody_is_invited_who_is_there(team: Team, told: Told) -> None:
    deactivation.deactivate(team.store, team.bob)
    told.look()
    error = refusal(lambda: invite(team, team.ann, "Bob@example.org", "erin@example.org"))
    assert error.msg == "Nobody was invited."
    assert error.data["errors"] == [
        ["Bob@example.org", "Account has been deactivated.", True],
        ["erin@example.org", "Already has an account.", False],
    ]
    assert error.data["sent_invitations"] is False
    assert told.look() == []


def test_a_bad_address_and_nobody_is_invited(team: Team, told: Told) -> None:
    realm_domain.add(team.store, team.olga, Domain("example.org", allow_subdomains=False))
    team.set_realm(emails_restricted_to_domains=True)
    told.look()
    addresses = (NEW, "nonsense", "a@b@c", "new@elsewhere.org", "a+b@example.org", "x@mailinator.com")
    error = refusal(lambda: invite(team, team.ann, *addresses))
    assert error.msg == "Nobody was invited: there are addresses that cannot be."
    assert error.data["errors"] == [
        ["nonsense", "Invalid address.", False],
        ["a@b@c", "Invalid address.", False],
        ["new@elsewhere.org", "Outside your domain.", False],
        ["a+b@example.org", "Addresses with + are not taken.", False],
        ["x@mailinator.com", "Outside your domain.", False],
    ]
    assert listed(team, team.olga) == []
    assert mailed(team.store) == []


def test_so_many_a_day(team: Team, clock: MovableClock) -> None:
    invite(team, team.ann, *(f"p{number}@example.org" for number in range(DAILY)))
    error = refusal(lambda: invite(team, team.ann, NEW))
    assert (error.code, error.data["daily_limit_reached"]) == ("INVITATION_FAILED", True)
    assert refusal(lambda: actions.resend(team.store, team.ann, 1, URL)).code == "INVITATION_FAILED"
    invite(team, team.bob, NEW)
    clock.advance(DAY + 1)
    invite(team, team.ann, NEW)


# -- who may


def test_who_may_invite(team: Team, make_user: MakeUser) -> None:
    for each in (team.olga, team.ann):
        invite(team, each, f"of-{each.id}@example.org")
    assert refusal(lambda: invite(team, team.gwen, NEW)).msg == "Insufficient permission"
    bot = make_user("Bot", is_bot=True)
    assert "bot" in refusal(lambda: invite(team, bot, NEW)).msg
    team.set_realm(can_invite_users_group=ID["role:administrators"])
    assert refusal(lambda: invite(team, team.ann, NEW)).msg == "Insufficient permission"


@pytest.mark.parametrize("role", Role)
def test_as_whom(team: Team, ada: User, role: Role) -> None:
    may = {team.olga.id: set(Role), ada.id: set(Role) - {Role.OWNER}, team.ann.id: {Role.MEMBER, Role.GUEST}}
    for each in (team.olga, ada, team.ann):
        if role in may[each.id]:
            invite(team, each, f"of-{each.id}@example.org", role=role)
        else:
            error = refusal(lambda each=each: invite(team, each, NEW, role=role))  # type: ignore[misc]
            assert error.code == "UNAUTHORIZED_PRINCIPAL"


def test_into_channels_that_one_may_add_others_to(team: Team) -> None:
    private, public = team.channel_id(PRIVATE), team.channel_id(PUBLIC)
    invite(team, team.ann, NEW, channel_ids=[private, public])
    for hidden in (private, 999):
        error = refusal(lambda hidden=hidden: invite(team, team.erin, NEW, channel_ids=[hidden]))  # type: ignore[misc]
        assert error.msg == f"Invalid channel ID {hidden}. No invites were sent."
    team.set_realm(can_add_subscribers_group=ID["role:administrators"])
    error = refusal(lambda: invite(team, team.erin, NEW, channel_ids=[public]))
    assert error.msg == "You do not have permission to subscribe other users to channels."


def test_into_groups_that_one_may_add_others_to(team: Team) -> None:
    group_id = user_group.create(team.store, team.ann, Wanted("devs", "", []))
    invite(team, team.ann, NEW, group_ids=[group_id])
    for user, groups in ((team.bob, [group_id]), (team.ann, [ID["role:owners"]]), (team.ann, [999])):
        with pytest.raises(ApiError):
            invite(team, user, NEW, group_ids=groups)


# -- keeping them


def test_everybody_sees_their_own_and_administrators_all(team: Team, ada: User) -> None:
    invite(team, team.ann, NEW)
    invite(team, team.bob, "other@example.org")
    actions.make_link(team.store, team.olga, Terms(), URL)
    assert [each.email for each in listed(team, team.ann)] == [NEW]
    assert [each.email for each in listed(team, ada)] == [NEW, "other@example.org", None]
    assert listed(team, team.gwen) == []


def test_others_find_nothing_to_take_back_or_to_send_again(team: Team, told: Told) -> None:
    invite(team, team.ann, NEW)
    told.look()
    for attempt in (
        lambda: actions.revoke(team.store, team.bob, 1, multiuse=False),
        lambda: actions.resend(team.store, team.bob, 1, URL),
        lambda: actions.revoke(team.store, team.ann, 1, multiuse=True),
        lambda: actions.revoke(team.store, team.ann, 99, multiuse=False),
    ):
        assert refusal(attempt).msg == "No such invitation"
    assert told.look() == []


def test_whoever_invited_and_administrators_take_it_back(team: Team, ada: User, told: Told) -> None:
    for user, number in ((team.ann, 1), (ada, 2)):
        invite(team, team.ann, NEW)
        told.look()
        actions.revoke(team.store, user, number, multiuse=False)
        assert told.one() == ({"type": "invites_changed"}, [team.olga.id, team.ann.id, ada.id])
        assert listed(team, team.olga) == []
        assert reminders(team) == []


def test_only_owners_take_back_what_makes_an_owner(team: Team, ada: User) -> None:
    invite(team, team.olga, NEW, role=Role.OWNER)
    error = refusal(lambda: actions.revoke(team.store, ada, 1, multiuse=False))
    assert error.msg == "Must be an organization owner"


def test_a_link_that_makes_an_owner_is_shown_to_owners_only(team: Team, ada: User) -> None:
    """Whoever sees it can use it."""
    actions.make_link(team.store, team.olga, Terms(role=Role.OWNER), URL)
    actions.make_link(team.store, team.olga, Terms(role=Role.ADMIN), URL)
    assert [each.terms.role for each in listed(team, ada)] == [Role.ADMIN]
    assert {each.terms.role for each in listed(team, team.olga)} == {Role.OWNER, Role.ADMIN}


@pytest.mark.parametrize(
    ("role", "left"),
    [(Role.ADMIN, {Role.ADMIN, Role.MEMBER}), (Role.MEMBER, {Role.MEMBER})],
)
def test_who_loses_a_role_lets_nobody_else_have_it(
    team: Team, make_user: MakeUser, role: Role, left: set[Role]
) -> None:
    second = make_user("Second", role=Role.OWNER)
    for each in (Role.OWNER, Role.ADMIN, Role.MEMBER):
        actions.make_link(team.store, second, Terms(role=each), URL)
        invite(team, second, f"{each.name}@example.org", role=each)
    team.store.write(lambda transaction: roles.change(transaction, team.olga, second, role))
    found = [each.terms.role for each in listed(team, team.olga)]
    assert (set(found), len(found)) == (left, 2 * len(left))


def test_sending_again_makes_a_new_link_for_as_long_again(
    team: Team, clock: MovableClock, told: Told
) -> None:
    invite(team, team.ann, NEW)
    clock.advance(DAY)
    told.look()
    actions.resend(team.store, team.olga, 1, URL)
    assert told.one()[1] == [team.olga.id, team.ann.id]
    first, second = mailed(team.store)
    assert first["context"]["activate_url"] != second["context"]["activate_url"]
    assert second["context"]["referrer_name"] == "Ann"
    [kept] = listed(team, team.ann, DAY)
    assert (kept.created, kept.expires) == (int(clock.now()), int(clock.now()) + 10 * DAY)
    assert reminders(team) == [(NEW, int(clock.now()) + 8 * DAY)]


def test_those_of_who_is_deactivated_end(team: Team, told: Told) -> None:
    invite(team, team.ann, NEW)
    team.set_realm(create_multiuse_invite_group=ID["role:members"])
    actions.make_link(team.store, team.ann, Terms(), URL)
    invite(team, team.bob, "other@example.org")
    told.look()
    deactivation.deactivate(team.store, team.ann)
    assert ("invites_changed", [team.olga.id]) in told.kinds()
    assert [each.email for each in listed(team, team.olga)] == ["other@example.org"]
    assert [address for address, _ in reminders(team)] == ["other@example.org"]


# -- links


def test_a_link_can_be_looked_up_and_taken_back_once(team: Team) -> None:
    made = actions.make_link(team.store, team.olga, Terms(), URL)
    [kept] = listed(team, team.olga)
    assert made == f"{URL}/join/{kept.token}"
    actions.revoke(team.store, team.olga, kept.id, multiuse=True)
    error = refusal(lambda: actions.revoke(team.store, team.olga, kept.id, multiuse=True))
    assert error.msg == "Invitation has already been revoked"
    assert (
        refusal(lambda: actions.revoke(team.store, team.ann, kept.id, multiuse=True)).msg
        == "No such invitation"
    )


def test_who_may_make_links(team: Team) -> None:
    assert (
        refusal(lambda: actions.make_link(team.store, team.ann, Terms(), URL)).msg
        == "Insufficient permission"
    )
    team.set_realm(create_multiuse_invite_group=ID["role:members"])
    actions.make_link(team.store, team.ann, Terms(), URL)


def test_so_many_links_at_most(team: Team) -> None:
    for _ in range(MOST_LINKS):
        actions.make_link(team.store, team.olga, Terms(), URL)
    assert f"{MOST_LINKS}" in refusal(lambda: actions.make_link(team.store, team.olga, Terms(), URL)).msg
