"""What `appliance doctor` finds of pushes."""

from appliance.base.clock import SystemClock
from appliance.base.config import Config
from appliance.base.finding import Finding
from appliance.base.metrics import Metrics
from appliance.outside import findings
from appliance.outside.breaker import Breakers
from appliance.outside.roads import roads
from appliance.store import device as devices
from appliance.store.store import Store


def pushes(store: Store, config: Config) -> list[Finding]:
    """One for each road that is configured, rightly or wrongly."""
    found = roads(config, store.folder, Breakers(SystemClock(), Metrics()))
    with store.read() as reader:
        failing = devices.errors(reader)
    try:
        return list(findings.pushes(found, failing))
    finally:
        found.close()
