"""Invitations: what they say, and for how long they are good."""

import pytest

from appliance.base.errors import ApiError
from appliance.model import invitation
from appliance.model.invitation import DAY, MAX_MINUTES, Invitation, Status, Terms
from appliance.model.user import Role

URL, NOW = "https://chat.example.org", 1_700_000_000
WEEK_OF_MINUTES = 7 * 24 * 60


def make(
    minutes: int | None = WEEK_OF_MINUTES, status: Status = Status.OPEN, email: str | None = "a@b.c"
) -> Invitation:
    expires = None if minutes is None else NOW + minutes * 60
    return Invitation(3, email, "token", None, 5, NOW, expires, status, Terms(Role.ADMIN, minutes))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@x.org", ["a@x.org"]),
        ("a@x.org, b@x.org\nc@x.org,\n,", ["a@x.org", "b@x.org", "c@x.org"]),
        ("Ann A <a@x.org>, <b@x.org>", ["a@x.org", "b@x.org"]),
        ("a@x.org, A@x.org", ["A@x.org"]),
        ("not an address", ["not an address"]),
    ],
)
def test_addresses_of_a_text(text: str, found: list[str]) -> None:
    assert invitation.addresses(text) == found


@pytest.mark.parametrize("text", ["", " ", ",", "\n,\n", "<>"])
def test_no_address_at_all(text: str) -> None:
    with pytest.raises(ApiError, match=r"^You must specify at least one email address\.$"):
        invitation.addresses(text)


@pytest.mark.parametrize(
    ("minutes", "status", "later", "is_open"),
    [
        (10, Status.OPEN, 0, True),
        (10, Status.OPEN, 599, True),
        (10, Status.OPEN, 600, False),
        (None, Status.OPEN, 10**9, True),
        (10, Status.USED, 0, False),
        (None, Status.REVOKED, 0, False),
    ],
)
def test_for_how_long_it_is_good(minutes: int | None, status: Status, later: int, is_open: bool) -> None:
    assert make(minutes, status).is_open(NOW + later) is is_open


@pytest.mark.parametrize(
    ("days", "reminder"), [(3, None), (4, NOW + 2 * DAY), (10, NOW + 8 * DAY), (None, None)]
)
def test_what_is_valid_for_days_is_called_to_mind(days: int | None, reminder: int | None) -> None:
    assert make(None if days is None else days * 24 * 60).reminder == reminder


def test_one_of_a_person_as_clients_see_it() -> None:
    assert invitation.public(make(), URL) == {
        "id": 3,
        "email": "a@b.c",
        "invited": NOW,
        "expiry_date": NOW + 7 * DAY,
        "invited_as": 200,
        "invited_by_user_id": 5,
        "notify_referrer_on_join": True,
        "is_multiuse": False,
    }


def test_a_link_as_clients_see_it() -> None:
    shown = invitation.public(make(None, email=None), URL)
    assert (shown["is_multiuse"], shown["link_url"]) == (True, f"{URL}/join/token")
    assert shown["expiry_date"] is None
    assert "email" not in shown


@pytest.mark.parametrize("minutes", [0, -1, MAX_MINUTES + 1])
def test_minutes_have_bounds(minutes: int) -> None:
    with pytest.raises(ApiError, match="invite_expires_in_minutes"):
        invitation.check_minutes(minutes)


@pytest.mark.parametrize("minutes", [1, MAX_MINUTES, None])
def test_within_them_or_for_ever(minutes: int | None) -> None:
    assert invitation.check_minutes(minutes) == minutes


def test_roles_are_those_that_there_are() -> None:
    assert [invitation.check_role(each) for each in (100, 200, 300, 400, 600)] == sorted(Role)
    with pytest.raises(ApiError, match="Invalid invite_as"):
        invitation.check_role(500)
