"""What the push service's answers mean.

BouncerError
├── RetryLater             no answer, or "too many requests": it may work later
│   └── ServerTrouble      5xx
├── Refused                4xx: it will never work; `code` as the service says it
│   ├── UnknownServer      INVALID_ZULIP_SERVER: our id or key is not known there
│   ├── PushDisallowed     PUSH_NOTIFICATIONS_DISALLOWED: not to this organization
│   ├── UnknownRealm       MISSING_REMOTE_REALM: it has not been told of this organization yet
│   └── UnknownDevice      INVALID_REMOTE_PUSH_DEVICE_TOKEN
└── Incomprehensible       not what the service says: something else answers at its address
"""

import logging
import time
from typing import Any

from appliance.base.errors import ApplianceError
from appliance.outside.breaker import Unreachable
from appliance.outside.http import Answer

log = logging.getLogger(__name__)

MOST = 1_000_000  # devices of a person
LONGEST_TEXT = 200  # characters of the service's words that are passed on


class BouncerError(ApplianceError):
    """The base of these."""


class RetryLater(BouncerError):
    """`wait`: seconds that it asks for; `tried` False: it has not even looked at what it was asked."""

    def __init__(self, reason: str, wait: float | None = None, *, tried: bool = True) -> None:
        super().__init__(reason)
        self.wait, self.tried = wait, tried


class ServerTrouble(RetryLater, Unreachable):
    """A breaker counts it."""


class Refused(BouncerError):
    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"the push service refuses it: {text} ({code})")
        self.code, self.text = code, text


class UnknownServer(Refused):
    pass


class PushDisallowed(Refused):
    pass


class UnknownRealm(Refused):
    pass


class UnknownDevice(Refused):
    pass


class Incomprehensible(BouncerError):
    def __init__(self, status: int) -> None:
        super().__init__(f"what answers as the push service is none: status {status}")


BY_CODE: dict[str, type[Refused]] = {
    "INVALID_ZULIP_SERVER": UnknownServer,
    "PUSH_NOTIFICATIONS_DISALLOWED": PushDisallowed,
    "MISSING_REMOTE_REALM": UnknownRealm,
    "INVALID_REMOTE_PUSH_DEVICE_TOKEN": UnknownDevice,
}
TOO_MANY, PATIENCE = 429, 60.0  # a status, and seconds to wait if it does not say how many


def read(answer: Answer) -> dict[str, Any]:
    """The JSON object of a good answer. Raises BouncerError."""
    if answer.status >= 500:
        log.warning("Received %d from push notification bouncer", answer.status)
        raise ServerTrouble(f"Received {answer.status} from push notification bouncer", _wait(answer))
    found = answer.json()
    if answer.status == TOO_MANY:
        raise RetryLater("the push service gets too many requests", _wait(answer) or PATIENCE, tried=False)
    if 400 <= answer.status < 500:
        code, text = str(found.get("code", answer.status)), str(found.get("msg", "no reason is given"))
        raise BY_CODE.get(code, Refused)(code[:LONGEST_TEXT], text[:LONGEST_TEXT])
    if answer.status != 200 or found.get("result") != "success":
        raise Incomprehensible(answer.status)
    return found


def whole(found: object) -> int:
    """0 for what is no count: the answers' details are believed as far as they make sense."""
    return found if isinstance(found, int) and 0 <= found <= MOST else 0


def listed(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def _wait(answer: Answer) -> float | None:
    return answer.wait(time.time())
