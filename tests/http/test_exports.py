"""Exports: the routes of the API, and the files at their addresses."""

from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit

import pytest

from appliance.actions.bot import account as bot_actions
from appliance.actions.bot.account import Wanted
from appliance.actions.user import deactivation
from appliance.actions.user import setting as setting_actions
from appliance.model.bot import INCOMING_WEBHOOK
from appliance.model.user import Role, User
from tests.conftest import until
from tests.http.site import Answer, Browser, Site
from tests.process.client import Person


def person(site: Site, user: User) -> Person:
    return Person(site.runtime.port, user.id, user.email, user.api_key)


@pytest.fixture
def owner(site: Site, olga: User) -> Person:
    return person(site, olga)


def made(owner: Person) -> dict[str, Any]:
    owner.ask("POST", "/export/realm")
    found: dict[str, Any] = until(lambda: ready(owner))[-1]
    return found


def ready(owner: Person) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = owner.ask("GET", "/export/realm")["exports"]
    return [] if any(each["pending"] for each in listed) else listed


@pytest.fixture
def path(owner: Person) -> str:
    """Where one lies."""
    return str(urlsplit(made(owner)["export_url"]).path)


# The API


def test_asking_and_deleting(owner: Person) -> None:
    export = made(owner)
    assert export["export_type"] == 1
    owner.ask("DELETE", f"/export/realm/{export['id']}")
    [gone] = ready(owner)
    assert (gone["export_url"], gone["pending"]) == (None, False)
    again = owner.call("DELETE", f"/export/realm/{export['id']}")
    assert again.is_error(400, "BAD_REQUEST")
    assert again.body["msg"] == "Export already deleted"


@pytest.mark.parametrize(
    ("export_type", "msg"),
    [
        (2, "Make sure at least one Organization Owner is consenting to the export."),
        (3, "Invalid export_type"),
        ("x", "export_type is not an integer"),
    ],
)
def test_bad_requests(owner: Person, export_type: Any, msg: str) -> None:
    answer = owner.call("POST", "/export/realm", export_type=export_type)
    assert answer.is_error(400, "BAD_REQUEST")
    assert answer.body["msg"] == msg
    assert owner.ask("GET", "/export/realm")["exports"] == []


def test_with_consent(site: Site, olga: User, owner: Person) -> None:
    setting_actions.change(site.store, olga, {"allow_private_data_export": True})
    assert owner.ask("GET", "/export/realm/consents")["export_consents"] == [
        {"user_id": olga.id, "consented": True}
    ]
    assert owner.ask("POST", "/export/realm", export_type=2)["id"]


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.MEMBER, Role.GUEST])
@pytest.mark.parametrize(
    ("method", "route"),
    [
        ("POST", "/export/realm"),
        ("GET", "/export/realm"),
        ("GET", "/export/realm/consents"),
        ("DELETE", "/export/realm/1"),
    ],
)
def test_only_administrators(site: Site, path: str, role: Role, method: str, route: str) -> None:
    answer = person(site, site.add("Otto Other", role)).call(method, route)
    assert answer.is_error(400, "UNAUTHORIZED_PRINCIPAL")
    assert path not in str(answer.body)


def test_others_hear_of_nothing(site: Site, owner: Person, ann: User) -> None:
    poller = person(site, ann).register()
    made(owner)
    person(site, ann).ask("POST", "/users/me/presence", status="active")
    owner.send(person(site, ann), "last")
    until(lambda: poller.poll() and any(each["type"] == "message" for each in poller.events))
    assert "realm_export" not in {each["type"] for each in poller.events}


# The file


def key_of(user: User) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{user.email}:{user.api_key}".encode()).decode()}


def is_archive(answer: Answer) -> bool:
    return answer.status == 200 and answer.body.startswith(b"\x1f\x8b")


def test_a_browser_of_an_administrator(site: Site, olga: User, path: str) -> None:
    answer = site.signed_in(olga).get(path)
    assert is_archive(answer)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{path.rpartition("/")[2]}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_key_of_an_administrator(site: Site, olga: User, path: str) -> None:
    assert is_archive(site.browser().get(path, **key_of(olga)))
    assert is_archive(site.browser().get(path, **key_of(site.add("Ada Admin", Role.ADMIN))))


def test_a_part_of_it(site: Site, olga: User, path: str) -> None:
    whole = site.signed_in(olga).get(path).body
    part = site.signed_in(olga).get(path, Range="bytes=10-19")
    assert (part.status, part.body) == (206, whole[10:20])


def strangers(site: Site, olga: User) -> dict[str, tuple[Browser, dict[str, str]]]:
    ann, gone = site.add("Ann Member"), site.add("Gus Gone", Role.ADMIN)
    webhook = bot_actions.create(site.store, olga, Wanted("Hook", "hook", INCOMING_WEBHOOK), "example.org")
    browser = site.signed_in(gone)
    deactivation.deactivate(site.store, gone)
    forged = site.browser()
    forged.token = "forged"
    return {
        "nobody": (site.browser(), {}),
        "a member": (site.signed_in(ann), {}),
        "a member's key": (site.browser(), key_of(ann)),
        "a wrong key": (site.browser(), {"Authorization": "Basic " + b64encode(b"a:" + b"x" * 32).decode()}),
        "who is not here any more": (browser, {}),
        "their key": (site.browser(), key_of(gone)),
        "a webhook": (site.browser(), key_of(webhook)),
        "a forged session": (forged, {}),
    }


def test_for_all_others_there_is_nothing(site: Site, olga: User, path: str) -> None:
    answers = {who: browser.get(path, **headers) for who, (browser, headers) in strangers(site, olga).items()}
    assert {who: answer.status for who, answer in answers.items()} == dict.fromkeys(answers, 404)
    assert [who for who, answer in answers.items() if b"\x1f\x8b" in answer.body] == []


@pytest.mark.parametrize(
    "other",
    [
        "/exports/x/{name}",
        "/exports/{token}/x",
        "/exports/{token}/..%2F..%2Fappliance.db",
        "/exports/{token}/",
    ],
)
def test_other_addresses(site: Site, olga: User, path: str, other: str) -> None:
    _, _, token, name = path.split("/")
    assert site.signed_in(olga).get(other.format(token=token, name=name)).status == 404
