"""docs/openapi.json."""

from typing import Any

import pytest

from appliance.http.document.openapi import description
from appliance.http.endpoint import ENDPOINTS

BODIES = {"application/json", "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    found: dict[str, Any] = description(ENDPOINTS)["paths"]
    return found


def test_parameters_of_a_query(paths: dict[str, Any]) -> None:
    found = {each["name"]: each for each in paths["/messages"]["get"]["parameters"]}
    assert found["num_before"]["schema"] == {"type": "integer", "minimum": 0}
    assert found["include_anchor"]["schema"] == {"type": "boolean", "default": True}
    assert found["message_ids"]["content"]["application/json"]["schema"] == {
        "anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}]
    }
    assert not found["anchor"]["required"]


def test_parameters_of_a_body(paths: dict[str, Any]) -> None:
    body = paths["/messages"]["post"]["requestBody"]
    assert body["content"].keys() == BODIES
    for each in body["content"].values():
        assert {"type", "content"} <= set(each["schema"]["required"])
        assert each["schema"]["properties"]["type"]["enum"] == ["direct", "private", "stream", "channel"]


def test_what_is_json_in_a_form(paths: dict[str, Any]) -> None:
    form = paths["/messages/flags"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
    assert form["encoding"] == {"messages": {"contentType": "application/json"}}


def test_parameters_of_a_path(paths: dict[str, Any]) -> None:
    of_id = paths["/users/{user_id}"]["get"]["parameters"][0]
    assert of_id == {"name": "user_id", "in": "path", "required": True, "schema": {"type": "integer"}}
    assert paths["/users/{email}"]["get"]["parameters"][0]["schema"] == {"type": "string"}


def test_other_names(paths: dict[str, Any]) -> None:
    fields = paths["/messages"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert fields["topic"]["description"] == "Also called `subject`."


def test_files(paths: dict[str, Any]) -> None:
    [content] = paths["/user_uploads"]["post"]["requestBody"]["content"].values()
    assert content["schema"]["properties"]["file"]["format"] == "binary"


def test_who_needs_no_key(paths: dict[str, Any]) -> None:
    assert paths["/server_settings"]["get"]["security"] == []
    assert "security" not in paths["/messages"]["get"]


def test_what_is_for_the_servers_own_programs_is_left_out(paths: dict[str, Any]) -> None:
    assert not {"/queues", "/events/internal", "/web_reload_clients"} & paths.keys()


def test_every_operation_has_its_own_id(paths: dict[str, Any]) -> None:
    ids = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len(ids) == len(set(ids))
