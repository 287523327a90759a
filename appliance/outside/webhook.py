"""Calling the services that bots stand for: behind the guard, with a breaker around each host."""

import math
from collections.abc import Mapping

from appliance import ZULIP_VERSION
from appliance.base.config import Config
from appliance.base.hosts import HostRule
from appliance.base.options import PRIVATE_HOSTS
from appliance.outside.breaker import Breakers
from appliance.outside.guard import Guard
from appliance.outside.http import Answer, Http, Left

ANSWERING = 10.0  # seconds
AGENT = {"User-Agent": f"ZulipOutgoingWebhook/{ZULIP_VERSION}"}


def webhooks(config: Config, breakers: Breakers) -> "Webhooks":
    """As configured."""
    opened: tuple[HostRule, ...] = config.get(PRIVATE_HOSTS)
    return Webhooks(Guard(opened), breakers)


class Webhooks:
    """Any thread may call."""

    def __init__(self, guard: Guard, breakers: Breakers) -> None:
        self._guard, self._breakers = guard, breakers
        self._http = Http(connect=guard.connect)

    def call(
        self,
        url: str,
        left: Left = lambda: math.inf,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        """Raises Refused (guard.py), BadUrl (http.py), Unreachable and Deferred (breaker.py)."""
        place = self._guard.check(url)
        with self._breakers.of(place.server).call():
            return self._http.post(url, json=json, data=form, headers=AGENT, answering=ANSWERING, left=left)

    def close(self) -> None:
        self._http.close()
