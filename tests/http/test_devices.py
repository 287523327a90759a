"""Devices by the API: what is taken, what is refused, and that no token comes back."""

import json
from base64 import b64encode

import pytest

from tests.process.client import Answer, Person, request
from tests.process.server import ServerProcess

APPLE, ANDROID = "/users/me/apns_device_token", "/users/me/android_gcm_reg_id"
TOKEN = "5ec2e7" * 4
KEY = b64encode(bytes([0x31, *range(32)])).decode()
BAD, UNKNOWN = "BAD_REQUEST", "INVALID_PUSH_DEVICE_TOKEN"


def refusal(answer: Answer, code: str = BAD, status: int = 400) -> str:
    assert answer.is_error(status, code), answer
    msg: str = answer.body["msg"]
    return msg


def devices(person: Person) -> list[dict[str, object]]:
    found: list[dict[str, object]] = person.ask("GET", "/appliance/devices")["devices"]
    return found


# checklist 252
def test_a_phone_comes_and_goes(hamlet: Person, cordelia: Person) -> None:
    for _ in range(2):  # the second is the same
        assert hamlet.call("POST", APPLE, token=TOKEN, appid="org.example.App-1").status == 200
        assert hamlet.call("POST", ANDROID, token=f"{TOKEN}:of-Android").status == 200
    assert [(each["kind"], each["label"]) for each in devices(hamlet)] == [
        ("apns", "org.example.App-1"),
        ("fcm", "Android"),
    ]
    assert TOKEN not in json.dumps(devices(hamlet))
    assert devices(cordelia) == []
    assert refusal(cordelia.call("DELETE", APPLE, token=TOKEN)) == "Token does not exist"
    assert hamlet.call("DELETE", APPLE, token=TOKEN).status == 200
    assert refusal(hamlet.call("DELETE", APPLE, token=TOKEN)) == "Token does not exist"
    (left,) = devices(hamlet)
    path = f"/appliance/devices/{left['id']}"
    assert refusal(cordelia.call("DELETE", path)) == "Device does not exist"
    assert hamlet.call("DELETE", path).status == 200
    assert devices(hamlet) == []


LENGTH, NOT_APPLES = "Empty or invalid length token", "Invalid APNS token"


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(
    ("path", "token", "msg"),
    [
        *((path, token, LENGTH) for path in (APPLE, ANDROID) for token in ("", "x" * 4097)),
        *((APPLE, token, NOT_APPLES) for token in ("not base64", "äöü", "abc")),
    ],
)
def test_malformed_tokens(hamlet: Person, method: str, path: str, token: str, msg: str) -> None:
    assert refusal(hamlet.call(method, path, token=token, appid="org.example.app")) == msg


@pytest.mark.parametrize("appid", ["", "a b", "a/b", "ä", "a\n"])
def test_malformed_names_of_apps(hamlet: Person, appid: str) -> None:
    assert refusal(hamlet.call("POST", APPLE, token=TOKEN, appid=appid)) == "appid has invalid format"


def test_a_missing_app(hamlet: Person) -> None:
    assert hamlet.call("POST", APPLE, token=TOKEN).is_error(400, "REQUEST_VARIABLE_MISSING")


ENDPOINTS = [
    ("POST", APPLE),
    ("DELETE", APPLE),
    ("POST", ANDROID),
    ("DELETE", ANDROID),
    ("POST", "/mobile_push/test_notification"),
]


@pytest.fixture(scope="module")
def bot(hamlet: Person) -> Person:
    made = hamlet.ask("POST", "/bots", full_name="Pusher", short_name="pusher", bot_type=1)
    everyone = hamlet.ask("GET", "/users")["members"]
    email = next(each["email"] for each in everyone if each["user_id"] == made["user_id"])
    return Person(hamlet.port, made["user_id"], email, made["api_key"])


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_bots_are_refused(bot: Person, method: str, path: str) -> None:
    answer = bot.call(method, path, token=TOKEN, appid="org.example.app")
    assert refusal(answer) == "This endpoint does not accept bot requests."


@pytest.mark.parametrize(("method", "path"), [*ENDPOINTS, ("GET", "/appliance/devices")])
def test_nobody_without_a_key(server: ServerProcess, method: str, path: str) -> None:
    assert request(server.port, method, f"/api/v1{path}").status == 401


# -- tests


def test_a_test_for_a_device_that_nobody_knows(hamlet: Person, cordelia: Person) -> None:
    cordelia.call("POST", ANDROID, token="of cordelia")
    answer = hamlet.call("POST", "/mobile_push/test_notification", token="of cordelia")
    assert refusal(answer, UNKNOWN) == "Device not recognized"
    (device,) = devices(cordelia)
    answer = hamlet.call("POST", f"/appliance/devices/{device['id']}/test")
    assert refusal(answer, UNKNOWN) == "Device not recognized"


def test_a_test_where_no_road_leads(hamlet: Person) -> None:
    hamlet.call("POST", ANDROID, token="a phone")
    answer = hamlet.call("POST", "/mobile_push/test_notification")
    assert refusal(answer) == "Push notifications are not configured on this server."


def test_a_test_for_nobody(server: ServerProcess) -> None:
    (iago,) = server.people("iago")
    assert iago.call("POST", "/mobile_push/test_notification").status == 200
    answer = iago.call("POST", "/mobile_push/e2ee/test_notification")
    assert refusal(answer, "NO_ACTIVE_PUSH_DEVICE") == "User has no active push device"


def test_encrypted_pushes_need_a_push_service(hamlet: Person) -> None:
    answer = hamlet.call(
        "POST",
        "/mobile_push/register",
        token_kind="fcm",
        push_account_id=2408,
        push_key=KEY,
        bouncer_public_key="public",
        encrypted_push_registration="sealed",
    )
    assert refusal(answer) == "Server is not configured to use push notification service."
