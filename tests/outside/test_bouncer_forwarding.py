"""From a server by the push service to those of the phones' makers: all three are real, on 127.0.0.1."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from appliance.base.config import Config
from appliance.notify.push import bouncer as form
from appliance.notify.push import e2ee
from appliance.notify.push.notification import Notification
from appliance.outside import apns as apns_road
from appliance.outside import fcm as fcm_road
from appliance.outside.bouncer.service import BouncerRoad
from appliance.outside.breaker import Breakers
from appliance.outside.road import Push
from tests.conftest import MovableClock
from tests.outside.apns import KEY_ID, TEAM_ID, Apns
from tests.outside.bouncer import Bouncer
from tests.outside.bouncer_road import APP, REALM, EncryptedPhone, road_to
from tests.outside.fcm import Fcm
from tests.outside.pushes import device, soon, token

COMMON: dict[str, Any] = {"server": "chat.test", "realm_id": 1, "user_id": 7}
ADD = Notification("add", 7, REALM, COMMON, (991,), title="Ann", body="hello", sender_full_name="Ann")
REMOVE = Notification("remove", 7, REALM, COMMON, (990, 991))


@pytest.fixture
def apns(tmp_path: Path) -> Iterator[Apns]:
    server = Apns(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def fcm(tmp_path: Path) -> Iterator[Fcm]:
    server = Fcm(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def bouncer(
    apns: Apns, fcm: Fcm, tmp_path: Path, breakers: Breakers, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bouncer]:
    """It forwards to both."""
    monkeypatch.setenv("SSL_CERT_FILE", str(apns.authority.file))
    settings = {
        "APNS_SERVER": f"127.0.0.1:{apns.port}",
        "APNS_KEY": apns.key_file.name,
        "APNS_KEY_ID": KEY_ID,
        "APNS_TEAM_ID": TEAM_ID,
        "FCM_SERVER": fcm.url,
        "FCM_CREDENTIALS": fcm.account_file.name,
    }
    config = Config.load(None, {f"APPLIANCE_PUSH_{name}": value for name, value in settings.items()})
    with ExitStack() as open_ones, Bouncer() as bouncer:
        for kind, module in (("apns", apns_road), ("fcm", fcm_road)):
            made = module.road(config, tmp_path, breakers)
            assert made is not None
            bouncer.records.roads[kind] = open_ones.enter_context(closing(made))
        yield bouncer


@pytest.fixture
def to_phones(bouncer: Bouncer, clock: MovableClock) -> Iterator[BouncerRoad]:
    made = road_to(bouncer, clock)
    yield made
    made.close()


def phones() -> Any:
    """The iPhone's app id is that of the fake."""
    return device(token(1)), device("registration-1", "fcm", 2)


# checklist 241, 242
@pytest.mark.parametrize("said", [ADD, REMOVE], ids=["add", "remove"])
def test_a_push_reaches_the_services_of_both_makers(
    apns: Apns, fcm: Fcm, to_phones: BouncerRoad, said: Notification
) -> None:
    for each in phones():
        to_phones.register(each, REALM, soon)
    push = Push(phones(), form.payload(said), urgent=said.kind == "add")
    [outcome] = to_phones.send([push], soon)
    assert (outcome.kind, outcome.count) == ("sent", 2)
    [apple], [google] = apns.received, fcm.received
    assert (apple.token, apple.payload["zulip"]["user_id"]) == (token(1), 7)
    assert google["token"] == "registration-1"
    assert google["data"]["event"] == {"add": "message", "remove": "remove"}[said.kind]


def test_an_encrypted_push_reaches_them_unread(
    apns: Apns, fcm: Fcm, bouncer: Bouncer, to_phones: BouncerRoad
) -> None:
    iphone, android = EncryptedPhone("apns", 11), EncryptedPhone("fcm", 12)
    iphone.token = token(1)
    for each in (iphone, android):
        sealed = bouncer.records.sealed(each.registration())
        to_phones.register_encrypted(each.push_account_id, sealed, bouncer.records.public_key, REALM, soon)
    push = Push((iphone.device(5, 1), android.device(6, 2)), e2ee.payload(ADD))
    [outcome] = to_phones.send([push], soon)
    assert (outcome.kind, outcome.count) == ("sent", 2)
    [apple], [google] = apns.received, fcm.received
    assert apple.headers["apns-topic"] == APP
    assert iphone.read(apple.payload)["alert"]["body"] == "hello"
    assert android.read(google["data"])["content"] == "hello"
    assert "hello" not in f"{apple.payload} {google}"
