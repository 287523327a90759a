"""Pushes to Zulip's own phone apps, from a real server to a push service of ours, over crashes, too."""

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.conftest import until
from tests.outside.bouncer import Bouncer, Reply, refusal
from tests.outside.bouncer_road import EncryptedPhone
from tests.process.client import GONE, Person
from tests.process.conftest import Serve
from tests.process.server import ServerProcess, die_in

QUICK = "push_bouncer first_pause=0.1, missedmessage_mobile_notifications first_pause=0.1"
QUEUES = {"missedmessage_mobile_notifications", "push_bouncer"}
TOKEN = "fcm:a-phone"


@pytest.fixture
def bouncer() -> Iterator[Bouncer]:
    with Bouncer() as bouncer:
        yield bouncer


@pytest.fixture
def server(serve: Serve, bouncer: Bouncer) -> ServerProcess:
    """Registered at the push service; not started."""
    environ = {
        "APPLIANCE_PUSH_BOUNCER": bouncer.url,
        "APPLIANCE_SERVER_PUBLIC_URL": "https://chat.test",
        "APPLIANCE_JOBS_POLICIES": QUICK,
    }
    server = serve(environ=environ)
    done = server.command("push", "register", "--contact-email", "iago@example.org")
    assert done.returncode == 0, done.stderr
    return server


def with_phone(server: ServerProcess, bouncer: Bouncer) -> tuple[Person, Person]:
    """Who writes, and who is away and has a phone that the push service knows."""
    hamlet, cordelia = server.people("hamlet", "cordelia")
    cordelia.ask("POST", "/users/me/android_gcm_reg_id", token=TOKEN)
    until(lambda: bouncer.records.rows)
    until(lambda: server.json("jobs", "list", "--queue", "push_bouncer") == [])
    return hamlet, cordelia


def all_is_done(server: ServerProcess) -> bool:
    waiting = {each["queue"] for each in server.json("jobs", "list")}
    return server.metric("appliance_notices_behind") == 0 and not waiting & QUEUES


def pushed(bouncer: Bouncer) -> list[str]:
    return [each.payload["event"] for each in bouncer.sent]


# checklist 232, 237, 240, 241, 242
def test_from_the_phone_to_the_push_and_back(server: ServerProcess, bouncer: Bouncer) -> None:
    server.start()
    hamlet, cordelia = with_phone(server, bouncer)
    bouncer.replies = [Reply(503)]
    message_id = hamlet.send(cordelia, "Where are *you*?")
    until(lambda: bouncer.sent)
    [push] = bouncer.sent
    assert (push.token, push.payload["event"], push.payload["content"]) == (
        TOKEN,
        "message",
        "Where are you?",
    )
    assert (push.payload["zulip_message_id"], push.payload["sender_id"]) == (message_id, hamlet.user_id)
    cordelia.ask("POST", "/messages/flags", messages=[message_id], op="add", flag="read")
    until(lambda: len(bouncer.sent) == 2)
    assert bouncer.sent[1].payload["zulip_message_ids"] == str(message_id)
    until(lambda: all_is_done(server))
    assert pushed(bouncer) == ["message", "remove"]
    cordelia.ask("DELETE", "/users/me/android_gcm_reg_id", token=TOKEN)
    until(lambda: bouncer.records.rows == [])


@pytest.mark.parametrize(
    "point",
    [
        "appliance.workers.missedmessage_mobile_notifications:_enqueue",
        "appliance.outside.bouncer.service:BouncerRoad._send",
        "appliance.outside.bouncer.client:Bouncer.notify",
    ],
)
def test_a_crash_between_decision_and_handover(server: ServerProcess, bouncer: Bouncer, point: str) -> None:
    server.start(die_in(point))
    hamlet, cordelia = with_phone(server, bouncer)
    with suppress(*GONE):
        hamlet.send(cordelia, "Where are you?")
    server.crash()
    server.start()
    until(lambda: bouncer.sent)
    until(lambda: all_is_done(server))
    assert pushed(bouncer) == ["message"]


# checklist 130, 243
def test_encrypted_pushes(server: ServerProcess, bouncer: Bouncer) -> None:
    server.start()
    until(lambda: bouncer.records.realms)
    hamlet, cordelia = server.people("hamlet", "cordelia")
    phone = EncryptedPhone("apns", 2408)
    poller = cordelia.register(event_types=["push_device"])
    register(cordelia, phone, bouncer)
    until(lambda: poller.poll())
    assert [(each["push_account_id"], each["status"]) for each in poller.events] == [("2408", "active")]
    hamlet.send(cordelia, "Where are you?")
    until(lambda: bouncer.sent)
    [push] = bouncer.sent
    assert (push.token, phone.read(push.payload)["alert"]["body"]) == (phone.token, "Where are you?")
    assert "Where are you?" not in str([each.body for each in bouncer.asked])


