"""What a client may ask of an event queue, and how much of it."""

import json
from typing import Any

import pytest

from appliance.base.errors import ApiError
from appliance.events.parameter import capabilities, event_types, lifespan, narrow
from appliance.model.parameter import Parse

NULL = {"notification_settings_null": True}


@pytest.mark.parametrize(
    ("parse", "given", "expected"),
    [
        (event_types, [], ()),
        (event_types, ["message", "of_the_future"], ("message", "of_the_future")),
        (event_types, ["message", "presence", "message"], ("message", "presence")),
        (event_types, [f"{number}" for number in range(200)], tuple(f"{number}" for number in range(200))),
        (event_types, ["x" * 60], ("x" * 60,)),
        (narrow, [], ()),
        (narrow, [["stream", "general"], ["is", "dm"]], (("stream", "general"), ("is", "dm"))),
        (narrow, [["topic", "x" * 400]], (("topic", "x" * 400),)),
        (capabilities, NULL, NULL),
        (capabilities, {**NULL, "archived_channels": False}, {**NULL, "archived_channels": False}),
        (capabilities, {**NULL, "of_the_future": [1], "slim_presence": True}, NULL),  # checklist 163
        (lifespan, 0, 600),
        (lifespan, 5, 5),
        (lifespan, 10**9, 604_800),
        (lifespan, "mobile", 43_200),
        (lifespan, '"mobile"', 43_200),
    ],
)
def test_what_is_asked_for(parse: Parse, given: Any, expected: Any) -> None:
    assert parse("it", given if isinstance(given, str) else json.dumps(given)) == expected


@pytest.mark.parametrize(
    ("parse", "given", "error"),
    [
        (event_types, {}, "it is not a list"),
        (event_types, [1], "it[0] is not a string"),
        (event_types, ["message"] * 201, "it is too long (limit: 200 items)"),
        (event_types, ["message"] * 100_000, "it is too long (limit: 200 items)"),
        (event_types, ["message", "x" * 61], "it[1] is too long (limit: 60 characters)"),
        (event_types, ["x" * 1_000_000], "it[0] is too long (limit: 60 characters)"),
        (narrow, "is:dm", "it is not a list"),
        (narrow, [["is"]], "it[0] is not a string pair"),
        (narrow, [["is", "dm"], ["topic", 5]], "it[1] is not a string pair"),
        (narrow, [{"operator": "is", "operand": "dm"}], "it[0] is not a string pair"),
        (narrow, [["has", "link"]], "Operator has not supported."),
        (narrow, [["is", "followed"]], "Operand followed not supported."),
        (narrow, [["is", "dm"]] * 21, "it is too long (limit: 20 items)"),
        (narrow, [["topic", "x" * 401]], "it[0][1] is too long (limit: 400 characters)"),
        (narrow, [["x" * 401, "lunch"]], "it[0][0] is too long (limit: 400 characters)"),
        (capabilities, [], "it is not a dict"),
        (capabilities, {}, 'it["notification_settings_null"] field is missing'),
        (capabilities, {"archived_channels": True}, 'it["notification_settings_null"] field is missing'),
        (
            capabilities,
            {"notification_settings_null": None},
            'it["notification_settings_null"] is not a boolean',
        ),
        (capabilities, {**NULL, "archived_channels": 1}, 'it["archived_channels"] is not a boolean'),
        (capabilities, {**NULL, "archived_channels": "true"}, 'it["archived_channels"] is not a boolean'),
        (lifespan, -1, "it is too small"),
        (lifespan, 1.5, "it is not an integer"),
        (lifespan, "desktop", "it is not an integer"),
    ],
)
def test_what_cannot_be_had(parse: Parse, given: Any, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        parse("it", json.dumps(given))
    assert (str(raised.value), raised.value.status) == (error, 400)
