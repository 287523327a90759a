"""Which roads there are, and which one a device's pushes take."""

from pathlib import Path

import pytest

from appliance.base.config import Config
from appliance.base.metrics import Metrics
from appliance.model.device import Device, Kind
from appliance.outside.breaker import Breakers
from appliance.outside.roads import MAKERS, TAKEN_BY, Roads, queue, roads
from appliance.workers import queues
from tests.conftest import MovableClock
from tests.outside.roads import FakeRoad


def made(folder: Path, **environ: str) -> Roads:
    settings = {f"APPLIANCE_PUSH_{name.upper()}": value for name, value in environ.items()}
    breakers = Breakers(MovableClock(), Metrics())
    return roads(Config.load(None, settings), folder, breakers)


def device(kind: Kind) -> Device:
    return Device(1, 7, kind, "5ec2e7", {}, 0, 0)


def test_only_what_needs_no_account_is_there_by_itself(tmp_path: Path) -> None:
    found = made(tmp_path)
    assert list(found) == ["web", "ntfy"]
    assert not found.reach_phones
    assert found.mistakes == {}


def test_nothing_is_written_by_looking(tmp_path: Path) -> None:
    made(tmp_path)
    assert list(tmp_path.iterdir()) == []


# checklist 251, 253: a road without its credentials is left out, and says so
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("apns", {"apns_key": "/nowhere/key.p8", "apns_key_id": "K" * 10, "apns_team_id": "T" * 10}),
        ("apns", {"apns_certificate": "/nowhere/cert.pem"}),
        ("fcm", {"fcm_credentials": "/nowhere/account.json"}),
        ("bouncer", {"bouncer": "https://push.test"}),
    ],
)
def test_a_wrong_setting_leaves_out_that_road_alone(
    tmp_path: Path, name: str, settings: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    found = made(tmp_path, **settings)
    assert list(found.mistakes) == [name]
    assert list(found) == ["web", "ntfy"]
    found.report()
    assert f"no pushes by {name}: " in caplog.text


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        ("", {}),
        ("apns fcm", {"apns": "apns", "fcm": "fcm"}),
        ("bouncer apns fcm", {"apns": "bouncer", "fcm": "bouncer", "e2ee": "bouncer"}),
        ("web ntfy apns", {"apns": "apns", "web": "web", "ntfy": "ntfy"}),
    ],
)
def test_the_road_of_a_device(there: str, taken: dict[str, str]) -> None:
    found = Roads({name: FakeRoad(name) for name in there.split()})
    kinds: tuple[Kind, ...] = ("apns", "fcm", "e2ee", "web", "ntfy")
    of = {kind: name for kind in kinds if (name := found.of(device(kind)))}
    assert of == taken
    for name in found:
        assert found.kinds(name) == [kind for kind in taken if taken[kind] == name]


def test_every_road_has_a_queue_with_a_worker() -> None:
    assert {queue(name) for name in MAKERS} <= queues().keys()
    assert {name for names in TAKEN_BY.values() for name in names} == MAKERS.keys()


def test_all_are_closed(tmp_path: Path) -> None:
    road = FakeRoad("fcm")
    Roads({"fcm": road}).close()
    assert road.closed
