"""What is said in a private channel reaches nobody else: neither who is not in it, nor who is not any more,
nor guests, nor administrators; in no answer to anything that can be asked, and in no event."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from appliance.actions.user import creation as user_actions
from appliance.base.options import REQUESTS_PER_MINUTE
from appliance.http import routes
from appliance.http.endpoint import ENDPOINTS, Endpoint
from appliance.model.user import Role, User
from tests.http.site import Site
from tests.process.client import Answer, Person, Poller

assert routes  # imported: it declares the endpoints

# Words that are nowhere but in the channel's messages and topics, and in its name and description.
SAID, NAMED = "zqsaid", "zqnamed"
STRANGERS = {
    "stranger": Role.MEMBER,
    "left": Role.MEMBER,
    "guest": Role.GUEST,
    "guest who left": Role.GUEST,
    "moderator": Role.MODERATOR,
    "admin": Role.ADMIN,
}
NARROWS: tuple[tuple[str, Any], ...] = (
    ("search", "needle"),
    ("channels", "public"),
    ("is", "mentioned"),
    ("is", "unread"),
    ("is", "starred"),
    ("is", "followed"),
    ("has", "link"),
    ("in", "all"),
)


@dataclass
class Team:
    """Ann and Bob are in the channel; all others are `people`, by what they are to it."""

    ann: Person
    bob: Person
    people: dict[str, Person]
    channel_id: int
    message_id: int

    def tell(self, person: Person, text: str = "needle") -> int:
        sent = person.ask(
            "POST",
            "/messages",
            type="channel",
            to=self.channel_id,
            topic=f"topic {SAID}",
            content=f"{text} {SAID} @**all** https://example.org",
        )
        return int(sent["id"])


@pytest.fixture
def settings() -> dict[Any, Any]:
    return {REQUESTS_PER_MINUTE: 0}


@pytest.fixture
def team(site: Site, olga: User) -> Team:
    def person(name: str, role: Role = Role.MEMBER) -> Person:
        email = f"{name.replace(' ', '.')}@example.org"
        made = user_actions.create(site.store, email=email, full_name=name, role=role, password=None)
        return Person(site.runtime.port, made.id, made.email, made.api_key)

    ann, bob = person("Ann"), person("Bob")
    people = {name: person(name, role) for name, role in STRANGERS.items()}
    members = [ann, bob, people["left"], people["guest who left"]]
    name = f"room {NAMED}"
    ann.ask(
        "POST",
        "/users/me/subscriptions",
        subscriptions=[{"name": name, "description": f"for {NAMED}"}],
        principals=[each.user_id for each in members],
        invite_only=True,
        history_public_to_subscribers=True,
    )
    channel_id = next(
        each["stream_id"] for each in ann.ask("GET", "/streams")["streams"] if each["name"] == name
    )
    team = Team(ann, bob, people, channel_id, 0)
    team.message_id = team.tell(ann)
    for each in ("left", "guest who left"):
        people[each].ask("POST", "/messages/flags", messages=[team.message_id], op="add", flag="starred")
        people[each].ask("DELETE", "/users/me/subscriptions", subscriptions=[name])
    return team


def leaks(answer: Any, person: str) -> list[str]:
    """Administrators may know that the channel exists. Whoever was put into it was told its name."""
    text = orjson.dumps(answer).decode()
    knows_name = person in ("admin", "left", "guest who left")
    return [word for word in (SAID, NAMED) if word in text and not (knows_name and word == NAMED)]


def asked(team: Team, endpoint: Endpoint) -> tuple[str, dict[str, Any]]:
    """A request for something of the channel."""
    ids = {"channel_id": team.channel_id, "message_id": team.message_id, "user_id": team.ann.user_id}
    path = endpoint.path
    for name, value in ids.items():
        path = path.replace(f"<{name}:int>", str(value))
    known = {
        "anchor": "newest",
        "num_before": 100,
        "num_after": 0,
        "message_ids": [team.message_id],
        "include_subscribers": True,
        "stream": "general",
    }
    wanted = {name for each in endpoint.declared for name in each.names}
    if endpoint.path == "/messages":
        wanted -= {"message_ids"}
    return path, {name: value for name, value in known.items() if name in wanted}


QUESTIONS = [each for each in ENDPOINTS if each.method == "GET" and each.signed_in and each.path != "/events"]


def test_no_answer_has_it(team: Team) -> None:
    found = {
        (person, endpoint.path): leaks(asker.call("GET", path, **parameters).body, person)
        for person, asker in team.people.items()
        for endpoint in QUESTIONS
        if "<" not in (request := asked(team, endpoint))[0]
        for path, parameters in [request]
    }
    assert {where: words for where, words in found.items() if words} == {}
    assert len(found) > 20 * len(team.people)


def test_no_search_finds_it(team: Team) -> None:
    around = {"anchor": "newest", "num_before": 100, "num_after": 0}
    found = {
        (person, *narrow, len(terms)): leaks(
            asker.call("GET", "/messages", narrow=terms, **around).body, person
        )
        for person, asker in team.people.items()
        for narrow in NARROWS
        for terms in ([list(narrow)], [list(narrow), ["channel", team.channel_id]])
    }
    assert {where: words for where, words in found.items() if words} == {}


def test_the_message_itself_is_like_none(team: Team) -> None:
    """Whatever one tries to do with it."""
    deeds: tuple[Callable[[Person, int], Answer], ...] = (
        lambda who, number: who.call("PATCH", f"/messages/{number}", content="mine"),
        lambda who, number: who.call("PATCH", f"/messages/{number}", topic="mine"),
        lambda who, number: who.call("DELETE", f"/messages/{number}"),
        lambda who, number: who.call("POST", f"/messages/{number}/reactions", emoji_name="tada"),
        lambda who, number: who.call("GET", f"/messages/{number}/history"),
        lambda who, number: who.call("GET", f"/messages/{number}/read_receipts"),
        lambda who, number: who.call("POST", "/messages/flags", messages=[number], op="add", flag="read"),
    )
    for person, asker in team.people.items():
        for number, deed in enumerate(deeds):
            there, nowhere = deed(asker, team.message_id), deed(asker, 10**6)
            assert (there.status, there.body) == (nowhere.status, nowhere.body), (person, number)


def listen(person: Person, name: str) -> Poller:
    """To as much as they may."""
    able = {"archived_channels": True, "notification_settings_null": True}
    everything = {} if name.startswith("guest") else {"all_public_streams": True}
    return person.register(include_subscribers=True, client_capabilities=able, **everything)


def leaking(answers: dict[str, Any]) -> dict[str, list[str]]:
    """By person, what of the channel is in what they were told."""
    found = {name: leaks(answer, name) for name, answer in answers.items()}
    return {name: words for name, words in found.items() if words}


def test_nor_is_it_in_what_clients_begin_with_or_hear(team: Team) -> None:
    queues = {name: listen(person, name) for name, person in team.people.items()}
    assert leaking({name: queue.snapshot for name, queue in queues.items()}) == {}
    second = team.tell(team.bob)
    team.bob.ask("POST", f"/messages/{second}/reactions", emoji_name="tada")
    team.bob.ask("PATCH", f"/messages/{second}", content=f"changed {SAID}")
    team.bob.ask("PATCH", f"/messages/{second}", topic=f"other {SAID}")
    team.ann.ask("PATCH", f"/streams/{team.channel_id}", new_name=f"{NAMED} again", description=NAMED)
    team.bob.ask("POST", "/typing", type="channel", stream_id=team.channel_id, topic=SAID, op="start")
    team.bob.ask("DELETE", f"/messages/{second}")
    assert leaking({name: queue.poll(dont_block=True) for name, queue in queues.items()}) == {}
