"""A road by which pushes leave: one method, and a result for each push.

Roads raise nothing for what a service answers, or for one that does not: that is a result. Any thread may
send, several at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from appliance.base.errors import ApplianceError
from appliance.model.device import Device

Left = Callable[[], float]  # seconds until a push should have gone


@dataclass(frozen=True, slots=True)
class Push:
    """What is sent to one device; by the bouncer, which knows people's devices itself, to all of a person.

    `payload` has the road's own form, which notify/push/ makes. `urgent`: worth waking a sleeping phone for.
    `tag`: of the message or conversation that it is about; a service that still holds an older one with the
    same may replace it.
    """

    devices: tuple[Device, ...]
    payload: dict[str, Any]
    urgent: bool = True
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """sent     the service has taken it, for `count` devices
    gone     the device is no more: forget it
    later    try it again, after `wait` seconds if the service says so; `tried` False: it was not even tried
    failed   it will never work; `reason` says why, without a secret

    `gone`: ids of devices that are no more, also where others got it.
    """

    kind: Literal["sent", "gone", "later", "failed"]
    reason: str = ""
    wait: float | None = None
    tried: bool = True
    gone: tuple[int, ...] = ()
    count: int = 0


class RoadUnusable(ApplianceError):
    """A road is configured, but not so that it could be used; the text says what to mend, and no secret."""


class Road(Protocol):
    """`name`: as in metrics, in `doctor` and in the name of its queue, push_NAME."""

    name: str

    def send(self, pushes: Sequence[Push], left: Left) -> list[Outcome]:
        """An outcome for each, in their order."""

    def close(self) -> None: ...


class BouncerRoad(Road, Protocol):
    """The push service for Zulip's own apps: it must know of a device before it has pushes for it.

    Each answers sent, later, or failed; gone: the service does not know the device. `realm_uuid` and a
    person's id are what it knows a person by.
    """

    def register(self, device: Device, realm_uuid: str, left: Left) -> Outcome: ...

    def unregister(self, device: Device, realm_uuid: str, left: Left) -> Outcome: ...

    def unregister_all(self, user_id: int, realm_uuid: str, left: Left) -> Outcome: ...

    def register_encrypted(
        self,
        push_account_id: int,
        encrypted_push_registration: str,
        bouncer_public_key: str,
        realm_uuid: str,
        left: Left,
    ) -> int | Outcome:
        """The id that the service gives the device; or later, or failed with the code of the error."""


def sent(count: int = 1, gone: tuple[int, ...] = ()) -> Outcome:
    return Outcome("sent", count=count, gone=gone)


def gone(device: Device, reason: str) -> Outcome:
    return Outcome("gone", reason, gone=(device.id,))


def later(reason: str, wait: float | None = None, *, tried: bool = True) -> Outcome:
    return Outcome("later", reason, wait, tried)


def failed(reason: str) -> Outcome:
    return Outcome("failed", reason)
