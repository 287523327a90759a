"""The parameters of a request: its query, and its body as a form, as multipart or as a JSON object."""

from typing import Any
from urllib.parse import parse_qsl

import bottle
import orjson

from appliance.base.errors import ApiError, InvalidJson
from appliance.http.multipart import Malformed, Part, boundary_of, parts

MOST_PARAMETERS = 1000
MAX_TEXT = 4 << 20  # bytes of all fields. A message of 10,000 characters takes up to 120 kB in a form.


def parameters(request: bottle.BaseRequest) -> dict[str, str]:
    """Names and texts; what is in the body wins over the query. Raises ApiError."""
    given = query(request)
    if request.content_length > 0:
        read = _BODIES.get(request.content_type.partition(";")[0].strip().lower())
        if read is not None:
            given |= read(request)
    return given


def query(request: bottle.BaseRequest) -> dict[str, str]:
    """Those of the address alone."""
    return _pairs(request.environ.get("QUERY_STRING", ""))


class Fields(dict[str, str]):
    """Texts of a multipart body, by name: no more of them than MAX_TEXT."""

    left = MAX_TEXT

    def take(self, part: Part) -> None:
        """Raises ApiError."""
        content = bytearray()
        for chunk in part:
            self.left -= len(chunk)
            if self.left < 0:
                raise TooLarge
            content += chunk
        try:
            self[part.name] = content.decode()
        except UnicodeDecodeError:
            raise Malformed from None


class TooLarge(ApiError):
    status = 413
    code = "REQUEST_TOO_LARGE"

    def __init__(self) -> None:
        super().__init__("The request body is too large")


def _pairs(encoded: str) -> dict[str, str]:
    if not encoded:
        return {}
    try:
        return dict(parse_qsl(encoded, keep_blank_values=True, max_num_fields=MOST_PARAMETERS))
    except ValueError:
        raise ApiError(f"Too many parameters (maximum {MOST_PARAMETERS}).") from None


def _form(request: bottle.BaseRequest) -> dict[str, str]:
    return _pairs(_text(request).decode("latin-1"))


def _multipart(request: bottle.BaseRequest) -> dict[str, str]:
    """Files are for who asks for them (http/uploads.py)."""
    fields = Fields()
    for part in parts(request.environ["wsgi.input"], boundary_of(request.content_type)):
        if part.filename is None:
            fields.take(part)
    return fields


def _json(request: bottle.BaseRequest) -> dict[str, str]:
    try:
        body = orjson.loads(_text(request))
    except orjson.JSONDecodeError:
        raise InvalidJson from None
    if not isinstance(body, dict):
        raise ApiError("The body is not a JSON object")
    return {name: _as_text(value) for name, value in body.items()}


def _text(request: bottle.BaseRequest) -> bytes:
    """Only files may be larger. Raises TooLarge."""
    if request.content_length > MAX_TEXT:
        raise TooLarge
    body: bytes = request.environ["wsgi.input"].read()
    return body


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


_BODIES = {
    "application/x-www-form-urlencoded": _form,
    "multipart/form-data": _multipart,
    "application/json": _json,
}
