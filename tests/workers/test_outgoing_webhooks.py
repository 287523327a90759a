"""Bots that stand for a service: when it is called, with what, and what its answer makes the bot say."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest

from appliance.actions.bot import account as bot_actions
from appliance.actions.bot.account import Changes, Wanted
from appliance.actions.user import deactivation
from appliance.jobs.verdict import Drop, Retry
from appliance.model.bot import OUTGOING_WEBHOOK, PLAIN, SLACK
from appliance.model.flag import Flag
from appliance.model.user import User
from appliance.outside.breaker import FAILURES
from appliance.store import bot_service
from appliance.store import message as messages
from appliance.store.transaction import Job
from appliance.workers.outgoing_webhooks import OutgoingWebhooks
from tests.conftest import until
from tests.outside.post_sink import PostSink, Reply
from tests.workers.conftest import Team
from tests.workers.server import Server

QUEUE = "outgoing_webhooks"
PING = "@**Ping** hello"


@pytest.fixture
def service() -> Iterator[PostSink]:
    with PostSink(reply=Reply(200)) as sink:
        yield sink


Make = Callable[..., User]


@pytest.fixture
def make(team: Team, service: PostSink) -> Make:
    def made(interface: int = PLAIN, url: str = "") -> User:
        wanted = Wanted("Ping", "ping", OUTGOING_WEBHOOK, url or f"{service.url}/hook", interface)
        return bot_actions.create(team.store, team.bob, wanted, "chat.test")

    return made


@pytest.fixture
def ping(make: Make) -> User:
    return make()


def call(team: Team, **context: Any) -> None:
    """Have the only job done."""
    [job] = team.waiting(QUEUE)
    consume(team, job, **context)


def consume(team: Team, job: Job, **context: Any) -> None:
    OutgoingWebhooks(team.parts).consume(job, team.context._replace(**context))


def seen(team: Team, user: User) -> list[tuple[str, str]]:
    """(sender, text) of all that the person got, the newest last."""
    with team.store.read() as reader:
        found, _, _ = messages.around(reader, user.id, [messages.HAS_ROW], 10**9, 100, 0)
    return [(each.message.sender.full_name, each.message.content) for each in found]


def answering(answer: Any, status: int = 200) -> Reply:
    return Reply(status, body=answer if isinstance(answer, bytes) else json.dumps(answer).encode())


# -- when


def test_it_is_called_when_it_is_mentioned(  # checklist 31, 134, 135, 136
    team: Team, ping: User, service: PostSink
) -> None:
    message_id = team.post(team.cyd, PING)
    call(team)
    [posted] = service.posted
    asked = json.loads(posted.body)
    with team.store.read() as reader:
        [known] = bot_service.of_bot(reader, ping.id)
    assert (posted.path, posted.headers["content-type"]) == ("/hook", "application/json")
    assert (asked["bot_email"], asked["bot_full_name"], asked["token"]) == (ping.email, "Ping", known.token)
    assert (asked["trigger"], asked["data"]) == ("mention", PING)
    message = asked["message"]
    assert (message["id"], message["content"], message["type"]) == (message_id, PING, "stream")
    assert (message["subject"], message["display_recipient"]) == ("lunch", "general")
    assert message["sender_email"] == team.cyd.email
    assert "user-mention" in message["rendered_content"]


def test_it_is_called_when_it_is_written_to(team: Team, ping: User, service: PostSink) -> None:
    team.direct(team.cyd, ping, team.ann)
    call(team)
    asked = json.loads(service.posted[0].body)
    assert asked["trigger"] == "direct_message"
    people = [each["id"] for each in asked["message"]["display_recipient"]]
    assert people == [team.ann.id, team.cyd.id, ping.id]


@pytest.mark.parametrize("text", ["hello", "@_**Ping** hello", "`@**Ping**`", "> @**Ping**", "@**all**"])
def test_it_is_not_called_for_less(team: Team, ping: User, text: str) -> None:
    team.post(team.cyd, text)
    assert team.waiting(QUEUE) == []


def test_bots_do_not_call_each_other(team: Team, ping: User) -> None:
    other = bot_actions.create(team.store, team.bob, Wanted("Pong", "pong"), "chat.test")
    team.direct(other, ping)
    assert team.waiting(QUEUE) == []


def test_it_has_read_what_it_was_told(team: Team, ping: User) -> None:  # checklist 137
    message_id = team.post(team.cyd, PING)
    call(team)
    with team.store.read() as reader:
        flags = messages.flags(reader, ping.id, [message_id])[message_id]
    assert flags & Flag.READ


# checklist 136
def test_a_service_of_slacks_interface_gets_a_form(team: Team, make: Make, service: PostSink) -> None:
    make(SLACK)
    service.replies.append(answering({"text": "pong"}))
    team.post(team.cyd, PING)
    call(team)
    form = {name: values[0] for name, values in parse_qs(service.posted[0].body.decode()).items()}
    assert (form["channel_name"], form["user_name"], form["text"]) == ("general", "Cyd", PING)
    assert (form["team_domain"], form["user_id"]) == ("chat.test", f"U{team.cyd.id}")
    assert seen(team, team.ann)[-1] == ("Ping", "pong")


def test_it_knows_no_direct_messages(team: Team, make: Make, service: PostSink) -> None:
    team.direct(team.cyd, make(SLACK))
    call(team)
    assert service.posted == []
    assert seen(team, team.cyd)[-1][1].startswith("Failure!")


# -- what it answers


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"", None),
        ("", None),
        ({}, None),
        ({"response_not_required": True, "content": "pong"}, None),
        ({"content": "  "}, None),
        ({"content": "pong"}, "pong"),
        ({"response_string": "older", "content": "pong"}, "older"),
        ({"content": 42}, "42"),
        (b"pong", "Failure! Invalid JSON in response"),
        (["pong"], "Failure! Invalid response format"),
    ],
)
def test_answers(team: Team, ping: User, service: PostSink, answer: Any, says: str | None) -> None:
    service.replies.append(answering(answer))
    team.post(team.cyd, PING)
    call(team)
    said = [text for sender, text in seen(team, team.ann) if sender == "Ping"]
    assert said == ([] if says is None else [says])
    assert team.waiting(QUEUE) == []


def test_it_answers_in_the_conversation(team: Team, ping: User, service: PostSink) -> None:
    service.replies.append(answering({"content": "pong"}))
    team.direct(team.cyd, ping, team.ann)
    call(team)
    assert seen(team, team.ann)[-1] == ("Ping", "pong")
    assert ("Ping", "pong") not in seen(team, team.bob)


def test_its_owner_hears_why_it_failed(team: Team, ping: User, service: PostSink) -> None:
    service.replies.append(answering(b"no\n~~~~~~\n@**all** such page", status=404))
    message_id = team.post(team.cyd, PING)
    call(team)
    assert seen(team, team.ann)[-1] == ("Ping", "Failure! Third party responded with 404")
    sender, report = seen(team, team.bob)[-1]
    assert sender == "Ping"
    assert f"/near/{message_id})" in report
    assert report.endswith("~~~~~~\nno\n~ ~ ~~ ~ ~\n@**all** such page\n~~~~~~")
    assert report not in [text for _, text in seen(team, team.ann)]


def test_its_owner_does_not_hear_where_if_they_cannot_read_there(
    team: Team, ping: User, service: PostSink
) -> None:
    service.replies.append(answering(b"no", status=404))
    team.direct(team.cyd, ping, team.ann)
    call(team)
    report = seen(team, team.bob)[-1][1]
    assert report.startswith("A message was for the service of ")
    assert "near" not in report
    assert team.cyd.full_name not in report


def test_a_private_address_is_not_called(team: Team, make: Make) -> None:
    make(url="http://192.168.1.1/hook")
    team.post(team.cyd, PING)
    call(team)
    assert seen(team, team.ann)[-1] == ("Ping", "Failure! Bot is unavailable")
    assert "private network" in seen(team, team.bob)[-1][1]


@pytest.mark.parametrize("how", ["closes", "garbles"])
def test_a_service_that_does_not_work_is_called_again(
    team: Team, ping: User, service: PostSink, how: Any
) -> None:
    service.replies += [Reply(how=how), answering({"content": "pong"})]
    team.post(team.cyd, PING)
    with pytest.raises(Retry):
        call(team)
    call(team, attempt=2)
    assert [text for sender, text in seen(team, team.ann) if sender == "Ping"] == ["pong"]


def test_at_last_it_is_said_to_be_unavailable(team: Team, ping: User, service: PostSink) -> None:
    service.reply = Reply(how="closes")
    team.post(team.cyd, PING)
    call(team, attempt=OutgoingWebhooks.policy.attempts)
    assert seen(team, team.ann)[-1] == ("Ping", "Failure! Bot is unavailable")
    assert team.waiting(QUEUE) == []


def test_one_that_fails_all_the_time_is_left_alone(team: Team, ping: User, service: PostSink) -> None:
    service.reply = Reply(how="closes")
    team.post(team.cyd, PING)
    for _ in range(FAILURES):
        with pytest.raises(Retry):
            call(team)
    with pytest.raises(Retry) as left_alone:
        call(team)
    assert left_alone.value.counts is False


# -- once, and not for what is gone


def test_what_comes_twice_is_answered_once(team: Team, ping: User, service: PostSink) -> None:
    service.reply = answering({"content": "pong"})
    team.post(team.cyd, PING)
    [job] = team.waiting(QUEUE)
    consume(team, job)
    consume(team, replace(job))
    assert [text for sender, text in seen(team, team.ann) if sender == "Ping"] == ["pong"]


def test_a_bot_that_is_gone_is_not_called(team: Team, ping: User, service: PostSink) -> None:
    team.post(team.cyd, PING)
    deactivation.deactivate(team.store, ping)
    with pytest.raises(Drop):
        call(team)
    assert service.posted == []


def test_its_new_address_is_called(team: Team, ping: User, service: PostSink) -> None:
    team.post(team.cyd, PING)
    changes = Changes(payload_url=f"{service.url}/new")
    bot_actions.change(team.store, team.bob, ping.id, changes)
    call(team)
    assert service.posted[0].path == "/new"


def test_a_service_that_hangs_delays_no_other_queue(  # checklist 64
    team: Team, server: Server, ping: User, service: PostSink
) -> None:
    service.replies.append(Reply(how="hangs"))
    team.post(team.cyd, PING)
    team.direct(team.cyd, team.ann)
    until(lambda: service.posted and team.missed(team.ann))
    assert len(team.waiting(QUEUE)) == 1
