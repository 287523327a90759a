"""Every endpoint, asked by people for what they may not know: they learn nothing and change nothing.

An endpoint without a row in asked.py fails here.
"""

import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import orjson
import pytest

from appliance.http import routes
from appliance.http.endpoint import ENDPOINTS, Endpoint
from appliance.model import attachment as attachment_model
from appliance.store.connection import Reader
from appliance.store.connection import Row as Found
from tests.conftest import until
from tests.http.must_not_see import world as worlds
from tests.http.must_not_see.asked import ENDING, KNOWING, MORE, ROWS, Row
from tests.http.must_not_see.life import live_on
from tests.http.must_not_see.world import NOWHERE, ROLES, Ids, World
from tests.process.client import FORM, Person, encoded

assert routes  # imported: it declares the endpoints

BY_NAME = {f"{each.method} {each.path}": each for each in ENDPOINTS}
QUESTIONS: list[tuple[str, Row]] = [*((name, ROWS[name]) for name in ROWS if name not in ENDING), *MORE]
# Of each hidden thing, and of none: what stands in a path.
IN_PATHS = {
    "message_id": "message", "channel_id": "channel", "user_id": "user", "bot_id": "bot", "email": "email",
    "draft_id": "draft", "saved_snippet_id": "snippet", "scheduled_message_id": "scheduled",
    "attachment_id": "attachment", "device_id": "device", "export_id": "export",
    "session_id": "session",
}  # fmt: skip
OF_ALL = {"group_id": "12", "field_id": "1", "filter_id": "1", "playground_id": "1", "domain": "example.org",
          "emoji_name": "tada", "realm_id": "2", "job_id": "12", "name": "x.eml"}  # fmt: skip
# What goes on by itself, or is a record of requests.
LOGS = re.compile(
    "notice|job|dead_job|user_activity|event_queue|presence|position|unread|search_|message_words|sqlite_"
)
OWNERS = ("user_id", "owner_id", "sender_id", "inviter_id", "bot_owner_id")


class Said(NamedTuple):
    status: int
    text: str  # headers and body


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    built = worlds.build(tmp_path_factory.mktemp("secrets") / "data")
    yield built
    built.site.runtime.stop()


