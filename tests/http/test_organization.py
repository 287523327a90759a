"""The organization, as clients change and watch it: settings, linkifiers, playgrounds, domains."""

from typing import Any

import pytest

from tests.process.client import Person
from tests.process.server import ServerProcess

BUG, TEMPLATE = "#(?P<id>[0-9]+)", "https://bugs.example.org/{id}"
ADMIN, OWNER = "Must be an organization administrator", "Must be an organization owner"


@pytest.fixture
def iago(server: ServerProcess) -> Person:
    return server.people("iago")[0]


def told(person: Person, *types: str) -> Any:
    able = {"notification_settings_null": True, "linkifier_url_template": True}
    return person.register(event_types=list(types), client_capabilities=able)


def test_settings_change_and_are_told(iago: Person, cordelia: Person) -> None:
    watcher = told(cordelia, "realm")
    before = watcher.snapshot["realm_name"]
    iago.ask(
        "PATCH",
        "/realm",
        name="Verona",
        mandatory_topics=True,
        message_content_delete_limit_seconds="unlimited",
        default_language="de",
        can_create_groups={"new": 5, "old": 3},
    )
    events = watcher.next(5)
    assert [each.get("property") for each in events] == [
        "name", "mandatory_topics", "message_content_delete_limit_seconds", "default_language", "default",
    ]  # fmt: skip
    snapshot = told(cordelia, "realm").snapshot
    assert (snapshot["realm_name"], snapshot["realm_default_language"]) == ("Verona", "de")
    assert snapshot["realm_message_content_delete_limit_seconds"] is None
    assert snapshot["realm_can_create_groups"] == 5
    answer = iago.ask(
        "PATCH",
        "/realm",
        name=before,
        mandatory_topics=False,
        message_content_delete_limit_seconds=600,
        default_language='"en"',
        can_create_groups={"new": 3},
    )
    assert answer["mandatory_topics"] is False
    assert "ignored_parameters_unsupported" not in answer


def test_what_is_no_setting_is_reported(iago: Person) -> None:
    answer = iago.ask("PATCH", "/realm", giphy_rating=2, string_id="x")
    assert answer["ignored_parameters_unsupported"] == ["giphy_rating", "string_id"]


@pytest.mark.parametrize(
    ("given", "msg"),
    [
        ({"authentication_methods": {"Email": False}}, "address and password"),
        ({"name": "x" * 41}, "1 to 40 characters"),
        ({"mandatory_topics": 3}, "mandatory_topics is not a boolean"),
        ({"can_create_groups": 5}, "can_create_groups is missing 'new'"),
        ({"can_create_groups": {"new": {"direct_members": "x"}}}, "is not a group id"),
        ({"signup_announcements_stream_id": 10**18}, "signup_announcements_stream_id"),
        ({"waiting_period_threshold": 10**40}, "waiting_period_threshold"),
    ],
)
def test_mistakes(iago: Person, given: dict[str, Any], msg: str) -> None:
    answer = iago.call("PATCH", "/realm", **given)
    assert answer.is_error(400, "BAD_REQUEST")
    assert msg in answer.body["msg"]


def test_linkifiers(iago: Person, hamlet: Person) -> None:
    watcher = told(hamlet, "realm_linkifiers")
    made = iago.ask("POST", "/realm/filters", pattern=BUG, url_template=TEMPLATE)["id"]
    other = iago.ask("POST", "/realm/filters", pattern="bug", url_template="https://bugs.example.org")["id"]
    iago.ask("PATCH", f"/realm/filters/{other}", pattern="bugs", url_template="https://bugs.example.org")
    iago.ask("PATCH", "/realm/linkifiers", ordered_linkifier_ids=[other, made])
    listed = hamlet.ask("GET", "/realm/linkifiers")["linkifiers"]
    assert [(each["id"], each["pattern"]) for each in listed] == [(other, "bugs"), (made, BUG)]
    assert watcher.next(4)[-1]["realm_linkifiers"] == listed
    assert told(hamlet, "realm_linkifiers").snapshot["realm_linkifiers"] == listed
    old = hamlet.register(event_types=["realm_linkifiers", "realm_filters"]).snapshot
    assert (old["realm_linkifiers"], old["realm_filters"]) == ([], [])
    for each in (made, other):
        iago.ask("DELETE", f"/realm/filters/{each}")
    assert hamlet.ask("GET", "/realm/linkifiers")["linkifiers"] == []


def test_playgrounds(iago: Person, hamlet: Person) -> None:
    watcher = told(hamlet, "realm_playgrounds")
    given = {"name": "Try", "pygments_language": "Python", "url_template": "https://x.example/{code}"}
    made = iago.ask("POST", "/realm/playgrounds", **given)["id"]
    assert told(hamlet, "realm_playgrounds").snapshot["realm_playgrounds"] == [{"id": made, **given}]
    iago.ask("DELETE", f"/realm/playgrounds/{made}")
    assert [len(each["realm_playgrounds"]) for each in watcher.next(2)] == [1, 0]


def test_domains(iago: Person, hamlet: Person) -> None:
    watcher = told(hamlet, "realm_domains")
    answer = iago.ask("POST", "/realm/domains", domain="Example.org", allow_subdomains=True)
    assert answer["new_domain"] == "example.org"
    shown = [{"domain": "example.org", "allow_subdomains": False}]
    iago.ask("PATCH", "/realm/domains/EXAMPLE.org", allow_subdomains=False)
    assert hamlet.ask("GET", "/realm/domains")["domains"] == shown
    assert told(hamlet, "realm_domains").snapshot["realm_domains"] == shown
    iago.ask("DELETE", "/realm/domains/example.org")
    assert [each["op"] for each in watcher.next(3)] == ["add", "change", "remove"]


@pytest.mark.parametrize(
    ("method", "path", "parameters", "msg"),
    [
        ("PATCH", "/realm", {"name": "x"}, ADMIN),
        ("PATCH", "/realm", {"authentication_methods": {}}, OWNER),
        ("POST", "/realm/deactivate", {}, OWNER),
        ("PATCH", "/realm/linkifiers", {"ordered_linkifier_ids": []}, ADMIN),
        ("POST", "/realm/filters", {"pattern": BUG, "url_template": TEMPLATE}, ADMIN),
        ("PATCH", "/realm/filters/1", {"pattern": BUG, "url_template": TEMPLATE}, ADMIN),
        ("DELETE", "/realm/filters/1", {}, ADMIN),
        (
            "POST",
            "/realm/playgrounds",
            {"name": "x", "pygments_language": "C", "url_template": "https://x.example/{code}"},
            ADMIN,
        ),
        ("DELETE", "/realm/playgrounds/1", {}, ADMIN),
        ("POST", "/realm/domains", {"domain": "x.org", "allow_subdomains": True}, OWNER),
        ("PATCH", "/realm/domains/x.org", {"allow_subdomains": True}, OWNER),
        ("DELETE", "/realm/domains/x.org", {}, OWNER),
    ],
)
def test_not_for_everybody(
    hamlet: Person, method: str, path: str, parameters: dict[str, Any], msg: str
) -> None:
    answer = hamlet.call(method, path, **parameters)
    assert answer.is_error(400, "UNAUTHORIZED_PRINCIPAL")
    assert answer.body["msg"] == msg
