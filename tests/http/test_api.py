"""What clients need of the wire: ways to say the same, and how events come."""

import json
import time
from typing import Any

import pytest

from tests.conftest import until
from tests.http.conftest import Client, send_poll
from tests.process.client import FORM, Answer, Person, encoded, request
from tests.process.server import ServerProcess

HUGE = 10**30
NEWEST: dict[str, Any] = {"anchor": "newest", "num_before": 1, "num_after": 1}
DIRECT: dict[str, Any] = {"type": "direct", "to": [4], "content": "hello"}
CHANNEL: dict[str, Any] = {"type": "stream", "to": "general", "topic": "lunch", "content": "hello"}


# Parameters: where they are, and what they are.

PLACES = ["query", "form", "multipart", "json"]


def change(person: Person, method: str, path: str, place: str, parameters: dict[str, Any]) -> Answer:
    """A request with its parameters at that place."""
    headers, body, target = {"Authorization": person.authorization}, "", f"/api/v1{path}"
    match place:
        case "query":
            target += f"?{encoded(parameters)}"
        case "form":
            headers["Content-Type"], body = FORM, encoded(parameters)
        case "json":
            headers["Content-Type"], body = "application/json", json.dumps(parameters)
        case _:
            headers["Content-Type"], body = "multipart/form-data;boundary=xyz", multipart(parameters)
    return request(person.port, method, target, body=body.encode(), headers=headers)


def multipart(parameters: dict[str, Any]) -> str:
    parts = [
        f'--xyz\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        f"{value if isinstance(value, str) else json.dumps(value)}\r\n"
        for name, value in parameters.items()
    ]
    return "".join(parts) + "--xyz--\r\n"


@pytest.mark.parametrize("place", PLACES)
def test_parameters_may_be_anywhere(hamlet: Person, place: str) -> None:
    name = f"from {place}"
    subscribed = change(
        hamlet, "POST", "/users/me/subscriptions", place, {"subscriptions": [{"name": name}], "frob": 1}
    )
    assert subscribed.body["subscribed"] == {str(hamlet.user_id): [name]}
    assert subscribed.body["ignored_parameters_unsupported"] == ["frob"]
    assert change(hamlet, "PATCH", "/settings", place, {"enter_sends": True}).status == 200
    assert change(hamlet, "PUT", "/bot_storage", place, {"storage": {place: "1"}}).status == 200
    assert change(hamlet, "GET", "/bot_storage", place, {"keys": [place]}).body["storage"] == {place: "1"}
    left = change(hamlet, "DELETE", "/users/me/subscriptions", place, {"subscriptions": [name]})
    assert left.body["removed"] == [name]


@pytest.mark.parametrize("place", PLACES)
def test_text_of_any_script(hamlet: Person, cordelia: Person, place: str) -> None:
    content = "žluťoučký 🐎 & + % = ; ünï"
    sent = change(hamlet, "POST", "/messages", place, DIRECT | {"content": content})
    assert hamlet.ask("GET", f"/messages/{sent.body['id']}")["raw_content"] == content


def test_invalid_utf8_is_replaced(hamlet: Person) -> None:
    """As Zulip does."""
    headers = {"Authorization": hamlet.authorization, "Content-Type": FORM}
    body = "type=direct&to=[4]&content=a%FFb"
    sent = request(hamlet.port, "POST", "/api/v1/messages", body=body, headers=headers)
    assert hamlet.ask("GET", f"/messages/{sent.body['id']}")["raw_content"] == "a\ufffdb"


def test_nothing_is_reported_as_ignored_that_is_not(hamlet: Person) -> None:
    answer = hamlet.ask("GET", "/users/me", client="test")
    assert "ignored_parameters_unsupported" not in answer


@pytest.mark.parametrize("to", ["general", '"general"', "1", "[1]", '["general"]'])
def test_ways_to_name_a_channel(hamlet: Person, to: str) -> None:
    sent = hamlet.ask("POST", "/messages", **CHANNEL | {"to": to})
    assert hamlet.ask("GET", f"/messages/{sent['id']}")["message"]["display_recipient"] == "general"


