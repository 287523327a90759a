"""People: names, addresses, and the object that others see."""

from dataclasses import replace

import pytest

from appliance.base.errors import ApiError
from appliance.model.bot import GENERIC
from appliance.model.user import Role, User, check_email, check_full_name, public

ANN = User(
    5, "ann@example.org", "Ann", Role.MEMBER, True, None, None, False, "s3cr3t", "hash", 1_700_000_000, {}
)


def test_a_person_as_others_see_them() -> None:
    seen = public(ANN)
    assert (seen["user_id"], seen["email"], seen["full_name"], seen["role"]) == (
        5,
        "ann@example.org",
        "Ann",
        400,
    )
    assert (seen["is_bot"], seen["bot_type"], seen["is_active"]) == (False, None, True)
    assert seen["date_joined"] == "2023-11-14T22:13:20+00:00"
    assert seen["timezone"] == ""
    assert "bot_owner_id" not in seen
    assert "is_system_bot" not in seen


def test_no_secret_is_shown() -> None:
    assert not {"s3cr3t", "hash"} & {str(value) for value in public(ANN).values()}


def test_a_bot_has_an_owner() -> None:
    seen = public(replace(ANN, bot_type=GENERIC, bot_owner_id=7, is_system=True))
    assert (seen["is_bot"], seen["bot_type"], seen["bot_owner_id"], seen["is_system_bot"]) == (
        True,
        1,
        7,
        True,
    )


@pytest.mark.parametrize(
    ("role", "owner", "admin", "guest"),
    [
        (Role.OWNER, True, True, False),
        (Role.ADMIN, False, True, False),
        (Role.MODERATOR, False, False, False),
        (Role.MEMBER, False, False, False),
        (Role.GUEST, False, False, True),
    ],
)
def test_roles(role: Role, owner: bool, admin: bool, guest: bool) -> None:
    user = replace(ANN, role=role)
    seen = public(user)
    assert (seen["is_owner"], seen["is_admin"], seen["is_guest"]) == (owner, admin, guest)
    assert (user.is_admin, user.is_guest) == (admin, guest)


def test_a_setting_has_its_default_until_it_is_changed() -> None:
    assert ANN.setting("presence_enabled") is True
    assert replace(ANN, settings={"presence_enabled": False}).setting("presence_enabled") is False
    with pytest.raises(KeyError):
        ANN.setting("no_such_setting")


@pytest.mark.parametrize(
    ("name", "kept"), [(" Ann ", "Ann"), ("Al", "Al"), ("x" * 100, "x" * 100), ("Zoë O'Neil", "Zoë O'Neil")]
)
def test_names(name: str, kept: str) -> None:
    assert check_full_name(name) == kept


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "Name too short!"),
        (" A ", "Name too short!"),
        ("x" * 101, "Name too long!"),
        *[(f"An{each}n", "Invalid characters in name!") for each in '*`\\>"@\n\0\u200b'],
    ],
)
def test_names_that_cannot_be(name: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        check_full_name(name)
    assert str(raised.value) == error


@pytest.mark.parametrize(
    "email", ["ann@example.org", " ann+chat@mail.example.org ", "ann@localhost", "ä@ö.example"]
)
def test_addresses(email: str) -> None:
    assert check_email(email) == email.strip()


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ann",
        "@example.org",
        "ann@",
        "a b@example.org",
        "ann@b@c",
        "Ann <ann@example.org>",
        "a@x\r\nBcc: b@x",
        "x" * 65 + "@x",
    ],
)
def test_addresses_that_cannot_be(email: str) -> None:
    with pytest.raises(ApiError, match=r"^Enter a valid email address\.$"):
        check_email(email)
