"""Requests as docs/openapi.json allows them, and as it does not: none surprises the server.

A few of every route; many with APPLIANCE_EXAMPLES=200.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, Config

from appliance.model.user import User
from tests import pictures
from tests.process.client import FORM, Person
from tests.process.server import ServerProcess
from tests.process.things import Ids, make

EXAMPLES = int(os.environ.get("APPLIANCE_EXAMPLES", "4"))
MANY = 50  # from there on: other ones every time, and all bounds of all parameters
# After these nobody would be asked any more: there is no organization, or another key.
LAST = ["/realm/deactivate", "/users/me/api_key/regenerate"]
LONGEST = 20  # seconds that an answer may take

DESCRIPTION = Path(__file__).parents[2] / "docs/openapi.json"
CONFIG = Config.from_dict(
    {
        "generation": {"deterministic": EXAMPLES < MANY, "max-examples": EXAMPLES, "database": "none"},
        "phases": {"examples": {"enabled": False}, "coverage": {"enabled": EXAMPLES >= MANY}},
    }
)
schema = schemathesis.openapi.from_path(DESCRIPTION, config=CONFIG).exclude(path=LAST)

# What makes sense to the server, by the name of a parameter: without it few requests would get far.
SENSIBLE: dict[str, list[Any]] = {
    "add": [[2, 3], [{"name": "new"}], [5]],
    "alert_words": [["hello"]],
    "allow_subdomains": [True],
    "anchor": ["newest", "first_unread", 2],
    "appid": ["org.zulip.Zulip"],
    "content": [
        "hello @**hamlet** #**general**",
        "/poll who?\nI\nyou",
        '{"type": "vote", "key": "canned,0", "vote": 1}',
    ],
    "delete": [[2], ["new"], [5]],
    "description": ["what it is"],
    "domain": ["chat.test"],
    "dont_block": [True],
    "draft": [{"type": "private", "to": [2], "topic": "", "content": "begun"}],
    "drafts": [[{"type": "stream", "to": [1], "topic": "lunch", "content": "begun"}]],
    "email": ["new@chat.test"],
    "emoji_code": ["1f419"],
    "emoji_name": ["octopus"],
    "field_type": [1, 4, 6],
    "flag": ["read", "starred"],
    "full_name": ["A Name"],
    "invite_as": [400],
    "invitee_emails": ["invited@chat.test"],
    "last_event_id": [-1],
    "members": [[2, 3]],
    "message_id": [1, 2, 3],
    "messages": [[1, 2, 3]],
    "msg_type": ["widget"],
    "name": ["a name", "another name", "a third name", "a fourth name"],
    "narrow": [[["channel", "general"]], [["is", "dm"]], [{"operator": "search", "operand": "hello"}]],
    "num_after": [0, 5],
    "num_before": [0, 5],
    "op": ["add", "remove"],
    "order": [[1, 2], [2, 1]],
    "ordered_linkifier_ids": [[1, 2], [2, 1]],
    "pattern": ["#(?P<id>[0-9]+)", "no(?P<id>[0-9]+)", "nr(?P<id>[0-9]+)"],
    "principals": [[2, 3]],
    "pygments_language": ["Python"],
    "role": [200, 400, 600],
    "scheduled_delivery_timestamp": [4_000_000_000],
    "short_name": ["bot"],
    "status": ["active"],
    "storage": [{"key": "value"}],
    "stream": ["general"],
    "stream_id": [1, 2],
    "stream_ids": [[1]],
    "subscription_data": [[{"stream_id": 1, "property": "color", "value": "#abcdef"}]],
    "subscriptions": [["general"], [{"name": "new"}]],
    "token": ["ab" * 32],
    "to": ["general", "[2, 3]", "[1]"],
    "topic": ["lunch"],
    "topic_name": ["lunch"],
    "url": ["https://ntfy.example.org/one"],
    "url_template": ["https://issues.example.org/{id}", "https://play.example.org/{code}"],
    "visibility_policy": [1, 3],
}


@pytest.fixture(scope="module")
def server(
    populated: tuple[Path, list[User]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    folder, users = populated
    data = shutil.copytree(folder, tmp_path_factory.mktemp("any") / "data")
    server = ServerProcess(data, users).start()
    yield server
    server.end()
    assert "Traceback" not in server.log
    assert " ERROR " not in server.log


@pytest.fixture(scope="module")
def owner(server: ServerProcess) -> Person:
    """The only one, who cannot be sent away."""
    return server.people("iago")[0]


@pytest.fixture(scope="module")
def things(server: ServerProcess, owner: Person) -> Ids:
    """There is something of everything; two have written to each other."""
    hamlet, othello = server.people("hamlet", "othello")
    for content in ("hello", "hello @**iago**"):
        owner.ask("POST", "/messages", type="stream", to="general", topic="lunch", content=content)
        hamlet.send(owner, content)
    return make(owner, hamlet, othello)


def towards_sense(case: "Case[Any]", things: Ids, chance: Random) -> None:
    """What exists, and what the server understands, in every place for it."""
    for name in case.path_parameters or {}:
        if there := known(case, things, name):
            case.path_parameters[name] = chance.choice(there)
    described = case.operation.definition.raw
    parameters = described.get("parameters", [])
    in_query = {each["name"]: each.get("schema", {}) for each in parameters if each["in"] == "query"}
    bodies = described.get("requestBody", {}).get("content", {})
    in_body = bodies.get("application/json", {}).get("schema", {}).get("properties", {})
    sensible = {**things, **SENSIBLE}
    for given, places in ((case.query, in_query), (case.body, in_body)):
        if isinstance(given, dict):
            names = [name for name, each in places.items() if name in sensible and "enum" not in each]
            given |= {name: text(chance.choice(sensible[name])) for name in names}
            given |= {"file": pictures.plain()} if "file" in given else {}


def known(case: "Case[Any]", things: Ids, name: str) -> list[Any]:
    """What there is for a place in an address. Of several things the last one goes, and the others stay."""
    there = things.get(f"{case.method} {case.operation.path}", things.get(name, []))
    return there[-1:] if case.method == "DELETE" else there[:-1] or there


def text(value: Any) -> str:
    """Which is understood in a query, a form and in JSON alike."""
    return value if isinstance(value, str) else json.dumps(value)


@schema.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_it_is_answered(case: "Case[Any]", owner: Person, things: Ids) -> None:
    chance = Random(repr((case.path_parameters, case.query, case.body)))
    if chance.random() < 0.6:
        towards_sense(case, things, chance)
    case.headers.pop("Authorization", None)
    if case.media_type == FORM and isinstance(case.body, dict):
        case.body = {name: text(value) for name, value in case.body.items()}
    response = case.call(
        base_url=f"http://127.0.0.1:{owner.port}/api/v1", auth=(owner.email, owner.api_key), timeout=LONGEST
    )
    assert response.status_code != 500, response.text
    if response.headers.get("content-type") == ["application/json"]:
        said = response.json()
        assert said["result"] == ("success" if response.status_code == 200 else "error")
        assert said["msg"] if response.status_code != 200 else "msg" in said
