"""What the server answers by itself, before any handler: in the API's JSON form."""

from typing import Any

import orjson
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask

JSON = [("Content-Type", "application/json")]
REFUSALS = {  # status -> code and msg; all else is a request that cannot be understood
    413: ("REQUEST_TOO_LARGE", "The request body is too large"),
    431: ("BAD_REQUEST", "The request headers are too large"),
    500: ("INTERNAL_SERVER_ERROR", "Internal server error"),
}


class Refusal(ErrorTask):
    """What waitress answers by itself, in the API's form."""

    channel: Any  # a server.Channel
    request: Any  # an HTTPRequestParser; the stubs name another class

    def execute(self) -> None:
        error = self.request.error
        code, msg = REFUSALS.get(error.code, ("BAD_REQUEST", f"Malformed request: {error.body}"))
        body = error_body(code, msg)
        self.status = f"{error.code} {error.reason}"
        self.response_headers = list(JSON)
        self.content_length = len(body)
        self.set_close_on_finish()
        self.channel.refused = True
        self.write(body)


class Parser(HTTPRequestParser):
    """Says no at once to who asks before sending (100-continue) a request that is refused."""

    def received(self, data: bytes) -> int:
        consumed = super().received(data)
        self.expect_continue = self.expect_continue and self.error is None
        return consumed


def error_body(code: str, msg: str) -> bytes:
    return orjson.dumps({"result": "error", "msg": msg, "code": code})
