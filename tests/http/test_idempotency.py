"""A message with an Idempotency-Key is sent once, however often that is tried."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from appliance.model.idempotency import LONGEST
from tests.process.client import FORM, GONE, Answer, Person, encoded, request
from tests.process.server import ServerProcess, die_in, populate

TO_CHANNEL = {"type": "channel", "to": "general", "topic": "once", "content": "hello"}


def send(person: Person, key: str | None, **parameters: Any) -> Answer:
    headers = {"Authorization": person.authorization, "Content-Type": FORM}
    if key is not None:
        headers["Idempotency-Key"] = key
    return request(
        person.port, "POST", "/api/v1/messages", body=encoded({**TO_CHANNEL, **parameters}), headers=headers
    )


def sent(person: Person, key: str | None, **parameters: Any) -> int:
    answer = send(person, key, **parameters)
    assert answer.status == 200, answer.body
    message_id: int = answer.body["id"]
    return message_id


def said(person: Person, topic: str) -> list[str]:
    narrow = [["channel", "general"], ["topic", topic]]
    return [each["content"] for each in person.messages(narrow=narrow)]


def test_the_same_key_is_the_same_message(hamlet: Person) -> None:
    ids = {sent(hamlet, "one", topic="same", content=content) for content in ("hello", "hello", "again")}
    assert len(ids) == 1
    assert said(hamlet, "same") == ["hello"]


def test_to_people_too(hamlet: Person, cordelia: Person) -> None:
    direct = {"type": "direct", "to": [cordelia.user_id]}
    first, second = (sent(hamlet, "to people", **direct) for _ in range(2))
    assert first == second


def test_other_keys_and_none_are_other_messages(hamlet: Person) -> None:
    ids = [sent(hamlet, key, topic="others") for key in ("two", "three", None, None)]
    assert len(set(ids)) == 4


def test_a_key_is_somebodys_own(hamlet: Person, cordelia: Person) -> None:
    assert sent(hamlet, "shared") != sent(cordelia, "shared")


def test_what_was_sent_is_answered_also_when_it_could_not_be_sent_any_more(
    server: ServerProcess, hamlet: Person
) -> None:
    [iago] = server.people("iago")
    subscription = {"name": "short-lived"}
    iago.ask("POST", "/users/me/subscriptions", subscriptions=[subscription], principals=[hamlet.user_id])
    message_id = sent(hamlet, "short-lived", to="short-lived")
    channel_id = iago.ask("GET", "/get_stream_id", stream="short-lived")["stream_id"]
    iago.ask("DELETE", f"/streams/{channel_id}")
    assert sent(hamlet, "short-lived", to="short-lived") == message_id
    assert send(hamlet, "after it", to="short-lived").status == 400


def test_a_refusal_uses_no_key_up(hamlet: Person) -> None:
    assert send(hamlet, "refused", to="nowhere").status == 400
    assert sent(hamlet, "refused")


@pytest.mark.parametrize("key", ["x" * (LONGEST + 1), "\xe4", "a\tb"])
def test_bad_keys(hamlet: Person, key: str) -> None:
    answer = send(hamlet, key)
    assert answer.is_error(400, "BAD_REQUEST")
    assert "Idempotency-Key" in answer.body["msg"]


def test_at_once(hamlet: Person) -> None:
    ids: list[int] = []
    threads = [
        threading.Thread(target=lambda: ids.append(sent(hamlet, "at once", topic="at once")))
        for _ in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(ids), len(set(ids))) == (8, 1)
    assert said(hamlet, "at once") == ["hello"]


def test_the_sender_knows_the_event_by_the_local_id(hamlet: Person) -> None:
    here, there = (hamlet.register(event_types=["message"]) for _ in range(2))
    local = {"local_id": "17.01", "queue_id": here.queue_id}
    for _ in range(2):
        sent(hamlet, "local", **local)
    [event] = here.next(1)
    assert event["local_message_id"] == "17.01"
    assert "local_message_id" not in there.next(1)[0]
    assert here.poll(dont_block=True) == []


# -- a server that dies


@pytest.fixture
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("mortal") / "data"
    server = ServerProcess(folder, populate(folder))
    yield server
    server.end()


@pytest.mark.parametrize(
    "point",
    [
        "appliance.store.idempotency:add",  # within the transaction: nothing was sent
        "appliance.http.routes.messages:_sent",  # after it: it was sent, and nobody told
    ],
)
def test_who_was_not_answered_tries_again(mortal: ServerProcess, point: str) -> None:
    mortal.start(die_in(point))
    [hamlet] = mortal.people("hamlet")
    with pytest.raises(GONE):
        send(hamlet, "died")
    mortal.crash()
    mortal.start()
    assert sent(hamlet, "died") == sent(hamlet, "died")
    assert said(hamlet, "once") == ["hello"]
