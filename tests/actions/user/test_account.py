"""Names, addresses and passwords: by oneself, and by administrators."""

from collections.abc import Callable

import pytest

from appliance.actions.bot import account as bot_actions
from appliance.actions.bot.account import Wanted
from appliance.actions.user import account, address, deactivation, login_link, own_account
from appliance.actions.user import account as actions
from appliance.actions.user import change as user_change
from appliance.actions.user import creation as user_actions
from appliance.actions.user import setting as setting_actions
from appliance.actions.user.address import CHANGE_LIFETIME, NoSuchChange
from appliance.actions.user.change import Changes
from appliance.actions.user.own_account import Wish
from appliance.base.errors import ApiError, AuthenticationFailed, NotAllowed
from appliance.model import credential
from appliance.model.user import HIDDEN_DOMAIN, Role, User
from appliance.store import credential as credentials
from appliance.store import session as sessions
from appliance.store.store import Store
from tests.actions.conftest import Team, Told
from tests.conftest import MakeUser, MovableClock

PASSWORD, SITE = "correct horse", "https://chat.test"


def rename(team: Team, user: User, name: str) -> None:
    team.store.write(lambda transaction: actions.rename_self(transaction, team.again(user), name))


def ask(team: Team, user: User, email: str) -> None:
    own_account.change(team.store, user, Wish(email=email), SITE)


def token_of(store: Store) -> str:
    """That in the newest mail to confirm an address."""
    with store.read() as reader:
        body = reader.value("SELECT body FROM job WHERE queue = 'email_senders' ORDER BY id DESC LIMIT 1")
    found: str = body.decode().split("/confirm-email/")[1].split('"')[0]
    return found


# -- names


def test_a_new_name_is_told_to_all(team: Team, told: Told) -> None:
    rename(team, team.ann, "  Anna ")
    event, users = told.one()
    assert event["person"] == {"user_id": team.ann.id, "full_name": "Anna"}
    assert len(users) == 5
    rename(team, team.ann, "Anna")
    assert told.look() == []


@pytest.mark.parametrize(
    ("name", "msg"),
    [
        ("A", "Name too short!"),
        ("x" * 101, "Name too long!"),
        ("A@b", "Invalid characters in name!"),
        ("Ann|7", "Invalid format!"),
    ],
)
def test_bad_names(team: Team, told: Told, name: str, msg: str) -> None:
    with pytest.raises(ApiError, match=msg):
        rename(team, team.ann, name)
    assert told.look() == []


def test_an_organization_may_want_a_name_for_one_alone(team: Team) -> None:
    rename(team, team.ann, "Bob")
    rename(team, team.ann, "Ann")
    team.set_realm(require_unique_names=True)
    with pytest.raises(ApiError, match="Somebody has this name already"):
        rename(team, team.ann, "bOb")
    rename(team, team.ann, "ANN")
    with pytest.raises(ApiError, match="Somebody has this name already"):
        user_actions.create(team.store, email="a@b.test", full_name="bob", role=Role.MEMBER, password=None)
    deactivation.deactivate(team.store, team.bob)
    rename(team, team.ann, "Bob")


def test_an_organization_may_leave_names_to_administrators(team: Team) -> None:
    team.set_realm(name_changes_disabled=True)
    with pytest.raises(ApiError, match="Name changes are disabled in this organization"):
        rename(team, team.ann, "Anna")
    rename(team, team.ann, team.ann.full_name)
    rename(team, team.olga, "Olga the Great")
    user_change.change(team.store, team.olga, team.ann.id, Changes(full_name="Anna"))
    assert team.again(team.ann).full_name == "Anna"


# -- addresses


def test_a_new_address_must_be_confirmed(team: Team, told: Told) -> None:
    ask(team, team.ann, "anna@new.test")
    assert told.look() == []
    assert team.again(team.ann).delivery_email == "ann@example.org"
    address.confirm_move(team.store, token_of(team.store))
    assert team.again(team.ann).delivery_email == "anna@new.test"
    people = [event["person"] for event, _ in told.look()]
    assert people == [
        {"user_id": team.ann.id, "delivery_email": "anna@new.test"},
        {"user_id": team.ann.id, "new_email": "anna@new.test"},
    ]


def test_the_link_is_good_once(team: Team) -> None:
    ask(team, team.ann, "anna@new.test")
    token = token_of(team.store)
    address.confirm_move(team.store, token)
    with pytest.raises(NoSuchChange):
        address.confirm_move(team.store, token)


