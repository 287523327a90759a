"""Whoever sends pushes hears what the push service thinks of the organization."""

from appliance.actions.realm import push_service
from appliance.model.push_status import PushStatus
from appliance.outside.bouncer.service import BouncerRoad
from appliance.workers.parts import Parts


def follow(parts: Parts) -> None:
    """At start, in each process that has roads."""
    road = parts.roads.named("bouncer")

    def hear(status: PushStatus | None) -> None:
        push_service.heard(parts.store, status, parts.clock.now())

    if isinstance(road, BouncerRoad):
        road.listener = hear
