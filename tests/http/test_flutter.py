"""zulip-flutter's own requests, and that it decodes what it is answered."""

import json
from typing import Any

import pytest

from tests.client import flutter
from tests.client.flutter import ANSWERS
from tests.http.conftest import Client
from tests.process.client import Person, request

GROUPED = [{"operator": "dm", "operand": [3]}, {"operator": "is", "operand": "unread", "negated": True}]
TEXTS = ("plain", "/poll Lunch?\n- Soup", "/todo Things", "@**all** hello", "/me waves")


def decoded(person: Person, route: str, path: str, **parameters: Any) -> dict[str, Any]:
    """The answer, which the app decodes."""
    answer = person.ask(route.split()[0], path, **parameters)
    assert ANSWERS[route](answer, route) == []
    return answer


@pytest.fixture(scope="module")
def channel_id(hamlet: Person) -> int:
    """Of a channel with a message of each of TEXTS in it."""
    for text in TEXTS:
        hamlet.ask("POST", "/messages", type="channel", to="general", topic="", content=text)
    found: int = hamlet.ask("GET", "/get_stream_id", stream="general")["stream_id"]
    return found


def test_it_registers_and_hears_what_it_sent(hamlet: Person, channel_id: int) -> None:
    asked = {**flutter.ASKED, "client_capabilities": flutter.CAPABILITIES, "idle_queue_timeout": '"mobile"'}
    poller = hamlet.register(**asked)
    assert flutter.SNAPSHOT(poller.snapshot, "register") == []
    local = {"queue_id": poller.queue_id, "local_id": "7", "read_by_sender": True}
    sent = {"type": "channel", "to": channel_id, "topic": "", "content": "hello"}
    decoded(hamlet, "POST /messages", "/messages", **sent, **local)
    [event] = [each for each in poller.poll() if each["type"] == "message"]
    assert (event["local_message_id"], flutter.event(event)) == ("7", [])


@pytest.mark.parametrize("anchor", ["newest", "oldest", "first_unread", 1])
def test_it_reads(hamlet: Person, channel_id: int, anchor: str | int) -> None:
    for narrow in (
        [{"operator": "channel", "operand": channel_id}, {"operator": "topic", "operand": ""}],
        [{"operator": "search", "operand": "hello"}],
        GROUPED,
        [],
    ):
        wanted = {"anchor": anchor, "num_before": 50, "num_after": 50, "allow_empty_topic_name": True}
        answer = decoded(hamlet, "GET /messages", "/messages", narrow=narrow, **wanted)
        assert answer["messages"] or narrow is GROUPED


def test_it_marks(hamlet: Person, cordelia: Person, channel_id: int) -> None:
    message_id = hamlet.newest_message_id()
    flag = {"op": "add", "flag": "read"}
    decoded(cordelia, "POST /messages/flags", "/messages/flags", messages=[message_id], **flag)
    place = {"narrow": [{"operator": "channel", "operand": channel_id}], "anchor": "oldest"}
    counts = {"include_anchor": False, "num_before": 0, "num_after": 1000}
    decoded(cordelia, "POST /messages/flags/narrow", "/messages/flags/narrow", **place, **counts, **flag)
    decoded(hamlet, "GET /messages/{id}/read_receipts", f"/messages/{message_id}/read_receipts")
    decoded(hamlet, "GET /messages/{id}", f"/messages/{message_id}", allow_empty_topic_name=True)


def test_the_rest(hamlet: Person, channel_id: int) -> None:
    decoded(hamlet, "GET /server_settings", "/server_settings")
    decoded(hamlet, "GET /users/me", "/users/me")
    here = {"status": "active", "new_user_input": True, "ping_only": False, "slim_presence": True}
    decoded(hamlet, "POST /users/me/presence", "/users/me/presence", **here)
    decoded(
        hamlet, "GET /users/me/{id}/topics", f"/users/me/{channel_id}/topics", allow_empty_topic_name=True
    )
    decoded(hamlet, "POST /saved_snippets", "/saved_snippets", title="a", content="b")


def test_it_uploads(hamlet: Person) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n'
    headers = {"Authorization": hamlet.authorization, "Content-Type": "multipart/form-data; boundary=x"}
    answer = request(hamlet.port, "POST", "/api/v1/user_uploads", body=part, headers=headers)
    assert ANSWERS["POST /user_uploads"](answer.body, "upload") == []


def test_a_refusal_is_json_with_words(client: Client) -> None:
    client.send("GET /api/v1/users/me", headers="Authorization: Basic eDp5\r\n")
    answer = client.read()
    said = json.loads(answer.body)
    assert (answer.status, said["result"], type(said["msg"])) == (401, "error", str)
