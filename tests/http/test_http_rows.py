"""How clients speak HTTP: the ways in which the same is asked, and what of the answers they rely on."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import until
from tests.http.conftest import Client
from tests.http.test_api import change
from tests.process.client import FORM, Answer, Person, basic, request
from tests.process.server import ServerProcess, populate

PLACES = ["query", "form", "multipart"]  # zulip-js, the Python client, and zulip-js when it posts
RETRY = {"dont_block": True}  # what the Python client adds to all that it repeats
OCTOPUS = {"emoji_name": "octopus"}
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def sent(person: Person, content: str = "hello") -> int:
    form = {"type": "stream", "to": "general", "topic": "wire", "content": content}
    return int(person.ask("POST", "/messages", **form)["id"])


def message(person: Person, message_id: int) -> dict[str, Any]:
    found: dict[str, Any] = person.ask("GET", f"/messages/{message_id}", apply_markdown=False)["message"]
    return found


def succeeded(answer: Answer) -> dict[str, Any]:
    assert (answer.status, answer.body["result"], answer.body["msg"]) == (200, "success", "")
    found: dict[str, Any] = answer.body
    return found


# -- where parameters are


@pytest.mark.parametrize("place", PLACES)
def test_editing_and_deleting(server: ServerProcess, place: str) -> None:
    """The Python client names the message once more, among the parameters."""
    [iago] = server.people("iago")
    message_id = sent(iago)
    named = {"message_id": message_id}
    edit = {"content": f"*from* {place}", "topic": f"from {place}", "propagate_mode": "change_one"}
    edited = succeeded(change(iago, "PATCH", f"/messages/{message_id}", place, edit | named))
    assert edited["ignored_parameters_unsupported"] == ["message_id"]
    found = message(iago, message_id)
    assert (found["content"], found["subject"]) == (edit["content"], edit["topic"])
    deleted = succeeded(change(iago, "DELETE", f"/messages/{message_id}", place, named))
    assert deleted["ignored_parameters_unsupported"] == ["message_id"]
    assert iago.call("GET", f"/messages/{message_id}").is_error(400, "BAD_REQUEST")


@pytest.mark.parametrize("place", PLACES)
def test_reactions(hamlet: Person, place: str) -> None:
    message_id = sent(hamlet)
    path, named = f"/messages/{message_id}/reactions", {"message_id": message_id}
    added = succeeded(change(hamlet, "POST", path, place, OCTOPUS | named))
    assert added["ignored_parameters_unsupported"] == ["message_id"]
    assert [each["emoji_name"] for each in message(hamlet, message_id)["reactions"]] == ["octopus"]
    succeeded(change(hamlet, "DELETE", path, place, OCTOPUS | named))
    assert message(hamlet, message_id)["reactions"] == []


@pytest.mark.parametrize("place", PLACES)
def test_ending_a_queue(hamlet: Person, place: str) -> None:
    queue_id = hamlet.register(event_types=["message"]).queue_id
    succeeded(change(hamlet, "DELETE", "/events", place, {"queue_id": queue_id}))
    gone = hamlet.call("GET", "/events", queue_id=queue_id, last_event_id=-1)
    assert gone.is_error(400, "BAD_EVENT_QUEUE_ID")


@pytest.mark.parametrize("place", PLACES)
def test_a_drafts_whole_life(hamlet: Person, place: str) -> None:
    """Lists of objects are JSON, wherever they are."""
    draft = {"type": "private", "to": [hamlet.user_id], "topic": "", "content": "begun", "timestamp": 5}
    [draft_id] = succeeded(change(hamlet, "POST", "/drafts", place, {"drafts": [draft]}))["ids"]
    changed = {**draft, "content": f"changed by {place}"}
    succeeded(change(hamlet, "PATCH", f"/drafts/{draft_id}", place, {"draft": changed}))
    kept = {each["id"]: each["content"] for each in hamlet.ask("GET", "/drafts")["drafts"]}
    assert kept[draft_id] == changed["content"]
    succeeded(change(hamlet, "DELETE", f"/drafts/{draft_id}", place, {}))
    assert draft_id not in [each["id"] for each in hamlet.ask("GET", "/drafts")["drafts"]]


@pytest.mark.parametrize("place", PLACES)
def test_typing(hamlet: Person, cordelia: Person, place: str) -> None:
    poller = cordelia.register(event_types=["typing"])
    for to in ([cordelia.user_id], f"[{cordelia.user_id}]", f"[{cordelia.user_id},{hamlet.user_id}]"):
        succeeded(change(hamlet, "POST", "/typing", place, {"op": "start", "to": to}))
    until(lambda: poller.poll() and len(poller.events) == 3)
    assert {event["op"] for event in poller.events} == {"start"}


@pytest.mark.parametrize("body", [None, ""], ids=["no body", "an empty form"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_nothing_to_say(hamlet: Person, method: str, body: str | None) -> None:
    draft = {"type": "", "to": [], "topic": "", "content": "begun"}
    [draft_id] = hamlet.ask("POST", "/drafts", drafts=[draft])["ids"]
    paths = {"GET": "/users/me", "POST": "/mark_all_as_read", "DELETE": f"/drafts/{draft_id}"}
    headers = {"Authorization": hamlet.authorization, "Content-Type": FORM}
    succeeded(request(hamlet.port, method, f"/api/v1{paths[method]}", body=body, headers=headers))


# -- how values are written


@pytest.mark.parametrize("type", ["stream", "channel", '"stream"', '"channel"'])
@pytest.mark.parametrize("to", ["general", '"general"', "{id}", "[{id}]"])
@pytest.mark.parametrize("place", ["form", "multipart"])
def test_to_a_channel(hamlet: Person, type: str, to: str, place: str) -> None:
    to = to.format(id=hamlet.ask("GET", "/get_stream_id", stream="general")["stream_id"])
    parameters = {"type": type, "to": to, "topic": "wire", "content": "hello"}
    made = succeeded(change(hamlet, "POST", "/messages", place, parameters))
    assert message(hamlet, made["id"])["display_recipient"] == "general"


@pytest.mark.parametrize("type", ["direct", "private", '"direct"', '"private"'])
@pytest.mark.parametrize("to", ["{email}", '["{email}"]', "{id}", "[{id}]"])
@pytest.mark.parametrize("place", ["form", "multipart"])
def test_to_somebody(hamlet: Person, cordelia: Person, type: str, to: str, place: str) -> None:
    to = to.format(email=cordelia.email, id=cordelia.user_id)
    made = succeeded(change(hamlet, "POST", "/messages", place, {"type": type, "to": to, "content": "hello"}))
    people = message(hamlet, made["id"])["display_recipient"]
    assert {each["id"] for each in people} == {hamlet.user_id, cordelia.user_id}


@pytest.mark.parametrize("written", ["true", '"true"', "True"])
def test_yes(hamlet: Person, written: str) -> None:
    message_id = sent(hamlet, "*hello*")
    found = hamlet.ask("GET", f"/messages/{message_id}", apply_markdown=written)["message"]["content"]
    assert found == "<p><em>hello</em></p>"


@pytest.mark.parametrize("written", ["7", '"7"'])
def test_a_number(hamlet: Person, written: str) -> None:
    """As text in JSON, too."""
    found = hamlet.ask("GET", "/messages", anchor="newest", num_before=written, num_after=0)["messages"]
    assert len(found) <= 7


@pytest.mark.parametrize("anchor", ["newest", '"newest"', "oldest", "first_unread"])
def test_an_anchor(hamlet: Person, anchor: str) -> None:
    sent(hamlet)
    assert hamlet.ask("GET", "/messages", anchor=anchor, num_before=1, num_after=1)["messages"]


# -- what is not known


def test_what_is_added_to_a_repeated_request(hamlet: Person) -> None:
    form = {"type": "stream", "to": "general", "topic": "wire", "content": "hello"}
    for method, path, parameters in (
        ("POST", "/messages", form),
        ("POST", "/register", {"event_types": ["message"]}),
        ("GET", "/users/me", {}),
        ("PATCH", "/settings", {"enter_sends": True}),
    ):
        answer = hamlet.ask(method, path, **parameters, **RETRY)
        assert answer["ignored_parameters_unsupported"] == ["dont_block"]


def test_what_is_added_to_a_poll(hamlet: Person) -> None:
    """Its answer stays one that clients know, whatever is added."""
    poller = hamlet.register(event_types=["message"])
    sent(hamlet, "**hello**")
    added = {"apply_markdown": True, "client_gravatar": True, "frob": [1], **RETRY}
    until(lambda: poller.poll(**added))
    assert poller.contents() == ["**hello**"]


def test_what_is_ignored_is_in_order_and_each_once(hamlet: Person) -> None:
    headers = {"Authorization": hamlet.authorization, "Content-Type": FORM}
    path = "/api/v1/settings?zeta=1&enter_sends=true&alpha=1"
    answer = succeeded(request(hamlet.port, "PATCH", path, body="zeta=2&beta=", headers=headers))
    assert answer["ignored_parameters_unsupported"] == ["alpha", "beta", "zeta"]


# -- what a refusal says


def refusals(person: Person) -> dict[str, tuple[Answer, int]]:
    stranger = {"Authorization": basic(person.email, "x" * 32)}
    poll = {"queue_id": UNKNOWN, "last_event_id": -1}
    return {
        "REQUEST_VARIABLE_MISSING": (person.call("POST", "/messages", type="stream"), 400),
        "STREAM_DOES_NOT_EXIST": (
            person.call("POST", "/messages", type="stream", to="nowhere", topic="a", content="b"),
            400,
        ),
        "BAD_REQUEST": (person.call("PATCH", "/messages/999999999", content="x"), 400),
        "INVALID_JSON": (person.call("POST", "/messages/flags", messages="[", op="add", flag="read"), 400),
        "BAD_NARROW": (
            person.call("GET", "/messages", anchor=0, num_before=0, num_after=1, narrow=[["frob", "x"]]),
            400,
        ),
        "BAD_EVENT_QUEUE_ID": (person.call("GET", "/events", **poll), 400),
        "UNAUTHORIZED": (request(person.port, "GET", "/api/v1/users/me", headers=stranger), 401),
        "NOT_FOUND": (person.call("GET", "/frob"), 404),
        "METHOD_NOT_ALLOWED": (person.call("PUT", "/users/me"), 405),
    }


def test_refusals(hamlet: Person) -> None:
    for code, (answer, status) in refusals(hamlet).items():
        assert answer.is_error(status, code), answer
        assert isinstance(answer.body["msg"], str)


def test_a_queue_that_is_not_there(hamlet: Person) -> None:
    """zulip-terminal knows it by its first words, the others by its code."""
    answer = hamlet.call("GET", "/events", queue_id=UNKNOWN, last_event_id=-1, dont_block=True)
    assert answer.is_error(400, "BAD_EVENT_QUEUE_ID")
    assert answer.body["msg"].startswith("Bad event queue id:")
    assert answer.body["queue_id"] == UNKNOWN


# -- events


def test_ids_of_events_only_grow(hamlet: Person) -> None:
    """Over kinds, and over what is acknowledged; what is not stays."""
    poller = hamlet.register(event_types=["message", "reaction", "update_message", "typing"])
    assert poller.last_event_id == -1
    message_id = sent(hamlet)
    hamlet.ask("POST", f"/messages/{message_id}/reactions", **OCTOPUS)
    hamlet.ask("PATCH", f"/messages/{message_id}", content="other")
    until(lambda: poller.poll() and len(poller.events) == 3)
    again = hamlet.ask("GET", "/events", queue_id=poller.queue_id, last_event_id=1)["events"]
    sent(hamlet)
    until(poller.poll)
    assert [event["id"] for event in again] == [2]
    assert [event["id"] for event in poller.events] == [0, 1, 2, 3]
    assert [event["type"] for event in poller.events] == ["message", "reaction", "update_message", "message"]


# -- names of programs


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("ZulipTerminal/0.7.0+git Linux", "ZulipTerminal"),
        ("ZulipPython/0.9.1 (Ubuntu; 24.04)", "ZulipPython"),
        ("ZulipHelloworldBot (test)", "ZulipHelloworldBot (test)"),
        ("ZulipFlutter/30.0.274+274 (Android 14)", "ZulipFlutter"),
        ("node-fetch/1.0 (+https://github.com/bitinn/node-fetch)", "node-fetch"),
        ("", "Unspecified"),
    ],
)
def test_the_program_that_sent_a_message(hamlet: Person, agent: str, name: str) -> None:
    headers = {"Authorization": hamlet.authorization, "Content-Type": FORM, "User-Agent": agent}
    body = "type=stream&to=general&topic=wire&content=hello"
    answer = succeeded(request(hamlet.port, "POST", "/api/v1/messages", body=body, headers=headers))
    assert message(hamlet, answer["id"])["client"] == name


def test_one_connection_for_all_methods(client: Client, hamlet: Person) -> None:
    """The Python client keeps its connection."""
    headers = f"Authorization: {hamlet.authorization}\r\nContent-Type: {FORM}\r\n"
    for ask in ("GET users/me", "PATCH settings", "DELETE events", "GET frob"):
        client.send(ask.replace(" ", " /api/v1/"), headers=headers, body=b"enter_sends=true")
    assert [client.read().status for _ in range(4)] == [200, 200, 400, 404]


# -- rate limits

PER_MINUTE = 3  # so few that none comes back while the test runs


@pytest.fixture
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("limited") / "data"
    environ = {"APPLIANCE_LIMITS_REQUESTS_PER_MINUTE": str(PER_MINUTE)}
    server = ServerProcess(folder, populate(folder), environ=environ).start()
    yield server
    server.end()


def test_what_is_said_of_the_limit_is_true(limited: ServerProcess) -> None:
    [hamlet] = limited.people("hamlet")
    began = time.time()
    answers = [hamlet.call("GET", "/users/me") for _ in range(PER_MINUTE + 1)]
    assert time.time() - began < 60 / PER_MINUTE
    told = [(answer.status, answer.headers["X-RateLimit-Remaining"]) for answer in answers]
    assert told == [(200, "2"), (200, "1"), (200, "0"), (429, "0")]
    assert {answer.headers["X-RateLimit-Limit"] for answer in answers} == {str(PER_MINUTE)}
    full_again = [int(answer.headers["X-RateLimit-Reset"]) - began for answer in answers[:-1]]
    assert full_again == pytest.approx([20, 40, 60], abs=2 + time.time() - began)
    assert answers[-1].is_error(429, "RATE_LIMIT_HIT")
    pause = answers[-1].body["retry-after"]
    assert 0 < pause <= 60 / PER_MINUTE
    assert float(answers[-1].headers["Retry-After"]) == pytest.approx(pause, abs=0.001)