@pytest.mark.parametrize(("age", "good"), [(CHANGE_LIFETIME, True), (CHANGE_LIFETIME + 1, False)])
def test_the_link_expires(team: Team, clock: MovableClock, age: int, good: bool) -> None:
    ask(team, team.ann, "anna@new.test")
    token = token_of(team.store)
    clock.advance(age)
    if good:
        address.confirm_move(team.store, token)
    else:
        with pytest.raises(NoSuchChange):
            address.confirm_move(team.store, token)


def test_only_the_newest_link_is_good(team: Team) -> None:
    ask(team, team.ann, "anna@new.test")
    old = token_of(team.store)
    ask(team, team.ann, "anna@newer.test")
    with pytest.raises(NoSuchChange):
        address.confirm_move(team.store, old)


def test_the_token_is_not_in_its_table(team: Team) -> None:
    ask(team, team.ann, "anna@new.test")
    with team.store.read() as reader:
        [(kept,)] = reader.rows("SELECT token_hash FROM email_change")
    assert kept == credential.token_hash(token_of(team.store))


def test_who_is_gone_confirms_nothing(team: Team) -> None:
    ask(team, team.ann, "anna@new.test")
    deactivation.deactivate(team.store, team.ann)
    with pytest.raises(NoSuchChange):
        address.confirm_move(team.store, token_of(team.store))


@pytest.mark.parametrize("email", ["bob@example.org", "BOB@Example.org", "nonsense"])
def test_addresses_that_cannot_be_had(team: Team, email: str) -> None:
    with pytest.raises(ApiError):
        ask(team, team.ann, email)


def test_an_address_can_be_taken_until_it_is_confirmed(team: Team, make_user: MakeUser) -> None:
    ask(team, team.ann, "carl@example.org")
    token = token_of(team.store)
    make_user("Carl")
    with pytest.raises(ApiError, match="already in use"):
        address.confirm_move(team.store, token)
    assert team.again(team.ann).delivery_email == "ann@example.org"


def test_ones_own_address_in_other_letters_is_free(team: Team) -> None:
    ask(team, team.ann, "Ann@Example.org")
    address.confirm_move(team.store, token_of(team.store))
    assert team.again(team.ann).delivery_email == "Ann@Example.org"


def test_an_organization_may_keep_addresses(team: Team) -> None:
    team.set_realm(email_changes_disabled=True)
    with pytest.raises(ApiError, match="Email address changes are disabled in this organization"):
        ask(team, team.ann, "anna@new.test")
    ask(team, team.olga, "olga@new.test")


def test_the_old_address_gets_a_warning_and_its_links_end(team: Team, clock: MovableClock) -> None:
    link = login_link.make(team.store, team.ann)
    ask(team, team.ann, "anna@new.test")
    address.confirm_move(team.store, token_of(team.store))
    with team.store.read() as reader:
        body = reader.value("SELECT body FROM job ORDER BY id DESC LIMIT 1")
        assert credentials.link_target(reader, link, clock.now()) is None
    assert b'"to_emails":["ann@example.org"]' in body
    assert b"notify_change_in_email" in body


def test_of_a_hidden_address_only_those_hear_who_may_see_it(team: Team, told: Told) -> None:
    setting_actions.change(team.store, team.ann, {"email_address_visibility": 3})
    told.look()
    user_change.change(team.store, team.olga, team.ann.id, Changes(email="anna@new.test"))
    event, users = told.one()
    assert event["person"] == {"user_id": team.ann.id, "delivery_email": "anna@new.test"}
    assert users == [team.olga.id, team.ann.id]


# -- who sees an address


def test_hiding_an_address_and_showing_it_again(team: Team, told: Told) -> None:
    stand_in = f"user{team.ann.id}@{HIDDEN_DOMAIN}"
    for visibility, delivery_email, email, told_to in (
        (2, None, stand_in, [team.gwen.id]),
        (4, None, None, [team.olga.id, team.bob.id, team.erin.id]),
        (1, "ann@example.org", "ann@example.org", [team.olga.id, team.bob.id, team.erin.id, team.gwen.id]),
    ):
        setting_actions.change(team.store, team.again(team.ann), {"email_address_visibility": visibility})
        seen = [(event["person"], users) for event, users in told.look() if event["type"] == "realm_user"]
        assert seen[0] == ({"user_id": team.ann.id, "delivery_email": delivery_email}, told_to)
        assert [person["new_email"] for person, _ in seen[1:]] == ([] if email is None else [email])


