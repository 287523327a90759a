"""Bad input gets an error in the API's form, and changes nothing."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from appliance.http.form import MAX_TEXT
from tests.http.conftest import Client
from tests.process.client import FORM, Answer, Person, encoded, request

HUGE = 10**30
NUL = "a\0b"
JSON = "application/json"


@pytest.fixture
def unchanged(hamlet: Person) -> Iterator[None]:
    before = everything(hamlet)
    yield
    assert everything(hamlet) == before


def everything(person: Person) -> list[Any]:
    paths = ("/users/me", "/users", "/streams", "/users/me/subscriptions", "/realm/presence")
    state = [person.ask("GET", path) for path in paths]
    state[-1].pop("server_timestamp")
    settings = person.ask("POST", "/register", fetch_event_types=["user_settings"])
    person.ask("DELETE", "/events", queue_id=settings["queue_id"])
    return [*state, settings["user_settings"]]


Case = tuple[dict[str, Any], str]  # parameters, the code of their refusal

MISSING, BAD, MALFORMED = "REQUEST_VARIABLE_MISSING", "BAD_REQUEST", "INVALID_JSON"
BAD_NARROW, NO_QUEUE, NO_CHANNEL = "BAD_NARROW", "BAD_EVENT_QUEUE_ID", "STREAM_DOES_NOT_EXIST"
NOT_ALLOWED = "UNAUTHORIZED_PRINCIPAL"

DIRECT = {"type": "direct", "to": [3], "content": "hello"}
CHANNEL = {"type": "stream", "to": "general", "topic": "lunch", "content": "hello"}
NEWEST = {"anchor": "newest", "num_before": 1, "num_after": 1}
FLAG = {"messages": [1], "op": "add", "flag": "read"}
COLOR = {"stream_id": 1, "property": "color", "value": "#abcdef"}
POLL = {"queue_id": "x", "last_event_id": -1}
CAPABLE = {"notification_settings_null": True}


def without(name: str, good: dict[str, Any], code: str = MISSING) -> Case:
    return {each: value for each, value in good.items() if each != name}, code


def wrong(good: dict[str, Any], name: str, *values: Any, code: str = BAD) -> list[Case]:
    """One parameter is bad, all others are good."""
    return [({**good, name: value}, code) for value in values]


def narrowed(*narrows: Any) -> list[Case]:
    return wrong(NEWEST, "narrow", *narrows, code=BAD_NARROW)


def operands(operator: str, *values: Any) -> list[Case]:
    return narrowed(*([[operator, value]] for value in values))


NO_OPERAND: tuple[Any, ...] = (None, {}, [[]], "", NUL, "9" * 5000)

# All are answered with status 400.
BAD_INPUT: dict[str, list[Case]] = {
    "POST /messages": [
        ({}, MISSING),
        without("to", DIRECT),
        without("content", DIRECT),
        without("topic", CHANNEL, BAD),
        *wrong(DIRECT, "type", "frob", ""),
        *wrong(DIRECT, "content", "", " \n\n", NUL),
        *wrong(DIRECT, "to", "", NUL, {}, True, 1.5, "null", '["\\ud800"]', list(range(1, 1000))),
        *wrong(
            DIRECT, "to", [], [HUGE], [-1], ["nobody@chat.test"], [1, "a@b"], [True], [1.5], [None], [[1]]
        ),
        *wrong(DIRECT, "read_by_sender", "maybe", 5),
        *wrong(CHANNEL, "to", "nowhere", "", NUL, 99, -1, HUGE, {}, code=NO_CHANNEL),
        *wrong(CHANNEL, "to", [], [1, 2]),
        *wrong(CHANNEL, "topic", NUL, "a\nb"),
    ],
    "GET /messages": [
        ({}, MISSING),
        without("num_after", NEWEST),
        without("anchor", NEWEST, BAD),
        *wrong(NEWEST, "anchor", "frob", "", 1.5, "9" * 5000),
        *wrong(NEWEST, "num_before", -1, 5000, HUGE, 1.5, True, "", "x", "9" * 5000),
        *wrong({}, "message_ids", 5, {}, ["1"], [True], [HUGE]),
        *wrong(NEWEST, "narrow", 5, {}),
        *wrong(NEWEST, "narrow", "frob", "[" * 20_000, '[["topic", "\\ud800"]]', code=MALFORMED),
        *narrowed([5], [[]], [{}], [["channel"]], [[1, 2]], [["frob", "x"]], [["is", "dm"]] * 1000),
        *narrowed([{"operator": "is"}], [{"operator": 5, "operand": 1}]),
        *operands("channel", *NO_OPERAND, HUGE, -5),
        *operands("sender", *NO_OPERAND, HUGE, -5, "9" * 30),
        *operands("dm", *NO_OPERAND, HUGE, -5, [HUGE], [None], "9" * 30),
        *operands("dm-including", *NO_OPERAND, HUGE, -5),
        *operands("is", *NO_OPERAND, 5, "frob"),
        *operands("with", *NO_OPERAND, -5),
        *operands("id", *NO_OPERAND),
        *operands("topic", None, 5, {}),
    ],
    "GET /messages/0": [({}, BAD)],
    f"GET /messages/{HUGE}": [({}, BAD)],
    "GET /users/0": [({}, BAD)],
    f"GET /users/{HUGE}": [({}, BAD)],
    "GET /users/nobody@chat.test": [({}, BAD)],
    "GET /streams": wrong({}, "include_public", "x", 1),
    "GET /streams/99": [({}, BAD)],
    f"GET /streams/{HUGE}": [({}, BAD)],
    f"GET /streams/{HUGE}/members": [({}, BAD)],
    f"GET /users/me/{HUGE}/topics": [({}, BAD)],
    "GET /get_stream_id": [({}, MISSING), *wrong({}, "stream", NUL, "")],
    "POST /messages/flags": [
        ({}, MISSING),
        *wrong(FLAG, "messages", 5, ["1"], [True], [HUGE]),
        *wrong(FLAG, "op", "frob"),
        *wrong(FLAG, "flag", "frob", "mentioned"),
    ],
    "POST /users/me/subscriptions": [
        ({}, MISSING),
        *wrong({}, "subscriptions", "x", code=MALFORMED),
        *wrong({}, "subscriptions", {}, 5, [5], [None], [{}], ["new", ""], ["a\nb"]),
        *wrong({}, "subscriptions", *([{"name": name}] for name in (5, "", NUL, "x" * 61))),
        *wrong({}, "subscriptions", *([{"name": "new", "color": color}] for color in (5, "red"))),
        *wrong({}, "subscriptions", *([{"name": "new", "description": text}] for text in (5, "x" * 1025))),
        *wrong({}, "subscriptions", [f"new {number}" for number in range(501)]),
        *wrong({"subscriptions": ["new"]}, "principals", {}, [99], [0], [HUGE], ["x"], [1.5], [None], [True]),
        *wrong({"subscriptions": ["new"]}, "invite_only", "x", 2),
    ],
    "DELETE /users/me/subscriptions": [
        ({}, MISSING),
        *wrong({}, "subscriptions", 5, [5], ["nowhere"], ["general", "nowhere"]),
        *wrong({"subscriptions": ["general"]}, "principals", [4], code=NOT_ALLOWED),
    ],
    "POST /users/me/subscriptions/properties": [
        ({}, MISSING),
        *wrong({}, "subscription_data", 5, [5], [{}], [COLOR, {**COLOR, "stream_id": 99}]),
        *wrong({}, "subscription_data", *([{**COLOR, "stream_id": each}] for each in ("1", True, 99, HUGE))),
        *wrong(
            {}, "subscription_data", *([{**COLOR, "property": each}] for each in ("frob", [], "is_muted"))
        ),
        *wrong({}, "subscription_data", *([{**COLOR, "value": each}] for each in ("red", None, 5))),
    ],
    "POST /register": [
        *wrong({}, "event_types", "x", code=MALFORMED),
        *wrong({}, "event_types", 5, [1]),
        *wrong({}, "fetch_event_types", {}),
        *wrong({}, "narrow", 5, [["frob", "x"]], [["is"]], [["is", 5]]),
        *wrong({}, "client_capabilities", [], {}, CAPABLE | {"bulk_message_deletion": 1}),
        *wrong({}, "queue_lifespan_secs", -1, HUGE, 1.5, "x"),
        *wrong({}, "idle_queue_timeout", "frob"),
        *wrong({}, "apply_markdown", "x"),
        *wrong({}, "presence_history_limit_days", -1, "x"),
    ],
    "GET /events": [
        ({}, BAD),
        without("last_event_id", POLL, BAD),
        *wrong(POLL, "last_event_id", "x", HUGE),
        *wrong(POLL, "dont_block", "x"),
        *wrong(POLL, "queue_id", "x", "", NUL, code=NO_QUEUE),
    ],
    "DELETE /events": [({}, MISSING), *wrong({}, "queue_id", "x", NUL, code=NO_QUEUE)],
    "PATCH /settings": [
        ({}, BAD),
        ({"frob": 1}, BAD),
        *wrong({}, "email_notifications_batching_period_seconds", 0, -1, HUGE, 1.5, True, None, "", "x"),
        *wrong({"enter_sends": True}, "color_scheme", 9, "x"),
        *wrong({}, "timezone", NUL, 5),
    ],
    "POST /users/me/presence": [
        ({}, MISSING),
        *wrong({}, "status", "frob", ""),
        *wrong({"status": "active"}, "history_limit_days", -1),
    ],
    "POST /users": [
        ({"email": "bea@chat.test"}, MISSING),
        ({"email": "bea@chat.test", "full_name": "Bea"}, NOT_ALLOWED),
    ],
    "POST /fetch_api_key": [({}, MISSING)],
}


@pytest.mark.parametrize("endpoint", BAD_INPUT)
def test_bad_parameters(hamlet: Person, unchanged: None, endpoint: str) -> None:
    method, path = endpoint.split()
    for parameters, code in BAD_INPUT[endpoint]:
        answer = hamlet.call(method, path, **parameters)
        assert answer.is_error(400, code), (str(parameters)[:200], answer)


@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        (JSON, b"{", MALFORMED),
        (JSON, b"\xff\xfe", MALFORMED),
        (JSON, b'{"content": "\\ud800"}', MALFORMED),
        (JSON, b"[" * 100_000, MALFORMED),
        (JSON, b"[]", BAD),
        (JSON, b'"text"', BAD),
        (FORM, b"&".join(b"a%d=1" % number for number in range(3000)), BAD),
        ("multipart/form-data", b"no boundary", BAD),
        ("multipart/form-data; boundary=x", b"--x\r\nrubbish", BAD),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="type"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            BAD,
        ),
    ],
)
def test_bodies_that_cannot_be_read(
    hamlet: Person, unchanged: None, content_type: str, body: bytes, code: str
) -> None:
    assert post(hamlet, "/messages", content_type, body).is_error(400, code)


def post(person: Person, path: str, content_type: str, body: bytes | str) -> Answer:
    headers = {"Authorization": person.authorization, "Content-Type": content_type}
    return request(person.port, "POST", f"/api/v1{path}", body=body, headers=headers)


def test_too_many_parameters_in_the_query(hamlet: Person, unchanged: None) -> None:
    assert hamlet.call("GET", "/users/me", **{f"a{number}": 1 for number in range(1001)}).is_error(400, BAD)


def test_a_body_that_is_too_long(client: Client, hamlet: Person, unchanged: None) -> None:
    """Refused before it is sent."""
    client.send("POST /api/v1/messages", headers=f"Content-Length: {26 << 20}\r\n")
    answer = client.read()
    assert answer.status == 413
    assert json.loads(answer.body)["code"] == "REQUEST_TOO_LARGE"
    assert client.at_end()


def test_a_body_that_is_too_long_and_sent(hamlet: Person, unchanged: None) -> None:
    answer = post(hamlet, "/messages", FORM, encoded({**DIRECT, "content": "x" * (26 << 20)}))
    assert answer.is_error(413, "REQUEST_TOO_LARGE")


@pytest.mark.parametrize("content_type", [FORM, JSON, "multipart/form-data; boundary=x"])
def test_texts_that_would_take_too_much_memory(hamlet: Person, unchanged: None, content_type: str) -> None:
    """Only files may be that large."""
    part = b'--x\r\nContent-Disposition: form-data; name="content"\r\n\r\n'
    body = part + b"x" * (MAX_TEXT + 1) + b"\r\n--x--\r\n"
    assert post(hamlet, "/messages", content_type, body).is_error(413, "REQUEST_TOO_LARGE")


def test_headers_that_are_too_long(client: Client, unchanged: None) -> None:
    client.send("GET /api/v1/users", headers=f"X-Long: {'x' * 70_000}\r\n")
    answer = client.read()
    assert (answer.status, json.loads(answer.body)["result"]) == (431, "error")


@pytest.mark.parametrize(
    "path", ["/api/v1/nowhere", "/api/v1/messages/x", "/api", "/frob.php", "/api/v1/%00"]
)
def test_unknown_routes(hamlet: Person, unchanged: None, path: str) -> None:
    assert request(hamlet.port, "GET", path).is_error(404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/register", {"POST"}),
        ("/api/v1/events", {"GET", "HEAD", "DELETE"}),
        ("/health", {"GET", "HEAD"}),
    ],
)
def test_asking_for_the_methods(client: Client, path: str, allowed: set[str]) -> None:
    client.send(f"OPTIONS {path}")
    answer = client.read()
    assert (answer.status, answer.body) == (204, b"")
    assert set(answer.headers["Allow"].split(",")) == allowed
    assert client.get("/health").status == 200  # the connection goes on


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/messages", ["GET", "POST"]),
        ("POST", "/events", ["DELETE", "GET"]),
        ("DELETE", "/users", ["GET", "POST"]),
        ("FROB", "/register", ["POST"]),
    ],
)
def test_wrong_methods(hamlet: Person, unchanged: None, method: str, path: str, allowed: list[str]) -> None:
    answer = hamlet.call(method, path)
    assert answer.is_error(405, "METHOD_NOT_ALLOWED")
    assert sorted(set(answer.body["allowed_methods"]) - {"HEAD"}) == allowed
    assert set(answer.headers["Allow"].split(",")) == set(answer.body["allowed_methods"])
