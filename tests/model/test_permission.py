"""Who may do what: every rule over every role and kind of channel."""

from itertools import product

import pytest

from appliance.base.errors import ApiError, ChannelDoesNotExist, NotAllowed
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.group import CHANNEL_PERMISSIONS
from appliance.model.permission import Standing
from appliance.model.privacy import PRIVATE, PROTECTED, PUBLIC, PUBLIC_PROTECTED, WEB_PUBLIC
from appliance.model.user import Role, User


def user(role: Role) -> User:
    return User(5, "ann@example.org", "Ann", role, True, None, None, False, "key", None, 0, {})


KINDS = {
    "web-public": WEB_PUBLIC,
    "public": PUBLIC,
    "private": PRIVATE,
    "protected": PROTECTED,
    "public, protected": PUBLIC_PROTECTED,
}


def channel(kind: str) -> Channel:
    return Channel(4, kind, "", "", *KINDS[kind], False, None, 0, None, 9)


def standing(inside: bool, *granted: str) -> Standing:
    """`granted`: besides writing, which everybody may."""
    return Standing(inside, {"can_send_message_group", *granted}.__contains__)


ADMINS = {Role.OWNER, Role.ADMIN}
INSIDERS = set(Role) - {Role.GUEST}
GRANTS: tuple[tuple[str, ...], ...] = ((), *((name,) for name in CHANNEL_PERMISSIONS))
PLACES = list(product((True, False), GRANTS))  # in the channel or not, and what is granted
cases = pytest.mark.parametrize(("role", "kind"), list(product(Role, KINDS)))
# Of each kind: who may come in besides those that are in it; where one reads what was before one came.
COMES_IN: dict[str, set[Role]] = {
    "web-public": set(Role),
    "public": INSIDERS,
    "public, protected": INSIDERS,
    "private": set(),
    "protected": set(),
}
SHARED = {"web-public", "public", "private"}
LETTING_IN = {("can_add_subscribers_group",), ("can_subscribe_group",)}


def comes_in(role: Role, kind: str, inside: bool, granted: tuple[str, ...]) -> bool:
    return inside or role in COMES_IN[kind] or (granted in LETTING_IN and role in INSIDERS)


@cases
def test_who_sees_a_channel(role: Role, kind: str) -> None:
    for inside, granted in PLACES:
        administers = granted == ("can_administer_channel_group",) and role in INSIDERS
        expected = comes_in(role, kind, inside, granted) or role in ADMINS or administers
        place = standing(inside, *granted)
        assert permission.sees_channel(user(role), channel(kind), place) == expected
        knows_subscribers = expected and (inside or role in INSIDERS)
        assert permission.sees_subscribers(user(role), channel(kind), place) == knows_subscribers


@cases
def test_who_reads_its_history(role: Role, kind: str) -> None:
    for inside, granted in PLACES:
        expected = kind in SHARED and comes_in(role, kind, inside, granted)
        assert permission.reads_channel(user(role), channel(kind), standing(inside, *granted)) == expected


@cases
@pytest.mark.parametrize("received", [True, False])
def test_who_reads_a_message(role: Role, kind: str, received: bool) -> None:
    """What one received in a private channel is lost with it; in a protected one it is all that one reads."""
    for inside, granted in PLACES:
        expected = comes_in(role, kind, inside, granted) and (kind in SHARED or received)
        place = standing(inside, *granted)
        assert permission.reads_message(user(role), channel(kind), place, received) == expected


@pytest.mark.parametrize("role", Role)
def test_direct_messages_are_for_those_who_got_them(role: Role) -> None:
    assert permission.reads_message(user(role), None, standing(False), True)
    assert not permission.reads_message(user(role), None, standing(False), False)


@cases
def test_who_joins(role: Role, kind: str) -> None:
    for inside, granted in PLACES:
        expected = comes_in(role, kind, inside, granted)
        assert permission.joins_channel(user(role), channel(kind), standing(inside, *granted)) == expected


@cases
@pytest.mark.parametrize("anywhere", [True, False])
def test_who_puts_others_in(role: Role, kind: str, anywhere: bool) -> None:
    for inside, granted in PLACES:
        by_channel = granted == ("can_add_subscribers_group",)
        expected = role in INSIDERS and (by_channel or (anywhere and comes_in(role, kind, inside, granted)))
        place = standing(inside, *granted)
        assert permission.adds_to_channel(user(role), channel(kind), place, anywhere=anywhere) == expected


@pytest.mark.parametrize(("role", "granted"), list(product(Role, GRANTS)))
def test_who_administers_and_takes_others_out(role: Role, granted: tuple[str, ...]) -> None:
    administers = role in ADMINS or (role in INSIDERS and granted == ("can_administer_channel_group",))
    removes = administers or (role in INSIDERS and granted == ("can_remove_subscribers_group",))
    place = standing(True, *granted)
    assert permission.administers_channel(user(role), place) == administers
    assert permission.removes_from_channel(user(role), place) == removes
    if administers:
        permission.check_administers(user(role), place)
    else:
        with pytest.raises(permission.CannotAdministerChannel):
            permission.check_administers(user(role), place)


@cases
def test_who_posts(role: Role, kind: str) -> None:
    """Guests where they are, others where they may come in."""
    for inside, granted in PLACES:
        place = standing(inside, *granted)
        if inside or (role in INSIDERS and comes_in(role, kind, inside, granted)):
            permission.check_posts(user(role), channel(kind), place)
            continue
        hidden = not permission.sees_channel(user(role), channel(kind), place)
        with pytest.raises(ChannelDoesNotExist if hidden else ApiError) as raised:
            permission.check_posts(user(role), channel(kind), place)
        text = f"Channel '{kind}' does not exist" if hidden else f"Not authorized to send to channel '{kind}'"
        assert str(raised.value) == text


@pytest.mark.parametrize("role", Role)
def test_where_only_some_post(role: Role) -> None:
    with pytest.raises(ApiError, match=r"^You may not post in this channel\.$"):
        permission.check_posts(user(role), channel("public"), Standing(True, lambda name: False))


@pytest.mark.parametrize("role", Role)
def test_who_administers(role: Role) -> None:
    for check, allowed in ((permission.check_admin, ADMINS), (permission.check_owner, {Role.OWNER})):
        if role in allowed:
            check(user(role))
        else:
            with pytest.raises(NotAllowed) as raised:
                check(user(role))
            assert (raised.value.code, raised.value.status) == ("UNAUTHORIZED_PRINCIPAL", 400)


@pytest.mark.parametrize(("giver", "before", "given"), list(product(Role, Role, Role)))
def test_admins_give_roles_and_only_owners_those_of_owners(giver: Role, before: Role, given: Role) -> None:
    touches_owner = before != given and Role.OWNER in (before, given)
    if giver == Role.OWNER or (giver == Role.ADMIN and not touches_owner):
        permission.check_changes_role(user(giver), user(before), given)
    else:
        with pytest.raises(NotAllowed):
            permission.check_changes_role(user(giver), user(before), given)