def test_whom_a_newcomer_hides_from(team: Team, told: Told, make_user: MakeUser) -> None:
    shy = make_user("Shy", email_address_visibility=2)
    told.look()
    deactivation.deactivate(team.store, shy)
    assert team.again(shy).email == f"user{shy.id}@{HIDDEN_DOMAIN}"


# -- passwords


@pytest.fixture
def pat(team: Team) -> User:
    made = user_actions.create(
        team.store, email="pat@example.org", full_name="Pat", role=Role.MEMBER, password=PASSWORD
    )
    return team.again(made)


def test_a_new_password(team: Team, pat: User, clock: MovableClock) -> None:
    team.store.write(lambda t: sessions.add(t, "session", pat.id, ""))
    own_account.change(team.store, pat, Wish(password=(PASSWORD, "battery staple")), SITE)
    assert account.log_in(team.store, pat.email, "battery staple").id == pat.id
    with pytest.raises(AuthenticationFailed):
        account.log_in(team.store, pat.email, PASSWORD)
    with team.store.read() as reader:
        assert sessions.find(reader, "session", clock.now()) is None
    assert team.again(pat).api_key == pat.api_key


@pytest.mark.parametrize("old", ["", "wrong", PASSWORD.upper()])
def test_the_old_one_must_be_known(team: Team, pat: User, old: str) -> None:
    with pytest.raises(ApiError, match="Wrong password!"):
        own_account.change(team.store, pat, Wish(password=(old, "battery staple")), SITE)


def test_who_has_none_cannot_change_it(team: Team) -> None:
    with pytest.raises(ApiError, match="Wrong password!"):
        own_account.change(team.store, team.ann, Wish(password=("", "battery staple")), SITE)


def test_a_new_one_must_be_good(team: Team, pat: User) -> None:
    with pytest.raises(ApiError, match="too short"):
        own_account.change(team.store, pat, Wish(password=(PASSWORD, "short")), SITE)


# -- by administrators


@pytest.mark.parametrize(
    "changes",
    [
        Changes(full_name="Anna"),
        Changes(role=Role.GUEST),
        Changes(email="anna@new.test"),
        Changes(profile=[]),
        Changes(),
    ],
)
def test_members_change_nobody(team: Team, told: Told, changes: Changes) -> None:
    for user_id in (team.ann.id, team.bob.id, 99_999):
        with pytest.raises(ApiError, match="Insufficient permission"):
            user_change.change(team.store, team.bob, user_id, changes)
    assert told.look() == []


def test_what_administrators_change(team: Team, told: Told) -> None:
    changes = Changes(full_name="Anna", role=Role.MODERATOR, email="anna@new.test")
    user_change.change(team.store, team.olga, team.ann.id, changes)
    ann = team.again(team.ann)
    assert (ann.full_name, ann.role, ann.delivery_email) == ("Anna", Role.MODERATOR, "anna@new.test")


def test_all_of_it_or_nothing(team: Team, told: Told) -> None:
    changes = Changes(full_name="Anna", role=Role.MODERATOR, email="bob@example.org")
    with pytest.raises(ApiError, match="already in use"):
        user_change.change(team.store, team.olga, team.ann.id, changes)
    assert team.again(team.ann) == team.ann
    assert told.look() == []


def test_only_owners_give_addresses(team: Team, make_user: MakeUser) -> None:
    admin = make_user("Ada", role=Role.ADMIN)
    with pytest.raises(NotAllowed, match="Must be an organization owner"):
        user_change.change(team.store, admin, team.ann.id, Changes(email="anna@new.test"))


def test_a_bots_owner_gives_it_a_name_and_nothing_else(
    team: Team, told: Told, make_bot: Callable[[User], User]
) -> None:
    bot = make_bot(team.ann)
    told.look()
    user_change.change(team.store, team.ann, bot.id, Changes(full_name="Helper"))
    assert [event["type"] for event, _ in told.look()] == ["realm_user", "realm_bot"]
    with pytest.raises(NotAllowed):
        user_change.change(team.store, team.ann, bot.id, Changes(role=Role.OWNER))
    with pytest.raises(ApiError, match="keeps the address"):
        user_change.change(team.store, team.olga, bot.id, Changes(email="bot@new.test"))


def test_the_servers_own_bot_is_nobody(team: Team) -> None:
    with pytest.raises(ApiError, match="No such user"):
        user_change.change(team.store, team.olga, 1, Changes(full_name="Boss"))


@pytest.fixture
def make_bot(team: Team) -> Callable[[User], User]:

    return lambda owner: bot_actions.create(team.store, owner, Wanted("Robot", "robot"), "x.test")
