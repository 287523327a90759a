"""The admin console's figures, findings, clients, slow requests and log."""

import logging
from typing import Any

import pytest

import appliance
from appliance.actions.user import setting as setting_actions
from appliance.base.options import REQUESTS_PER_MINUTE
from appliance.model.user import Role, User
from appliance.outside.breaker import FAILURES, Unreachable
from appliance.outside.roads import MAKERS
from appliance.store import device as devices
from tests.conftest import until
from tests.http.site import Site
from tests.process.client import Person

READ = (
    "overview", "findings", "clients", "slow_requests", "log", "jobs", "dead_letters", "mails", "pushes",
    "disk", "tables",
)  # fmt: skip


def person(site: Site, user: User) -> Person:
    return Person(site.runtime.port, user.id, user.email, user.api_key)


@pytest.fixture
def owner(site: Site, olga: User) -> Person:
    return person(site, olga)


def ask(owner: Person, name: str, **parameters: Any) -> dict[str, Any]:
    found: dict[str, Any] = owner.ask("GET", f"/appliance/admin/{name}", **parameters)
    return found


# Who may


@pytest.mark.parametrize("name", READ)
def test_administrators_see_it_and_nobody_else(site: Site, olga: User, name: str) -> None:
    admin = person(site, site.add("Ada", Role.ADMIN))
    assert ask(admin, name)["result"] == "success"
    for role in (Role.MODERATOR, Role.MEMBER, Role.GUEST):
        other = person(site, site.add(f"U{role}", role))
        refused = other.call("GET", f"/appliance/admin/{name}")
        assert refused.is_error(400, "UNAUTHORIZED_PRINCIPAL")


def test_to_watch_is_nothing_that_somebody_does(site: Site, owner: Person) -> None:
    """Who leaves the console open is not active for that, and the disk rests."""
    activity = site.runtime._activity
    activity.publish()
    before = site.store.committer.writes
    for name in ("overview", "clients", "jobs", "pushes"):
        ask(owner, name)
    activity.publish()
    assert site.store.committer.writes == before


# Figures


def test_the_overview_counts_what_goes_on(owner: Person) -> None:
    before = ask(owner, "overview")
    owner.ask("POST", "/register")
    owner.ask("POST", "/messages", type="direct", to=[owner.user_id], content="to myself")
    until(lambda: ask(owner, "overview")["events"] > before["events"])
    after = ask(owner, "overview")
    assert after["requests"] == before["requests"] + 2
    assert after["polls"] > before["polls"]
    assert after["event_queues"] == before["event_queues"] + 1
    assert after["cpu_seconds"] >= before["cpu_seconds"] > 0
    assert after["time"] - 600 < after["started"] <= after["time"]


def test_the_overview_has_sizes_in_bytes(owner: Person) -> None:
    found = ask(owner, "overview")
    assert found["version"] == appliance.__version__
    assert 10 << 20 < found["memory"] < 4 << 30
    assert found["database_bytes"] > 100_000
    assert 0 < found["disk_free"] < found["disk_total"]
    assert found["jobs_level"] == "OK"


# Findings


def levels(owner: Person) -> dict[str, str]:
    return {each["name"]: each["level"] for each in ask(owner, "findings")["findings"]}


def test_what_could_be_better_is_found(owner: Person) -> None:
    found = levels(owner)
    assert {"disk", "address", "mail", "durability", "outside", "jobs"} <= found.keys()
    assert (found["mail"], found["durability"], found["outside"]) == ("warning", "ok", "ok")


def test_a_host_that_is_left_alone_is_found(site: Site, owner: Person) -> None:
    breaker = site.runtime._console.breakers.of("mail.example.org:25")
    for _ in range(FAILURES):
        with pytest.raises(Unreachable), breaker.call():
            raise Unreachable("it is down")
    assert levels(owner)["outside"] == "warning"


# Clients


def test_clients_and_what_waits_for_them(owner: Person) -> None:
    queue = owner.ask("POST", "/register", client="ZulipMobile")
    owner.ask("POST", "/messages", type="direct", to=[owner.user_id], content="to myself")
    found = until(lambda: [each for each in ask(owner, "clients")["clients"] if each["events"]])
    [client] = found
    assert (client["full_name"], client["client"], client["waiting"]) == ("Olga Owner", "ZulipMobile", False)
    assert client["bytes"] > 0
    assert client["id"] == queue["queue_id"][:8]


def test_the_whole_id_of_a_queue_is_told_nobody(owner: Person) -> None:
    queue_id = owner.ask("POST", "/register")["queue_id"]
    assert queue_id not in str(ask(owner, "clients"))


