"""From a real client's edit to the mail and the phone of whom it mentions, and back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import until
from tests.outside.fcm import Fcm
from tests.process.client import Person
from tests.process.conftest import Serve
from tests.process.mail import MailSink
from tests.process.server import BATCHING, ServerProcess


@pytest.fixture
def fcm(tmp_path: Path) -> Iterator[Fcm]:
    server = Fcm(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def server(serve: Serve, sink: MailSink, fcm: Fcm) -> ServerProcess:
    push = {
        "APPLIANCE_PUSH_FCM_SERVER": fcm.url,
        "APPLIANCE_PUSH_FCM_CREDENTIALS": str(fcm.account_file),
    }
    return serve(environ=sink.environ | push).start()


@pytest.fixture
def cordelia(server: ServerProcess) -> Person:
    """With a phone, mailed after a second, and following nothing for being mentioned there."""
    [person] = server.people("cordelia")
    person.ask("POST", "/users/me/android_gcm_reg_id", token="registration-1")
    follow = {"automatically_follow_topics_where_mentioned": False}
    person.ask("PATCH", "/settings", **{BATCHING: 1}, **follow)
    return person


def post(person: Person, content: str) -> int:
    answer = person.ask("POST", "/messages", type="channel", to="general", topic="lunch", content=content)
    sent: int = answer["id"]
    return sent


def edit(person: Person, message_id: int, **changes: Any) -> None:
    person.ask("PATCH", f"/messages/{message_id}", **changes)


def pushed(fcm: Fcm) -> list[tuple[str, str]]:
    """(what, of which messages)."""
    found = [message["data"] for message in fcm.received]
    return [(each["event"], each.get("zulip_message_ids") or each["zulip_message_id"]) for each in found]


def all_is_done(server: ServerProcess) -> bool:
    return server.metric("appliance_notices_behind") == 0 and server.json("jobs", "list") == []


def test_who_is_mentioned_by_an_edit_is_mailed_and_pushed_at_once(
    server: ServerProcess, sink: MailSink, fcm: Fcm, cordelia: Person
) -> None:
    hamlet, othello = server.people("hamlet", "othello")
    message_id = post(hamlet, "@**othello** look")
    until(lambda: sink.mails and all_is_done(server))
    edit(hamlet, message_id, topic="dinner", send_notification_to_new_thread=False)
    edit(hamlet, hamlet.send(othello, "for you"), content="@**othello** for you")
    edit(hamlet, message_id, content="@**othello** and @**cordelia** look")
    until(lambda: len(sink.mails) == 3 and fcm.received and all_is_done(server))
    told = {(mail["To"].addresses[0].addr_spec, mail["Subject"]) for mail in sink.mails}
    assert told == {
        (othello.email, "#general > lunch"),
        (othello.email, "DMs with hamlet"),
        (cordelia.email, "#general > dinner"),
    }
    assert pushed(fcm) == [("message", str(message_id))]


def test_who_is_not_mentioned_any_more_gets_the_push_taken_back_and_no_mail(
    server: ServerProcess, sink: MailSink, fcm: Fcm, cordelia: Person
) -> None:
    [hamlet, othello] = server.people("hamlet", "othello")
    cordelia.ask("PATCH", "/settings", **{BATCHING: 3})
    message_id = post(hamlet, "@**cordelia** look")
    until(lambda: fcm.received)
    edit(hamlet, message_id, content="@**othello** look")
    until(lambda: len(fcm.received) == 2)
    assert pushed(fcm) == [("message", str(message_id)), ("remove", str(message_id))]
    until(lambda: all_is_done(server))
    assert [mail["To"].addresses[0].addr_spec for mail in sink.mails] == [othello.email]
