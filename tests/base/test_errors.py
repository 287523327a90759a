"""Answers in Zulip's JSON form: what clients match on."""

from typing import Any

import pytest

from appliance.base import errors
from appliance.base.errors import ApiError

ANSWERS: list[tuple[ApiError, int, dict[str, Any]]] = [
    (ApiError("No."), 400, {"code": "BAD_REQUEST", "msg": "No."}),
    (
        errors.MissingParameter("to"),
        400,
        {"code": "REQUEST_VARIABLE_MISSING", "msg": "Missing 'to' argument", "var_name": "to"},
    ),
    (errors.InvalidJson(), 400, {"code": "INVALID_JSON", "msg": "Malformed JSON"}),
    (errors.Unauthorized("Invalid API key"), 401, {"code": "UNAUTHORIZED", "msg": "Invalid API key"}),
    (
        errors.AuthenticationFailed(),
        401,
        {"code": "AUTHENTICATION_FAILED", "msg": "Your username or password is incorrect"},
    ),
    (errors.UserDeactivated(), 401, {"code": "USER_DEACTIVATED", "msg": "Account is deactivated"}),
    (
        errors.RateLimited(28.7),
        429,
        {"code": "RATE_LIMIT_HIT", "msg": "API usage exceeded rate limit", "retry-after": 28.7},
    ),
    (
        errors.BadEventQueueId("1:1"),
        400,
        {"code": "BAD_EVENT_QUEUE_ID", "msg": "Bad event queue id: 1:1", "queue_id": "1:1"},
    ),
    (
        errors.ChannelDoesNotExist(name="dev"),
        400,
        {"code": "STREAM_DOES_NOT_EXIST", "msg": "Channel 'dev' does not exist", "stream": "dev"},
    ),
    (
        errors.ChannelDoesNotExist(channel_id=7),
        400,
        {"code": "STREAM_DOES_NOT_EXIST", "msg": "Channel with ID '7' does not exist", "stream_id": 7},
    ),
]


@pytest.mark.parametrize(("error", "status", "fields"), ANSWERS, ids=lambda value: type(value).__name__)
def test_answer(error: ApiError, status: int, fields: dict[str, Any]) -> None:
    assert error.status == status
    assert error.body() == {"result": "error", **fields}


def test_headers_that_clients_act_on() -> None:
    assert errors.RateLimited(28.7).headers == {"Retry-After": "28.700"}
    assert errors.Unauthorized("No.").headers == {"WWW-Authenticate": 'Basic realm="zulip"'}


def test_errors_do_not_share_headers() -> None:
    errors.ApiError("a").headers["X"] = "1"
    assert errors.ApiError("b").headers == {}


def test_a_config_error_is_all_its_mistakes() -> None:
    assert str(errors.ConfigError(["a", "b"])) == "a\nb"
