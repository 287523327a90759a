"""From a message to the mail: real fan-out, job pool and mail server; only the clock is ours."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import pytest

from appliance.actions.user import setting as setting_actions
from appliance.events.descriptor import ClientDescriptor
from appliance.events.queue import EventQueue
from appliance.store import job as jobs
from appliance.store import job_selection
from appliance.store import notice as notices
from appliance.store import presence as presences
from appliance.store.job_selection import Selection
from appliance.store.store import FILE_NAME, Store
from tests.conftest import MovableClock
from tests.outside.smtp_sink import SmtpSink
from tests.workers.conftest import Team
from tests.workers.server import Server

PERIOD = 120  # seconds; the default of the setting
AT_ANN = "@**Ann Miller** hello"


def texts(smtp: SmtpSink) -> list[str]:
    """What the mails say above the line."""
    parts = [mail.get_body(("plain",)) for mail in smtp.mails]
    return [part.get_content().replace("\r\n", "\n").split("\n\n--\n")[0] for part in parts if part]


# checklist 6, 21
def test_three_messages_within_the_period_are_one_mail(team: Team, server: Server, smtp: SmtpSink) -> None:
    for text in ("one", "two", "three"):
        team.direct(team.bob, team.ann, text=text)
        server.pass_time(30)
    assert smtp.mails == []
    server.pass_time(31)
    assert texts(smtp) == ["> one\n> two\n> three"]
    (mail,) = smtp.mails
    assert (mail["To"], mail["Subject"]) == ("Ann Miller <ann.miller@example.org>", "DMs with Bob")
    assert mail["From"] == "My team notifications <noreply@chat.test>"


def test_what_is_read_in_time_is_not_mailed(team: Team, server: Server, smtp: SmtpSink) -> None:
    message_id = team.direct(team.bob, team.ann)
    server.pass_time(PERIOD - 1)
    team.read(team.ann, message_id)
    server.pass_time(2)
    assert smtp.mails == []
    assert team.missed(team.ann) == []


def test_two_conversations_are_two_mails(team: Team, server: Server, smtp: SmtpSink) -> None:
    team.direct(team.bob, team.ann, text="one")
    team.post(team.cyd, AT_ANN)
    team.direct(team.bob, team.ann, text="two")
    server.pass_time(PERIOD + 1)
    assert smtp.subjects() == ["#general > lunch", "DMs with Bob"]
    assert texts(smtp) == ["Cyd:\n> @Ann Miller hello", "> one\n> two"]
    assert smtp.connections == 1


def test_a_new_period_begins_after_a_mail(team: Team, server: Server, smtp: SmtpSink) -> None:
    for text in ("one", "two"):
        team.direct(team.bob, team.ann, text=text)
        server.pass_time(PERIOD + 1)
    assert texts(smtp) == ["> one", "> two"]
    assert smtp.mails[0]["References"] == smtp.mails[1]["References"]
    assert smtp.mails[0]["Message-ID"] != smtp.mails[1]["Message-ID"]


def test_a_group_is_mailed_to_everybody_but_the_sender(team: Team, server: Server, smtp: SmtpSink) -> None:
    team.direct(team.bob, team.ann, team.cyd, text="@**Bob** is me")
    server.pass_time(PERIOD + 1)
    addressees = [str(mail["To"]) for mail in smtp.mails]
    assert sorted(addressees) == ["Ann Miller <ann.miller@example.org>", "Cyd <cyd@example.org>"]


def be_here(team: Team, server: Server, now: float, *, active: bool) -> None:
    """Ann has a client open, and may be looking at it."""
    queues = server.shards.of_user(team.ann.id).queues
    with queues.lock:
        queues.add(EventQueue("queue", team.ann.id, ClientDescriptor(), now))
    if active:
        team.store.write(lambda transaction: presences.put(transaction, team.ann.id, int(now), int(now)))


@pytest.mark.parametrize(("active", "mails"), [(True, 0), (False, 1)])
def test_who_is_here_is_not_mailed(
    team: Team, server: Server, smtp: SmtpSink, clock: MovableClock, active: bool, mails: int
) -> None:
    be_here(team, server, clock.now(), active=active)
    team.direct(team.bob, team.ann)
    server.pass_time(PERIOD + 1)
    assert len(smtp.mails) == mails


def nothing_for_her(team: Team) -> None:
    team.post(team.bob, "hello all")


def only_a_silent_mention(team: Team) -> None:
    team.post(team.bob, "as @_**Ann Miller** said")


def switched_off(team: Team) -> None:
    setting_actions.change(team.store, team.ann, {"enable_offline_email_notifications": False})
    team.direct(team.bob, team.again(team.ann))


def to_oneself(team: Team) -> None:
    team.direct(team.ann, team.ann)


@pytest.mark.parametrize("deed", [nothing_for_her, only_a_silent_mention, switched_off, to_oneself])
def test_must_not_mail(  # checklist 49: one of the deeds is to turn the preference off
    team: Team, server: Server, smtp: SmtpSink, deed: Callable[[Team], None]
) -> None:
    deed(team)
    server.pass_time(PERIOD + 1)
    assert smtp.mails == []


# -- trouble


def test_a_mail_waits_for_a_server_that_is_down(team: Team, server: Server, smtp: SmtpSink) -> None:
    smtp.go_away()
    team.direct(team.bob, team.ann)
    server.pass_time(PERIOD + 1)
    assert [job.failed_tries for job in team.waiting("email_senders")] == [1]
    smtp.come_back()
    server.pass_time(60)
    assert smtp.subjects() == ["DMs with Bob"]
    assert team.waiting("email_senders") == []


def test_a_mail_that_is_refused_is_a_dead_letter(team: Team, server: Server, smtp: SmtpSink) -> None:
    smtp.answers["RCPT"] = "550 no such person"
    team.direct(team.bob, team.ann)
    server.pass_time(PERIOD + 1)
    with team.store.read() as reader:
        (dead,) = job_selection.rows(reader, Selection(dead=True, queue="email_senders"))
    assert dead.error == "the mail server refuses it: 550 no such person"


class Snapshots:
    """The file as a kill would leave it, after each write of any thread."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.folders: list[Path] = []
        self._path, self._folder, self._write = store.path, folder, store.write
        self._lock = threading.Lock()

    def write(self, *work: Any, **how: Any) -> Any:
        result = self._write(*work, **how)
        with self._lock:
            folder = self._folder / str(len(self.folders))
            folder.mkdir()
            apsw.Connection(str(self._path)).execute("VACUUM INTO ?", (str(folder / FILE_NAME),))
            self.folders.append(folder)
        return result


