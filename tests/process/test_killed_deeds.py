"""The server dies in the middle of what people do, and of what its workers make of that: what was
acknowledged is there, and once; what was not is there whole or not at all; and files and rows agree."""

import time
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from appliance.store.connection import READER, Reader, connect
from appliance.store.store import FILE_NAME
from tests import pictures
from tests.conftest import until
from tests.http.site import PASSWORD, Browser
from tests.invariants import broken
from tests.process.client import GONE, Person
from tests.process.conftest import Serve
from tests.process.server import ServerProcess, die_in
from tests.process.things import post_picture

PAUSE = 2  # seconds until a scheduled message is due
TASK = '{{"type": "new_task", "key": {0}, "task": "task {0}", "desc": "", "completed": false}}'


class Day:
    """What an owner and a member do in a day, several times over: `done` is what was acknowledged."""

    def __init__(self, owner: Person, member: Person, number: int) -> None:
        self.owner, self.member, self._number = owner, member, number
        self.done: dict[str, Any] = {}

    def run(self) -> None:
        for deed in (
            self._upload,
            self._schedule,
            self._make_channel,
            self._write,
            self._edit,
            self._vote,
            self._emoji,
            self._promote,
            self._invite,
            self._archive,
            self._delete,
        ):
            deed()

    def _upload(self) -> None:
        self.done["file"] = post_picture(self.owner, "/user_uploads")["url"]

    def _schedule(self) -> None:
        due = int(time.time()) + PAUSE
        self._send("/scheduled_messages", f"later {self._number}", scheduled_delivery_timestamp=due)

    def _make_channel(self) -> None:
        name = f"channel {self._number}"
        everybody = [self.owner.user_id, self.member.user_id]
        self.owner.ask(
            "POST", "/users/me/subscriptions", subscriptions=[{"name": name}], principals=everybody
        )
        self.done["channel"] = name

    def _write(self) -> None:
        text = f"[a]({self.done['file']}) http://127.0.0.1:9/{self._number}"
        self.done["message"] = self._send("/messages", text)

    def _edit(self) -> None:
        content = f"edited {self._number} [a]({self.done['file']})"
        self.owner.ask("PATCH", f"/messages/{self.done['message']}", content=content)
        self.done["texts"].append(content)

    def _vote(self) -> None:
        which = self._send("/messages", f"/todo list {self._number}")
        for key in range(3):
            content = TASK.format(key)
            self.owner.ask("POST", "/submessage", message_id=which, msg_type="widget", content=content)
            self.done.setdefault("votes", []).append((which, content))

    def _emoji(self) -> None:
        post_picture(self.owner, f"/realm/emoji/emoji{self._number}")
        self.done["emoji"] = f"emoji{self._number}"

    def _promote(self) -> None:
        role = 300 if self._number % 2 else 400
        self.owner.ask("PATCH", f"/users/{self.member.user_id}", role=role)
        self.done["role"] = role

    def _invite(self) -> None:
        link = self.owner.ask("POST", "/invites/multiuse", stream_ids=[])["invite_link"]
        email = f"new{self._number}@chat.test"
        form = {"full_name": f"New {self._number}", "password": PASSWORD, "email": email}
        assert Browser(self.owner.port).post(f"/join/{link.rpartition('/')[2]}", form).goes_home
        self.done["email"] = email

    def _archive(self) -> None:
        name = self.done["channel"]
        listed = self.owner.ask("GET", "/get_stream_id", stream=name)
        self.owner.ask("DELETE", f"/streams/{listed['stream_id']}")
        self.done["archived"] = listed["stream_id"]

    def _delete(self) -> None:
        gone = self._send("/messages", f"soon gone {self._number}")
        self.done["texts"].remove(f"soon gone {self._number}")  # whether or not there is an answer
        self.owner.ask("DELETE", f"/messages/{gone}")

    def _send(self, path: str, content: str, **more: Any) -> int:
        where = {"type": "channel", "to": 1, "topic": "lunch", **more}
        answer = self.owner.ask("POST", path, content=content, **where)
        self.done.setdefault("texts", []).append(content)
        sent: int = answer.get("id", 0)
        return sent

    # -- afterwards

    def check(self) -> None:
        owner, done = self.owner, self.done
        written = Counter(each["content"] for each in owner.messages(narrow=[["channel", "general"]]))
        there = [each for each in done.get("texts", []) if not each.startswith("[a]") or written[each]]
        assert {each: written[each] for each in there} == dict.fromkeys(there, 1)
        assert set(written.values()) <= {1}
        if "file" in done:
            found = Browser(owner.port).get(done["file"], Authorization=owner.authorization)
            assert found.body == pictures.plain()
        if "emoji" in done:
            known = [each["name"] for each in owner.ask("GET", "/realm/emoji")["emoji"].values()]
            assert known.count(done["emoji"]) == 1
        if "archived" in done:
            listed = owner.ask("GET", "/streams", exclude_archived=False)["streams"]
            assert {each["stream_id"]: each["is_archived"] for each in listed}[done["archived"]]
        for which, content in done.get("votes", []):
            votes = owner.ask("GET", f"/messages/{which}")["message"]["submessages"]
            assert [each["content"] for each in votes].count(content) == 1
        people = owner.ask("GET", "/users")["members"]
        if "email" in done:
            assert [each["delivery_email"] for each in people].count(done["email"]) == 1


def waiting(server: ServerProcess) -> list[str]:
    """Queues with jobs that are not for later, and the dead letters."""
    reader = Reader(connect(server.data / FILE_NAME, READER))
    try:
        rows = reader.rows("SELECT queue FROM job WHERE run_at IS NULL UNION ALL SELECT queue FROM dead_job")
        rows += reader.rows("SELECT 'scheduled_messages' FROM scheduled_message")
        rows += reader.rows(
            "SELECT 'unread' FROM unread_message JOIN message ON message.id = message_id"
            " JOIN channel USING (recipient_id) WHERE is_archived"
        )
    finally:
        reader.close()
    return [queue for (queue,) in rows]


# Before what the server is to die, and which time; the last ones are of its workers.
POINTS = [
    ("appliance.store.invitation:drop_asked", 1),
    ("appliance.actions.channel.archive:put_away", 1),
    ("appliance.store.unread:mark_read_by_everyone", 1),
    ("appliance.store.uploads:Uploads.put_thumbnail", 2),
    ("appliance.actions.message.link_card:show", 1),
    ("appliance.store.scheduled_message:drop", 1),
]


@pytest.mark.parametrize(("point", "call"), POINTS)
def test_killed(serve: Serve, point: str, call: int) -> None:
    server = serve()
    owner, member = server.people("iago", "hamlet")
    days = [Day(owner, member, number) for number in range(3)]
    server.start(die_in(point, call))
    owner.ask("PATCH", "/realm", inline_url_embed_preview=True)
    with suppress(*GONE):
        days[0].run()
        days[1].run()
        time.sleep(PAUSE)  # its workers have the rest
        until(lambda: not server.running)
    server.crash()
    assert broken(server.data, orphans=True) == []
    server.start()
    days[2].run()
    until(lambda: waiting(server) == [])
    for day in days:
        day.check()
    server.kill()
    assert broken(server.data, orphans=True) == []
