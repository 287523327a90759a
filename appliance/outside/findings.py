"""What `appliance doctor` and the admin console say of the outside: of hosts that fail, and of each road of
pushes and the devices that it does not reach."""

from collections.abc import Iterator, Mapping, Sequence

from appliance.base.finding import Finding
from appliance.outside.roads import MAKERS, Roads

WHERE = "see docs/notifications.md"


def hosts(failing: Sequence[str]) -> Finding:
    """`failing`: those that the server leaves alone for a while (breaker.py)."""
    if failing:
        text = f"{', '.join(failing)} failed again and again: what is for there waits (see the log)"
        return Finding("outside", "warning", text)
    return Finding("outside", "ok", "no host fails again and again")


def pushes(roads: Roads, failing: Mapping[str, tuple[int, str]]) -> Iterator[Finding]:
    """One for each road that is configured, rightly or wrongly. `failing`: store.device.errors."""
    if not roads.reach_phones and not roads.mistakes:
        yield Finding("push", "ok", f"not to phone apps: no service of theirs is configured, {WHERE}")
    for name in MAKERS:
        if mistake := roads.mistakes.get(name):
            yield Finding(f"push by {name}", "error", mistake)
        elif name in roads:
            yield _of_road(name, [failing[kind] for kind in roads.kinds(name) if kind in failing])


def _of_road(name: str, failing: list[tuple[int, str]]) -> Finding:
    if not failing:
        return Finding(f"push by {name}", "ok", "configured, no device fails")
    count, error = sum(number for number, _ in failing), failing[0][1]
    return Finding(f"push by {name}", "warning", f"{count} device{'s' * (count > 1)} got no push: {error}")
