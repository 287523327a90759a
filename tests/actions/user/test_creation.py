"""How people come, sign in, get new keys, and go."""

from typing import Any

import orjson
import pytest

from appliance.actions.bot import account as bot_actions
from appliance.actions.group import user_group as group_actions
from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import account, api_key, deactivation, login_link
from appliance.actions.user import creation as actions
from appliance.actions.user.deactivation import LastOwner, LastUser
from appliance.actions.user.login_link import LIFETIME, OWNERS_LIFETIME, LinkSpent
from appliance.base.errors import ApiError, AuthenticationFailed, NotAllowed, UserDeactivated
from appliance.model import group
from appliance.model.user import Role, User
from appliance.notify.language import spoken
from appliance.notify.template import render
from appliance.store import channel as channels
from appliance.store import credential as credentials
from appliance.store import session as sessions
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.store import Store
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told
from tests.conftest import MakeUser, MovableClock

PASSWORD = "correct horse"
FOUNDER = {
    "realm_name": "Example",
    "email": "olga@example.org",
    "full_name": "Olga",
    "password": PASSWORD,
}


def found(store: Store, user: User) -> User:
    with store.read() as reader:
        again = users.with_id(reader, user.id)
    assert again is not None
    return again


def with_password(store: Store, email: str = "pat@example.org") -> User:
    return actions.create(store, email=email, full_name="Pat", role=Role.MEMBER, password=PASSWORD)


# -- coming


def test_the_first_person_finds_a_channel(store: Store, make_user: MakeUser) -> None:
    first = make_user("First")
    with store.read() as reader:
        [channel] = channels.all_live(reader)
        assert (channel.name, channel.creator_id) == ("general", first.id)
        assert subscriptions.subscriber_ids(reader, channel.id) == [first.id]


def test_somebody_new_is_told_to_all(team: Team, told: Told, make_user: MakeUser) -> None:
    new = make_user("New")
    kinds = told.kinds()
    everybody = [team.olga.id, team.ann.id, team.bob.id, team.erin.id, team.gwen.id, new.id]
    assert kinds[:3] == [("realm_user/add", everybody), *[("user_group/add_members", everybody)] * 2]
    assert ("subscription/add", [new.id]) in kinds


def test_guests_and_bots_are_subscribed_to_nothing(store: Store, make_user: MakeUser) -> None:
    make_user("First")
    for new in (make_user("Guest", role=Role.GUEST), make_user("Robot", is_bot=True)):
        with store.read() as reader:
            assert subscriptions.of_user(reader, new.id) == []


@pytest.mark.parametrize("email", ["ann@example.org", "ANN@Example.org"])
def test_an_address_is_used_once(team: Team, told: Told, email: str) -> None:
    with pytest.raises(ApiError, match=f"^Email is already in use: {email}$"):
        actions.create(team.store, email=email, full_name="Another", role=Role.MEMBER, password=None)
    assert told.look() == []


def test_people_can_come_after_the_first_one_has_gone(store: Store, make_user: MakeUser) -> None:
    deactivation.deactivate(store, make_user("First"))
    second = make_user("Second")
    with store.read() as reader:
        assert [each.name for each in channels.all_live(reader)] == ["general"]
        assert len(subscriptions.of_user(reader, second.id)) == 1


# -- going


def test_somebody_who_goes_is_told_to_the_others_and_their_queues_end(team: Team, told: Told) -> None:
    deactivation.deactivate(team.store, team.bob)
    others = [team.olga.id, team.ann.id, team.erin.id, team.gwen.id]
    seen = told.look()
    assert [(event["type"], users) for event, users in seen] == [
        ("poll_anew", [team.bob.id]),
        ("realm_user", others),
        ("user_group", others),
        ("user_group", others),
        ("cleanup_queue", [team.bob.id]),
    ]
    assert seen[1][0]["person"] == {"user_id": team.bob.id, "is_active": False}
    assert not found(team.store, team.bob).is_active


def test_the_last_owner_stays(team: Team, told: Told, make_user: MakeUser) -> None:
    with pytest.raises(LastOwner) as raised:
        deactivation.deactivate(team.store, team.olga)
    assert raised.value.body() == {
        "result": "error",
        "msg": "Cannot deactivate the only organization owner",
        "code": "CANNOT_DEACTIVATE_LAST_USER",
        "is_last_owner": True,
        "entity": "organization owner",
    }
    assert told.look() == []
    second = make_user("Second", role=Role.OWNER)
    deactivation.deactivate(team.store, team.olga)
    with pytest.raises(LastOwner):
        deactivation.deactivate(team.store, second)


