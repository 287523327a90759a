"""What `appliance doctor` finds of pushes: each road, and the devices that it does not reach."""

from collections.abc import Iterator

from appliance.base.clock import SystemClock
from appliance.base.config import Config
from appliance.base.metrics import Metrics
from appliance.cli.finding import Finding
from appliance.outside.breaker import Breakers
from appliance.outside.roads import MAKERS, Roads, roads
from appliance.store import device as devices
from appliance.store.store import Store

WHERE = "see docs/notifications.md"


def pushes(store: Store, config: Config) -> list[Finding]:
    """One for each road that is configured, rightly or wrongly."""
    found = roads(config, store.folder, Breakers(SystemClock(), Metrics()))
    with store.read() as reader:
        failing = devices.errors(reader)
    try:
        return list(_findings(found, failing))
    finally:
        found.close()


def _findings(found: Roads, failing: dict[str, tuple[int, str]]) -> Iterator[Finding]:
    if not found.reach_phones and not found.mistakes:
        yield Finding("push", "ok", f"not to phone apps: no service of theirs is configured, {WHERE}")
    for name in MAKERS:
        if mistake := found.mistakes.get(name):
            yield Finding(f"push by {name}", "error", mistake)
        elif name in found:
            yield _finding(name, [failing[kind] for kind in found.kinds(name) if kind in failing])


def _finding(name: str, failing: list[tuple[int, str]]) -> Finding:
    if not failing:
        return Finding(f"push by {name}", "ok", "configured, no device fails")
    count, error = sum(number for number, _ in failing), failing[0][1]
    return Finding(f"push by {name}", "warning", f"{count} device{'s' * (count > 1)} got no push: {error}")
