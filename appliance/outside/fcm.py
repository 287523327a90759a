"""Pushes to Android apps, by Google's Firebase Cloud Messaging, HTTP v1.

A push's payload is the message's `data` (notify/push/fcm.py); its values become text here.
https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages
"""

import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import orjson

from appliance.base.clock import Clock, SystemClock
from appliance.base.config import Config
from appliance.base.options import PUSH_FCM_CREDENTIALS, PUSH_FCM_SERVER
from appliance.outside.breaker import Breakers, CircuitBreaker, Deferred, Unreachable
from appliance.outside.fcm_token import AccessToken, Account, Distrusted
from appliance.outside.http import Answer, BadUrl, Http
from appliance.outside.road import Left, Outcome, Push, RoadUnusable, failed, gone, later, sent
from appliance.outside.trouble import Trouble

LIBRARIES = ("cryptography", "jwt", "requests")
KEPT = "86400s"  # for which Google keeps what it cannot deliver
SLOWER = 60.0  # seconds; as Google wants it when it is too much and does not say how long to wait
UNTIL_MENDED = 300.0  # seconds between tries while a person has to mend something
LOCAL = ("127.0.0.1", "::1", "localhost")

Meaning = Literal["gone", "later", "ours", "failed"]  # ours: the service account or its project is at fault
# https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode
CODES: dict[str, Meaning] = {
    "UNREGISTERED": "gone",
    "SENDER_ID_MISMATCH": "gone",
    "QUOTA_EXCEEDED": "later",
    "UNAVAILABLE": "later",
    "INTERNAL": "later",
    "THIRD_PARTY_AUTH_ERROR": "ours",
    "INVALID_ARGUMENT": "failed",
}
STATUSES: dict[int, Meaning] = {401: "ours", 403: "ours", 404: "ours", 429: "later"}  # without a known code


def road(config: Config, folder: Path, breakers: Breakers) -> "FcmRoad | None":
    """None: there is no service account. Raises RoadUnusable."""
    if not config.get(PUSH_FCM_CREDENTIALS):
        return None
    if missing := [name for name in LIBRARIES if find_spec(name) is None]:
        raise RoadUnusable(f"the package {missing[0]} is not installed")
    server = config.get(PUSH_FCM_SERVER)
    if not _is_safe(server):
        raise RoadUnusable("push.fcm_server must begin with https://")
    account = _account(folder / config.get(PUSH_FCM_CREDENTIALS))
    return FcmRoad(account, server, breakers.of(urlsplit(server).netloc), SystemClock())


class FcmRoad:
    name = "fcm"

    def __init__(self, account: Account, server: str, breaker: CircuitBreaker, clock: Clock) -> None:
        self._url = f"{server}/v1/projects/{account.project_id}/messages:send"
        self._breaker, self._clock = breaker, clock
        self._http = Http()
        self._token = AccessToken(account, self._http, clock)
        self._trouble = Trouble(self.name)

    def send(self, pushes: Sequence[Push], left: Left) -> list[Outcome]:
        return [self._send(push, left) for push in pushes]

    def close(self) -> None:
        self._http.close()

    def _send(self, push: Push, left: Left) -> Outcome:
        if left() <= 0:
            return later("no time is left", tried=False)
        try:
            with self._breaker.call():
                return self._outcome(push, self._answer(push, left))
        except Deferred as error:
            return later(str(error), error.wait, tried=False)
        except Unreachable as error:
            return later(str(error))
        except (BadUrl, Distrusted) as error:
            self._trouble.begins(str(error))
            return later(str(error), UNTIL_MENDED)

    def _answer(self, push: Push, left: Left) -> Answer:
        """With a new access token if the one at hand is no longer good."""
        token = self._token.get(left)
        answer = self._post(push, token, left)
        if answer.status == 401:
            answer = self._post(push, self._token.get(left, refused=token), left)
        return answer

    def _post(self, push: Push, token: str, left: Left) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        return self._http.post(self._url, json={"message": _message(push)}, headers=headers, left=left)

    def _outcome(self, push: Push, answer: Answer) -> Outcome:
        if answer.status == 200:
            self._trouble.ends()
            return sent()
        error = _error(answer)
        code = _code(error)
        reason = code or f"status {answer.status}"
        match "gone" if _is_of_the_token(error) else _meaning(answer.status, code):
            case "gone":
                return gone(push.devices[0], reason)
            case "later":
                wait = answer.wait(self._clock.now())
                return later(reason, SLOWER if wait is None and answer.status == 429 else wait)
            case "ours":
                self._trouble.begins(f"Google does not accept the service account or its project: {reason}")
                return later(reason, UNTIL_MENDED)
            case _:
                return failed(reason)


def _message(push: Push) -> dict[str, Any]:
    """Without a `collapse_key`: of more than four that wait for a device, Google forgets some."""
    [device] = push.devices
    android = {"priority": "HIGH" if push.urgent else "NORMAL", "ttl": KEPT}
    data = {name: _as_text(value) for name, value in push.payload.items()}
    return {"token": device.token, "data": data, "android": android}


def _as_text(value: object) -> str:
    """Google takes nothing else."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _error(answer: Answer) -> dict[str, Any]:
    error = answer.json().get("error")
    return error if isinstance(error, dict) else {}


def _details(error: dict[str, Any]) -> list[dict[str, Any]]:
    details = error.get("details")
    return [each for each in details if isinstance(each, dict)] if isinstance(details, list) else []


def _code(error: dict[str, Any]) -> str:
    """FCM's own, else Google's; what is no such word is not repeated."""
    said = [each.get("errorCode") for each in _details(error)] + [error.get("status")]
    return next((each for each in said if isinstance(each, str) and re.fullmatch("[A-Z_]{1,50}", each)), "")


def _is_of_the_token(error: dict[str, Any]) -> bool:
    """Not one that Google gave out: it is invalid."""
    violations = [each.get("fieldViolations") for each in _details(error)]
    fields = [field for each in violations if isinstance(each, list) for field in each]
    named = any(isinstance(field, dict) and field.get("field") == "message.token" for field in fields)
    said = "not a valid FCM registration token" in str(error.get("message"))
    return _code(error) == "INVALID_ARGUMENT" and (named or said)


def _meaning(status: int, code: str) -> Meaning:
    return CODES.get(code) or STATUSES.get(status) or ("later" if status >= 500 else "failed")


def _is_safe(url: str) -> bool:
    """Encrypted, or on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)


def _account(file: Path) -> Account:
    """Raises RoadUnusable."""
    try:
        found = orjson.loads(file.read_bytes())
        names = ("project_id", "client_email", "private_key_id", "token_uri", "private_key")
        account = Account(**{name: found[name] for name in names})
        _check_key(account.private_key)
    except OSError as error:
        raise RoadUnusable(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RoadUnusable(f"{file} is no service account file (.json) of Google's") from None
    if not _is_safe(account.token_uri):
        raise RoadUnusable(f"the token_uri in {file} must begin with https://")
    return account


def _check_key(private_key: str) -> None:
    """Raises ValueError, TypeError, AttributeError."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not isinstance(load_pem_private_key(private_key.encode(), None), RSAPrivateKey):
        raise ValueError
