"""From a message of a real client to phones, by Apple's and by Google's service."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import until
from tests.outside.apns import KEY_ID, TEAM_ID, Apns, refusal
from tests.outside.fcm import Fcm
from tests.outside.pushes import APP_ID, token
from tests.process.conftest import Serve
from tests.process.server import ServerProcess

APPLE, GOOGLE = "/users/me/apns_device_token", "/users/me/android_gcm_reg_id"


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
def pushing(serve: Serve, apns: Apns, fcm: Fcm) -> ServerProcess:
    environ = {
        "SSL_CERT_FILE": str(apns.authority.file),
        "APPLIANCE_PUSH_APNS_SERVER": f"127.0.0.1:{apns.port}",
        "APPLIANCE_PUSH_APNS_KEY": str(apns.key_file),
        "APPLIANCE_PUSH_APNS_KEY_ID": KEY_ID,
        "APPLIANCE_PUSH_APNS_TEAM_ID": TEAM_ID,
        "APPLIANCE_PUSH_FCM_SERVER": fcm.url,
        "APPLIANCE_PUSH_FCM_CREDENTIALS": str(fcm.account_file),
    }
    return serve(environ=environ)


# checklist 51, 238, 239, 249
def test_phones_show_what_was_missed_and_take_it_away_when_it_was_read(
    pushing: ServerProcess, apns: Apns, fcm: Fcm
) -> None:
    server = pushing.start()
    hamlet, cordelia = server.people("hamlet", "cordelia")
    cordelia.ask("POST", APPLE, token=token(1), appid=APP_ID)
    cordelia.ask("POST", GOOGLE, token="registration-1")
    message_id = hamlet.send(cordelia, "Where are **you**?")
    until(lambda: apns.received and fcm.received)
    [shown], [message] = apns.received, fcm.received
    assert (shown.token, shown.headers["apns-topic"]) == (token(1), APP_ID)
    assert shown.payload["aps"]["alert"]["body"] == "Where are you?"
    assert shown.payload["zulip"]["message_ids"] == [message_id]
    assert (message["token"], message["data"]["event"]) == ("registration-1", "message")
    assert message["data"]["zulip_message_id"] == str(message_id)
    cordelia.ask("POST", "/messages/flags", messages=[message_id], op="add", flag="read")
    until(lambda: len(apns.received) == len(fcm.received) == 2)
    assert apns.received[1].payload["zulip"]["zulip_message_ids"] == str(message_id)
    assert fcm.received[1]["data"]["event"] == "remove"
    assert apns.received[1].headers["apns-priority"] == "5"
    assert fcm.received[1]["android"]["priority"] == "NORMAL"


def test_a_phone_that_is_gone_is_forgotten(pushing: ServerProcess, apns: Apns) -> None:
    server = pushing.start()
    hamlet, cordelia = server.people("hamlet", "cordelia")
    for each in (1, 2):
        cordelia.ask("POST", APPLE, token=token(each), appid=APP_ID)
    apns.replies[token(1)] = refusal("Unregistered")
    hamlet.send(cordelia, "hello")
    until(lambda: len(cordelia.ask("GET", "/appliance/devices")["devices"]) == 1)
    until(lambda: apns.tokens == [token(2)])
