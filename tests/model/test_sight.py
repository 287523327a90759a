"""Who sees whose address: every role, every setting."""

from itertools import product

import pytest

from appliance.model import sight
from appliance.model.bot import GENERIC
from appliance.model.sight import AddressVisibility
from appliance.model.user import HIDDEN_DOMAIN, Role, User, hidden_id, public

SEEN_BY = {
    AddressVisibility.EVERYONE: set(Role),
    AddressVisibility.MEMBERS: {Role.OWNER, Role.ADMIN, Role.MODERATOR, Role.MEMBER},
    AddressVisibility.MODERATORS: {Role.OWNER, Role.ADMIN, Role.MODERATOR},
    AddressVisibility.ADMINS: {Role.OWNER, Role.ADMIN},
    AddressVisibility.NOBODY: set(),
}


def user(user_id: int, role: Role = Role.MEMBER, visibility: int = 1, bot_type: int | None = None) -> User:
    settings = {"email_address_visibility": visibility}
    return User(
        user_id, f"u{user_id}@example.org", "Ann", role, True, bot_type, None, False, "", None, 0, settings
    )


@pytest.mark.parametrize(("viewer", "visibility"), list(product(Role, AddressVisibility)))
def test_who_sees_an_address(viewer: Role, visibility: AddressVisibility) -> None:
    person = user(5, visibility=visibility)
    assert sight.sees_address(user(6, viewer), person) is (viewer in SEEN_BY[visibility])
    shown = sight.shown(user(6, viewer), person)["delivery_email"]
    assert shown == ("u5@example.org" if viewer in SEEN_BY[visibility] else None)


@pytest.mark.parametrize("visibility", AddressVisibility)
def test_ones_own_is_no_secret_to_oneself(visibility: AddressVisibility) -> None:
    guest = user(5, Role.GUEST, visibility)
    assert sight.sees_address(guest, guest)


def test_a_bots_address_is_no_secret() -> None:
    bot = user(5, visibility=AddressVisibility.NOBODY, bot_type=GENERIC)
    assert sight.sees_address(user(6, Role.GUEST), bot)
    assert sight.public_address(bot) is None


@pytest.mark.parametrize("visibility", AddressVisibility)
def test_another_address_stands_for_a_hidden_one(visibility: AddressVisibility) -> None:
    hidden = visibility != AddressVisibility.EVERYONE
    stand_in = f"user5@{HIDDEN_DOMAIN}" if hidden else None
    assert sight.public_address(user(5, visibility=visibility)) == stand_in


@pytest.mark.parametrize(
    ("email", "user_id"),
    [
        (f"user5@{HIDDEN_DOMAIN}", 5),
        ("user17@chat.test", 17),
        (f" user5@{HIDDEN_DOMAIN.upper()} ", 5),
        ("user5@example.org", None),
        (f"user@{HIDDEN_DOMAIN}", None),
        (f"user5x@{HIDDEN_DOMAIN}", None),
        (f"user{'9' * 30}@{HIDDEN_DOMAIN}", None),
        ("", None),
    ],
)
def test_whom_it_stands_for(email: str, user_id: int | None) -> None:
    assert hidden_id(email, "chat.test") == user_id


def test_nobody_has_all_fields_of_somebody() -> None:
    assert sight.unknown(7).keys() == public(user(7)).keys()
    assert sight.unknown(7)["full_name"] == "Unknown user"