@pytest.mark.parametrize(
    "to",
    [
        "4",
        "[4]",
        "[3,4]",
        '["cordelia@chat.test"]',
        "cordelia@chat.test",
        "cordelia@chat.test, hamlet@chat.test",
    ],
)
def test_ways_to_name_people(hamlet: Person, to: str) -> None:
    sent = hamlet.ask("POST", "/messages", **DIRECT | {"to": to})
    message = hamlet.ask("GET", f"/messages/{sent['id']}")["message"]
    assert [each["id"] for each in message["display_recipient"]] == [3, 4]


@pytest.mark.parametrize("type", ["direct", "private", '"direct"'])
def test_words_for_direct(hamlet: Person, type: str) -> None:
    assert hamlet.ask("POST", "/messages", **DIRECT | {"type": type})["id"]


def test_older_names_of_parameters(hamlet: Person) -> None:
    sent = hamlet.ask("POST", "/messages", type="stream", to="general", subject="older", content="hello")
    assert hamlet.ask("GET", f"/messages/{sent['id']}")["message"]["subject"] == "older"


NARROWS = [
    [["stream", "general"], ["topic", "narrowed"]],
    [["channel", 1], ["topic", "Narrowed"]],
    [{"operator": "channel", "operand": "general"}, {"operator": "topic", "operand": "narrowed"}],
    [{"operator": "topic", "operand": "narrowed"}, {"operator": "is", "operand": "dm", "negated": True}],
]


@pytest.mark.parametrize("narrow", NARROWS)
def test_forms_of_a_narrow(hamlet: Person, narrow: list[Any]) -> None:
    sent = hamlet.ask("POST", "/messages", **CHANNEL | {"topic": "narrowed"})
    found = hamlet.ask("GET", "/messages", anchor="newest", num_before=1, num_after=0, narrow=narrow)
    assert [message["id"] for message in found["messages"]] == [sent["id"]]


@pytest.mark.parametrize("anchor", [HUGE, "newest", 10**16])
def test_anchors_beyond_the_newest(hamlet: Person, anchor: int | str) -> None:
    sent = hamlet.ask("POST", "/messages", **DIRECT)
    found = hamlet.ask("GET", "/messages", **{**NEWEST, "anchor": anchor})
    assert [message["id"] for message in found["messages"]] == [sent["id"]]
    assert found["found_newest"]


def test_the_anchor_when_nothing_is_unread(server: ServerProcess) -> None:
    """A client dies of any other number (reference: 10,000,000,000,000,000)."""
    [othello] = server.people("othello")
    unread = [message["id"] for message in othello.messages() if "read" not in message["flags"]]
    othello.ask("POST", "/messages/flags", messages=unread, op="add", flag="read")
    found = othello.ask("GET", "/messages", **NEWEST, use_first_unread_anchor=True)
    assert found["anchor"] == 10**16


# Registering and polling


@pytest.mark.parametrize(
    ("parameters", "content"),
    [
        ({}, "**bold**"),
        ({"apply_markdown": False}, "**bold**"),
        ({"apply_markdown": True}, "<p><strong>bold</strong></p>"),
    ],
)
def test_markdown_is_for_who_asks_for_it(
    hamlet: Person, cordelia: Person, parameters: dict[str, Any], content: str
) -> None:
    poller = hamlet.register(event_types=["message"], **parameters)
    cordelia.send(hamlet, "**bold**")
    until(poller.poll)
    assert poller.contents() == [content]


@pytest.mark.parametrize(
    "parameters",
    [
        {"event_types": "null", "fetch_event_types": "null", "narrow": []},
        {"idle_queue_timeout": '"mobile"'},
        {"queue_lifespan_secs": "mobile"},
        {"queue_lifespan_secs": 10**9},
        {"client_capabilities": {"notification_settings_null": False, "of_the_future": [1]}},
        {"event_types": ["of_the_future"]},
    ],
)
def test_ways_to_register(hamlet: Person, parameters: dict[str, Any]) -> None:
    poller = hamlet.register(**parameters)
    assert poller.last_event_id == -1
    assert poller.snapshot["zulip_feature_level"] == 372
    assert "ignored_parameters_unsupported" not in poller.snapshot
    assert poller.poll(dont_block=True) == []


