"""The roads by which pushes leave, as the configuration has them, and which of them a device takes."""

import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from appliance.base.config import Config
from appliance.model.device import Device
from appliance.outside import apns, bouncer, fcm, ntfy, web_push
from appliance.outside.breaker import Breakers
from appliance.outside.road import Road, RoadUnusable

log = logging.getLogger(__name__)

MakeRoad = Callable[[Config, Path, Breakers], Road | None]

# Each has a module of its own. None: it is not configured.
MAKERS: dict[str, MakeRoad] = {
    "bouncer": bouncer.road,
    "apns": apns.road,
    "fcm": fcm.road,
    "web": web_push.road,
    "ntfy": ntfy.road,
}
# By which the pushes of a kind of device may go: the first that is there.
TAKEN_BY = {
    "apns": ("bouncer", "apns"),
    "fcm": ("bouncer", "fcm"),
    "e2ee": ("bouncer",),
    "web": ("web",),
    "ntfy": ("ntfy",),
}
TO_PHONES = ("bouncer", "apns", "fcm")  # to apps of Zulip's kind


class Roads:
    """Any thread may ask. `mistakes`: what is wrong with the settings of a road that is left out, by name."""

    def __init__(self, roads: Mapping[str, Road], mistakes: Mapping[str, str] | None = None) -> None:
        self._roads, self.mistakes = dict(roads), dict(mistakes or {})

    def __iter__(self) -> Iterator[str]:
        """The names of those that can be used."""
        return iter(self._roads)

    def named(self, name: str) -> Road | None:
        return self._roads.get(name)

    def of(self, device: Device) -> str | None:
        """The name of the road that its pushes take; None: there is none."""
        return self._first(TAKEN_BY[device.kind])

    def kinds(self, name: str) -> list[str]:
        """The kinds of devices whose pushes take this road."""
        return [kind for kind, names in TAKEN_BY.items() if self._first(names) == name]

    def _first(self, names: tuple[str, ...]) -> str | None:
        return next((name for name in names if name in self._roads), None)

    @property
    def reach_phones(self) -> bool:
        """Whether apps of Zulip's kind can get pushes."""
        return any(name in self._roads for name in TO_PHONES)

    def report(self) -> None:
        """At start: say what is missing, and what is wrong."""
        for name, mistake in self.mistakes.items():
            log.error("no pushes by %s: %s", name, mistake)
        if not self.reach_phones:
            log.warning("phone apps get no pushes: push.bouncer is not set, nor a key of Apple's or Google's")

    def close(self) -> None:
        for road in self._roads.values():
            road.close()


def queue(road: str) -> str:
    """Of the jobs of its pushes."""
    return f"push_{road}"


def roads(config: Config, folder: Path, breakers: Breakers) -> Roads:
    """Those that are configured. `folder`: the data folder."""
    made: dict[str, Road] = {}
    mistakes: dict[str, str] = {}
    for name, make in MAKERS.items():
        try:
            road = make(config, folder, breakers)
        except RoadUnusable as error:
            mistakes[name] = str(error)
            continue
        except ImportError as error:
            mistakes[name] = f"a library cannot be imported: {error}"
            continue
        if road is not None:
            made[name] = road
    return Roads(made, mistakes)
