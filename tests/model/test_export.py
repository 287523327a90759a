"""Exports: their kinds, and the object of the API."""

from dataclasses import replace
from typing import Any

import pytest

from appliance.base.errors import ApiError
from appliance.model import export as export_model
from appliance.model.export import Export, Kind, Status
from appliance.model.user import Role, User

EXPORT = Export(3, Kind.PUBLIC, 7, 1000, Status.REQUESTED, "token", "team.tar.gz")
OWNER = User(7, "o@example.org", "Olga", Role.OWNER, True, None, None, False, "", None, 0, {})


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, {"pending": True}),
        ({"status": Status.STARTED}, {"pending": True}),
        (
            {"status": Status.SUCCEEDED, "finished": 1010, "size": 5},
            {"export_url": "https://chat.test/exports/token/team.tar.gz"},
        ),
        ({"status": Status.FAILED, "finished": 1010, "error": "secret"}, {"failed_timestamp": 1010}),
        ({"status": Status.SUCCEEDED, "finished": 1010, "deleted": 1020}, {"deleted_timestamp": 1020}),
        ({"kind": Kind.CONSENTED}, {"pending": True, "export_type": 2}),
    ],
)
def test_what_clients_see(changes: dict[str, Any], shown: dict[str, Any]) -> None:
    usual = {
        "id": 3,
        "acting_user_id": 7,
        "export_time": 1000,
        "export_type": 1,
        "export_url": None,
        "pending": False,
        "failed_timestamp": None,
        "deleted_timestamp": None,
    }
    assert export_model.public(replace(EXPORT, **changes), "https://chat.test") == usual | shown


@pytest.mark.parametrize("given", [0, 3, -1])
def test_kinds_of_the_api(given: int) -> None:
    assert export_model.check_kind(2) == Kind.CONSENTED
    with pytest.raises(ApiError, match="Invalid export_type"):
        export_model.check_kind(given)


HIDDEN, CONSENTING = {"email_address_visibility": 4}, {"allow_private_data_export": True}


@pytest.mark.parametrize(
    ("kind", "owners", "usable"),
    [
        (Kind.PUBLIC, [{}], True),
        (Kind.PUBLIC, [HIDDEN], False),
        (Kind.PUBLIC, [HIDDEN, {}], True),
        (Kind.CONSENTED, [{}], False),
        (Kind.CONSENTED, [{}, CONSENTING], True),
        (Kind.CONSENTED, [CONSENTING | HIDDEN], True),
    ],
)
def test_there_must_be_an_owner_in_it(kind: Kind, owners: list[dict[str, Any]], usable: bool) -> None:
    people = [replace(OWNER, id=number, settings=each) for number, each in enumerate(owners)]
    gone = [replace(OWNER, is_active=False, settings=CONSENTING), replace(OWNER, role=Role.ADMIN)]
    if usable:
        export_model.check_usable(kind, people)
    else:
        with pytest.raises(ApiError, match="Make sure at least one Organization Owner"):
            export_model.check_usable(kind, [*people, *gone])