def test_what_is_not_asked_for_is_not_fetched(hamlet: Person) -> None:
    snapshot = hamlet.register(fetch_event_types=["realm_user"]).snapshot
    assert hamlet.email in [user["email"] for user in snapshot["realm_users"]]
    assert "subscriptions" not in snapshot


def test_no_event_types_at_all(hamlet: Person, cordelia: Person) -> None:
    poller = hamlet.register(event_types=[])
    cordelia.send(hamlet, "not for it")
    assert poller.poll(dont_block=True) == []


def test_the_sender_knows_their_own_message_again(hamlet: Person) -> None:
    own, other = hamlet.register(event_types=["message"]), hamlet.register(event_types=["message"])
    hamlet.ask("POST", "/messages", **DIRECT, queue_id=own.queue_id, local_id="17.01")
    until(own.poll)
    until(other.poll)
    assert own.events[0]["local_message_id"] == "17.01"
    assert "local_message_id" not in other.events[0]


def test_a_newer_poll_supersedes_the_older(
    server: ServerProcess, client: Client, hamlet: Person, cordelia: Person
) -> None:
    poller = hamlet.register(event_types=["message"])
    send_poll(client, hamlet, poller.queue_id)
    until(lambda: server.metric("appliance_parked_polls") == 1)
    newer = Client(server.port)
    send_poll(newer, hamlet, poller.queue_id)
    answer = client.read()
    assert (answer.status, json.loads(answer.body)["events"]) == (200, [])
    cordelia.send(hamlet, "hello")
    [event] = json.loads(newer.read().body)["events"]
    assert event["message"]["content"] == "hello"
    newer.close()


def test_a_poll_that_must_not_block(hamlet: Person) -> None:
    poller = hamlet.register()
    began = time.monotonic()
    assert poller.poll(dont_block=True) == []
    assert time.monotonic() - began < 10  # a poll that waits does so for 45 s


def test_a_poll_brings_all_that_waits(hamlet: Person, cordelia: Person) -> None:  # checklist 11, 192
    poller = hamlet.register(event_types=["message"])
    contents = [f"message {number}" for number in range(20)]
    for content in contents:
        cordelia.send(hamlet, content)
    until(lambda: poller.poll() and len(poller.events) >= len(contents))
    assert poller.contents() == contents
    assert [event["id"] for event in poller.events] == list(range(20))


def test_a_client_that_goes_loses_nothing(
    server: ServerProcess, client: Client, hamlet: Person, cordelia: Person
) -> None:
    poller = hamlet.register(event_types=["message"])
    send_poll(client, hamlet, poller.queue_id)
    until(lambda: server.metric("appliance_parked_polls") == 1)
    client.reset()
    until(lambda: server.metric("appliance_parked_polls") == 0)
    cordelia.send(hamlet, "hello")
    until(poller.poll)
    assert poller.contents() == ["hello"]


# checklist 164, 201
def test_deleting_a_queue(server: ServerProcess, client: Client, hamlet: Person) -> None:
    """Who waits on it is told at once."""
    poller = hamlet.register()
    send_poll(client, hamlet, poller.queue_id)
    until(lambda: server.metric("appliance_parked_polls") == 1)
    hamlet.ask("DELETE", "/events", queue_id=poller.queue_id)
    assert client.read().status == 200
    assert hamlet.call("GET", "/events", queue_id=poller.queue_id, last_event_id=-1).is_error(
        400, "BAD_EVENT_QUEUE_ID"
    )
    assert hamlet.call("DELETE", "/events", queue_id=poller.queue_id).is_error(400, "BAD_EVENT_QUEUE_ID")


def test_server_settings_need_no_key(server: ServerProcess) -> None:
    found = request(server.port, "GET", "/api/v1/server_settings").body
    assert found["zulip_version"] == "10.1"
    assert found["realm_uri"] == found["realm_url"] == server.url
    assert found["authentication_methods"]["password"] is True
