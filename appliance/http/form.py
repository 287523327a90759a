"""The parameters of a request: its query, and its body as a form, as multipart or as a JSON object."""

from typing import Any
from urllib.parse import parse_qsl

import bottle
import orjson

from appliance.base.errors import ApiError, InvalidJson

MOST_PARAMETERS = 1000

# bottle refuses larger forms. A message of 10,000 characters takes up to 120 kB in a form.
bottle.BaseRequest.MEMFILE_MAX = 1 << 20


def parameters(request: bottle.BaseRequest) -> dict[str, str]:
    """Names and texts; what is in the body wins over the query. Raises ApiError."""
    given = _pairs(request.environ.get("QUERY_STRING", ""))
    if request.content_length > 0:
        read = _BODIES.get(request.content_type.partition(";")[0].strip().lower())
        if read is not None:
            given |= read(request)
    return given


def _pairs(encoded: str) -> dict[str, str]:
    if not encoded:
        return {}
    try:
        return dict(parse_qsl(encoded, keep_blank_values=True, max_num_fields=MOST_PARAMETERS))
    except ValueError:
        raise ApiError(f"Too many parameters (maximum {MOST_PARAMETERS}).") from None


def _form(request: bottle.BaseRequest) -> dict[str, str]:
    return _pairs(request.body.read().decode("latin-1"))


def _multipart(request: bottle.BaseRequest) -> dict[str, str]:
    try:
        return dict(request.forms.decode())
    except (bottle.HTTPError, UnicodeDecodeError) as error:
        raise ApiError("Malformed multipart body") from error


def _json(request: bottle.BaseRequest) -> dict[str, str]:
    try:
        body = orjson.loads(request.body.read())
    except orjson.JSONDecodeError:
        raise InvalidJson from None
    if not isinstance(body, dict):
        raise ApiError("The body is not a JSON object")
    return {name: _as_text(value) for name, value in body.items()}


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


_BODIES = {
    "application/x-www-form-urlencoded": _form,
    "multipart/form-data": _multipart,
    "application/json": _json,
}
