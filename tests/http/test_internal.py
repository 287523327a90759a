"""What the server does for programs of its own, and that it does so for nobody else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.conftest import until
from tests.process.client import FORM, Answer, Person, encoded, request
from tests.process.server import ServerProcess, populate

ROUTES = [
    ("POST", "/api/v1/events/internal"),
    ("POST", "/api/internal/web_reload_clients"),
    ("GET", "/api/internal/queues"),
]
PER_MINUTE = 30


def secret_of(server: ServerProcess) -> str:
    return (server.data / "internal.secret").read_text()


def ask(
    server: ServerProcess, method: str, path: str, headers: dict[str, str] | None = None, **parameters: Any
) -> Answer:
    """With its parameters in a form, and nothing but these to show who is asking."""
    sent = {"Content-Type": FORM} | (headers or {})
    return request(server.port, method, path, body=encoded(parameters), headers=sent)


def denied(answer: Answer) -> bool:
    return answer.status == 403 and answer.body == {
        "result": "error",
        "msg": "Access denied",
        "code": "BAD_REQUEST",
    }


def create(server: ServerProcess, person: Person, **parameters: Any) -> Answer:
    """On behalf of somebody."""
    return ask(
        server,
        "POST",
        "/api/v1/events/internal",
        secret=secret_of(server),
        user_profile_id=person.user_id,
        **parameters,
    )


@pytest.fixture(scope="module")
def iago(server: ServerProcess) -> Person:
    """The owner of the organization, which is not the owner of the machine."""
    return server.people("iago")[0]


# Who may


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("given", [None, "", "wrong", "é" * 64, "0" * 64])
def test_nobody_may_without_the_secret(
    server: ServerProcess, method: str, path: str, given: str | None
) -> None:
    parameters = {} if given is None else {"secret": given}
    assert denied(ask(server, method, path, user_profile_id=1, **parameters))


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_key_takes_the_place_of_the_secret(
    server: ServerProcess, iago: Person, method: str, path: str
) -> None:
    headers = {"Authorization": iago.authorization}
    assert denied(ask(server, method, path, headers, user_profile_id=1))
    assert denied(ask(server, method, path, headers, user_profile_id=1, secret=iago.api_key))


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_part_of_the_secret_is_not_enough(server: ServerProcess, method: str, path: str) -> None:
    for part in (secret_of(server)[:-1], f"{secret_of(server)}0"):
        assert denied(ask(server, method, path, user_profile_id=1, secret=part))


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Behind a proxy, which says who is asking."""
    folder = tmp_path_factory.mktemp("limited") / "data"
    environ = {
        "APPLIANCE_LIMITS_REQUESTS_PER_MINUTE": str(PER_MINUTE),
        "APPLIANCE_SERVER_TRUSTED_PROXIES": "127.0.0.1",
    }
    server = ServerProcess(folder, populate(folder), environ=environ).start()
    yield server
    server.end()


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "127.0.0.1, 192.0.2.8", "unknown"])
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_may_from_elsewhere(limited: ServerProcess, method: str, path: str, address: str) -> None:
    headers = {"X-Forwarded-For": address}
    assert denied(ask(limited, method, path, headers, user_profile_id=1, secret=secret_of(limited)))


def test_guessing_is_limited_and_keeps_nobody_out(limited: ServerProcess) -> None:
    guesses = [ask(limited, "GET", "/api/internal/queues", secret="wrong") for _ in range(PER_MINUTE)]
    assert {answer.status for answer in guesses} == {403, 429}
    assert guesses[-1].is_error(429, "RATE_LIMIT_HIT")
    rightly = [
        ask(limited, "GET", "/api/internal/queues", secret=secret_of(limited)) for _ in range(PER_MINUTE)
    ]
    assert {answer.status for answer in rightly} == {200}


def test_making_queues_by_polling_is_limited_as_registering_is(limited: ServerProcess) -> None:
    [hamlet] = limited.people("hamlet")
    made = [hamlet.call("GET", "/events", dont_block=True) for _ in range(PER_MINUTE - 5)]
    assert {answer.status for answer in made} == {200}
    others = [hamlet.call("GET", "/users/me").status for _ in range(PER_MINUTE)]
    assert others.count(200) < 20  # (some come back while this runs)


def test_the_secret_is_told_to_nobody(server: ServerProcess, hamlet: Person) -> None:
    secret = secret_of(server)
    answers = [
        create(server, hamlet, dont_block="frob"),
        create(server, hamlet, narrow="[[["),
        ask(server, "GET", "/api/internal/queues", secret=secret, frob=secret),
        ask(server, "POST", "/api/internal/web_reload_clients", secret=secret, client_count="x"),
        ask(server, "POST", "/api/internal/frob", secret=secret),
        request(server.port, "GET", f"/api/internal/queues?{urlencode({'secret': secret})}"),
    ]
    assert [answer.status for answer in answers] == [400, 400, 200, 400, 404, 200]
    assert not any(secret in str(answer.body) for answer in answers)
    assert secret not in server.log


# Queues without a snapshot


