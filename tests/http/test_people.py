"""People over the wire: as others see them, and as administrators change them."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.http.conftest import Client
from tests.process.client import Person
from tests.process.server import ServerProcess

NUMBERS = count()


@pytest.fixture
def owner(server: ServerProcess) -> Person:
    return server.people("iago")[0]


@pytest.fixture
def new(owner: Person) -> Iterator[Person]:
    """Somebody of whom no other test knows."""
    email = f"new{next(NUMBERS)}@example.org"
    user_id = owner.ask("POST", "/users", email=email, full_name="Newcomer", password="correct horse")[
        "user_id"
    ]
    key = owner.ask("POST", "/fetch_api_key", username=email, password="correct horse")["api_key"]
    yield Person(owner.port, user_id, email, key)
    owner.call("DELETE", f"/users/{user_id}")


def person(viewer: Person, user_id: int, **how: Any) -> dict[str, Any]:
    found: dict[str, Any] = viewer.ask("GET", f"/users/{user_id}", **how)["user"]
    return found


# -- looking


def test_profiles_are_told_to_who_wants_them(hamlet: Person, new: Person) -> None:
    for wanted in (True, False):
        how = {"include_custom_profile_fields": wanted, "client_gravatar": False}
        assert ("profile_data" in person(hamlet, new.user_id, **how)) is wanted
        listed = hamlet.ask("GET", "/users", **how)["members"]
        assert all(("profile_data" in each) is wanted for each in listed)
    assert "profile_data" in hamlet.ask("GET", "/users/me")


def test_some_of_them(hamlet: Person, new: Person) -> None:
    ids = [new.user_id, hamlet.user_id, 99_999]
    listed = hamlet.ask("GET", "/users", user_ids=ids)["members"]
    assert [each["user_id"] for each in listed] == sorted([new.user_id, hamlet.user_id])


def test_by_address(hamlet: Person, new: Person) -> None:
    for email in (new.email, new.email.upper(), f"user{new.user_id}@127.0.0.1"):
        assert hamlet.ask("GET", f"/users/{email}")["user"]["user_id"] == new.user_id
    new.ask("PATCH", "/settings", email_address_visibility=4)
    assert person(hamlet, new.user_id)["delivery_email"] is None
    assert hamlet.call("GET", f"/users/{new.email}").body["msg"] == "No such user"
    stand_in = person(hamlet, new.user_id)["email"]
    assert hamlet.ask("GET", f"/users/{stand_in}")["user"]["user_id"] == new.user_id
    assert hamlet.ask("POST", "/messages", type="direct", to=[stand_in], content="hello")["id"]
    assert new.ask("GET", "/users/me")["delivery_email"] == new.email


@pytest.mark.parametrize("path", ["/users/99999", "/users/nobody@example.org", "/users/99999/presence"])
def test_nobody(hamlet: Person, path: str) -> None:
    assert hamlet.call("GET", path).body["msg"] == "No such user"


def test_presence(hamlet: Person, new: Person) -> None:
    nothing = hamlet.call("GET", f"/users/{new.user_id}/presence")
    assert nothing.body["msg"] == f"No presence data for {new.user_id}"
    new.ask("POST", "/users/me/presence", status="active", ping_only=True)
    for who in (new.user_id, new.email):
        presence = hamlet.ask("GET", f"/users/{who}/presence")["presence"]
        assert presence["website"] == presence["aggregated"]
        assert presence["website"]["status"] == "active"
        assert presence["website"].keys() == {"status", "timestamp"}


# -- changing


def test_an_administrator_changes_somebody(owner: Person, hamlet: Person, new: Person) -> None:
    watcher = hamlet.register(event_types=["realm_user"])
    owner.ask("PATCH", f"/users/{new.user_id}", full_name="Fortinbras", role=300)
    seen = [event["person"] for event in watcher.next(2)]
    assert seen == [
        {"user_id": new.user_id, "role": 300},
        {"user_id": new.user_id, "full_name": "Fortinbras"},
    ]
    owner.ask("PATCH", f"/users/{new.email}", role=400)
    assert person(hamlet, new.user_id)["role"] == 400


@pytest.mark.parametrize("role", ["0", '"owner"', "99999999999999999999", "[]", "100.5"])
def test_roles_that_are_none(owner: Person, new: Person, role: str) -> None:
    assert owner.call("PATCH", f"/users/{new.user_id}", role=role).is_error(400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("method", "path"),
    [("PATCH", ""), ("DELETE", ""), ("POST", "/reactivate")],
)
def test_members_change_nobody(hamlet: Person, new: Person, method: str, path: str) -> None:
    for user_id in (new.user_id, hamlet.user_id, 99_999):
        refused = hamlet.call(method, f"/users/{user_id}{path}", full_name="Fortinbras")
        assert refused.status == 400
        assert refused.body["msg"] in ("Insufficient permission", "Must be an organization administrator")
    assert person(hamlet, new.user_id)["full_name"] == "Newcomer"


def test_away_and_back(owner: Person, new: Person) -> None:
    owner.ask("DELETE", f"/users/{new.user_id}")
    assert new.call("GET", "/users/me").is_error(401, "UNAUTHORIZED")
    owner.ask("POST", f"/users/{new.user_id}/reactivate")
    assert new.ask("GET", "/users/me")["is_active"] is True
    new.ask("DELETE", "/users/me")
    assert new.call("GET", "/users/me").status == 401


def test_the_only_owner_stays(owner: Person) -> None:
    for path in ("me", owner.user_id):
        refused = owner.call("DELETE", f"/users/{path}")
        assert refused.is_error(400, "CANNOT_DEACTIVATE_LAST_USER")
        assert refused.body["is_last_owner"] is True
    assert owner.call("PATCH", f"/users/{owner.user_id}", role=400).status == 400


def test_a_new_key_of_ones_own(new: Person) -> None:
    key = new.ask("POST", "/users/me/api_key/regenerate")["api_key"]
    assert new.call("GET", "/users/me").status == 401
    assert Person(new.port, new.user_id, new.email, key).call("GET", "/users/me").status == 200


# -- oneself


def test_ones_name_and_password(new: Person) -> None:
    new.ask(
        "PATCH", "/settings", full_name="Renamed", old_password="correct horse", new_password="battery staple"
    )
    assert new.ask("GET", "/users/me")["full_name"] == "Renamed"
    for password, status in (("correct horse", 401), ("battery staple", 200)):
        assert new.call("POST", "/fetch_api_key", username=new.email, password=password).status == status


def test_tries_of_the_old_password_are_few(new: Person) -> None:
    for _ in range(5):
        wrong = new.call("PATCH", "/settings", old_password="wrong", new_password="battery staple")
        assert wrong.body["msg"] == "Wrong password!"
    assert new.call(
        "PATCH", "/settings", old_password="correct horse", new_password="battery staple"
    ).is_error(429, "RATE_LIMIT_HIT")


def test_nothing_to_set(new: Person) -> None:
    assert new.call("PATCH", "/settings").body["msg"] == "Please fill out all fields."


def test_a_new_address_waits_for_its_confirmation(new: Person) -> None:
    new.ask("PATCH", "/settings", email="elsewhere@example.org")
    assert new.ask("GET", "/users/me")["delivery_email"] == new.email


def test_an_address_that_one_types_gets_few_mails(new: Person) -> None:
    statuses = [new.call("PATCH", "/settings", email="stranger@example.org").status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert new.call("PATCH", "/settings", email="other@example.org").status == 200


def test_what_newcomers_begin_with(owner: Person, hamlet: Person) -> None:
    watcher = hamlet.register(event_types=["realm_user_settings_defaults"])
    owner.ask("PATCH", "/realm/user_settings_defaults", web_font_size_px=20)
    [event] = watcher.next(1)
    assert (event["property"], event["value"]) == ("web_font_size_px", 20)
    told = hamlet.register(fetch_event_types=["realm_user_settings_defaults"]).snapshot
    assert told["realm_user_settings_defaults"]["web_font_size_px"] == 20
    refused = hamlet.call("PATCH", "/realm/user_settings_defaults", web_font_size_px=16)
    assert refused.is_error(400, "UNAUTHORIZED_PRINCIPAL")
    owner.ask("PATCH", "/realm/user_settings_defaults", web_font_size_px=16)


# -- profile fields


def test_a_profile_field_from_its_making_to_its_end(owner: Person, hamlet: Person, new: Person) -> None:
    watcher = hamlet.register(event_types=["custom_profile_fields", "realm_user"])
    field_id = owner.ask("POST", "/realm/profile_fields", field_type=1, name="Phone", hint="at home")["id"]
    owner.ask("PATCH", f"/realm/profile_fields/{field_id}", name="Telephone", required=True)
    owner.ask("PATCH", "/realm/profile_fields", order=[field_id])
    new.ask("PATCH", "/users/me/profile_data", data=[{"id": field_id, "value": "0123"}])
    shown = person(hamlet, new.user_id, include_custom_profile_fields=True)["profile_data"]
    assert shown == {str(field_id): {"value": "0123", "rendered_value": "<p>0123</p>"}}
    new.ask("DELETE", "/users/me/profile_data", data=[field_id])
    owner.ask("PATCH", f"/users/{new.user_id}", profile_data=[{"id": field_id, "value": "0456"}])
    [listed] = hamlet.ask("GET", "/realm/profile_fields")["custom_fields"]
    assert (listed["name"], listed["hint"], listed["required"]) == ("Telephone", "at home", True)
    owner.ask("DELETE", f"/realm/profile_fields/{field_id}")
    kinds = [event["type"] for event in watcher.next(8)]
    assert kinds == [
        "custom_profile_fields", "custom_profile_fields", "custom_profile_fields",
        "realm_user", "realm_user", "realm_user", "realm_user", "custom_profile_fields",
    ]  # fmt: skip
    assert hamlet.ask("GET", "/realm/profile_fields")["custom_fields"] == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"field_type": "x"},
        {"field_type": 9, "name": "A"},
        {"field_type": 1},
        {"field_type": 3, "name": "A", "field_data": "[]"},
        {"field_type": 3, "name": "A", "field_data": "{"},
        {"field_type": 7, "name": "A", "field_data": '{"subtype": {}}'},
        {"field_type": 2, "name": "A", "display_in_profile_summary": True},
    ],
)
def test_bad_fields(owner: Person, given: dict[str, Any]) -> None:
    assert owner.call("POST", "/realm/profile_fields", **given).status == 400
    assert owner.ask("GET", "/realm/profile_fields")["custom_fields"] == []


def test_parameters_come_in_the_query_too(client: Client, owner: Person, new: Person) -> None:
    client.send(
        f"PATCH /api/v1/users/{new.user_id}?full_name=Queried",
        headers=f"Authorization: {owner.authorization}\r\n",
    )
    assert client.read().status == 200
    assert person(owner, new.user_id)["full_name"] == "Queried"
