"""Pushes to apps on Apple's phones, by Apple's own service (APNs): all that are sent together go at once.

A push's payload has the arguments of apns2's Payload: alert, sound, badge, custom, … (notify/push/apns.py).
https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
"""

import hashlib
import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from appliance.base.clock import Clock, SystemClock
from appliance.base.config import Config
from appliance.base.options import (
    PUSH_APNS_CERTIFICATE,
    PUSH_APNS_KEY,
    PUSH_APNS_KEY_ID,
    PUSH_APNS_SERVER,
    PUSH_APNS_TEAM_ID,
)
from appliance.model.device import Device
from appliance.outside.breaker import Breakers, CircuitBreaker, Deferred, Unreachable
from appliance.outside.http import Answer
from appliance.outside.road import Left, Outcome, Push, RoadUnusable, failed, gone, later, sent
from appliance.outside.trouble import Trouble

if TYPE_CHECKING:  # imported when it is configured
    from appliance.outside.apns_credentials import Ours
    from appliance.outside.http2_exchange import Exchange

LIBRARIES = ("apns2", "cryptography", "h2", "jwt")
KEPT = 86_400  # seconds for which Apple keeps what it cannot deliver
LONGEST_TAG = 64  # bytes
UNTIL_MENDED = 300.0  # seconds between tries while a person has to mend something

Meaning = Literal["gone", "later", "ours", "failed"]  # ours: the key or the certificate is at fault
# https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
REASONS: dict[str, Meaning] = {
    "BadDeviceToken": "gone", "DeviceTokenNotForTopic": "gone", "ExpiredToken": "gone",
    "MissingDeviceToken": "gone", "Unregistered": "gone",
    "IdleTimeout": "later", "InternalServerError": "later", "ServiceUnavailable": "later",
    "Shutdown": "later", "TooManyProviderTokenUpdates": "later", "TooManyRequests": "later",
    "BadCertificate": "ours", "BadCertificateEnvironment": "ours", "BadEnvironmentKeyIdInToken": "ours",
    "ExpiredProviderToken": "ours", "Forbidden": "ours", "InvalidProviderToken": "ours",
    "MissingProviderToken": "ours", "UnrelatedKeyIdInToken": "ours",
    "BadCollapseId": "failed", "BadExpirationDate": "failed", "BadMessageId": "failed", "BadPath": "failed",
    "BadPriority": "failed", "BadTopic": "failed", "DuplicateHeaders": "failed",
    "InvalidPushType": "failed", "MethodNotAllowed": "failed", "MissingTopic": "failed",
    "PayloadEmpty": "failed", "PayloadTooLarge": "failed", "TopicDisallowed": "failed",
}  # fmt: skip
STATUSES: dict[int, Meaning] = {403: "ours", 410: "gone", 429: "later"}  # should the reason be no known one


def road(config: Config, folder: Path, breakers: Breakers) -> "ApnsRoad | None":
    """None: there is no key and no certificate. Raises RoadUnusable."""
    if not config.get(PUSH_APNS_KEY) and not config.get(PUSH_APNS_CERTIFICATE):
        return None
    if missing := [name for name in LIBRARIES if find_spec(name) is None]:
        raise RoadUnusable(f"the package {missing[0]} is not installed")
    host, port = _server(config.get(PUSH_APNS_SERVER))
    clock = SystemClock()
    credentials = _credentials(config, folder, host, port, clock)
    return ApnsRoad(credentials, breakers.of(f"{host}:{port}"), clock)