def test_a_queue_on_behalf_of_somebody(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    made = create(server, hamlet, dont_block=True, event_types=["message"], apply_markdown=False)
    assert made.body == {"result": "success", "msg": "", "events": [], "queue_id": made.body["queue_id"]}
    cordelia.send(hamlet, "**hello**")
    [event] = until(
        lambda: create(
            server, hamlet, queue_id=made.body["queue_id"], last_event_id=-1, dont_block=True
        ).body["events"]
    )
    assert event["message"]["content"] == "**hello**"
    own = hamlet.ask("GET", "/events", queue_id=made.body["queue_id"], last_event_id=-1, dont_block=True)
    assert own["events"] == [event]


def test_it_may_be_waited_for(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    queue_id = create(server, hamlet, dont_block=True, event_types=["message"]).body["queue_id"]
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(create, server, hamlet, queue_id=queue_id, last_event_id=-1)
        until(lambda: [each["waiting"] for each in listed(server) if each["id"] == queue_id] == [True])
        message_id = cordelia.send(hamlet, "hello")
        [event] = waiting.result().body["events"]
    assert event["message"]["id"] == message_id


def test_it_may_be_fetched_on_behalf_of_its_owner_only(
    server: ServerProcess, hamlet: Person, cordelia: Person
) -> None:
    foreign = cordelia.register().queue_id
    answer = create(server, hamlet, queue_id=foreign, last_event_id=-1, dont_block=True)
    assert answer.is_error(400, "BAD_EVENT_QUEUE_ID")


@pytest.mark.parametrize(
    ("user_profile_id", "code"),
    [(99, "BAD_REQUEST"), ("x", "BAD_REQUEST"), (None, "REQUEST_VARIABLE_MISSING")],
)
def test_on_behalf_of_nobody(server: ServerProcess, user_profile_id: Any, code: str) -> None:
    who = {} if user_profile_id is None else {"user_profile_id": user_profile_id}
    answer = ask(server, "POST", "/api/v1/events/internal", secret=secret_of(server), dont_block=True, **who)
    assert answer.is_error(400, code)


def test_a_client_may_make_one_by_polling(hamlet: Person, cordelia: Person) -> None:
    made = hamlet.ask("GET", "/events", dont_block=True, event_types=["message"], lifespan_secs=60)
    assert made == {"result": "success", "msg": "", "events": [], "queue_id": made["queue_id"]}
    message_id = cordelia.send(hamlet, "hello")
    [event] = hamlet.ask("GET", "/events", queue_id=made["queue_id"], last_event_id=-1)["events"]
    assert event["message"]["id"] == message_id


def test_what_it_asks_for_is_kept(server: ServerProcess, hamlet: Person) -> None:
    narrow = [["is", "dm"]]
    made = hamlet.ask("GET", "/events", dont_block=True, narrow=narrow, lifespan_secs=60, client="odd")
    [found] = [each for each in listed(server) if each["id"] == made["queue_id"]]
    expected = {"narrow": narrow, "queue_timeout": 60, "client_type_name": "odd", "event_types": None}
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("parameters", "msg"),
    [
        ({}, "Missing 'queue_id' argument"),
        ({"dont_block": False}, "Missing 'queue_id' argument"),
        ({"last_event_id": -1}, "Missing 'queue_id' argument"),
        ({"queue_id": "x"}, "Missing 'last_event_id' argument"),
        ({"queue_id": "x", "dont_block": True}, "Missing 'last_event_id' argument"),
        ({"dont_block": True, "narrow": [["near", "1"]]}, "Operator near not supported."),
    ],
)
def test_what_is_missing(hamlet: Person, parameters: dict[str, Any], msg: str) -> None:
    answer = hamlet.call("GET", "/events", **parameters)
    assert answer.is_error(400, "BAD_REQUEST")
    assert answer.body["msg"] == msg


# The list of queues


def listed(server: ServerProcess) -> list[dict[str, Any]]:
    answer = ask(server, "GET", "/api/internal/queues", secret=secret_of(server))
    assert answer.status == 200
    found: list[dict[str, Any]] = answer.body["queues"]
    sums = {name: sum(each[name] for each in found) for name in ("waiting", "events", "bytes")}
    assert {**answer.body, "queues": []} == {
        "result": "success",
        "msg": "",
        "queues": [],
        "count": len(found),
        **sums,
    }
    return found


def test_the_list_of_queues(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    poller = hamlet.register(event_types=["message"], idle_queue_timeout=90)

    def facts() -> dict[str, Any]:
        [found] = [each for each in listed(server) if each["id"] == poller.queue_id]
        return found

    assert {**facts(), "idle_seconds": 0} == {
        "id": poller.queue_id,
        "user_id": hamlet.user_id,
        "client_type_name": "test",
        "events": 0,
        "bytes": 0,
        "waiting": False,
        "idle_seconds": 0,
        "queue_timeout": 90,
        "event_types": ["message"],
        "narrow": [],
    }
    cordelia.send(hamlet, "hello")
    until(lambda: facts()["events"] == 1)
    assert facts()["bytes"] > 100


# Reloading (the rest is in tests/process/test_restart.py)


def test_nobody_is_left_to_reload_when_all_were_told_at_start(server: ServerProcess, hamlet: Person) -> None:
    hamlet.register()
    for parameters, complete in (({}, True), ({"client_count": 5}, True), ({"client_count": 0}, False)):
        answer = ask(
            server,
            "POST",
            "/api/internal/web_reload_clients",
            secret=secret_of(server),
            **parameters,
        )
        assert answer.body == {"result": "success", "msg": "", "sent_events": 0, "complete": complete}


@pytest.mark.parametrize("count", [-1, "x", 10**30])
def test_a_count_that_is_none(server: ServerProcess, count: Any) -> None:
    answer = ask(
        server,
        "POST",
        "/api/internal/web_reload_clients",
        secret=secret_of(server),
        client_count=count,
    )
    assert answer.is_error(400, "BAD_REQUEST")
