"""Handing a push to an address that somebody gave: behind the guard, with a breaker around each host."""

import time
from collections.abc import Callable, Mapping

from appliance.base.config import Config
from appliance.base.hosts import HostRule
from appliance.base.options import PRIVATE_HOSTS
from appliance.model.device import Device
from appliance.outside.breaker import Breakers, Deferred, Unreachable
from appliance.outside.guard import Guard, Place, Refused
from appliance.outside.http import Answer, BadUrl, Http
from appliance.outside.road import Left, Outcome, failed, gone, later, sent

DAY = 86_400  # seconds for which a service keeps what it cannot deliver
ENCRYPTED = {"Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream"}

NO_MORE = (404, 410)  # RFC 8030, 7.3
SLOW_DOWN = 429
NOT_NOW = (408, 425, 507)  # 507: ntfy has no room for it, or nobody who listens
HOST_FAILS = (500, 502, 503, 504)
PAUSE = 60.0  # seconds, when a service wants fewer pushes and does not say for how long
LONGEST_WAIT = 3600.0  # seconds, whatever it says

REASONS = {
    400: "it does not understand the push",
    401: "it wants to know who we are",
    403: "it does not let us: the subscription was made for another key, or needs a password",
    413: "the push is too large for it",
}


class _Failing(Unreachable):
    """The host answers that it does not work now."""

    def __init__(self, server: str, answer: Answer, now: float) -> None:
        super().__init__(f"{server} does not work: it answered {answer.status}")
        self.wait = answer.wait(now)


def delivery(config: Config, breakers: Breakers) -> "Delivery":
    """As configured."""
    opened: tuple[HostRule, ...] = config.get(PRIVATE_HOSTS)
    return Delivery(Guard(opened), breakers)


def kept(*, urgent: bool) -> dict[str, str]:
    """Headers that say for how long to keep a push, and whether to wake a phone for it (RFC 8030)."""
    return {"TTL": str(DAY), "Urgency": "high" if urgent else "normal"}


class Delivery:
    """Any thread may post."""

    def __init__(self, guard: Guard, breakers: Breakers, now: Callable[[], float] = time.time) -> None:
        self._breakers, self._now = breakers, now
        self._http = Http(connect=guard.connect)
        self.check = guard.check

    def post(
        self, device: Device, place: Place, body: bytes, headers: Mapping[str, str], left: Left
    ) -> Outcome:
        """To the URL that is the device's token, and `place`, as the guard has it."""
        if left() <= 0:
            return later("no time is left", tried=False)
        try:
            return self._verdict(device, place, self._answer(device.token, place, body, headers, left))
        except Deferred as error:
            return later(str(error), error.wait, tried=False)
        except _Failing as error:
            return later(str(error), _bounded(error.wait))
        except Unreachable as error:
            return later(str(error))
        except (BadUrl, Refused) as error:
            return failed(f"the address {error}")

    def close(self) -> None:
        self._http.close()

    def _answer(self, url: str, place: Place, body: bytes, headers: Mapping[str, str], left: Left) -> Answer:
        with self._breakers.of(place.server).call():
            answer = self._http.post(url, data=body, headers=headers, left=left)
            if answer.status in HOST_FAILS:
                raise _Failing(place.server, answer, self._now())
        return answer

    def _verdict(self, device: Device, place: Place, answer: Answer) -> Outcome:
        status, said = answer.status, f"{place.server} answered {answer.status}"
        if 200 <= status < 300:
            return sent()
        if status in NO_MORE:
            return gone(device, said)
        if status == SLOW_DOWN:  # however long that goes on, it costs no try
            return later(said, _bounded(answer.wait(self._now())) or PAUSE, tried=False)
        if status in NOT_NOW or status >= 500:
            return later(said, _bounded(answer.wait(self._now())))
        if 300 <= status < 400:
            return failed(f"{said}: it leads elsewhere, where we do not go")
        return failed(f"{said}: {REASONS.get(status, 'it does not take the push')}")


def _bounded(wait: float | None) -> float | None:
    return None if wait is None else min(max(wait, 1.0), LONGEST_WAIT)
