"""Roads that keep what they are to send, and answer as they are told."""

from collections.abc import Callable, Sequence
from threading import Lock

from appliance.model.device import Device
from appliance.outside.road import Left, Outcome, Push, sent


class FakeRoad:
    """`outcomes`: one for each push to come; when there are none left, all are sent. `sent` has every push
    that it was given, whatever it answered."""

    def __init__(self, name: str, *outcomes: Outcome) -> None:
        self.name, self.outcomes = name, list(outcomes)
        self.sent: list[Push] = []
        self.batches: list[int] = []
        self.left: list[float] = []
        self.before: Callable[[Sequence[Push]], None] = lambda pushes: None
        self.closed = False
        self._lock = Lock()

    def send(self, pushes: Sequence[Push], left: Left) -> list[Outcome]:
        self.before(pushes)
        with self._lock:
            self.sent += pushes
            self.batches.append(len(pushes))
            self.left.append(left())
            return [self._next() for _ in pushes]

    def close(self) -> None:
        self.closed = True

    def _next(self) -> Outcome:
        return self.outcomes.pop(0) if self.outcomes else sent()


class FakeBouncer(FakeRoad):
    """`told`: what it was told of devices, with the token, or the id of a person or an account."""

    def __init__(self, *outcomes: Outcome) -> None:
        super().__init__("bouncer", *outcomes)
        self.told: list[tuple[str, str]] = []
        self.registration: int | Outcome = 77

    def register(self, device: Device, realm_uuid: str, left: Left) -> Outcome:
        return self._told("register", device.token)

    def unregister(self, device: Device, realm_uuid: str, left: Left) -> Outcome:
        return self._told("unregister", device.token)

    def unregister_all(self, user_id: int, realm_uuid: str, left: Left) -> Outcome:
        return self._told("unregister_all", str(user_id))

    def register_encrypted(
        self,
        push_account_id: int,
        encrypted_push_registration: str,
        bouncer_public_key: str,
        realm_uuid: str,
        left: Left,
    ) -> int | Outcome:
        self.told.append((f"{encrypted_push_registration} {bouncer_public_key}", str(push_account_id)))
        return self.registration

    def _told(self, what: str, whom: str) -> Outcome:
        self.told.append((what, whom))
        return self._next()
