"""Against a server that checks and answers as Google's does (fcm.py)."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from appliance.base.config import Config
from appliance.outside import fcm as fcm_module
from appliance.outside.breaker import COOL_DOWN, FAILURES, Breakers, Unreachable
from appliance.outside.fcm import FcmRoad, road
from appliance.outside.fcm_token import BEFORE, AccessToken, Account
from appliance.outside.http import Http
from appliance.outside.road import Outcome, RoadUnusable
from tests.conftest import MovableClock
from tests.outside.fcm import EMAIL, KEY_ID, PROJECT, Fcm, Reply, refusal
from tests.outside.pushes import SECRET_WORDS, google, soon

MakeRoad = Callable[..., FcmRoad]
INVALID = json.dumps({
    "error": {
        "code": 400,
        "message": "The registration token is not a valid FCM registration token",
        "status": "INVALID_ARGUMENT",
    }
}).encode()


@pytest.fixture
def fcm(tmp_path: Path) -> Iterator[Fcm]:
    server = Fcm(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def make_road(fcm: Fcm, tmp_path: Path, breakers: Breakers) -> Iterator[MakeRoad]:
    with ExitStack() as made:

        def make(**options: str) -> FcmRoad:
            settings = {"server": fcm.url, "credentials": fcm.account_file.name, **options}
            environ = {f"APPLIANCE_PUSH_FCM_{name.upper()}": value for name, value in settings.items()}
            opened = road(Config.load(None, environ), tmp_path, breakers)
            assert opened is not None
            return made.enter_context(closing(opened))

        yield make


@pytest.fixture
def fcm_road(make_road: MakeRoad) -> FcmRoad:
    return make_road()


@pytest.fixture
def access_token(fcm: Fcm, clock: MovableClock) -> Iterator[AccessToken]:
    account = Account(PROJECT, EMAIL, KEY_ID, f"{fcm.url}/token", fcm.account()["private_key"])
    clock.advance(time.time() - clock.now() - 1000)  # what is signed must be of these days
    with closing(Http()) as http:
        yield AccessToken(account, http, clock)


def push(fcm_road: FcmRoad, to: str = "registration-1", **payload: Any) -> Outcome:
    [outcome] = fcm_road.send([google(to, number=12, **payload)], soon)
    return outcome


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


# -- what arrives


def test_a_push_arrives_as_strings(fcm: Fcm, fcm_road: FcmRoad) -> None:  # checklist 239
    payload = {"event": "message", "zulip_message_id": 991, "content_truncated": False, "topic": "größer"}
    assert push(fcm_road, **payload).kind == "sent"
    [message] = fcm.received
    assert message == {
        "token": "registration-1",
        "data": {
            "event": "message", "zulip_message_id": "991", "content_truncated": "false", "topic": "größer",
        },
        "android": {"priority": "HIGH", "ttl": "86400s"},
    }  # fmt: skip


def test_what_can_wait_does_not_wake_the_phone(fcm: Fcm, fcm_road: FcmRoad) -> None:  # checklist 239
    fcm_road.send([google(urgent=False)], soon)
    assert fcm.received[0]["android"]["priority"] == "NORMAL"


def test_threads_push_at_once(fcm: Fcm, fcm_road: FcmRoad) -> None:  # checklist 249
    push(fcm_road)
    fcm.latency = 0.2
    began = time.monotonic()
    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(lambda each: push(fcm_road, f"registration-{each}"), range(10)))
    assert {each.kind for each in outcomes} == {"sent"}
    assert time.monotonic() - began < 1.5
    assert len({each["token"] for each in fcm.received}) == 10


# -- what Google says


@pytest.mark.parametrize(
    ("reply", "kind", "reason"),
    [
        (refusal(404, "UNREGISTERED"), "gone", "UNREGISTERED"),
        (refusal(403, "SENDER_ID_MISMATCH"), "gone", "SENDER_ID_MISMATCH"),
        (refusal(400, "INVALID_ARGUMENT", bad="message.token"), "gone", "INVALID_ARGUMENT"),
        (Reply(400, INVALID), "gone", "INVALID_ARGUMENT"),
        (refusal(400, "INVALID_ARGUMENT", bad="message.data"), "failed", "INVALID_ARGUMENT"),
        (refusal(429, "QUOTA_EXCEEDED"), "later", "QUOTA_EXCEEDED"),
        (refusal(503, "UNAVAILABLE"), "later", "UNAVAILABLE"),
        (refusal(500, "INTERNAL"), "later", "INTERNAL"),
        (refusal(401, "THIRD_PARTY_AUTH_ERROR"), "later", "THIRD_PARTY_AUTH_ERROR"),
        (refusal(400, "UNSPECIFIED_ERROR"), "failed", "UNSPECIFIED_ERROR"),
        (refusal(500, "SOMETHING_NEW"), "later", "SOMETHING_NEW"),
        (Reply(403, b'{"error":{"status":"PERMISSION_DENIED"}}'), "later", "PERMISSION_DENIED"),
        (Reply(404, b"<html>"), "later", "status 404"),
        (Reply(502, b""), "later", "status 502"),
        (Reply(400, b""), "failed", "status 400"),
        (Reply(400, b'{"error":"words"}'), "failed", "status 400"),
        (Reply(400, b'{"error":{"details":{"a":1}}}'), "failed", "status 400"),
        (Reply(400, b'{"error":{"status":5,"details":["x",{"fieldViolations":7}]}}'), "failed", "status 400"),
        (Reply(400, b"\xff" * 200_000), "failed", "status 400"),
        (Reply(302, b"", {"Location": "http://127.0.0.1:1/"}), "failed", "status 302"),
    ],
)
def test_what_an_answer_leads_to(  # checklist 239
    fcm: Fcm, fcm_road: FcmRoad, reply: Reply, kind: str, reason: str
) -> None:
    fcm.replies["registration-1"] = reply
    outcome = push(fcm_road)
    assert (outcome.kind, outcome.reason) == (kind, reason)
    assert outcome.gone == ((12,) if kind == "gone" else ())
    assert push(fcm_road, "registration-2").kind == "sent"


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {"Retry-After": "90"}, 90.0),
        (429, {}, 60.0),
        (429, {"Retry-After": "0"}, 0.0),
        (503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        (503, {"Retry-After": "soon"}, None),
        (503, {}, None),
    ],
)
def test_how_long_to_wait_is_taken_from_the_answer(
    fcm: Fcm, fcm_road: FcmRoad, status: int, headers: dict[str, str], wait: float | None
) -> None:
    fcm.replies["registration-1"] = refusal(status, "UNAVAILABLE", headers=headers)
    assert push(fcm_road).wait == wait


# -- access tokens


def test_an_access_token_is_used_until_shortly_before_its_end(
    fcm: Fcm, access_token: AccessToken, clock: MovableClock
) -> None:
    fcm.expires_in = 600
    first = access_token.get(soon)
    clock.advance(600 - BEFORE - 1)
    assert access_token.get(soon) == first
    clock.advance(1)
    assert access_token.get(soon) != first


def test_threads_share_one_renewal(fcm: Fcm, access_token: AccessToken) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: access_token.get(soon), range(8)))) == 1
    assert fcm.tokens_given == 1


def test_a_refused_access_token_is_renewed_once(fcm: Fcm, fcm_road: FcmRoad) -> None:
    push(fcm_road)
    fcm.good.clear()
    assert push(fcm_road).kind == "sent"
    assert fcm.tokens_given == 2
    fcm.replies["registration-1"] = Reply(401, b'{"error":{"status":"UNAUTHENTICATED"}}')
    outcome = push(fcm_road)
    assert (outcome.kind, outcome.wait) == ("later", fcm_module.UNTIL_MENDED)
    assert fcm.tokens_given == 3


def test_a_service_account_that_google_does_not_know(
    fcm: Fcm, make_road: MakeRoad, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stranger = {**fcm.account(), "client_email": "other@example.org"}
    (tmp_path / "other.json").write_text(json.dumps(stranger))
    fcm_road = make_road(credentials="other.json")
    for _ in range(FAILURES + 1):
        outcome = push(fcm_road)
        assert (outcome.kind, outcome.wait) == ("later", fcm_module.UNTIL_MENDED)
    assert errors(caplog) == ["no pushes by fcm: Google does not accept the service account (status 400)"]


@pytest.mark.parametrize("reply", [Reply(503, b""), Reply(200, b"[]"), Reply(200, b'{"access_token":7}')])
def test_an_answer_without_an_access_token_is_tried_again(
    fcm: Fcm, access_token: AccessToken, reply: Reply
) -> None:
    fcm.token_reply = reply
    with pytest.raises(Unreachable, match="Google gives out no access token"):
        access_token.get(soon)
    fcm.token_reply = None
    assert access_token.get(soon)


# -- how it is set up
# checklist 262: from here to the next line of this kind


def test_without_a_service_account_there_is_no_road(tmp_path: Path, breakers: Breakers) -> None:
    assert road(Config.load(None, {}), tmp_path, breakers) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\x00", "is no service account file"),
        (b"[]", "is no service account file"),
        (b"{}", "is no service account file"),
        ({"private_key": "secret of mine"}, "is no service account file"),
        ({"private_key": 7}, "is no service account file"),
        ({"token_uri": "http://tokens.example.org/"}, "must begin with https://"),
        ({"token_uri": "ftp://127.0.0.1/"}, "must begin with https://"),
    ],
)
def test_a_wrong_file_is_explained(
    fcm: Fcm, make_road: MakeRoad, content: bytes | dict[str, Any], words: str
) -> None:
    if isinstance(content, dict):
        content = json.dumps({**fcm.account(), **content}).encode()
    fcm.account_file.write_bytes(content)
    with pytest.raises(RoadUnusable, match=words) as caught:
        make_road()
    assert str(fcm.account_file) in str(caught.value)
    assert "secret of mine" not in str(caught.value)


def test_a_missing_file_is_named(make_road: MakeRoad) -> None:
    with pytest.raises(RoadUnusable, match=r"nothing\.json cannot be read: No such file"):
        make_road(credentials="nothing.json")


def test_a_missing_package_is_named(make_road: MakeRoad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcm_module, "find_spec", lambda name: None if name == "cryptography" else name)
    with pytest.raises(RoadUnusable, match="the package cryptography is not installed"):
        make_road()


def test_only_an_encrypted_server_is_talked_to(make_road: MakeRoad) -> None:  # checklist 251
    with pytest.raises(RoadUnusable, match=r"push\.fcm_server must begin with https://"):
        make_road(server="http://fcm.example.org")


# -- what goes wrong on the way


def test_a_server_that_does_not_answer_is_left_in_time(fcm: Fcm, fcm_road: FcmRoad) -> None:
    push(fcm_road)
    fcm.replies["registration-1"] = Reply(hangs=True)
    deadline = time.monotonic() + 0.3
    [outcome] = fcm_road.send([google()], lambda: deadline - time.monotonic())
    assert (outcome.kind, outcome.tried) == ("later", True)
    assert outcome.reason.endswith("does not work: timed out")
    assert time.monotonic() - deadline < 5
    assert push(fcm_road, "registration-2").kind == "sent"


def test_without_time_nothing_is_tried(fcm: Fcm, fcm_road: FcmRoad) -> None:
    [outcome] = fcm_road.send([google()], lambda: 0.0)
    assert (outcome.kind, outcome.tried) == ("later", False)
    assert not fcm.tokens_given


def test_a_server_that_is_not_there(
    fcm: Fcm, fcm_road: FcmRoad, caplog: pytest.LogCaptureFixture
) -> None:
    fcm.stop()
    for _ in range(FAILURES):
        outcome = push(fcm_road)
        assert (outcome.kind, outcome.tried) == ("later", True)
    outcome = push(fcm_road)
    assert (outcome.kind, outcome.tried, outcome.wait) == ("later", False, COOL_DOWN)
    assert errors(caplog) == [f"127.0.0.1:{fcm.server_address[1]} does not work: connection refused"]


def test_no_secret_is_told(  # checklist 251
    fcm: Fcm, fcm_road: FcmRoad, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    replies = [Reply(), refusal(404, "UNREGISTERED"), refusal(503, "UNAVAILABLE"), Reply(400, b"{")]
    fcm.replies = {f"registration-{at}": reply for at, reply in enumerate(replies)}
    outcomes = [push(fcm_road, f"registration-{at}") for at in range(len(replies))]
    fcm.stop()
    outcomes.append(push(fcm_road))
    told = caplog.text + repr(outcomes) + repr(fcm_road._token._account)
    secrets = ["registration-1", "access-1", "BEGIN PRIVATE KEY", SECRET_WORDS]
    assert not [each for each in secrets if each in told]