@pytest.fixture
def snapshots(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Snapshots:
    taken = Snapshots(store, tmp_path)
    monkeypatch.setattr(store, "write", taken.write)
    return taken


def is_mailed(store: Store) -> bool:
    """Whether nothing is left to do, so that the mail must have gone."""
    with store.read() as reader:
        _, decided = notices.position(reader, 0)
        return decided == notices.newest(reader) and not jobs.waiting(reader)


def test_killed_after_any_write_the_mail_goes_once(
    team: Team, clock: MovableClock, smtp: SmtpSink, snapshots: Snapshots
) -> None:
    team.direct(team.bob, team.ann, text="one")
    first = len(snapshots.folders) - 1
    server = Server(team.store, clock, smtp)
    server.pass_time(PERIOD + 1)
    server.stop()
    (sent,) = smtp.mails
    outcomes = [_go_on(folder, clock, smtp) for folder in snapshots.folders[first:]]
    assert outcomes[0] == (False, [sent["Message-ID"]])
    assert outcomes[-1] == (True, [])
    for was_mailed, ids in outcomes:
        assert ids == ([] if was_mailed else [sent["Message-ID"]])


def _go_on(folder: Path, clock: MovableClock, smtp: SmtpSink) -> tuple[bool, list[str]]:
    """Start a server on what is left: whether the mail was sent before, and the ids of what it sends."""
    smtp.mails.clear()
    store = Store(folder, clock)
    was_mailed = is_mailed(store)
    server = Server(store, clock, smtp)
    server.pass_time(PERIOD + 1)
    server.stop()
    store.close()
    return was_mailed, [mail["Message-ID"] for mail in smtp.mails]
