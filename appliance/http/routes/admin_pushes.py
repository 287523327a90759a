"""The roads by which pushes leave, as administrators see them in the console."""

from typing import Any

from appliance.http.endpoint import Answer, Call, get
from appliance.model.permission import check_admin
from appliance.outside.roads import MAKERS, Roads
from appliance.store import device as devices

Kinds = dict[str, int]  # of devices: how many there are
Failing = dict[str, tuple[int, str]]  # how many of them failed, and why one did


@get("/appliance/admin/pushes", polls=True, who="admins", differs="not of Zulip")
def pushes(call: Call) -> Answer:
    """Each road: `state` is on, off, or wrong (with the `mistake` in its settings); its devices, how many of
    them did not get their last push, and why one did not; what came of pushes since the server's start."""
    check_admin(call.user)
    services = call.services
    with services.store.read() as reader:
        known, failing = devices.numbers(reader), devices.errors(reader)
    outcomes = _outcomes(call)
    return {
        "roads": [
            {**_shown(services.roads, name, known, failing), "outcomes": outcomes.get(name, {})}
            for name in MAKERS
        ]
    }


def _shown(roads: Roads, name: str, known: Kinds, failing: Failing) -> dict[str, Any]:
    mistake = roads.mistakes.get(name, "")
    kinds = roads.kinds(name)
    failed = [failing[kind] for kind in kinds if kind in failing]
    return {
        "road": name,
        "state": "on" if name in roads else "wrong" if mistake else "off",
        "mistake": mistake,
        "devices": sum(known.get(kind, 0) for kind in kinds),
        "failing": sum(count for count, _ in failed),
        "error": next((error for _, error in failed), ""),
    }


def _outcomes(call: Call) -> dict[str, dict[str, float]]:
    """By road: how many pushes came to what."""
    found: dict[str, dict[str, float]] = {}
    for labels, count in [*call.services.metrics.values("appliance_pushes_total").items()]:
        known = dict(labels)
        found.setdefault(known["road"], {})[known["outcome"]] = count
    return found
