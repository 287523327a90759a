"""People who use the API, by plain requests and with clients that outlive the server's crashes."""

import http.client
import json
import threading
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

import zulip

from tests.delivered import SEEN

DEADLINE = 60.0  # seconds; nothing here takes more than two on an idle machine
FORM = "application/x-www-form-urlencoded"
GONE = (OSError, http.client.HTTPException)  # what a request raises when the server dies


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: Any  # decoded JSON

    def is_error(self, status: int, code: str) -> bool:
        """In the API's form."""
        said = (self.status, self.headers["Content-Type"], self.body["result"], self.body["code"])
        return said == (status, "application/json", "error", code) and bool(self.body["msg"].strip())


def basic(email: str, key: str) -> str:
    return "Basic " + b64encode(f"{email}:{key}".encode()).decode()


def encoded(parameters: Mapping[str, Any]) -> str:
    """As every Zulip client does it: text as it is, all else as JSON."""
    return urlencode(
        {name: each if isinstance(each, str) else json.dumps(each) for name, each in parameters.items()}
    )


def request(
    port: int,
    method: str,
    path: str,
    *,
    body: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request on a connection of its own. Raises OSError or HTTPException when the server goes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        content = response.read()
        return Answer(response.status, response.headers, json.loads(content) if content else None)
    finally:
        connection.close()


@dataclass(frozen=True)
class Person:
    """Somebody who uses the API of the server on `port`."""

    port: int
    user_id: int
    email: str
    api_key: str

    @property
    def authorization(self) -> str:
        return basic(self.email, self.api_key)

    def call(self, method: str, path: str, **parameters: Any) -> Answer:
        """`path` below /api/v1; parameters in the query of a GET, else in a form."""
        headers = {"Authorization": self.authorization, "User-Agent": "test/1.0"}
        target, given = f"/api/v1{path}", encoded(parameters)
        if method == "GET":
            return request(self.port, method, f"{target}?{given}", headers=headers)
        return request(self.port, method, target, body=given, headers=headers | {"Content-Type": FORM})

    def ask(self, method: str, path: str, **parameters: Any) -> dict[str, Any]:
        """`call` that must succeed."""
        status, _, body = self.call(method, path, **parameters)
        assert status == 200, body
        found: dict[str, Any] = body
        return found

    def send(self, to: "Person", content: str) -> int:
        """A direct message; its id."""
        message_id: int = self.ask("POST", "/messages", type="direct", to=[to.user_id], content=content)["id"]
        return message_id

    def messages(self, **narrowed: Any) -> list[dict[str, Any]]:
        """All that this person ever got, or (narrow=…) can see."""
        wanted = {"anchor": "oldest", "num_before": 0, "num_after": 5000, "apply_markdown": False}
        found: list[dict[str, Any]] = self.ask("GET", "/messages", **wanted, **narrowed)["messages"]
        return found

    def newest_message_id(self) -> int:
        newest: int = self.ask("GET", "/users/me")["max_message_id"]
        return newest

    def register(self, **parameters: Any) -> "Poller":
        answer = self.ask("POST", "/register", **parameters)
        return Poller(self, answer["queue_id"], answer["last_event_id"], answer)

    def client(self) -> zulip.Client:
        """The unmodified Python client. The server must run."""
        return Watched(email=self.email, api_key=self.api_key, site=f"http://127.0.0.1:{self.port}")


class Watched(zulip.Client):  # type: ignore[misc]
    """Does what its base does, before our eyes."""

    def get_events(self, **request: Any) -> dict[str, Any]:
        answer: dict[str, Any] = super().get_events(**request)
        SEEN.polled(answer.get("events", []))
        return answer


@dataclass
class Poller:
    """A client that keeps its queue id and last event id, whatever happens to the server."""

    person: Person
    queue_id: str
    last_event_id: int
    snapshot: dict[str, Any] = field(repr=False)
    events: list[dict[str, Any]] = field(default_factory=list)
    refusal: Answer | None = None
    failures: int = 0  # polls that the server broke off, or did not take
    _ending: bool = False
    _thread: threading.Thread | None = None

    def poll(self, **parameters: Any) -> list[dict[str, Any]]:
        """One poll; what it brought."""
        answer = self.person.call(
            "GET", "/events", queue_id=self.queue_id, last_event_id=self.last_event_id, **parameters
        )
        if answer.status != 200:
            self.refusal = answer
            return []
        new: list[dict[str, Any]] = answer.body["events"]
        SEEN.polled(new)
        self.events += new
        self.last_event_id = max([self.last_event_id, *(event["id"] for event in new)])
        return new

    def next(self, number: int) -> list[dict[str, Any]]:
        """The next events, at least so many: they come a moment after the answer to who has caused them."""
        found: list[dict[str, Any]] = []
        while len(found) < number and self.refusal is None:
            found += self.poll()
        return found

    def start(self) -> "Poller":
        """Go on polling in a thread until `end`, or until the server says no."""
        self._thread = threading.Thread(target=self._run, name="poller", daemon=True)
        self._thread.start()
        return self

    def _run(self) -> None:
        while not self._ending and self.refusal is None:
            try:
                self.poll()
            except GONE:
                self.failures += 1
                time.sleep(0.02)

    def end(self) -> None:
        """Takes effect with the next answer."""
        self._ending = True

    def join(self) -> None:
        assert self._thread is not None
        self._thread.join(DEADLINE)
        assert not self._thread.is_alive()

    def of_type(self, *kinds: str) -> list[dict[str, Any]]:
        return [event for event in list(self.events) if event["type"] in kinds]

    def contents(self) -> list[str]:
        return [event["message"]["content"] for event in self.of_type("message")]

    def message_ids(self) -> list[int]:
        return [event["message"]["id"] for event in self.of_type("message")]

    def in_order(self) -> bool:
        """No event came twice, none before one that is older."""
        ids = [event["id"] for event in self.events]
        return ids == sorted(set(ids))