def test_who_goes_loses_sessions_and_links(team: Team, clock: MovableClock) -> None:
    link = login_link.make(team.store, team.bob)
    team.store.write(lambda t: sessions.add(t, "session", team.bob.id, ""))
    deactivation.deactivate(team.store, team.bob)
    with team.store.read() as reader:
        assert sessions.find(reader, "session", clock.now()) is None
        assert credentials.link_target(reader, link, clock.now()) is None


def test_a_new_key_ends_queues_and_sessions(team: Team, told: Told, clock: MovableClock) -> None:
    team.store.write(lambda t: sessions.add(t, "session", team.bob.id, ""))
    key = api_key.reset(team.store, team.bob)
    assert found(team.store, team.bob).api_key == key != team.bob.api_key
    assert told.kinds() == [("poll_anew", [team.bob.id]), ("cleanup_queue", [team.bob.id])]
    with team.store.read() as reader:
        assert sessions.find(reader, "session", clock.now()) is None


def test_who_manages_a_bot_is_told_what_becomes_of_it(team: Team, told: Told, make_user: MakeUser) -> None:
    robot = make_user("Robot", is_bot=True)
    added, admins = told.one("realm_bot")
    assert (added["op"], added["bot"]["api_key"], admins) == ("add", robot.api_key, [team.olga.id])
    key = api_key.reset(team.store, robot)
    assert told.one("realm_bot")[0]["bot"] == {"user_id": robot.id, "api_key": key}
    deactivation.deactivate(team.store, robot)
    assert told.one("realm_bot")[0]["bot"] == {"user_id": robot.id, "is_active": False}


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.MEMBER, {"role:members", "role:fullmembers"}),
        (Role.GUEST, {"role:everyone"}),
        (Role.OWNER, {"role:owners"}),
    ],
)
def test_a_role_is_a_place_in_groups(
    team: Team, told: Told, make_user: MakeUser, role: Role, names: set[str]
) -> None:
    make_user("New", role=role)
    told_ids = [event["group_id"] for event, _ in told.look() if event["type"] == "user_group"]
    assert sorted(told_ids) == sorted(group.ID[name] for name in names)


# -- signing in


@pytest.mark.parametrize("email", ["pat@example.org", " PAT@example.org "])
def test_signing_in(store: Store, email: str) -> None:
    pat = with_password(store)
    assert account.log_in(store, email, PASSWORD).id == pat.id


@pytest.mark.parametrize(
    ("email", "password"),
    [("pat@example.org", "wrong"), ("pat@example.org", ""), ("nobody@example.org", PASSWORD), ("", "")],
)
def test_a_wrong_name_looks_like_a_wrong_password(store: Store, email: str, password: str) -> None:
    with_password(store)
    with pytest.raises(AuthenticationFailed):
        account.log_in(store, email, password)


def test_who_has_no_password_cannot_sign_in_with_one(store: Store, make_user: MakeUser) -> None:
    ann = make_user("Ann")
    for password in ("", "None", "null", PASSWORD):
        with pytest.raises(AuthenticationFailed):
            account.log_in(store, ann.email, password)


def test_who_is_gone_is_told_so_only_with_the_right_password(store: Store) -> None:
    deactivation.deactivate(store, with_password(store))
    with pytest.raises(UserDeactivated):
        account.log_in(store, "pat@example.org", PASSWORD)
    with pytest.raises(AuthenticationFailed):
        account.log_in(store, "pat@example.org", "wrong")


# -- links


def test_tokens_are_not_in_the_file(team: Team) -> None:
    token = login_link.make(team.store, team.bob)
    team.store.write(lambda t: sessions.add(t, "secret-session", team.bob.id, ""))
    content = b"".join(path.read_bytes() for path in team.store.folder.iterdir())
    assert token.encode() not in content
    assert b"secret-session" not in content


def test_a_link_sets_the_password_once(team: Team) -> None:
    token = login_link.make(team.store, team.bob)
    assert login_link.follow(team.store, token, PASSWORD).id == team.bob.id
    assert account.log_in(team.store, team.bob.email, PASSWORD).id == team.bob.id
    with pytest.raises(LinkSpent):
        login_link.follow(team.store, token, "another one")
    account.log_in(team.store, team.bob.email, PASSWORD)


