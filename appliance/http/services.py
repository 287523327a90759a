"""What the routes work with: built once by the runtime."""

from dataclasses import dataclass, field

from appliance.actions.user.activity import Activity
from appliance.base.clock import Clock
from appliance.base.metrics import Counter, Metrics
from appliance.base.ratelimit import RateLimit
from appliance.events.polling import Polling
from appliance.events.registry import QueueRegistry
from appliance.events.reloads import Reloads
from appliance.events.sharding import Ports
from appliance.http.console import Console
from appliance.http.turns import Turns
from appliance.model.realm_section import ServerFacts
from appliance.outside.roads import Roads
from appliance.store.store import Store

LOGIN_TRIES, LOGIN_PERIOD = 5, 1800.0  # per name, seconds
MAILS, MAIL_PERIOD = 3, 3600.0  # that anybody may have sent to an address that they type; seconds
PUSH_TESTS = 2  # at once, each of which may hold a thread for seconds


@dataclass(frozen=True)
class Services:
    """`public_url`: as browsers and phones reach the server, no slash at its end. `shard_ports`: where else
    it listens, a port for each shard; none if there is one shard. `secret`: that of its own programs.
    `cors_origins`: whose pages may use the API (http/cors.py). `sends_mail`: not into its own folder."""

    store: Store
    registry: QueueRegistry
    polling: Polling
    clock: Clock
    metrics: Metrics
    public_url: str
    server: ServerFacts
    requests_per_minute: int
    shard_ports: Ports
    reloads: Reloads
    activity: Activity
    secret: str = field(repr=False)
    roads: Roads
    console: Console
    cors_origins: tuple[str, ...] = ()
    sends_mail: bool = False
    per_user: RateLimit = field(init=False)
    per_user_polls: RateLimit = field(init=False)
    per_address: RateLimit = field(init=False)
    logins: RateLimit = field(init=False)
    mails: RateLimit = field(init=False)
    requests: Counter = field(init=False)
    push_tests: Turns = field(init=False, default_factory=lambda: Turns(PUSH_TESTS))

    def __post_init__(self) -> None:
        limits = {
            "per_user": RateLimit(self.requests_per_minute, self.clock),
            "per_user_polls": RateLimit(self.requests_per_minute, self.clock),
            "per_address": RateLimit((self.requests_per_minute + 1) // 2, self.clock),
            "logins": RateLimit(LOGIN_TRIES, self.clock, LOGIN_PERIOD),
            "mails": RateLimit(MAILS, self.clock, MAIL_PERIOD),
        }
        for name, limit in limits.items():
            object.__setattr__(self, name, limit)
        counter = self.metrics.counter("appliance_requests_total", "Requests of the API, polls or others.")
        object.__setattr__(self, "requests", counter)
