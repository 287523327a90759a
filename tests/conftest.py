"""What tests of all layers share: a clock that they move, a store, people, and a mail server."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import creation as user_actions
from appliance.actions.user import setting as setting_actions
from appliance.model import credential
from appliance.model.user import Role, User
from appliance.store import user as users
from appliance.store.store import Store
from tests.delivered import IN_PART, SEEN, watching_queues
from tests.outside.smtp_sink import SmtpSink


def until(condition: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Wait for something that happens elsewhere; what `condition` returns once it is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)
    return found


def stored(store: Store, user: User) -> User:
    """The user as the file has them now."""
    with store.read() as reader:
        found = users.with_id(reader, user.id)
    assert found is not None
    return found


@pytest.fixture(scope="session", autouse=True)
def _queues_are_watched() -> Iterator[None]:
    with watching_queues():
        yield


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_cheap() -> Iterator[None]:
    """In the tests' own process; tests/model/test_credential.py looks at the real ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credential, "COST", 16)
        patch.setattr(credential, "_NOBODY", credential._NOBODY.replace("scrypt$16384$", "scrypt$16$"))
        yield


@pytest.fixture(autouse=True)
def _every_event_is_as_described(request: pytest.FixtureRequest) -> Iterator[None]:
    """Those that the test sees, in its own process or from a server (tests/delivered.py)."""
    yield
    mistakes = SEEN.mistakes(in_part=request.node.nodeid.startswith(IN_PART))
    assert not mistakes, "\n".join(mistakes)


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self._now = 1_700_000_000.0

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds


class MakeUser(Protocol):
    def __call__(
        self, name: str, *, role: Role = Role.MEMBER, is_bot: bool = False, **settings: Any
    ) -> User: ...


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="session")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an organisation and nobody in it, to be copied: that takes a tenth of making one."""
    folder = tmp_path_factory.mktemp("beginning") / "data"
    opened = Store(folder, MovableClock())
    realm_actions.prepare(opened)
    opened.close()
    return folder


@pytest.fixture
def store(tmp_path: Path, beginning: Path, clock: MovableClock) -> Iterator[Store]:
    """A data folder of its own, with an organisation and nobody in it."""
    opened = Store(shutil.copytree(beginning, tmp_path / "data"), clock)
    yield opened
    opened.close()


@pytest.fixture
def make_user(store: Store) -> MakeUser:
    """Makes a person "Ann Smith" with the address ann.smith@example.org, and sets their settings."""

    def make(name: str, *, role: Role = Role.MEMBER, is_bot: bool = False, **settings: Any) -> User:
        email = f"{name.lower().replace(' ', '.')}@example.org"
        made = user_actions.create(
            store, email=email, full_name=name, role=role, password=None, is_bot=is_bot
        )
        if settings:
            setting_actions.change(store, made, settings)
        return stored(store, made)

    return make


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    """A mail server on a port of its own."""
    sink = SmtpSink()
    yield sink
    sink.stop()