class ApnsRoad:
    name = "apns"

    def __init__(self, credentials: "Ours", breaker: CircuitBreaker, clock: Clock) -> None:
        from apns2.client import APNsClient  # type: ignore[import-untyped]

        self._credentials, self._breaker, self._clock = credentials, breaker, clock
        self._client = APNsClient(credentials)
        self._trouble = Trouble(self.name)

    def send(self, pushes: Sequence[Push], left: Left) -> list[Outcome]:
        try:
            with self._breaker.call():
                return self._send(pushes, left)
        except Deferred as error:
            return [later(str(error), error.wait, tried=False)] * len(pushes)
        except Unreachable as error:
            return [later(str(error))] * len(pushes)

    def close(self) -> None:
        self._credentials.connection.close()

    def _send(self, pushes: Sequence[Push], left: Left) -> list[Outcome]:
        """Raises Unreachable if none was answered."""
        used = self._credentials.get_authorization_header(None)
        answers = self._answers(pushes, left)
        stale = [at for at, answer in enumerate(answers) if _reason(answer) == "ExpiredProviderToken"]
        if stale and self._credentials.renew(used):
            for at, answer in zip(stale, self._answers([pushes[at] for at in stale], left), strict=True):
                answers[at] = answer
        return [self._outcome(*each) for each in zip(pushes, answers, strict=True)]

    def _answers(self, pushes: Sequence[Push], left: Left) -> list[Answer | Unreachable]:
        exchanges = [self._begin(push) for push in pushes]
        answers = [_awaited(exchange, left) for exchange in exchanges]
        silences = [each for each in answers if isinstance(each, Unreachable)]
        if silences and len(silences) == len(answers):
            raise silences[0]
        return answers

    def _begin(self, push: Push) -> "Exchange":
        from apns2.client import NotificationPriority
        from apns2.payload import Payload  # type: ignore[import-untyped]

        [device] = push.devices
        exchange: Exchange = self._client.send_notification_async(
            device.token,
            Payload(**push.payload),
            _topic(device),
            NotificationPriority.Immediate if push.urgent else NotificationPriority.Delayed,
            int(self._clock.now()) + KEPT,
            _collapse_id(push.tag),
        )
        return exchange

    def _outcome(self, push: Push, answer: Answer | Unreachable) -> Outcome:
        if isinstance(answer, Unreachable):
            return later(str(answer))
        if answer.status == 200:
            self._trouble.ends()
            return sent()
        reason = _reason(answer)
        match _meaning(answer.status, reason):
            case "gone":
                return gone(push.devices[0], reason)
            case "later":
                return later(reason, answer.wait(self._clock.now()))
            case "ours":
                self._trouble.begins(f"Apple does not accept the key or certificate: {reason}")
                return later(reason, UNTIL_MENDED)
            case "failed":
                return failed(reason)


def _server(value: str) -> tuple[str, int]:
    match = re.fullmatch(r"([^\s:/@]+)(?::([0-9]{1,5}))?", value)
    if not match:
        raise RoadUnusable("push.apns_server must be HOST or HOST:PORT")
    return match[1], int(match[2] or 443)


def _credentials(config: Config, folder: Path, host: str, port: int, clock: Clock) -> "Ours":
    from appliance.outside.apns_credentials import Certificate, Key

    key, certificate = config.get(PUSH_APNS_KEY), config.get(PUSH_APNS_CERTIFICATE)
    if key and certificate:
        raise RoadUnusable("push.apns_key and push.apns_certificate are both set: one is enough")
    if certificate:
        return Certificate(folder / certificate, host, port, clock)
    key_id, team_id = config.get(PUSH_APNS_KEY_ID), config.get(PUSH_APNS_TEAM_ID)
    if not key_id or not team_id:
        raise RoadUnusable("push.apns_key needs push.apns_key_id and push.apns_team_id")
    return Key(folder / key, key_id, team_id, host, port, clock)


def _awaited(exchange: "Exchange", left: Left) -> Answer | Unreachable:
    try:
        return exchange.answer(left)
    except Unreachable as error:
        return error


def _reason(answer: Answer | Unreachable) -> str:
    """In Apple's word; what is none is not repeated."""
    if isinstance(answer, Unreachable):
        return ""
    said: Any = answer.json().get("reason")
    is_word = isinstance(said, str) and re.fullmatch("[A-Za-z]{1,50}", said)
    return said if is_word else f"status {answer.status}"


def _meaning(status: int, reason: str) -> Meaning:
    return REASONS.get(reason) or STATUSES.get(status) or ("later" if status >= 500 else "failed")


def _topic(device: Device) -> str:
    """Of the app; what cannot be one is not sent, and Apple says what it thinks of that."""
    app_id = str(device.keys.get("app_id", ""))
    return app_id if re.fullmatch("[.A-Za-z0-9-]+", app_id) else ""


def _collapse_id(tag: str) -> str | None:
    if len(tag) <= LONGEST_TAG and re.fullmatch("[!-~]*", tag):
        return tag or None
    return hashlib.sha256(tag.encode()).hexdigest()
