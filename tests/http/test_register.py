"""What a client says when it registers arrives in its queue."""

import json
import sqlite3
from typing import Any

import pytest

from appliance.events.descriptor import CAPABILITIES, ClientDescriptor
from appliance.store.store import FILE_NAME
from tests.process.client import FORM, Person, encoded, request
from tests.process.server import ServerProcess

NULL = {"notification_settings_null": True}
DEFAULT = ClientDescriptor(client_type_name="test", client_gravatar=True)


def descriptor(
    server: ServerProcess, person: Person, agent: str = "test/1.0", **parameters: Any
) -> dict[str, Any]:
    """As the server has saved it."""
    headers = {"Authorization": person.authorization, "Content-Type": FORM, "User-Agent": agent}
    answer = request(server.port, "POST", "/api/v1/register", body=encoded(parameters), headers=headers)
    database = sqlite3.connect(f"file:{server.data / FILE_NAME}?mode=ro", uri=True)
    [found] = database.execute(
        "SELECT descriptor FROM event_queue WHERE id = ?", [answer.body["queue_id"]]
    ).fetchone()
    database.close()
    return dict(json.loads(found))


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {}),
        ({"client": "irc_mirror"}, {"client_type_name": "irc_mirror"}),
        ({"event_types": "null"}, {}),
        ({"event_types": ["message"]}, {"event_types": ["message"]}),
        ({"fetch_event_types": ["message"]}, {}),
        ({"narrow": [["is", "dm"]]}, {"narrow": [["is", "dm"]]}),
        ({"all_public_streams": True}, {"all_public_streams": True}),
        ({"apply_markdown": True}, {"apply_markdown": True}),
        ({"client_gravatar": False}, {"client_gravatar": False}),
        ({"slim_presence": True}, {"slim_presence": True}),
        ({"queue_lifespan_secs": 60}, {"queue_timeout": 60}),
        ({"idle_queue_timeout": 60}, {"queue_timeout": 60}),
        ({"idle_queue_timeout": '"mobile"'}, {"queue_timeout": 43_200}),
        ({"idle_queue_timeout": 10**9}, {"queue_timeout": 604_800}),
        ({"client_capabilities": NULL}, NULL),
        *(({"client_capabilities": {**NULL, name: True}}, {**NULL, name: True}) for name in CAPABILITIES),
    ],
)
def test_a_parameter_becomes_part_of_the_descriptor(  # checklist 163
    server: ServerProcess, hamlet: Person, parameters: dict[str, Any], expected: dict[str, Any]
) -> None:
    saved = json.loads(json.dumps(DEFAULT.to_json()))
    assert descriptor(server, hamlet, **parameters) == {**saved, **expected}


@pytest.mark.parametrize(("agent", "expected"), [("ZulipMobile/27.191", False), ("ZulipMobile/27.192", True)])
def test_an_old_phone_is_known_by_its_user_agent(  # checklist 153
    server: ServerProcess, hamlet: Person, agent: str, expected: bool
) -> None:
    assert descriptor(server, hamlet, agent)["pronouns_field_type_supported"] is expected
