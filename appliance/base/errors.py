"""The error tree.

    ApplianceError
    ├── ConfigError            every mistake of a configuration at once
    ├── DataFolderError        the data folder cannot be used (locked, newer, read-only)
    ├── StorageError           a write failed (disk full, I/O error); nothing of it was kept
    ├── CommandError           a command that cannot be done, in a sentence for the person who typed it
    └── ApiError               an answer in Zulip's JSON form
        ├── MissingParameter, InvalidJson
        ├── Unauthorized, AuthenticationFailed
        ├── RateLimited
        └── BadEventQueueId, BadNarrow, ChannelDoesNotExist, NotAllowed, AccessDenied

Codes, texts and statuses follow Zulip's API (`Error handling` and the pages of its endpoints).
"""

from typing import Any


class ApplianceError(Exception):
    """Anything this program says to a person about what went wrong."""


class ConfigError(ApplianceError):
    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class DataFolderError(ApplianceError):
    """The data folder cannot be used; the text says why and what to do."""


class StorageError(ApplianceError):
    """The file took nothing of this write: disk full, I/O error, read-only."""


class CommandError(ApplianceError):
    """A command cannot do what was asked."""


class ApiError(ApplianceError):
    """An error answer: `status`, `code`, `msg` and further fields of the JSON body."""

    status = 400
    code = "BAD_REQUEST"

    def __init__(self, msg: str, **data: Any) -> None:
        super().__init__(msg)
        self.msg = msg
        self.data = data
        self.headers: dict[str, str] = {}

    def body(self) -> dict[str, Any]:
        return {"result": "error", "msg": self.msg, "code": self.code, **self.data}


class MissingParameter(ApiError):
    code = "REQUEST_VARIABLE_MISSING"

    def __init__(self, name: str) -> None:
        super().__init__(f"Missing '{name}' argument", var_name=name)


class InvalidJson(ApiError):
    code = "INVALID_JSON"

    def __init__(self) -> None:
        super().__init__("Malformed JSON")


class Unauthorized(ApiError):
    status = 401
    code = "UNAUTHORIZED"

    def __init__(self, msg: str) -> None:
        super().__init__(msg)
        self.headers["WWW-Authenticate"] = 'Basic realm="zulip"'


class AuthenticationFailed(ApiError):
    status = 401
    code = "AUTHENTICATION_FAILED"

    def __init__(self) -> None:
        super().__init__("Your username or password is incorrect")


class UserDeactivated(ApiError):
    status = 401
    code = "USER_DEACTIVATED"

    def __init__(self) -> None:
        super().__init__("Account is deactivated")


class RateLimited(ApiError):
    status = 429
    code = "RATE_LIMIT_HIT"

    def __init__(self, retry_after: float) -> None:
        """`retry_after`: seconds until one more request is allowed."""
        super().__init__("API usage exceeded rate limit", **{"retry-after": retry_after})
        self.headers["Retry-After"] = f"{retry_after:.3f}"


class BadEventQueueId(ApiError):
    """An unknown queue, or one of somebody else: the answer is the same. zulip-terminal 0.7 knows it by the
    first words of its text alone, as older servers have them."""

    code = "BAD_EVENT_QUEUE_ID"

    def __init__(self, queue_id: str) -> None:
        super().__init__(f"Bad event queue id: {queue_id}", queue_id=queue_id)


class BadNarrow(ApiError):
    code = "BAD_NARROW"

    def __init__(self, reason: str) -> None:
        super().__init__(f"Invalid narrow operator: {reason}")


class ChannelDoesNotExist(ApiError):
    code = "STREAM_DOES_NOT_EXIST"

    def __init__(self, *, name: str | None = None, channel_id: int | None = None) -> None:
        if name is not None:
            super().__init__(f"Channel '{name}' does not exist", stream=name)
        else:
            super().__init__(f"Channel with ID '{channel_id}' does not exist", stream_id=channel_id)


class NotAllowed(ApiError):
    """The caller's role does not permit the deed."""

    code = "UNAUTHORIZED_PRINCIPAL"


class AccessDenied(ApiError):
    """Not a program of the server's own."""

    status = 403

    def __init__(self) -> None:
        super().__init__("Access denied")