@pytest.fixture(params=sorted(ROLES))
def watcher(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_endpoint_is_asked() -> None:
    assert ROWS.keys() == BY_NAME.keys()


def path_of(endpoint: Endpoint, of: Ids) -> str:
    def part(match: re.Match[str]) -> str:
        name = match[1]
        if name == "invite_id":
            return str(of.link if "multiuse" in endpoint.path else of.invitation)
        if name == "filename":
            return of.path.partition("/")[2]
        return str(getattr(of, IN_PATHS[name])) if name in IN_PATHS else OF_ALL[name]

    return endpoint.prefix + re.sub(r"<(\w+)(?::[^>]*)?>", part, endpoint.path)


def ask(person: Person, method: str, path: str, parameters: dict[str, Any] | None = None) -> Said:
    connection = http.client.HTTPConnection("127.0.0.1", person.port, timeout=60)
    headers = {"Authorization": person.authorization, "User-Agent": "test/1.0"}
    given = encoded(parameters or {})
    if method == "GET":
        connection.request(method, f"{path}?{given}" if given else path, headers=headers)
    else:
        connection.request(method, path, given, headers | {"Content-Type": FORM})
    response = connection.getresponse()
    body = response.read().decode("utf-8", "replace")
    connection.close()
    return Said(response.status, f"{sorted(response.getheaders())}\n{body}")


def things(world: World, endpoint: Endpoint) -> Iterator[Ids]:
    """Several, where a hidden message or channel is asked for."""
    if "<message_id" in endpoint.path or endpoint.path == "/messages/flags":
        yield from world.each_message()
    elif "<channel_id" in endpoint.path:
        yield from world.each_channel()
    else:
        yield world.hidden


VARYING = re.compile(
    r"\('(Date|Content-Length|Etag)', '[^']*'\)|\"(queue_id|server_timestamp|saved_snippet_id)\":[^,}]*"
)


def alike(said: Said, *ids: Ids) -> tuple[int, str]:
    """Without the ids that it was asked with, and what is never the same."""
    text = VARYING.sub("", said.text)
    values = {str(getattr(of, name)) for of in ids for name in Ids.__dataclass_fields__}
    for value in sorted(values, key=len, reverse=True):
        text = re.sub(rf"(?<![\w.]){re.escape(value)}(?!\w|\.\w)", "<id>", text)
    return said.status, text


def without_own(text: str) -> str:
    """What one has chosen of topics, one knows; it stays when one has left."""
    return re.sub(r'"(user_topics|muted_topics)":\[[^\]]*\]', "", text)


def asked_for(parameters: dict[str, Any], text: str, of: Ids) -> str:
    """What is said back of words that were in the question is no leak."""
    given = json.dumps(parameters)
    for name in (of.channel_name, of.topic, of.email, of.path):
        text = text.replace(name, "") if name in given else text
    return text


class Question(NamedTuple):
    name: str  # of the endpoint
    row: Row
    of: Ids

    @property
    def endpoint(self) -> Endpoint:
        return BY_NAME[self.name]

    def put(self, person: Person) -> Said:
        return ask(person, self.endpoint.method, path_of(self.endpoint, self.of), self.row(self.of))

    def of_nothing(self) -> "Question":
        """Of a channel and somebody: of no channel, but of the same person."""
        both = "/subscriptions/<channel_id" in self.endpoint.path
        return self._replace(of=replace(NOWHERE, user=self.of.user) if both else NOWHERE)

    def told(self, said: Said) -> str:
        """Without what was in the question, and what one has chosen oneself."""
        question = {"path": path_of(self.endpoint, self.of), **self.row(self.of)}
        return without_own(asked_for(question, said.text, self.of))


def questions(world: World) -> Iterator[Question]:
    for name, row in QUESTIONS:
        for of in things(world, BY_NAME[name]):
            yield Question(name, row, of)


def test_no_answer_has_a_secret(world: World, watcher: str) -> None:
    leaks = []
    for each in questions(world):
        said = each.put(world.watchers[watcher])
        assert said.status < 500, (each, said)
        text = each.told(said)
        leaks += [(each, word, text) for word in world.forbidden(watcher, text)]
    assert leaks == []


def test_what_is_hidden_looks_like_nothing(world: World, watcher: str) -> None:
    person, differences = world.watchers[watcher], []
    for each in questions(world):
        if watcher not in KNOWING.get(each.name, ()):
            hidden, nowhere = each.put(person), each.of_nothing().put(person)
            if alike(hidden, each.of, NOWHERE) != alike(nowhere, each.of, NOWHERE):
                differences.append((each, hidden, nowhere))
    assert differences == []


def test_no_file_is_sent(world: World, watcher: str) -> None:
    person = world.watchers[watcher]
    root = attachment_model.ROUTE
    for file in world.files:
        for path in (file.path_id, f"download/{file.path_id}", f"thumbnail/{file.path_id}/840x560.webp"):
            hidden = ask(person, "GET", f"{root}/{path}")
            nowhere = ask(person, "GET", f"{root}/{path.replace(file.path_id, NOWHERE.path)}")
            assert (hidden.status, nowhere.status) == (404, 404)
            assert "zqfile" not in hidden.text.replace(path, "")


def test_what_they_tried_has_changed_nothing(world: World) -> None:
    before = kept(world)
    for each in questions(world):
        for person in world.watchers.values():
            each.put(person)
    after = kept(world)
    assert {table for table in before if before[table] != after[table]} == set()


def kept(world: World) -> dict[str, list[Found]]:
    """By table, the rows of everybody but the watchers."""
    own = {each.user_id for each in world.watchers.values()}
    with world.site.store.read() as reader:
        tables = [name for (name,) in reader.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {each: of_others(reader, each, own) for each in tables if not LOGS.match(each)}


def of_others(reader: Reader, table: str, own: set[int]) -> list[Found]:
    names = [row[1] for row in reader.rows(f"PRAGMA table_info({table})")]
    owners = [place for place, name in enumerate(names) if name in OWNERS or f"{table}.{name}" == "user.id"]
    rows = reader.rows(f"SELECT * FROM {table}")
    return [row for row in rows if not any(row[each] in own for each in owners)]


@pytest.fixture(scope="module")
def lived(world: World) -> World:
    """Afterwards."""
    live_on(world)
    return world


def test_no_event_has_a_secret(lived: World, watcher: str) -> None:
    queue = lived.queues[watcher]
    lived.watchers[watcher].ask("POST", "/users/me/alert_words", alert_words=["the end"])
    until(lambda: queue.poll(dont_block=True) and queue.of_type("alert_words"))
    leaks = [
        (event["type"], word, event)
        for event in queue.events
        for word in lived.forbidden(watcher, orjson.dumps(event, option=orjson.OPT_NON_STR_KEYS).decode())
    ]
    assert leaks == []
    assert lived.forbidden(watcher, without_own(orjson.dumps(queue.snapshot).decode())) == []


def test_no_notification_is_ordered(lived: World, watcher: str) -> None:
    """Neither as a job nor among the mails that wait."""
    user_id = lived.watchers[watcher].user_id
    hidden = set(lived.messages.values())
    with lived.site.store.read() as reader:
        jobs = [orjson.loads(event) for (event,) in reader.rows("SELECT body FROM job")]
        missed = reader.rows("SELECT message_id FROM missed_mail WHERE user_id = ?", user_id)
    theirs = [each for each in jobs if each.get("user_profile_id") == user_id]
    assert [each for each in theirs if each.get("message_id") in hidden] == []
    assert [number for (number,) in missed if number in hidden and watcher not in worlds.REMOVED] == []
    outbox = lived.site.store.folder / "outbox"
    mails = [path.read_text() for path in outbox.rglob("*.eml")] if outbox.exists() else []
    to_them = [mail for mail in mails if lived.watchers[watcher].email in mail]
    assert [lived.forbidden(watcher, mail) for mail in to_them] == [[] for _ in to_them]


def test_who_is_deactivated_is_told_nothing(lived: World) -> None:
    for each in questions(lived):
        if each.endpoint.signed_in:
            said = each.put(lived.gone)
            assert (said.status, "Account is deactivated" in said.text) == (401, True), each
    assert ask(lived.gone, "GET", lived.files[0].url).status == 404
    queue = lived.queues["gone"]
    assert queue.poll(dont_block=True) == []
    assert queue.refusal is not None


def test_what_came_out_of_a_private_channel_tells_nothing_of_it(lived: World, watcher: str) -> None:
    person, number = lived.watchers[watcher], lived.published
    narrow = [["channel", lived.channels["plaza"]]]
    around = {"anchor": "newest", "num_before": 100, "num_after": 0, "narrow": narrow}
    paths = {f"/messages/{number}": {}, f"/messages/{number}/history": {}, "/messages": around}
    for path, parameters in paths.items():
        said = ask(person, "GET", f"/api/v1{path}", parameters)
        assert (said.status == 200) is (watcher not in worlds.GUESTS)
        assert lived.forbidden(watcher, said.text) == []


def test_the_words_are_there_to_be_found(lived: World) -> None:
    """Ann, who keeps them, sees them."""
    said = "".join(
        ask(lived.ann, "GET", path).text
        for path in (
            "/api/v1/messages?anchor=newest&num_before=500&num_after=0",
            "/api/v1/drafts",
            "/api/v1/saved_snippets",
            "/api/v1/scheduled_messages",
            "/api/v1/users/me/alert_words",
            "/api/v1/appliance/sessions",
            "/api/v1/users/me/subscriptions",
            "/api/v1/users?include_custom_profile_fields=true",
            f"/api/v1/users/{lived.ann.user_id}/status",
        )
    )
    elsewhere = {"zqdevice", "zqinvited", "zqservice"}
    assert {word for word in worlds.WORDS if word not in said.lower()} <= elsewhere
