"""What `appliance doctor` says of the roads of pushes."""

from pathlib import Path

import pytest

from appliance.base.config import Config
from appliance.cli.doctor_push import pushes
from appliance.store import device as devices
from appliance.store.store import Store
from appliance.store.transaction import Transaction

TOKEN = "5ec2e7"


def found(store: Store, **push: str) -> dict[str, tuple[str, str]]:
    """Level and text by name."""
    environ = {f"APPLIANCE_PUSH_{name.upper()}": value for name, value in push.items()}
    config = Config.load(None, environ)
    return {each.name: (each.level, each.text) for each in pushes(store, config)}


def test_a_server_as_it_comes(store: Store) -> None:
    said = found(store)
    assert said["push by web"] == ("ok", "configured, no device fails")
    assert said["push"][0] == "ok"
    assert "push by apns" not in said


def test_a_road_that_is_set_up_wrongly(store: Store, tmp_path: Path) -> None:
    level, text = found(store, fcm_credentials=str(tmp_path / "nowhere.json"))["push by fcm"]
    assert level == "error"
    assert "nowhere.json" in text


@pytest.mark.parametrize(("failing", "level"), [(0, "ok"), (1, "warning"), (2, "warning")])
def test_devices_that_get_nothing(store: Store, failing: int, level: str) -> None:
    def write(transaction: Transaction) -> None:
        ids = [devices.add(transaction, 7, "ntfy", f"{TOKEN}{number}", {}) for number in range(3)]
        devices.failed(transaction, ids[:failing], "the topic is reserved")

    store.write(write)
    said = found(store)["push by ntfy"]
    assert said[0] == level
    count = {0: "", 1: "1 device got", 2: "2 devices got"}[failing]
    assert said[1] == (f"{count} no push: the topic is reserved" if count else "configured, no device fails")
    assert TOKEN not in str(said)