@pytest.mark.parametrize(("age", "good"), [(LIFETIME, True), (LIFETIME + 1, False)])
def test_a_link_expires(team: Team, clock: MovableClock, age: int, good: bool) -> None:
    token = login_link.make(team.store, team.bob)
    clock.advance(age)
    if good:
        login_link.follow(team.store, token, PASSWORD)
    else:
        with pytest.raises(LinkSpent):
            login_link.follow(team.store, token, PASSWORD)


@pytest.mark.parametrize("password", ["short", "x" * 101])
def test_a_bad_password_does_not_spend_the_link(team: Team, password: str) -> None:
    token = login_link.make(team.store, team.bob)
    with pytest.raises(ApiError, match="The password is too"):
        login_link.follow(team.store, token, password)
    login_link.follow(team.store, token, PASSWORD)


def test_links_of_one_kind_are_not_good_for_the_other(store: Store, make_user: MakeUser) -> None:
    ann = make_user("Ann")
    owners, anns = login_link.make(store, None), login_link.make(store, ann)
    with pytest.raises(LinkSpent):
        login_link.follow(store, owners, PASSWORD)
    with pytest.raises(LinkSpent):
        login_link.become_owner(store, anns, **FOUNDER)
    login_link.follow(store, anns, PASSWORD)
    login_link.become_owner(store, owners, **FOUNDER)


# -- the first owner


def test_the_owners_link_makes_the_owner_and_names_the_organisation(store: Store) -> None:
    token = login_link.make(store, None)
    owner = login_link.become_owner(store, token, **FOUNDER)
    assert owner.role == Role.OWNER
    assert realm_actions.get(store).name == "Example"
    assert realm_actions.has_owner(store)
    assert account.log_in(store, "olga@example.org", PASSWORD).id == owner.id
    with pytest.raises(LinkSpent):
        login_link.become_owner(store, token, **{**FOUNDER, "email": "second@example.org"})


@pytest.mark.parametrize(
    "bad",
    [
        {"realm_name": "  "},
        {"realm_name": "x" * 41},
        {"email": "olga"},
        {"full_name": "O"},
        {"full_name": "Ol*ga"},
        {"password": "short"},
        {"email": "taken@example.org"},
    ],
    ids=lambda bad: next(iter(bad)),
)
def test_a_bad_field_does_not_spend_the_owners_link(
    store: Store, make_user: MakeUser, bad: dict[str, Any]
) -> None:
    make_user("Taken")
    token = login_link.make(store, None)
    with pytest.raises(ApiError):
        login_link.become_owner(store, token, **{**FOUNDER, **bad})
    assert realm_actions.get(store).name == realm_actions.FIRST_NAME
    assert not realm_actions.has_owner(store)
    login_link.become_owner(store, token, **FOUNDER)


@pytest.mark.parametrize(("age", "good"), [(OWNERS_LIFETIME, True), (OWNERS_LIFETIME + 1, False)])
def test_the_owners_link_expires(store: Store, clock: MovableClock, age: int, good: bool) -> None:
    token = login_link.make(store, None)
    clock.advance(age)
    if good:
        login_link.become_owner(store, token, **FOUNDER)
    else:
        with pytest.raises(LinkSpent):
            login_link.become_owner(store, token, **FOUNDER)


def test_only_the_newest_owners_link_is_good(store: Store) -> None:
    old, new = login_link.make(store, None), login_link.make(store, None)
    with pytest.raises(LinkSpent):
        login_link.become_owner(store, old, **FOUNDER)
    login_link.become_owner(store, new, **FOUNDER)


def test_where_there_is_an_owner_no_link_makes_another(store: Store, make_user: MakeUser) -> None:
    make_user("Owner", role=Role.OWNER)
    with pytest.raises(LinkSpent):
        login_link.become_owner(store, login_link.make(store, None), **FOUNDER)


# -- going by oneself, or by others


def test_one_leaves_by_oneself(team: Team) -> None:
    deactivation.deactivate_self(team.store, team.ann)
    assert not team.again(team.ann).is_active
    with pytest.raises(LastOwner):
        deactivation.deactivate_self(team.store, team.olga)


