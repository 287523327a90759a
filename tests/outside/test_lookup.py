import socket
import threading
import time
from collections.abc import Iterator

import pytest

from appliance.outside.lookup import MOST, LookUps, resolved


@pytest.fixture
def released() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def hanging(released: threading.Event) -> LookUps:
    """A system whose look-ups hang."""

    def resolve(host: str, port: int) -> list[str]:
        released.wait(30)
        return ["192.0.2.1"]

    return LookUps(resolve)


def test_the_system_is_asked() -> None:
    assert "127.0.0.1" in LookUps().addresses("localhost", 80, 10)


def test_each_address_comes_once() -> None:
    found = resolved("localhost", 80)
    assert len(found) == len(set(found))


def test_what_the_system_says_is_raised() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    with pytest.raises(socket.gaierror):
        LookUps(resolve).addresses("nowhere.test", 80, 10)


def test_one_that_hangs_is_left_behind(released: threading.Event) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        hanging(released).addresses("slow.test", 80, 0.05)
    assert time.monotonic() - began < 5


def test_those_left_behind_are_bounded(released: threading.Event) -> None:
    look_ups = hanging(released)
    before = threading.active_count()
    for _ in range(MOST + 3):
        with pytest.raises(TimeoutError):
            look_ups.addresses("slow.test", 80, 0.001)
    assert threading.active_count() <= before + MOST
    released.set()
    assert look_ups.addresses("slow.test", 80, 10) == ["192.0.2.1"]
