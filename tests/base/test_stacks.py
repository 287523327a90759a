"""What every thread does, for a person."""

import threading

import pytest

from appliance.base import stacks


def wait_for_godot(arrived: threading.Event, password: str) -> None:
    arrived.wait(60)


def test_each_thread_with_its_name_and_its_stack(caplog: pytest.LogCaptureFixture) -> None:  # checklist 63
    arrived = threading.Event()
    thread = threading.Thread(target=wait_for_godot, args=(arrived, "hunter2"), name="estragon")
    thread.start()
    stacks.dump()
    arrived.set()
    thread.join()
    [told] = caplog.messages
    mine, other = (told.partition(f"Thread {name}:\n")[2] for name in ("MainThread", "estragon"))
    assert "in test_each_thread_with_its_name_and_its_stack" in mine
    assert "in wait_for_godot" in other
    assert "hunter2" not in told