def test_the_last_person_stays(store: Store, make_user: MakeUser) -> None:
    alone = make_user("Alone")
    make_user("Robot", is_bot=True)
    with pytest.raises(LastUser) as raised:
        deactivation.deactivate_self(store, alone)
    assert raised.value.data == {"is_last_owner": False, "entity": "user"}
    assert raised.value.msg == "Cannot deactivate the only user"


def test_administrators_deactivate_others(team: Team, make_user: MakeUser) -> None:
    admin = make_user("Ada", role=Role.ADMIN)
    deactivation.deactivate_other(team.store, admin, team.ann.id, None)
    assert not team.again(team.ann).is_active
    deactivation.deactivate_other(team.store, admin, team.ann.id, None)
    with pytest.raises(NotAllowed, match="Must be an organization owner"):
        deactivation.deactivate_other(team.store, admin, team.olga.id, None)
    with pytest.raises(NotAllowed, match="Must be an organization administrator"):
        deactivation.deactivate_other(team.store, team.bob, team.erin.id, None)


def test_deactivating_whom_there_is_not(team: Team, make_user: MakeUser) -> None:
    for user_id in (99_999, 1, make_user("Robot", is_bot=True).id):
        with pytest.raises(ApiError, match="No such user"):
            deactivation.deactivate_other(team.store, team.olga, user_id, None)


@pytest.mark.parametrize(
    ("comment", "template"), [("", "emails/deactivate"), ("Farewell!", "emails/deactivate_with_comment")]
)
def test_who_is_deactivated_may_be_told_by_mail(team: Team, comment: str, template: str) -> None:
    deactivation.deactivate_other(team.store, team.olga, team.ann.id, comment)
    with team.store.read() as reader:
        job = orjson.loads(reader.value("SELECT body FROM job WHERE queue = 'email_senders'"))
    assert (job["to_emails"], job["template_prefix"]) == ([team.ann.delivery_email], template)
    render(template, {**job["context"], "realm_name": "R", "realm_url": "https://r.test"}, spoken("en"))


# -- coming back


def test_who_comes_back_has_what_they_had(team: Team, told: Told) -> None:
    group_id = group_actions.create(team.store, team.olga, group_actions.Wanted("devs", "", [team.bob.id]))
    deactivation.deactivate(team.store, team.bob)
    told.look()
    deactivation.reactivate(team.store, team.olga, team.bob.id)
    seen = told.look()
    assert seen[0][0]["person"] == {"user_id": team.bob.id, "is_active": True}
    groups = [event["group_id"] for event, _ in seen if event["type"] == "user_group"]
    assert groups == [group.ID["role:members"], group.ID["role:fullmembers"], group_id]
    peers = {event["stream_ids"][0]: users for event, users in seen if event["type"] == "subscription"}
    assert peers[team.channel_id(PRIVATE)] == [team.olga.id, team.ann.id]
    assert team.gwen.id not in peers[team.channel_id(PUBLIC)]
    deactivation.reactivate(team.store, team.olga, team.bob.id)
    assert told.look() == []


def test_members_bring_nobody_back(team: Team) -> None:
    deactivation.deactivate(team.store, team.bob)
    with pytest.raises(NotAllowed):
        deactivation.reactivate(team.store, team.ann, team.bob.id)
    with pytest.raises(ApiError, match="No such user"):
        deactivation.reactivate(team.store, team.olga, 99_999)


def test_an_owner_is_brought_back_by_owners_only(team: Team, make_user: MakeUser) -> None:
    admin, second = make_user("Ada", role=Role.ADMIN), make_user("Second", role=Role.OWNER)
    deactivation.deactivate(team.store, second)
    with pytest.raises(ApiError, match="Must be an organization owner"):
        deactivation.reactivate(team.store, admin, second.id)
    deactivation.reactivate(team.store, team.olga, second.id)
    assert team.again(second).is_active


def test_a_bot_comes_back_to_whoever_brings_it_if_its_owner_is_gone(team: Team, told: Told) -> None:
    bot = bot_actions.create(team.store, team.bob, bot_actions.Wanted("Robot", "robot"), "x.test")
    deactivation.deactivate(team.store, team.bob)
    told.look()
    deactivation.reactivate(team.store, team.olga, bot.id)
    assert team.again(bot).bot_owner_id == team.olga.id
    bots = [(event["op"], event["bot"]) for event, _ in told.look() if event["type"] == "realm_bot"]
    assert ("update", {"user_id": bot.id, "is_active": True}) in bots
    assert ("update", {"user_id": bot.id, "owner_id": team.olga.id}) in bots