# What was slow


def test_slow_requests_are_kept_without_what_was_asked(
    site: Site, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.base.slow.SLOW", 0.0)
    owner.call("GET", "/users/4711", include_custom_profile_fields="zqsecret")
    monkeypatch.undo()
    found = ask(owner, "slow_requests")["slow_requests"]
    [asked] = [each for each in found if each["route"] == "GET /users/<user_id:int>"]
    assert (asked["user_id"], asked["full_name"]) == (owner.user_id, "Olga Owner")
    assert asked["seconds"] > 0
    assert "4711" not in str(found)
    assert "zqsecret" not in str(found)


def test_quick_requests_are_not_kept(owner: Person) -> None:
    assert ask(owner, "slow_requests")["slow_requests"] == []


# The log


def test_warnings_are_shown_without_addresses_and_secrets(owner: Person) -> None:
    log = logging.getLogger("appliance.test")
    log.info("of no interest")
    log.warning("mail to ann@example.org: %s", "k" * 32)
    try:
        raise ValueError("what it says may be private")
    except ValueError:
        log.exception("a thing broke")
    newest, older = ask(owner, "log")["lines"][:2]
    assert (newest["level"], newest["text"]) == ("ERROR", "a thing broke (ValueError)")
    assert (older["logger"], older["text"]) == ("appliance.test", "mail to ********: ********")


# Pushes


def test_roads_of_pushes(site: Site, owner: Person) -> None:
    def write(transaction: Any) -> None:
        first, _ = (devices.add(transaction, owner.user_id, "ntfy", f"t{number}", {}) for number in range(2))
        devices.failed(transaction, [first], "the topic is reserved")

    site.store.write(write)
    roads = {each["road"]: each for each in ask(owner, "pushes")["roads"]}
    assert roads.keys() == MAKERS.keys()
    assert roads["apns"]["state"] == "off"
    told = roads["ntfy"]
    assert (told["state"], told["devices"], told["failing"]) == ("on", 2, 1)
    assert told["error"] == "the topic is reserved"


# The disk


def test_what_the_folder_takes(site: Site, owner: Person) -> None:
    folder = site.store.folder / "backups"
    folder.mkdir()
    (folder / "monday.tar").write_bytes(b"x" * 1000)
    found = ask(owner, "disk")
    assert found["parts"].keys() == {"database", "uploads", "outbox", "exports", "backups", "other"}
    assert found["parts"]["database"] > 100_000
    assert found["parts"]["backups"] == 1000
    assert [(each["name"], each["bytes"]) for each in found["backups"]] == [("monday.tar", 1000)]


def test_what_was_measured_a_moment_ago_is_told_again(site: Site, owner: Person) -> None:
    assert ask(owner, "disk")["backups"] == []
    (site.store.folder / "backups").mkdir()
    (site.store.folder / "backups" / "new.tar").touch()
    assert ask(owner, "disk")["backups"] == []


def test_one_measures_at_a_time(site: Site, owner: Person) -> None:
    with site.runtime._console.turns.of(0):
        assert owner.call("GET", "/appliance/admin/tables").is_error(503, "BUSY")
    assert ask(owner, "tables")["tables"]


def test_the_largest_tables(owner: Person) -> None:
    found = ask(owner, "tables")["tables"]
    sizes = [each["bytes"] for each in found]
    assert sizes == sorted(sizes, reverse=True)
    assert {"user", "message"} <= {each["name"] for each in found}


# Load


@pytest.mark.parametrize("settings", [{REQUESTS_PER_MINUTE: 5}])
def test_watching_leaves_the_requests_of_work_alone(owner: Person) -> None:
    for _ in range(4):
        ask(owner, "overview")
    for _ in range(5):
        assert owner.call("GET", "/users/me").status == 200


# The page of it


def test_a_browser_is_not_made_to_ask_for_a_password(site: Site) -> None:
    """As it does, by itself, for what answers 401 with WWW-Authenticate; the page could not go on."""
    browser = site.browser()
    answer = browser.get("/api/v1/appliance/admin/overview", **{"X-Requested-With": "page"})
    assert answer.status == 401
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize(("color_scheme", "theme"), [(1, ""), (2, "dark"), (3, "light")])
@pytest.mark.parametrize("path", ["/", "/admin"])
def test_the_theme_is_there_from_the_beginning(
    site: Site, olga: User, path: str, color_scheme: int, theme: str
) -> None:
    setting_actions.change(site.store, olga, {"color_scheme": color_scheme})
    assert f'<html lang="en" data-theme="{theme}">' in site.signed_in(olga).get(path).text
