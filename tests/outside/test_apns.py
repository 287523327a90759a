"""Against a server that checks and answers as Apple's does (apns.py)."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import jwt
import pytest
from apns2.errors import exception_class_for_reason
from cryptography.hazmat.primitives.asymmetric import rsa

from appliance.base.config import Config
from appliance.outside import apns as apns_module
from appliance.outside import http2
from appliance.outside.apns import REASONS, ApnsRoad, road
from appliance.outside.apns_credentials import LIFETIME, YOUNGEST, Key
from appliance.outside.breaker import COOL_DOWN, FAILURES, Breakers
from appliance.outside.road import Outcome, RoadUnusable
from tests.conftest import MovableClock, until
from tests.outside import apns as fake
from tests.outside.apns import KEY_ID, TEAM_ID, Apns, Reply, refusal
from tests.outside.authority import private
from tests.outside.pushes import APP_ID, SECRET_WORDS, apple, soon, token

MakeRoad = Callable[..., ApnsRoad]

KINDS = {"gone": "gone", "later": "later", "ours": "later", "failed": "failed"}


@pytest.fixture
def apns(tmp_path: Path) -> Iterator[Apns]:
    server = Apns(tmp_path)
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http2, "PAUSES", (0.0, 0.01, 0.02))
    monkeypatch.setattr(http2, "LOOK", 0.05)


@pytest.fixture
def make_road(
    apns: Apns, tmp_path: Path, breakers: Breakers, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeRoad]:
    """With the key; other options of [push] add to that, or take its place."""
    monkeypatch.setenv("SSL_CERT_FILE", str(apns.authority.file))
    with ExitStack() as made:

        def make(**options: str) -> ApnsRoad:
            settings = {
                "server": f"127.0.0.1:{apns.port}", "key": apns.key_file.name, "key_id": KEY_ID,
                "team_id": TEAM_ID, **options,
            }  # fmt: skip
            environ = {f"APPLIANCE_PUSH_APNS_{name.upper()}": value for name, value in settings.items()}
            opened = road(Config.load(None, environ), tmp_path, breakers)
            assert opened is not None
            return made.enter_context(closing(opened))

        yield make


@pytest.fixture
def apns_road(make_road: MakeRoad) -> ApnsRoad:
    return make_road()


def kinds(outcomes: list[Outcome]) -> set[str]:
    return {each.kind for each in outcomes}


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


# -- what arrives


def test_a_push_arrives(apns: Apns, apns_road: ApnsRoad) -> None:  # checklist 238
    [outcome] = apns_road.send([apple(token(5), tag="message-991")], soon)
    assert (outcome.kind, outcome.count) == ("sent", 1)
    [received] = apns.received
    assert received.token == token(5)
    alert = {"title": "Ann", "subtitle": "", "body": SECRET_WORDS}
    assert received.payload == {
        "aps": {"alert": alert, "sound": "default", "badge": 0},
        "zulip": {"message_ids": [991], "user_id": 7},
    }
    headers = received.headers
    assert headers["apns-topic"] == APP_ID
    assert abs(int(headers["apns-expiration"]) - time.time() - 86_400) < 60
    assert headers["apns-push-type"] == "alert"
    assert headers["apns-collapse-id"] == "message-991"
    assert headers.get("apns-priority", "10") == "10"


def test_what_can_wait_does_not_wake_the_phone(apns: Apns, apns_road: ApnsRoad) -> None:
    apns_road.send([apple(urgent=False, badge=0, custom={"zulip": {"event": "remove"}})], soon)
    [received] = apns.received
    assert received.headers["apns-priority"] == "5"
    assert received.payload == {"aps": {"badge": 0}, "zulip": {"event": "remove"}}


def test_a_push_that_shows_nothing_is_for_the_background(apns: Apns, apns_road: ApnsRoad) -> None:
    apns_road.send([apple(urgent=False, content_available=True)], soon)
    assert apns.received[0].headers["apns-push-type"] == "background"


@pytest.mark.parametrize("tag", ["x" * 65, "größer", "two words", "line\nbreak"])
def test_a_tag_that_is_no_header_becomes_one(apns: Apns, apns_road: ApnsRoad, tag: str) -> None:
    apns_road.send([apple(tag=tag), apple(tag=tag), apple(tag=tag + "!")], soon)
    first, second, other = (each.headers["apns-collapse-id"] for each in apns.received)
    assert first == second != other
    assert len(first) == 64


def test_the_same_push_has_the_same_id(apns: Apns, apns_road: ApnsRoad) -> None:
    apns_road.send([apple(), apple(), apple(token(2)), apple(badge=1)], soon)
    first, second, elsewhere, another = (each.headers["apns-id"] for each in apns.received)
    assert first == second
    assert len({first, elsewhere, another}) == 3


def test_the_devices_of_a_person_are_served_at_once(  # checklist 249
    apns: Apns, apns_road: ApnsRoad
) -> None:
    apns_road.send([apple()], soon)
    apns.latency = 0.2
    began = time.monotonic()
    assert kinds(apns_road.send([apple(token(each)) for each in range(10)], soon)) == {"sent"}
    assert time.monotonic() - began < 1.0
    assert apns.largest == 10


def test_outcomes_come_in_the_order_of_the_pushes(apns: Apns, apns_road: ApnsRoad) -> None:
    apns.replies = {token(1): refusal("Unregistered"), token(3): refusal("PayloadTooLarge")}
    outcomes = apns_road.send([apple(token(each), number=each + 10) for each in range(5)], soon)
    assert [each.kind for each in outcomes] == ["sent", "gone", "sent", "failed", "sent"]
    assert outcomes[1].gone == (11,)


def test_nothing_to_send_asks_for_no_connection(apns: Apns, apns_road: ApnsRoad) -> None:
    assert apns_road.send([], soon) == []
    assert not apns.connections


# -- what Apple says


def test_every_documented_reason_has_a_meaning() -> None:
    assert REASONS.keys() == fake.REASONS.keys()


@pytest.mark.parametrize("reason", fake.REASONS)
def test_what_a_reason_leads_to(apns: Apns, apns_road: ApnsRoad, reason: str) -> None:  # checklist 238
    apns.replies[token(1)] = refusal(reason)
    [outcome] = apns_road.send([apple(number=12)], soon)
    assert (outcome.kind, outcome.reason) == (KINDS[REASONS[reason]], reason)
    assert outcome.gone == ((12,) if outcome.kind == "gone" else ())
    assert apns_road.send([apple(token(2))], soon)[0].kind == "sent"


@pytest.mark.parametrize("reason", ["InvalidPushType", "ExpiredToken", "UnrelatedKeyIdInToken"])
def test_reasons_that_apns2_does_not_know_are_among_them(reason: str) -> None:
    with pytest.raises(KeyError):
        exception_class_for_reason(reason)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "failed"), (403, "later"), (404, "failed"), (410, "gone"), (413, "failed"), (429, "later"),
     (500, "later"), (502, "later"), (503, "later"), (302, "failed"), (999, "later")],
)  # fmt: skip
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"reason":7}', b'{"reason":"New\\nOne"}', b"\xff\xfe"]
)
def test_other_answers_are_judged_by_their_status(
    apns: Apns, apns_road: ApnsRoad, status: int, kind: str, body: bytes
) -> None:
    apns.replies[token(1)] = Reply(status, body)
    [outcome] = apns_road.send([apple()], soon)
    assert outcome.kind == kind
    assert outcome.reason == f"status {status}"


@pytest.mark.parametrize(("value", "wait"), [("7", 7.0), ("nonsense", None)])
def test_how_long_to_wait_is_taken_from_the_answer(
    apns: Apns, apns_road: ApnsRoad, value: str, wait: float | None
) -> None:
    apns.replies[token(1)] = refusal("TooManyRequests", ("retry-after", value))
    [outcome] = apns_road.send([apple()], soon)
    assert (outcome.kind, outcome.wait) == ("later", wait)


def test_a_long_answer_is_not_read_to_its_end(apns: Apns, apns_road: ApnsRoad) -> None:
    apns.replies[token(1)] = Reply(400, b"x" * 20_000)
    for _ in range(5):  # more than the window of the connection
        assert kinds(apns_road.send([apple()], soon)) == {"failed"}
    assert apns_road.send([apple(token(2))], soon)[0].kind == "sent"
    assert apns.connections == 1


@pytest.mark.parametrize("bad", ["", "not hexadecimal", "../../x", "a\r\nb: c", "ü", "a?b#c", "%00"])
def test_a_malformed_token_harms_no_other(apns: Apns, apns_road: ApnsRoad, bad: str) -> None:
    outcomes = apns_road.send([apple(bad), apple(token(2))], soon)
    assert outcomes[1].kind == "sent"
    assert apns.connections == 1


def test_what_is_too_large_is_not_even_sent(apns: Apns, apns_road: ApnsRoad) -> None:
    outcomes = apns_road.send([apple(alert="x" * 5000), apple(alert="x" * 50_000)], soon)
    assert [(each.kind, each.reason) for each in outcomes] == [("failed", "PayloadTooLarge")] * 2
    assert not apns.connections


# -- who we are


def test_the_provider_token_is_made_once(apns: Apns, apns_road: ApnsRoad) -> None:
    for each in range(3):
        apns_road.send([apple(token(each))], soon)
    [(made, times)] = apns.provider_tokens.items()
    assert times == 3
    assert jwt.get_unverified_header(made)["kid"] == KEY_ID
    claims = jwt.decode(made, options={"verify_signature": False})
    assert claims.keys() == {"iss", "iat"}


def test_the_provider_token_is_renewed_within_the_hour(
    apns: Apns, clock: MovableClock, make_road: MakeRoad
) -> None:
    key = Key(apns.key_file, KEY_ID, TEAM_ID, "127.0.0.1", apns.port, clock)
    first = key.get_authorization_header(None)
    clock.advance(LIFETIME - 1)
    assert key.get_authorization_header(None) == first
    clock.advance(1)
    assert key.get_authorization_header(None) != first
    assert LIFETIME < 3600
    key.connection.close()


def test_a_refused_provider_token_is_renewed_no_sooner_than_apple_allows(
    apns: Apns, clock: MovableClock
) -> None:
    key = Key(apns.key_file, KEY_ID, TEAM_ID, "127.0.0.1", apns.port, clock)
    first = key.get_authorization_header(None)
    clock.advance(YOUNGEST - 1)
    assert not key.renew(first)
    clock.advance(1)
    assert key.renew(first)
    second = key.get_authorization_header(None)
    assert second != first
    assert key.renew(first)  # by who used the first one until now
    assert not key.renew(second)
    assert YOUNGEST >= 20 * 60
    key.connection.close()


def test_an_expired_provider_token_costs_no_push(  # checklist 238
    apns: Apns, clock: MovableClock, breakers: Breakers, make_road: MakeRoad
) -> None:
    make_road()  # for the certificate of the authority
    key = Key(apns.key_file, KEY_ID, TEAM_ID, "127.0.0.1", apns.port, clock)
    with closing(ApnsRoad(key, breakers.of("apple"), clock)) as apns_road:
        pushes = [apple(token(each)) for each in range(3)]
        assert kinds(apns_road.send(pushes, soon)) == {"sent"}
        clock.advance(YOUNGEST)
        apns.accepts_after = clock.now()
        assert kinds(apns_road.send(pushes, soon)) == {"sent"}
    assert len(apns.provider_tokens) == 2


def test_what_a_person_must_mend_is_said_once(
    apns: Apns, apns_road: ApnsRoad, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    apns.replies[token(1)] = refusal("InvalidProviderToken")
    for _ in range(3):
        [outcome] = apns_road.send([apple()], soon)
    assert outcome.wait == apns_module.UNTIL_MENDED
    assert errors(caplog) == [
        "no pushes by apns: Apple does not accept the key or certificate: InvalidProviderToken"
    ]
    apns_road.send([apple(token(2))], soon)
    assert caplog.messages[-1] == "pushes by apns work again"


def test_a_key_of_somebody_else_is_refused(
    apns: Apns, make_road: MakeRoad, caplog: pytest.LogCaptureFixture
) -> None:
    [outcome] = make_road(team_id="OTHERTEAM1").send([apple()], soon)
    assert (outcome.kind, outcome.reason) == ("later", "InvalidProviderToken")
    assert len(errors(caplog)) == 1


def test_a_certificate_in_the_place_of_the_key(apns: Apns, make_road: MakeRoad) -> None:  # checklist 262
    certificate = apns.authority.issue()
    apns_road = make_road(key="", certificate=str(certificate))
    assert kinds(apns_road.send([apple()], soon)) == {"sent"}
    assert not apns.provider_tokens
    assert "authorization" not in apns.received[0].headers


# -- how it is set up
# checklist 262: from here to the next line of this kind


def test_without_a_key_there_is_no_road(tmp_path: Path, breakers: Breakers) -> None:
    assert road(Config.load(None, {}), tmp_path, breakers) is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"key": "nothing.p8"}, "nothing.p8 cannot be read: No such file"),
        ({"key": "."}, "cannot be read: Is a directory"),
        ({"key": "garbage"}, "garbage is no key file (.p8) of Apple's"),
        ({"key": "rsa.p8"}, "rsa.p8 is no key file (.p8) of Apple's"),
        ({"key_id": ""}, "push.apns_key needs push.apns_key_id and push.apns_team_id"),
        ({"team_id": ""}, "push.apns_key needs push.apns_key_id and push.apns_team_id"),
        ({"certificate": "both.pem"}, "both set: one is enough"),
        ({"key": "", "certificate": "garbage"}, "garbage holds no certificate with its key"),
        ({"key": "", "certificate": "authority.pem"}, "authority.pem holds no certificate with its key"),
        ({"key": "", "certificate": "nothing.pem"}, "nothing.pem cannot be read"),
        ({"server": "https://api.push.apple.com"}, "push.apns_server must be HOST or HOST:PORT"),
    ],
)
def test_a_wrong_setting_is_explained(
    make_road: MakeRoad, tmp_path: Path, options: dict[str, str], words: str
) -> None:
    (tmp_path / "garbage").write_bytes(b"\x00 secret of mine \xff")
    (tmp_path / "rsa.p8").write_bytes(private(rsa.generate_private_key(65537, 2048)))
    with pytest.raises(RoadUnusable) as caught:
        make_road(**options)
    assert words in str(caught.value)
    assert "secret of mine" not in str(caught.value)


def test_a_certificate_that_has_ended_is_explained(apns: Apns, make_road: MakeRoad) -> None:
    with pytest.raises(RoadUnusable, match=r"ended on \d{4}-\d\d-\d\d"):
        make_road(key="", certificate=str(apns.authority.issue(expired=True)))


def test_a_missing_package_is_named(make_road: MakeRoad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apns_module, "find_spec", lambda name: None if name == "cryptography" else name)
    with pytest.raises(RoadUnusable, match="the package cryptography is not installed"):
        make_road()


# -- what goes wrong on the way


def test_many_threads_share_the_connection(apns: Apns, apns_road: ApnsRoad) -> None:
    def send(worker: int) -> list[Outcome]:
        return apns_road.send([apple(token(worker * 100 + each)) for each in range(50)], soon)

    with ThreadPoolExecutor(16) as pool:
        outcomes = [each for outcomes in pool.map(send, range(16)) for each in outcomes]
    assert kinds(outcomes) == {"sent"}
    assert len(set(apns.tokens)) == len(apns.tokens) == 800
    assert apns.connections == 1


@pytest.mark.parametrize(
    "disturb",
    [Apns.drop_connections, Apns.go_away, lambda apns: apns.go_away(seen=False)],
    ids=["drops", "goes away", "goes away, has not seen"],
)
def test_reconnects_lose_nothing(
    apns: Apns, apns_road: ApnsRoad, disturb: Callable[[Apns], None]
) -> None:
    apns.latency = 0.01
    pushes = [apple(token(each)) for each in range(600)]
    with ThreadPoolExecutor(4) as pool:
        sending = [pool.submit(apns_road.send, pushes[part::4], soon) for part in range(4)]
        for each in range(1, 6):
            until(lambda enough=each * 100: len(apns.received) >= enough or all(s.done() for s in sending))
            disturb(apns)
        outcomes = [each for part in sending for each in part.result(30)]
    assert kinds(outcomes) == {"sent"}
    assert set(apns.tokens) == {token(each) for each in range(600)}


def test_a_server_that_goes_away_answers_what_it_has_seen(apns: Apns, apns_road: ApnsRoad) -> None:
    apns.latency = 0.1
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(apns_road.send, [apple(token(each)) for each in range(20)], soon)
        until(lambda: apns.largest == 20)
        apns.go_away()
        assert kinds(sending.result(30)) == {"sent"}
    assert len(apns.received) == 20
    assert kinds(apns_road.send([apple()], soon)) == {"sent"}
    assert apns.connections == 2


def test_a_reset_stream_is_sent_again(apns: Apns, apns_road: ApnsRoad) -> None:
    apns.first_replies = [Reply(resets=True)] * 3
    assert kinds(apns_road.send([apple(token(each)) for each in range(5)], soon)) == {"sent"}
    assert apns.connections == 1


def test_a_push_at_which_the_connection_breaks_is_not_sent_for_ever(
    apns: Apns, apns_road: ApnsRoad
) -> None:
    apns.replies[token(1)] = Reply(drops=True)
    [outcome] = apns_road.send([apple()], soon)
    assert outcome.kind == "later"
    assert "closes the connection" in outcome.reason or "reset" in outcome.reason
    assert apns.connections == http2.TRIES
    assert kinds(apns_road.send([apple(token(2))], soon)) == {"sent"}


def test_a_server_that_does_not_answer_is_left_in_time(apns: Apns, apns_road: ApnsRoad) -> None:
    apns.replies[token(1)] = Reply(hangs=True)
    began = time.monotonic()
    deadline = began + 0.3
    outcomes = apns_road.send([apple(), apple(token(2))], lambda: deadline - time.monotonic())
    assert [each.kind for each in outcomes] == ["later", "sent"]
    assert time.monotonic() - began < 5
    assert kinds(apns_road.send([apple(token(3))], soon)) == {"sent"}


def test_without_time_nothing_is_waited_for(apns: Apns, apns_road: ApnsRoad) -> None:
    assert kinds(apns_road.send([apple()], lambda: -1.0)) == {"later"}


def test_few_streams_are_enough(tmp_path: Path, apns: Apns, apns_road: ApnsRoad) -> None:
    apns.streams = 3
    assert kinds(apns_road.send([apple(token(each)) for each in range(50)], soon)) == {"sent"}
    assert apns.largest <= 3


def test_a_server_that_is_not_there(
    apns: Apns, apns_road: ApnsRoad, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    apns.stop_listening()
    for _ in range(FAILURES):
        [outcome] = apns_road.send([apple()], soon)
        assert (outcome.kind, outcome.tried) == ("later", True)
        assert outcome.reason == f"127.0.0.1:{apns.port} does not work: connection refused"
    assert errors(caplog) == [outcome.reason]
    outcomes = apns_road.send([apple(), apple()], soon)
    assert [(each.kind, each.tried, each.wait) for each in outcomes] == [("later", False, COOL_DOWN)] * 2


def test_a_certificate_of_an_unknown_authority_is_not_accepted(  # checklist 251
    apns: Apns, make_road: MakeRoad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    [outcome] = make_road().send([apple()], soon)
    assert "its certificate is not accepted" in outcome.reason
    assert not apns.connections


def test_an_expired_certificate_is_not_accepted(  # checklist 251
    tmp_path: Path, breakers: Breakers, monkeypatch: pytest.MonkeyPatch
) -> None:
    expired = Apns(tmp_path, expired=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(expired.authority.file))
    key = Key(expired.key_file, KEY_ID, TEAM_ID, "127.0.0.1", expired.port, MovableClock())
    with closing(ApnsRoad(key, breakers.of("apple"), MovableClock())) as apns_road:
        [outcome] = apns_road.send([apple()], soon)
    assert outcome.kind == "later"
    assert "its certificate is not accepted: certificate has expired" in outcome.reason
    expired.stop()


def test_closing_ends_the_thread_and_tells_who_waits(apns: Apns, apns_road: ApnsRoad) -> None:
    apns.replies[token(1)] = Reply(hangs=True)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(apns_road.send, [apple()], soon)
        until(lambda: apns.largest)
        apns_road.close()
        apns_road.close()
        [outcome] = sending.result(10)
    assert (outcome.kind, outcome.reason) == ("later", "the server shuts down")
    assert not [each for each in threading.enumerate() if each.name.startswith("http2")]
    assert apns_road.send([apple()], soon)[0].reason == "the server shuts down"


def test_no_secret_is_told(  # checklist 251
    apns: Apns, make_road: MakeRoad, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    apns_road = make_road()
    replies = [Reply(), Reply(drops=True), Reply(400, b"{"), *map(refusal, REASONS)]
    apns.replies = {token(at): reply for at, reply in enumerate(replies)}
    outcomes = apns_road.send([apple(token(at)) for at in range(len(replies))], soon)
    apns.stop_listening()
    apns.drop_connections()
    outcomes += apns_road.send([apple(token(1))], soon)
    told = caplog.text + repr(outcomes) + repr([apple(token(1))])
    provider_tokens = [*apns.provider_tokens]
    assert provider_tokens
    assert not [each for each in (token(1), *provider_tokens) if each in told]
    assert SECRET_WORDS not in caplog.text + repr(outcomes)
