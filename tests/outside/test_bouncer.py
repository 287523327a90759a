"""The road to Zulip's push service, against one of ours on a real socket."""

import json
import logging
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.base.config import Config
from appliance.base.metrics import Metrics
from appliance.model.push_status import PushStatus
from appliance.outside.bouncer import account, road
from appliance.outside.bouncer.service import BouncerRoad, identity
from appliance.outside.breaker import FAILURES, Breakers
from appliance.outside.road import Outcome, Push, RoadUnusable
from tests.conftest import MovableClock
from tests.outside.bouncer import Bouncer, Reply, refusal
from tests.outside.bouncer_road import ORG_ID, ORG_KEY, REALM, EncryptedPhone, phone, road_to

WHO = identity(7, REALM)
BODY: dict[str, Any] = {
    "realm_uuid": REALM,
    "apns_payload": {"badge": 0},
    "gcm_payload": {"event": "message"},
    "gcm_options": {"priority": "high"},
}
ENCRYPTED = {"realm_uuid": REALM, "apns": {"badge": 0}, "fcm": {"event": "message", "content": "psst"}}


def left() -> float:
    return 5.0


@pytest.fixture
def bouncer() -> Iterator[Bouncer]:
    with Bouncer() as bouncer:
        yield bouncer


@pytest.fixture
def to_phones(bouncer: Bouncer, clock: MovableClock) -> Iterator[BouncerRoad]:
    made = road_to(bouncer, clock)
    yield made
    made.close()


def one(to_phones: BouncerRoad, push: Push) -> Outcome:
    [outcome] = to_phones.send([push], left)
    return outcome


def push_to(*devices: Any, payload: dict[str, Any] = BODY, **more: Any) -> Push:
    return Push(devices, payload, **more)


# -- devices


