"""Queues of background work in the admin console, and dead letters: look, try again, drop."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.server import dead_letter
from appliance.base.config import MASK
from appliance.http.routes import admin
from appliance.model.user import Role, User
from appliance.store import job as job_table
from appliance.store import job_selection
from appliance.store.job_selection import Selection
from appliance.store.transaction import Transaction
from tests.conftest import until
from tests.http.site import Site
from tests.process.client import Person

PATH = "/appliance/admin/dead_letters"
Bury = Callable[..., int]
NOBODYS = "errands"  # a queue that no worker works, so that what is put back stays there
MAILS = "email_senders"


@pytest.fixture
def owner(site: Site, olga: User) -> Person:
    return Person(site.runtime.port, olga.id, olga.email, olga.api_key)


@pytest.fixture
def bury(site: Site) -> Bury:
    """Makes a dead letter; its id."""

    def one(queue: str = NOBODYS, event: Any = None, error: str = "too slow") -> int:
        def write(transaction: Transaction) -> int:
            job_id = transaction.job(queue, event or {})
            assert job_id is not None
            job_table.bury(transaction, job_id, 4, error)
            return job_id

        return site.store.write(write)

    return one


def listed(owner: Person, **parameters: Any) -> list[int]:
    return [each["id"] for each in owner.ask("GET", PATH, **parameters)["dead_letters"]]


def dead(site: Site) -> list[int]:
    with site.store.read() as reader:
        return job_selection.ids(reader, Selection(dead=True))


def waiting(site: Site, queue: str) -> int:
    with site.store.read() as reader:
        return job_selection.count(reader, 0).get(queue, job_selection.Count()).ready


def queue_of(owner: Person, name: str) -> dict[str, Any]:
    found = owner.ask("GET", "/appliance/admin/jobs")["queues"]
    return next(each for each in found if each["queue"] == name)


# Queues


def test_queues_that_rest(owner: Person) -> None:
    found = queue_of(owner, MAILS)
    assert (found["level"], found["ready"], found["later"], found["dead"]) == ("OK", 0, 0, 0)
    assert found["oldest"] is None


def test_a_queue_with_work(site: Site, owner: Person, bury: Bury) -> None:
    bury()
    site.store.write(lambda transaction: transaction.job(NOBODYS, {}))
    found = queue_of(owner, NOBODYS)
    assert (found["ready"], found["dead"]) == (1, 1)
    assert found["oldest"] > 1_700_000_000


def test_how_jobs_ended_is_counted(site: Site, owner: Person) -> None:
    site.store.write(lambda transaction: transaction.job(MAILS, {"nonsense": True}))
    until(lambda: dead(site))
    assert queue_of(owner, MAILS)["ended"] == {"dead": 1}


# Looking


def test_dead_letters_newest_first(owner: Person, bury: Bury) -> None:
    first, second, third = bury(), bury("others"), bury()
    assert listed(owner) == [third, second, first]
    assert listed(owner, queue=NOBODYS) == [third, first]
    assert listed(owner, before=second) == [first]
    assert listed(owner, limit=1) == [third]


def test_so_do_addresses_and_keys_in_what_others_answered(owner: Person, bury: Bury) -> None:
    bury(error=f"550 <ann@example.org> unknown, key {'a1' * 16}")
    [found] = owner.ask("GET", PATH)["dead_letters"]
    assert found["error"] == f"550 <{MASK}> unknown, key {MASK}"


def test_what_people_wrote_stays_hidden(owner: Person, bury: Bury) -> None:
    event = {"type": "add", "user_profile_id": 7, "text": "zqsecret", "to_emails": ["ann@example.org"]}
    job_id = bury(event=event, error="the server says no")
    found = owner.ask("GET", f"{PATH}/{job_id}")
    assert (found["error"], found["failed_tries"], found["queue"]) == ("the server says no", 4, NOBODYS)
    assert found["event"] == {
        "type": "add",
        "user_profile_id": 7,
        "text": "… (8 characters)",
        "to_emails": ["… (15 characters)"],
    }


def test_one_that_is_not_there(owner: Person) -> None:
    assert owner.call("GET", f"{PATH}/4711").is_error(404, "BAD_REQUEST")


def test_a_job_that_waits_is_no_dead_letter(site: Site, owner: Person) -> None:
    job_id = site.store.write(lambda transaction: transaction.job(NOBODYS, {}))
    assert owner.call("GET", f"{PATH}/{job_id}").status == 404
    assert owner.call("DELETE", PATH, job_ids=[job_id]).status == 404
    assert waiting(site, NOBODYS) == 1


# Trying again and dropping


def test_trying_again(site: Site, owner: Person, bury: Bury) -> None:
    first, second = bury(), bury()
    done = owner.ask("POST", f"{PATH}/retry", job_ids=[first])
    assert (done["retried"], done["left"]) == (1, 0)
    assert listed(owner) == [second]
    assert waiting(site, NOBODYS) == 1


def test_it_is_worked_at_once(site: Site, owner: Person) -> None:
    """By the server that runs: what makes no sense is a dead letter once more."""
    site.store.write(lambda transaction: transaction.job(MAILS, {"nonsense": True}))
    [first] = until(lambda: dead(site))
    owner.ask("POST", f"{PATH}/retry", queue=MAILS)
    [second] = until(lambda: dead(site))
    assert second > first


def test_dropping(site: Site, owner: Person, bury: Bury) -> None:
    first, second = bury(), bury()
    assert owner.ask("DELETE", PATH, job_ids=[first])["dropped"] == 1
    assert listed(owner) == [second]
    assert waiting(site, NOBODYS) == 0


def test_all_of_a_queue_by_and_by(owner: Person, bury: Bury, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_letter, "TOGETHER", 2)
    kept = bury("others")
    for _ in range(3):
        bury()
    lefts = [owner.ask("DELETE", PATH, queue=NOBODYS)["left"] for _ in range(2)]
    assert lefts == [1, 0]
    assert listed(owner) == [kept]


@pytest.mark.parametrize(("method", "path"), [("POST", f"{PATH}/retry"), ("DELETE", PATH)])
@pytest.mark.parametrize(
    ("parameters", "status", "code"),
    [
        ({}, 400, "REQUEST_VARIABLE_MISSING"),
        ({"job_ids": []}, 404, "BAD_REQUEST"),
        ({"job_ids": [4711]}, 404, "BAD_REQUEST"),
        ({"job_ids": ["x"]}, 400, "BAD_REQUEST"),
        ({"queue": "nowhere"}, 404, "BAD_REQUEST"),
    ],
)
def test_nothing_is_meant(
    owner: Person, bury: Bury, method: str, path: str, parameters: Any, status: int, code: str
) -> None:
    job_id = bury()
    assert owner.call(method, path, **parameters).is_error(status, code)
    assert listed(owner) == [job_id]


def test_dead_letters_are_counted_no_further_than_that(
    owner: Person, bury: Bury, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin, "MOST_COUNTED", 2)
    counts = [bury() and owner.ask("GET", "/appliance/admin/overview")["dead_letters"] for _ in range(3)]
    assert counts == [1, 2, 2]


def test_others_change_nothing(site: Site, olga: User, owner: Person, bury: Bury) -> None:
    job_id = bury()
    mod = site.add("Mod", Role.MODERATOR)
    moderator = Person(site.runtime.port, mod.id, mod.email, mod.api_key)
    assert moderator.call("POST", f"{PATH}/retry", job_ids=[job_id]).status == 400
    assert moderator.call("DELETE", PATH, job_ids=[job_id]).status == 400
    assert moderator.call("GET", f"{PATH}/{job_id}").status == 400
    assert listed(owner) == [job_id]
