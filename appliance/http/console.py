"""What the routes of the admin console need of the running server."""

from dataclasses import dataclass, field

from appliance.actions.server.disk import Measuring
from appliance.base.clock import Clock
from appliance.base.config import Config
from appliance.base.recent_log import RecentLog
from appliance.base.slow import SlowRequests
from appliance.http.turns import Turns
from appliance.outside.breaker import Breakers
from appliance.store.store import Store


@dataclass(frozen=True, slots=True)
class Console:
    config: Config = field(repr=False)
    breakers: Breakers
    slow: SlowRequests
    log: RecentLog
    measuring: Measuring
    turns: Turns = field(default_factory=lambda: Turns(1))  # of those who have it measure


def make_console(config: Config, breakers: Breakers, store: Store, clock: Clock) -> Console:
    return Console(config, breakers, SlowRequests(clock), RecentLog(), Measuring(store, clock))
