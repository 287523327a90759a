"""Bad input gets an error in the API's form, and changes nothing."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.http.conftest import Client
from tests.process.client import FORM, Answer, Person, encoded, request

HUGE = 10**30
NUL = "a\0b"
JSON = "application/json"
NEWEST: dict[str, Any] = {"anchor": "newest", "num_before": 1, "num_after": 1}


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


def direct(**different: Any) -> dict[str, Any]:
    return {"type": "direct", "to": [3], "content": "hello"} | different


def to_channel(**different: Any) -> dict[str, Any]:
    return {"type": "stream", "to": "general", "topic": "lunch", "content": "hello"} | different


def narrowed(*terms: Any) -> dict[str, Any]:
    return {**NEWEST, "narrow": list(terms)}


def without(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {each: value for each, value in parameters.items() if each != name}


MISSING, BAD, MALFORMED = "REQUEST_VARIABLE_MISSING", "BAD_REQUEST", "INVALID_JSON"
BAD_NARROW, NO_QUEUE, NO_CHANNEL = "BAD_NARROW", "BAD_EVENT_QUEUE_ID", "STREAM_DOES_NOT_EXIST"
FLAG = {"messages": [1], "op": "add", "flag": "read"}
COLOR = {"stream_id": 1, "property": "color", "value": "#abcdef"}
PERIOD = "email_notifications_batching_period_seconds"

# Method and path, parameters, code: all with status 400.
BAD_INPUT: list[tuple[str, dict[str, Any], str]] = [
    ("POST /messages", {}, MISSING),
    ("POST /messages", without("to", direct()), MISSING),
    ("POST /messages", without("content", direct()), MISSING),
    ("POST /messages", without("topic", to_channel()), BAD),
    ("POST /messages", direct(type="frob"), BAD),
    ("POST /messages", direct(content=""), BAD),
    ("POST /messages", direct(content=" \n\n"), BAD),
    ("POST /messages", direct(content=NUL), BAD),
    ("POST /messages", direct(to=[HUGE]), BAD),
    ("POST /messages", direct(to=[-1]), BAD),
    ("POST /messages", direct(to=["nobody@chat.test"]), BAD),
    ("POST /messages", direct(to=[]), BAD),
    ("POST /messages", direct(to=""), BAD),
    ("POST /messages", direct(to={}), BAD),
    ("POST /messages", direct(to=[1, "a@b"]), BAD),
    ("POST /messages", direct(to=[True]), BAD),
    ("POST /messages", direct(to=[1.5]), BAD),
    ("POST /messages", direct(to=[None]), BAD),
    ("POST /messages", direct(to=[[1]]), BAD),
    ("POST /messages", direct(to=list(range(1, 1000))), BAD),
    ("POST /messages", direct(to='["\\ud800"]'), BAD),
    ("POST /messages", direct(read_by_sender="maybe"), BAD),
    ("POST /messages", to_channel(to="nowhere"), NO_CHANNEL),
    ("POST /messages", to_channel(to=99), NO_CHANNEL),
    ("POST /messages", to_channel(to=HUGE), NO_CHANNEL),
    ("POST /messages", to_channel(to=NUL), NO_CHANNEL),
    ("POST /messages", to_channel(to={}), NO_CHANNEL),
    ("POST /messages", to_channel(to=[1, 2]), BAD),
    ("POST /messages", to_channel(to=[]), BAD),
    ("POST /messages", to_channel(topic=NUL), BAD),
    ("POST /messages", to_channel(topic="a\nb"), BAD),
    ("GET /messages", {}, MISSING),
    ("GET /messages", without("num_after", NEWEST), MISSING),
    ("GET /messages", without("anchor", NEWEST), BAD),
    ("GET /messages", {**NEWEST, "anchor": "frob"}, BAD),
    ("GET /messages", {**NEWEST, "anchor": ""}, BAD),
    ("GET /messages", {**NEWEST, "anchor": "9" * 5000}, BAD),
    ("GET /messages", {**NEWEST, "num_before": -1}, BAD),
    ("GET /messages", {**NEWEST, "num_before": 5000}, BAD),
    ("GET /messages", {**NEWEST, "num_before": HUGE}, BAD),
    ("GET /messages", {**NEWEST, "num_before": 1.5}, BAD),
    ("GET /messages", {**NEWEST, "num_before": "9" * 5000}, BAD),
    ("GET /messages", {**NEWEST, "num_before": True}, BAD),
    ("GET /messages", {**NEWEST, "narrow": "frob"}, MALFORMED),
    ("GET /messages", {**NEWEST, "narrow": "[" * 20_000}, MALFORMED),
    ("GET /messages", {**NEWEST, "narrow": '[["topic", "\\ud800"]]'}, MALFORMED),
    ("GET /messages", {**NEWEST, "narrow": {}}, BAD),
    ("GET /messages", {**NEWEST, "narrow": 5}, BAD),
    ("GET /messages", narrowed(5), BAD_NARROW),
    ("GET /messages", narrowed([]), BAD_NARROW),
    ("GET /messages", narrowed({}), BAD_NARROW),
    ("GET /messages", narrowed(["channel"]), BAD_NARROW),
    ("GET /messages", narrowed({"operator": "is"}), BAD_NARROW),
    ("GET /messages", narrowed({"operator": 5, "operand": 1}), BAD_NARROW),
    ("GET /messages", narrowed(["frob", "x"]), BAD_NARROW),
    ("GET /messages", narrowed([1, 2]), BAD_NARROW),
    *(
        ("GET /messages", narrowed([operator, operand]), BAD_NARROW)
        for operator in ("channel", "sender", "dm", "dm-including", "is", "id", "with")
        for operand in (None, {}, [[]], "", NUL, "9" * 5000, -5)
        if (operator, operand) != ("id", -5)  # a number like any other
    ),
    *(
        ("GET /messages", narrowed([operator, "9" * 30]), BAD_NARROW)
        for operator in ("channel", "sender", "dm", "dm-including")
    ),
    ("GET /messages", narrowed(["topic", 5]), BAD_NARROW),
    ("GET /messages", narrowed(*[["is", "dm"]] * 1000), BAD_NARROW),
    ("GET /messages", {"message_ids": 5}, BAD),
    ("GET /messages", {"message_ids": ["1"]}, BAD),
    ("GET /messages", {"message_ids": [HUGE]}, BAD),
    ("GET /messages/0", {}, BAD),
    (f"GET /messages/{HUGE}", {}, BAD),
    ("GET /users/0", {}, BAD),
    (f"GET /users/{HUGE}", {}, BAD),
    ("GET /users/nobody@chat.test", {}, BAD),
    ("GET /streams/99", {}, BAD),
    (f"GET /streams/{HUGE}", {}, BAD),
    (f"GET /streams/{HUGE}/members", {}, BAD),
    (f"GET /users/me/{HUGE}/topics", {}, BAD),
    ("GET /streams", {"include_public": "x"}, BAD),
    ("GET /get_stream_id", {}, MISSING),
    ("GET /get_stream_id", {"stream": NUL}, BAD),
    ("POST /messages/flags", {}, MISSING),
    ("POST /messages/flags", {**FLAG, "messages": 5}, BAD),
    ("POST /messages/flags", {**FLAG, "messages": [HUGE]}, BAD),
    ("POST /messages/flags", {**FLAG, "messages": ["1"]}, BAD),
    ("POST /messages/flags", {**FLAG, "messages": [True]}, BAD),
    ("POST /messages/flags", {**FLAG, "op": "frob"}, BAD),
    ("POST /messages/flags", {**FLAG, "flag": "frob"}, BAD),
    ("POST /messages/flags", {**FLAG, "flag": "mentioned"}, BAD),
    ("POST /users/me/subscriptions", {}, MISSING),
    ("POST /users/me/subscriptions", {"subscriptions": "x"}, MALFORMED),
    *(
        ("POST /users/me/subscriptions", {"subscriptions": subscriptions}, BAD)
        for subscriptions in (
            {},
            5,
            [5],
            [None],
            [{}],
            [{"name": 5}],
            [{"name": ""}],
            [{"name": NUL}],
            [{"name": "x" * 61}],
            [{"name": "new", "color": "red"}],
            [{"name": "new", "description": 5}],
            [{"name": "new", "description": "x" * 1025}],
            [{"name": f"new {number}"} for number in range(501)],
            [{"name": "new"}, {"name": ""}],
        )
    ),
    *(
        ("POST /users/me/subscriptions", {"subscriptions": ["new"], "principals": principals}, BAD)
        for principals in ({}, [99], [0], [HUGE], ["nobody@chat.test"], [1.5], [None], [True])
    ),
    ("POST /users/me/subscriptions", {"subscriptions": ["new"], "invite_only": "x"}, BAD),
    ("DELETE /users/me/subscriptions", {}, MISSING),
    ("DELETE /users/me/subscriptions", {"subscriptions": ["nowhere"]}, BAD),
    ("DELETE /users/me/subscriptions", {"subscriptions": ["general", "nowhere"]}, BAD),
    ("DELETE /users/me/subscriptions", {"subscriptions": [5]}, BAD),
    ("POST /users/me/subscriptions/properties", {}, MISSING),
    *(
        ("POST /users/me/subscriptions/properties", {"subscription_data": data}, BAD)
        for data in (
            5,
            [5],
            [{}],
            [{**COLOR, "stream_id": "1"}],
            [{**COLOR, "stream_id": True}],
            [{**COLOR, "stream_id": 99}],
            [{**COLOR, "stream_id": HUGE}],
            [{**COLOR, "property": "frob"}],
            [{**COLOR, "property": []}],
            [{**COLOR, "value": "red"}],
            [{**COLOR, "value": None}],
            [{**COLOR, "property": "is_muted", "value": "x"}],
            [COLOR, {**COLOR, "stream_id": 99}],
        )
    ),
    *(
        ("POST /register", parameters, BAD)
        for parameters in (
            {"event_types": 5},
            {"event_types": [1]},
            {"fetch_event_types": {}},
            {"narrow": 5},
            {"narrow": [["frob", "x"]]},
            {"narrow": [["is"]]},
            {"narrow": [["is", 5]]},
            {"client_capabilities": []},
            {"client_capabilities": {"bulk_message_deletion": 1}},
            {"queue_lifespan_secs": -1},
            {"queue_lifespan_secs": HUGE},
            {"idle_queue_timeout": "frob"},
            {"apply_markdown": "x"},
            {"presence_history_limit_days": -1},
        )
    ),
    ("POST /register", {"event_types": "x"}, MALFORMED),
    ("GET /events", {}, BAD),
    ("GET /events", {"queue_id": "x"}, BAD),
    ("GET /events", {"queue_id": "x", "last_event_id": "x"}, BAD),
    ("GET /events", {"queue_id": "x", "last_event_id": HUGE}, BAD),
    ("GET /events", {"queue_id": "x", "last_event_id": -1, "dont_block": "x"}, BAD),
    ("GET /events", {"queue_id": "x", "last_event_id": -1}, NO_QUEUE),
    ("GET /events", {"queue_id": NUL, "last_event_id": -1}, NO_QUEUE),
    ("DELETE /events", {}, MISSING),
    ("DELETE /events", {"queue_id": "x"}, NO_QUEUE),
    *(("PATCH /settings", {PERIOD: value}, BAD) for value in (0, -1, HUGE, 1.5, True, None, "", "x")),
    ("PATCH /settings", {}, BAD),
    ("PATCH /settings", {"frob": 1}, BAD),
    ("PATCH /settings", {"enter_sends": True, "color_scheme": 9}, BAD),
    ("PATCH /settings", {"timezone": NUL}, BAD),
    ("POST /users/me/presence", {}, MISSING),
    ("POST /users/me/presence", {"status": "frob"}, BAD),
    ("POST /users/me/presence", {"status": "active", "history_limit_days": -1}, BAD),
    ("POST /users", {"email": "bea@chat.test"}, MISSING),
    ("POST /users", {"email": "bea@chat.test", "full_name": "Bea"}, "UNAUTHORIZED_PRINCIPAL"),
    ("POST /fetch_api_key", {}, MISSING),
]


def test_bad_input(hamlet: Person, unchanged: None) -> None:
    """All in one test: what one of them changes, the last lines find."""
    for endpoint, parameters, code in BAD_INPUT:
        method, path = endpoint.split()
        answer = hamlet.call(method, path, **parameters)
        shown = f"{endpoint} {parameters}"[:200]
        assert (answer.status, answer.body["code"]) == (400, code), (shown, answer.body)
        assert answer.is_error(400, code)


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
    answer = post(hamlet, "/messages", FORM, encoded(direct(content="x" * (26 << 20))))
    assert answer.is_error(413, "REQUEST_TOO_LARGE")


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
    ("method", "path", "allowed"),
    [
        ("PATCH", "/messages", ["GET", "POST"]),
        ("POST", "/events", ["DELETE", "GET"]),
        ("DELETE", "/users", ["GET", "POST"]),
        ("OPTIONS", "/register", ["POST"]),
        ("FROB", "/register", ["POST"]),
    ],
)
def test_wrong_methods(hamlet: Person, unchanged: None, method: str, path: str, allowed: list[str]) -> None:
    answer = hamlet.call(method, path)
    assert answer.is_error(405, "METHOD_NOT_ALLOWED")
    assert sorted(set(answer.body["allowed_methods"]) - {"HEAD"}) == allowed
    assert set(answer.headers["Allow"].split(",")) == set(answer.body["allowed_methods"])