# checklist 237, 240
def test_a_device_is_registered_and_unregistered(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    iphone, android = phone(1, "apns"), phone(2)
    assert [to_phones.register(each, REALM, left).kind for each in (iphone, android)] == ["sent", "sent"]
    kept = [(each.who, each.kind, each.token, each.ios_app_id) for each in bouncer.records.rows]
    assert kept == [
        (WHO["user_uuid"], "apns", "token-1", "org.example.app"),
        (WHO["user_uuid"], "fcm", "token-2", ""),
    ]
    assert to_phones.unregister(iphone, REALM, left).kind == "sent"
    assert [each.token for each in bouncer.records.rows] == ["token-2"]


def test_registering_twice_is_no_mistake(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    for _ in range(2):
        assert to_phones.register(phone(1), REALM, left).kind == "sent"
    assert len(bouncer.records.rows) == 1


def test_unregistering_what_it_does_not_know_is_as_good(to_phones: BouncerRoad) -> None:
    assert to_phones.unregister(phone(1), REALM, left).kind == "sent"


def test_all_devices_of_a_person_are_unregistered(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    for each in (phone(1), phone(2, "apns"), phone(3, user_id=8)):
        to_phones.register(each, REALM, left)
    assert to_phones.unregister_all(7, REALM, left).kind == "sent"
    assert [each.token for each in bouncer.records.rows] == ["token-3"]
    assert to_phones.unregister_all(7, REALM, left).kind == "sent"


# -- pushes


# checklist 237
def test_a_push_goes_to_all_phones_of_the_person(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    iphone, android, others = phone(1, "apns"), phone(2), phone(3, user_id=8)
    for each in (iphone, android, others):
        to_phones.register(each, REALM, left)
    outcome = one(to_phones, push_to(iphone, android))
    assert (outcome.kind, outcome.count, outcome.gone) == ("sent", 2, ())
    assert [(each.token, each.payload) for each in bouncer.sent] == [
        ("token-1", {"badge": 0}),
        ("token-2", {"event": "message"}),
    ]
    body = {**BODY, **WHO, "android_devices": ["token-2"], "apple_devices": ["token-1"]}
    assert bouncer.bodies("push/notify") == [body]


def test_it_says_who_it_is(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    one(to_phones, push_to(phone(1)))
    [asked] = bouncer.asked
    assert (asked.org_id, asked.headers["user-agent"]) == (ORG_ID, "ZulipServer/10.1")


def test_devices_that_the_service_has_lost_are_gone(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    known, lost, lost_too = phone(1), phone(2), phone(3, "apns")
    to_phones.register(known, REALM, left)
    outcome = one(to_phones, push_to(known, lost, lost_too))
    assert (outcome.kind, outcome.count, outcome.gone) == ("sent", 1, (2, 3))


def test_long_lists_of_what_is_taken_back_are_cut_by_the_service(
    bouncer: Bouncer, to_phones: BouncerRoad
) -> None:
    ids = ",".join(map(str, range(300)))
    gcm = {"event": "remove", "zulip_message_ids": ids}
    one(to_phones, push_to(phone(1), payload={**BODY, "gcm_payload": gcm}))
    [body] = bouncer.records.notified
    assert len(body["gcm_payload"]["zulip_message_ids"].split(",")) == 200


def test_a_test_notification(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    test = {"realm_uuid": REALM, "base_payload": {"server": "chat.test", "realm_id": 1}}
    to_phones.register(phone(1), REALM, left)
    assert one(to_phones, push_to(phone(1), payload=test)).kind == "sent"
    assert [each.payload["event"] for each in bouncer.sent] == ["test"]
    unknown = one(to_phones, push_to(phone(2), payload=test))
    assert (unknown.kind, unknown.gone) == ("gone", (2,))


# -- encrypted pushes


def registered(bouncer: Bouncer, to_phones: BouncerRoad, each: EncryptedPhone) -> int | Outcome:
    secret = bouncer.records.sealed(each.registration())
    public = bouncer.records.public_key
    return to_phones.register_encrypted(each.push_account_id, secret, public, REALM, left)


def test_an_encrypted_push_is_read_by_its_phone_alone(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    iphone, android = EncryptedPhone("apns", 11), EncryptedPhone("fcm", 12)
    ids = [registered(bouncer, to_phones, each) for each in (iphone, android)]
    assert ids == [1, 2]
    devices = [iphone.device(5, 1), android.device(6, 2)]
    outcome = one(to_phones, push_to(*devices, payload=ENCRYPTED))
    assert (outcome.kind, outcome.count, outcome.gone) == ("sent", 2, ())
    to_iphone, to_android = bouncer.sent
    assert (to_iphone.token, to_android.token) == (iphone.token, android.token)
    assert iphone.read(to_iphone.payload) == ENCRYPTED["apns"]
    assert android.read(to_android.payload) == ENCRYPTED["fcm"]
    assert "psst" not in str(bouncer.asked)


@pytest.mark.parametrize(
    ("urgent", "http_headers", "fcm_priority"),
    [
        (True, {"apns_priority": 10, "apns_push_type": "alert"}, "high"),
        (False, {"apns_priority": 5, "apns_push_type": "background"}, "normal"),
    ],
)
def test_what_the_services_may_see_of_an_encrypted_push(
    bouncer: Bouncer, to_phones: BouncerRoad, urgent: bool, http_headers: dict[str, Any], fcm_priority: str
) -> None:
    devices = [EncryptedPhone("apns", 11).device(5, 1), EncryptedPhone("fcm", 12).device(6, 2)]
    one(to_phones, push_to(*devices, payload=ENCRYPTED, urgent=urgent))
    [body] = bouncer.bodies("push/e2ee/notify")
    apple, google = body["push_requests"]
    assert (apple["device_id"], apple["http_headers"]) == (1, http_headers)
    assert (google["device_id"], google["fcm_priority"]) == (2, fcm_priority)
    assert set(google["payload"]) == {"push_account_id", "encrypted_data"}
    assert apple["payload"]["push_account_id"] == 11


def test_an_expired_device_is_gone(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    each = EncryptedPhone("fcm", 12)
    registered(bouncer, to_phones, each)
    bouncer.records.encrypted[1].expired = True
    outcome = one(to_phones, push_to(each.device(6, 1), payload=ENCRYPTED))
    assert (outcome.kind, outcome.count, outcome.gone) == ("sent", 0, (6,))


def test_a_registration_for_another_service_fails(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    secret = bouncer.records.sealed(EncryptedPhone("fcm", 12).registration())
    outcome = to_phones.register_encrypted(12, secret, "another", REALM, left)
    assert outcome == Outcome("failed", "INVALID_BOUNCER_PUBLIC_KEY")


# checklist 254
def test_a_registration_that_it_cannot_read_fails(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    outcome = to_phones.register_encrypted(12, "AAAA", bouncer.records.public_key, REALM, left)
    assert outcome == Outcome("failed", "BAD_REQUEST")


def test_a_registration_that_came_too_late_fails(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    secret = bouncer.records.sealed(EncryptedPhone("fcm", 12).registration(time.time() - 25 * 3600))
    outcome = to_phones.register_encrypted(12, secret, bouncer.records.public_key, REALM, left)
    assert outcome == Outcome("failed", "REQUEST_EXPIRED")


@pytest.mark.parametrize(
    ("reply", "level"),
    [
        (Reply(503), logging.WARNING),
        (refusal("Organization not registered", "MISSING_REMOTE_REALM", 403), logging.ERROR),
        (refusal("Auth failure", "INVALID_ZULIP_SERVER", 401), logging.ERROR),
        (refusal("Your plan", "PUSH_NOTIFICATIONS_DISALLOWED"), logging.ERROR),
    ],
)
def test_a_registration_is_tried_again_after_what_can_be_mended(
    bouncer: Bouncer, to_phones: BouncerRoad, caplog: pytest.LogCaptureFixture, reply: Reply, level: int
) -> None:
    bouncer.replies = [reply]
    outcome = registered(bouncer, to_phones, EncryptedPhone("fcm", 12))
    assert isinstance(outcome, Outcome)
    assert outcome.kind == "later"
    assert level in [each.levelno for each in caplog.records]


# -- what may go wrong

OUTCOMES = [
    (Reply(500), "later"),
    (Reply(503, headers={"Retry-After": "77"}), "later"),
    (Reply(429), "later"),
    (Reply(how="closes"), "later"),
    (refusal("Auth failure", "INVALID_ZULIP_SERVER", 401), "failed"),
    (refusal("Your plan", "PUSH_NOTIFICATIONS_DISALLOWED"), "failed"),
    (refusal("Missing user_id or user_uuid", "BAD_REQUEST"), "failed"),
    (Reply(404, b"<h1>Not found</h1>"), "failed"),
    (Reply(302, headers={"Location": "http://127.0.0.1:1/"}), "failed"),
    (Reply(204, b""), "failed"),
    (Reply(200, b"<h1>Log in to this hotel</h1>"), "failed"),
    (Reply(200, b"[1, 2"), "failed"),
    (Reply(200, b'{"result": "success"}'), "sent"),
]


@pytest.mark.parametrize(("reply", "kind"), OUTCOMES)
def test_what_an_answer_means(bouncer: Bouncer, to_phones: BouncerRoad, reply: Reply, kind: str) -> None:
    bouncer.replies = [reply]
    assert one(to_phones, push_to(phone(1))).kind == kind


@pytest.mark.parametrize(
    "garbage",
    [
        {"deleted_devices": [1], "realm": 3},
        {"deleted_devices": {"android_devices": 7}, "total_android_devices": "many"},
        {"realm": {"can_push": "maybe", "expected_end_timestamp": []}},
        {"total_android_devices": 2**63, "total_apple_devices": -3},
    ],
)
def test_an_answer_of_wrong_types_is_no_crash(
    bouncer: Bouncer, to_phones: BouncerRoad, garbage: dict[str, Any]
) -> None:
    bouncer.replies = [Reply(200, json.dumps({"result": "success", "msg": "", **garbage}).encode())]
    outcome = one(to_phones, push_to(phone(1)))
    assert (outcome.kind, outcome.count) == ("sent", 0)


def test_it_waits_for_as_long_as_the_service_asks(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    bouncer.replies = [Reply(429, headers={"Retry-After": "3600"}), Reply(503, headers={"Retry-After": "9"})]
    assert [one(to_phones, push_to(phone(1))).wait for _ in range(2)] == [3600, 9]


def test_too_many_requests_are_refused_for_a_while(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    bouncer.limit = 1
    outcomes = [one(to_phones, push_to(phone(1))) for _ in range(2)]
    assert [(each.kind, each.tried) for each in outcomes] == [("sent", True), ("later", False)]
    assert outcomes[1].wait == 60


# checklist 232
def test_after_a_refusal_of_the_moment_there_is_one_push(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    to_phones.register(phone(1), REALM, left)
    bouncer.replies = [Reply(503)]
    kinds = [one(to_phones, push_to(phone(1))).kind for _ in range(2)]
    assert (kinds, len(bouncer.sent)) == (["later", "sent"], 1)


def test_a_service_that_hangs_is_not_waited_for(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    bouncer.replies = [Reply(how="hangs")]
    [outcome] = to_phones.send([push_to(phone(1))], lambda: 0.2)
    assert (outcome.kind, "timed out" in outcome.reason) == ("later", True)


def test_a_service_that_is_not_there(clock: MovableClock) -> None:
    with Bouncer() as bouncer:
        to_phones = road_to(bouncer, clock)
    assert one(to_phones, push_to(phone(1))).kind == "later"


def test_one_that_fails_again_and_again_is_left_alone(bouncer: Bouncer, to_phones: BouncerRoad) -> None:
    bouncer.replies = [Reply(503)] * FAILURES
    outcomes = [one(to_phones, push_to(phone(1))) for _ in range(FAILURES + 1)]
    assert [each.tried for each in outcomes] == [True] * FAILURES + [False]
    assert len(bouncer.asked) == FAILURES


def test_a_certificate_of_nobody_is_not_believed(tmp_path: Path, clock: MovableClock) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*request, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Bouncer(tls=context) as bouncer:
        outcome = one(road_to(bouncer, clock), push_to(phone(1)))
    assert (outcome.kind, "certificate" in outcome.reason, bouncer.asked) == ("later", True, [])


@pytest.mark.parametrize(("reply", "_"), OUTCOMES)
def test_no_secret_gets_into_logs_and_reasons(
    bouncer: Bouncer, to_phones: BouncerRoad, caplog: pytest.LogCaptureFixture, reply: Reply, _: str
) -> None:
    caplog.set_level(logging.DEBUG)
    bouncer.replies = [reply] * 3
    each = EncryptedPhone("fcm", 12)
    device = each.device(6, 1)
    told = [one(to_phones, push_to(phone(1))), one(to_phones, push_to(device, payload=ENCRYPTED))]
    told += [to_phones.register(phone(1), REALM, left)]
    for secret in (ORG_KEY, "token-1", "psst", each.push_key):
        assert secret not in caplog.text + repr(told) + repr(to_phones.client.account) + repr(device)


# -- what it thinks of the organization


@pytest.fixture
def heard(to_phones: BouncerRoad) -> list[PushStatus | None]:
    told: list[PushStatus | None] = []
    to_phones.listener = told.append
    return told


def test_each_answer_says_whether_it_pushes_for_us(
    bouncer: Bouncer, to_phones: BouncerRoad, heard: list[PushStatus | None]
) -> None:
    bouncer.records.until = 1_800_000_000
    one(to_phones, push_to(phone(1)))
    one(to_phones, push_to(EncryptedPhone("fcm", 12).device(6, 1), payload=ENCRYPTED))
    bouncer.records.realms.clear()
    one(to_phones, push_to(phone(1)))
    assert heard == [PushStatus(True, 1_800_000_000), PushStatus(True, 1_800_000_000), None]


def test_a_refusal_to_push_for_us_is_heard(
    bouncer: Bouncer, to_phones: BouncerRoad, heard: list[PushStatus | None]
) -> None:
    bouncer.records.can_push = False
    assert one(to_phones, push_to(phone(1))).kind == "failed"
    assert heard == [PushStatus(False, None)]


def test_so_is_an_unknown_organization_of_encrypted_pushes(
    bouncer: Bouncer, to_phones: BouncerRoad, heard: list[PushStatus | None]
) -> None:
    bouncer.records.realms.clear()
    push = push_to(EncryptedPhone("fcm", 12).device(6, 1), payload=ENCRYPTED)
    assert one(to_phones, push).kind == "failed"
    assert heard == [PushStatus(False, None)]


# -- the account


def configured(**options: str) -> Config:
    return Config.load(None, {f"APPLIANCE_PUSH_BOUNCER{name}": value for name, value in options.items()})


@pytest.fixture
def breakers(clock: MovableClock) -> Breakers:
    return Breakers(clock, Metrics())


def test_there_is_no_road_without_an_address(tmp_path: Path, breakers: Breakers) -> None:
    assert road(configured(), tmp_path, breakers) is None


def test_credentials_are_required(tmp_path: Path, breakers: Breakers) -> None:
    # checklist 253
    config = Config.load(None, {"APPLIANCE_PUSH_BOUNCER": "https://push.test"})
    with pytest.raises(RoadUnusable, match="appliance push register"):
        road(config, tmp_path, breakers)


@pytest.mark.parametrize("only", [{"_ORG_ID": ORG_ID}, {"_ORG_KEY": ORG_KEY}])
def test_half_of_the_credentials_is_none(tmp_path: Path, breakers: Breakers, only: dict[str, str]) -> None:
    config = Config.load(
        None,
        {
            "APPLIANCE_PUSH_BOUNCER": "https://push.test",
            **{f"APPLIANCE_PUSH_BOUNCER{name}": value for name, value in only.items()},
        },
    )
    with pytest.raises(RoadUnusable, match="must both be set") as error:
        road(config, tmp_path, breakers)
    assert ORG_KEY not in str(error.value)


# checklist 251
@pytest.mark.parametrize(
    ("url", "good"),
    [("http://push.test", False), ("https://push.test", True), ("http://[::1]:8080", True)],
)
def test_the_key_is_sent_encrypted_or_not_at_all(
    tmp_path: Path, breakers: Breakers, url: str, good: bool
) -> None:
    account.provide(configured(), tmp_path)
    config = Config.load(None, {"APPLIANCE_PUSH_BOUNCER": url})
    if good:
        assert road(config, tmp_path, breakers)
    else:
        with pytest.raises(RoadUnusable, match="must be https"):
            road(config, tmp_path, breakers)


def test_made_credentials_are_kept_and_private(tmp_path: Path) -> None:
    made = account.provide(configured(), tmp_path)
    path = tmp_path / "bouncer.secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (len(made.org_id), len(made.org_key)) == (36, 64)
    assert account.provide(configured(), tmp_path) == account.configured(configured(), tmp_path) == made


def test_those_of_the_configuration_come_first(tmp_path: Path) -> None:
    account.provide(configured(), tmp_path)
    found = account.configured(configured(_ORG_ID=ORG_ID, _ORG_KEY=ORG_KEY), tmp_path)
    assert found is not None
    assert (found.org_id, found.org_key) == (ORG_ID, ORG_KEY)


@pytest.mark.parametrize("content", [b"", b"half", b"\xff\xfe", b"a b c"])
def test_a_spoilt_file_of_credentials_makes_the_road_unusable(
    tmp_path: Path, breakers: Breakers, content: bytes
) -> None:
    (tmp_path / "bouncer.secret").write_bytes(content)
    config = Config.load(None, {"APPLIANCE_PUSH_BOUNCER": "https://push.test"})
    with pytest.raises(RoadUnusable, match="delete it and register anew"):
        road(config, tmp_path, breakers)


def test_a_port_that_is_closed_is_no_crash(tmp_path: Path, breakers: Breakers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    environ = {"APPLIANCE_PUSH_BOUNCER": url}
    environ |= {"APPLIANCE_PUSH_BOUNCER_ORG_ID": ORG_ID, "APPLIANCE_PUSH_BOUNCER_ORG_KEY": ORG_KEY}
    made = road(Config.load(None, environ), tmp_path, breakers)
    assert made is not None
    assert made.send([push_to(phone(1))], left)[0].kind == "later"