# checklist 254
def test_a_registration_that_is_refused(server: ServerProcess, bouncer: Bouncer) -> None:
    server.start()
    until(lambda: bouncer.records.realms)
    [cordelia] = server.people("cordelia")
    poller = cordelia.register(event_types=["push_device"])
    bouncer.replies = [refusal("Invalid bouncer_public_key", "INVALID_BOUNCER_PUBLIC_KEY")]
    register(cordelia, EncryptedPhone("fcm", 7), bouncer)
    until(lambda: poller.poll())
    [event] = poller.events
    assert (event["status"], event["error_code"]) == ("failed", "INVALID_BOUNCER_PUBLIC_KEY")


# checklist 133
def test_a_service_that_stays_away_gets_four_tries(server: ServerProcess, bouncer: Bouncer) -> None:
    server.start()
    hamlet, cordelia = with_phone(server, bouncer)
    bouncer.replies = [Reply(503)] * 4
    hamlet.send(cordelia, "Where are you?")
    until(lambda: server.json("jobs", "list", "--queue", "push_bouncer", "--dead"))
    assert len(bouncer.bodies("push/notify")) == 4
    assert re.search(rf"WARNING .*user {cordelia.user_id}\b.*given up", server.log)
    assert bouncer.sent == []


def register(person: Person, phone: EncryptedPhone, bouncer: Bouncer) -> None:
    person.ask(
        "POST",
        "/mobile_push/register",
        token_kind=phone.kind,
        push_account_id=phone.push_account_id,
        push_key=phone.push_key,
        bouncer_public_key=bouncer.records.public_key,
        encrypted_push_registration=bouncer.records.sealed(phone.registration()),
    )


def test_a_new_key_makes_the_service_forget_the_phones(server: ServerProcess, bouncer: Bouncer) -> None:
    server.start()
    _, cordelia = with_phone(server, bouncer)
    assert server.command("user", "reset-key", cordelia.email).returncode == 0
    until(lambda: bouncer.records.rows == [])


def test_clients_hear_whether_there_are_pushes(server: ServerProcess, bouncer: Bouncer) -> None:
    server.start()
    [iago] = server.people("iago")
    until(lambda: enabled(iago))
    hamlet, cordelia = with_phone(server, bouncer)
    poller = iago.register(event_types=["realm"])
    bouncer.records.can_push = False
    hamlet.send(cordelia, "Where are you?")
    until(lambda: poller.poll())
    assert [(each["property"], each["value"]) for each in poller.events] == [
        ("push_notifications_enabled", False)
    ]
    assert not enabled(iago)


def enabled(person: Person) -> bool:
    snapshot = person.register(fetch_event_types=["realm"]).snapshot
    found: bool = snapshot["realm_push_notifications_enabled"]
    return found


# checklist 129, 253
def test_without_a_push_service_there_are_none(serve: Serve) -> None:
    server = serve().start()
    assert "WARNING" in server.log
    assert "phone apps get no pushes" in server.log
    [iago] = server.people("iago")
    assert not enabled(iago)


# checklist 253
def test_without_credentials_the_rest_runs(serve: Serve, bouncer: Bouncer) -> None:
    server = serve(environ={"APPLIANCE_PUSH_BOUNCER": bouncer.url}).start()
    assert "no pushes by bouncer: this server is not registered there" in server.log
    hamlet, cordelia = server.people("hamlet", "cordelia")
    hamlet.send(cordelia, "Where are you?")
    until(lambda: all_is_done(server))
    assert bouncer.asked == []


def test_the_key_is_in_no_log(server: ServerProcess, bouncer: Bouncer) -> None:
    server.start()
    hamlet, cordelia = with_phone(server, bouncer)
    bouncer.replies = [Reply(500), refusal("Auth failure", "INVALID_ZULIP_SERVER", 401)]
    hamlet.send(cordelia, "psst")
    until(lambda: server.json("jobs", "list", "--queue", "push_bouncer", "--dead"))
    [known] = bouncer.records.servers.values()
    for secret in (known["zulip_org_key"], TOKEN, "psst"):
        assert secret not in server.log
