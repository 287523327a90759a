"""Who may do what: every rule over every role and kind of channel."""

from collections.abc import Callable
from itertools import product

import pytest

from appliance.base.errors import ApiError, ChannelDoesNotExist, NotAllowed
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.user import Role, User


def user(role: Role) -> User:
    return User(5, "ann@example.org", "Ann", role, True, None, None, False, "key", None, 0, {})


def channel(kind: str) -> Channel:
    invite_only, shared = {"public": (False, True), "private": (True, True), "protected": (True, False)}[kind]
    return Channel(4, kind, "", "", invite_only, shared, False, False, None, 0, None, 9)


ADMINS = {Role.OWNER, Role.ADMIN}
INSIDERS = set(Role) - {Role.GUEST}
CASES = [
    (role, kind, inside)
    for role, kind, inside in product(Role, ("public", "private", "protected"), (True, False))
]

cases = pytest.mark.parametrize(("role", "kind", "inside"), CASES)


@cases
def test_who_sees_a_channel(role: Role, kind: str, inside: bool) -> None:
    outside = role in INSIDERS if kind == "public" else role in ADMINS
    assert permission.sees_channel(user(role), channel(kind), inside) == (inside or outside)


@cases
def test_who_reads_its_history(role: Role, kind: str, inside: bool) -> None:
    expected = kind != "protected" if inside else kind == "public" and role in INSIDERS
    assert permission.reads_channel(user(role), channel(kind), inside) == expected


@cases
@pytest.mark.parametrize("received", [True, False])
def test_who_reads_a_message(role: Role, kind: str, inside: bool, received: bool) -> None:
    """What one received in a private channel is lost with it; in a protected one it is all that one reads."""
    expected = {
        "public": inside or role in INSIDERS,
        "private": inside,
        "protected": inside and received,
    }[kind]
    assert permission.reads_message(user(role), channel(kind), inside, received) == expected


@pytest.mark.parametrize("role", Role)
def test_direct_messages_are_for_those_who_got_them(role: Role) -> None:
    assert permission.reads_message(user(role), None, False, True)
    assert not permission.reads_message(user(role), None, False, False)


@cases
def test_who_joins(role: Role, kind: str, inside: bool) -> None:
    expected = inside or (kind == "public" and role in INSIDERS)
    assert permission.joins_channel(user(role), channel(kind), inside) == expected
    assert permission.adds_to_channel(user(role), channel(kind), inside) == (expected and role in INSIDERS)


@cases
def test_who_posts(role: Role, kind: str, inside: bool) -> None:
    if inside or (kind == "public" and role in INSIDERS):
        permission.check_posts(user(role), channel(kind), inside)
        return
    hidden = kind != "public" and role not in ADMINS
    with pytest.raises(ChannelDoesNotExist if hidden else ApiError) as raised:
        permission.check_posts(user(role), channel(kind), inside)
    text = f"Channel '{kind}' does not exist" if hidden else f"Not authorized to send to channel '{kind}'"
    assert str(raised.value) == text


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("size", [0, 15, 16, 1000])
@pytest.mark.parametrize(
    ("check", "code"),
    [
        (permission.check_mentions_channel, "STREAM_WILDCARD_MENTION_NOT_ALLOWED"),
        (permission.check_mentions_topic, "TOPIC_WILDCARD_MENTION_NOT_ALLOWED"),
    ],
)
def test_who_mentions_all(role: Role, size: int, check: Callable[[User, int], None], code: str) -> None:
    if size <= 15 or role in ADMINS:
        check(user(role), size)
        return
    with pytest.raises(ApiError) as raised:
        check(user(role), size)
    assert raised.value.code == code


@pytest.mark.parametrize("role", Role)
def test_who_administers_and_who_makes_channels(role: Role) -> None:
    for check, allowed in ((permission.check_admin, ADMINS), (permission.check_creates_channels, INSIDERS)):
        if role in allowed:
            check(user(role))
        else:
            with pytest.raises(NotAllowed) as raised:
                check(user(role))
            assert (raised.value.code, raised.value.status) == ("UNAUTHORIZED_PRINCIPAL", 400)


@pytest.mark.parametrize(("giver", "given"), list(product(Role, Role)))
def test_nobody_gives_a_role_above_their_own(giver: Role, given: Role) -> None:
    if giver in ADMINS and given >= giver:
        permission.check_gives_role(user(giver), given)
    else:
        with pytest.raises(NotAllowed):
            permission.check_gives_role(user(giver), given)
