"""Who may: keys and passwords, what belongs to somebody else, rate limits."""

import json
import time
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.conftest import until
from tests.process.client import FORM, Person, basic, request
from tests.process.server import ServerProcess, populate

BAD, REFUSED = "BAD_REQUEST", "UNAUTHORIZED"
NUL = "a\0b"

# Who is calling

KEY = "x" * 32


@pytest.mark.parametrize(
    ("header", "msg"),
    [
        (None, "Not logged in: API authentication or user session required"),
        ("Basic", "Invalid authorization header for basic auth"),
        ("Basic !!!", "Invalid authorization header for basic auth"),
        ("Basic \xe4\xf6", "Invalid authorization header for basic auth"),
        ("Basic " + b64encode(b"\xff\xff:\xff").decode(), "Invalid authorization header for basic auth"),
        ("Basic " + b64encode(b"no colon").decode(), "Invalid authorization header for basic auth"),
        (basic("hamlet@chat.test", "short"), "Malformed API key"),
        (basic("hamlet@chat.test", "!" * 32), "Malformed API key"),
        (basic("hamlet@chat.test", KEY), "Invalid API key"),
        (basic("hamlet@chat.test", "\u00e4" * 32), "Invalid API key"),
        (basic("nobody@chat.test", KEY), "Invalid API key"),
        (basic(NUL, KEY), "Invalid API key"),
        (basic("", KEY), "Invalid API key"),
    ],
)
def test_bad_authentication(server: ServerProcess, header: str | None, msg: str) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = request(server.port, "GET", "/api/v1/users/me", headers=headers)
    assert answer.is_error(401, REFUSED)
    assert answer.body["msg"] == msg
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="zulip"'


def test_the_key_of_somebody_else(hamlet: Person, cordelia: Person) -> None:
    headers = {"Authorization": basic(hamlet.email, cordelia.api_key)}
    assert request(hamlet.port, "GET", "/api/v1/users/me", headers=headers).is_error(401, REFUSED)


def test_another_scheme(hamlet: Person) -> None:
    headers = {"Authorization": f"Bearer {hamlet.api_key}"}
    assert request(hamlet.port, "GET", "/api/v1/users/me", headers=headers).is_error(400, BAD)


def test_nobody_learns_of_parameters_before_they_are_known(server: ServerProcess) -> None:
    """Authentication comes first."""
    headers = {"Content-Type": FORM}
    answer = request(server.port, "POST", "/api/v1/messages", body="type=frob", headers=headers)
    assert answer.is_error(401, REFUSED)


def test_a_wrong_password(hamlet: Person) -> None:
    answers = [
        hamlet.call("POST", "/fetch_api_key", username=name, password="wrong")
        for name in (hamlet.email, "nobody@chat.test", NUL)
    ]
    assert all(answer.is_error(401, "AUTHENTICATION_FAILED") for answer in answers)
    assert len({answer.body["msg"] for answer in answers}) == 1


# What belongs to somebody else looks as if it did not exist.


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_the_queue_of_somebody_else(hamlet: Person, cordelia: Person, method: str) -> None:
    foreign = cordelia.register()
    unknown = "00000000-0000-4000-8000-000000000000"
    answers = [
        hamlet.call(method, "/events", queue_id=queue_id, last_event_id=-1)
        for queue_id in (foreign.queue_id, unknown)
    ]
    assert answers[0].status == answers[1].status == 400
    theirs = json.loads(json.dumps(answers[0].body).replace(foreign.queue_id, unknown))
    assert theirs == answers[1].body
    assert foreign.poll(dont_block=True) == []
    assert foreign.refusal is None


def test_the_message_of_somebody_else(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    iago, othello = server.people("iago", "othello")
    secret = iago.send(othello, "secret")
    answers = [hamlet.call("GET", f"/messages/{number}") for number in (secret, 10**9)]
    assert answers[0].body == answers[1].body
    flagged = hamlet.call("POST", "/messages/flags", messages=[secret], op="add", flag="starred")
    assert flagged.is_error(400, BAD)
    assert hamlet.ask("GET", "/messages", message_ids=[secret])["messages"] == []


def test_ids_that_a_queue_never_gave(hamlet: Person, cordelia: Person) -> None:
    poller = hamlet.register(event_types=["message"])
    cordelia.send(hamlet, "hello")
    until(lambda: poller.poll(dont_block=True))
    for wrong in (999, -2, 2**62):
        answer = hamlet.call("GET", "/events", queue_id=poller.queue_id, last_event_id=wrong)
        assert answer.is_error(400, BAD)
    assert poller.poll(dont_block=True) == []


# Rate limits

PER_MINUTE = 30


@pytest.fixture
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("limited") / "data"
    environ = {"APPLIANCE_LIMITS_REQUESTS_PER_MINUTE": str(PER_MINUTE)}
    server = ServerProcess(folder, populate(folder), environ=environ).start()
    yield server
    server.end()


def test_rate_limits(limited: ServerProcess) -> None:
    hamlet, cordelia = limited.people("hamlet", "cordelia")
    poller = hamlet.register()
    previous, began = PER_MINUTE - 1, time.time()
    while (answer := hamlet.call("GET", "/users/me")).status == 200:
        assert answer.headers["X-RateLimit-Limit"] == str(PER_MINUTE)
        left = int(answer.headers["X-RateLimit-Remaining"])
        assert previous - 1 <= left < PER_MINUTE  # one comes back every two seconds
        assert began < int(answer.headers["X-RateLimit-Reset"]) <= time.time() + 61
        previous = left

    assert answer.is_error(429, "RATE_LIMIT_HIT")
    assert previous == 0
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    pause = float(answer.headers["Retry-After"])
    assert 0 < pause <= 60 / PER_MINUTE
    assert answer.body["retry-after"] == pytest.approx(pause, abs=0.001)

    assert cordelia.call("GET", "/users/me").status == 200  # somebody else's requests are not counted
    assert poller.poll(dont_block=True) == []  # neither are polls
    assert poller.refusal is None
    time.sleep(pause)
    assert hamlet.call("GET", "/users/me").status == 200


def test_guessing_keys_is_limited(limited: ServerProcess) -> None:
    hamlet = limited.people("hamlet")[0]
    headers = {"Authorization": basic(hamlet.email, KEY)}
    statuses = [
        request(limited.port, "GET", "/api/v1/users/me", headers=headers).status for _ in range(PER_MINUTE)
    ]
    assert set(statuses) == {401, 429}
    assert hamlet.call("GET", "/users/me").status == 200


def test_guessing_a_password_is_limited(limited: ServerProcess) -> None:
    body = f"username={quote('hamlet@chat.test')}&password=wrong"
    answers = [
        request(limited.port, "POST", "/api/v1/fetch_api_key", body=body, headers={"Content-Type": FORM})
        for _ in range(6)
    ]
    assert [answer.status for answer in answers] == [401] * 5 + [429]
    assert float(answers[-1].headers["Retry-After"]) > 60
