"""Cards of the pages that messages link to: when pages are asked, and what becomes of the message."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from appliance.actions.message import edit as edits
from appliance.actions.message import link_card, rendering
from appliance.actions.message import send as message_actions
from appliance.actions.message.edit import Wish
from appliance.actions.message.send import Draft
from appliance.jobs.deadline import Deadline
from appliance.model.message import Message
from appliance.model.user import User
from appliance.store import message as messages
from appliance.store import realm as realms
from appliance.store.transaction import Job, Notice
from appliance.workers.embed_links import EmbedLinks
from tests.conftest import MakeUser
from tests.outside.post_sink import PostSink, Reply
from tests.workers.conftest import Team

QUEUE = link_card.QUEUE
PAGE = b'<html><meta property="og:title" content="Bread"><meta property="og:image" content="/b.png">'
HTML = {"Content-Type": "text/html"}


@pytest.fixture
def site() -> Iterator[PostSink]:
    with PostSink(reply=Reply(200, HTML, body=PAGE)) as sink:
        yield sink


@pytest.fixture
def team(team: Team) -> Team:
    wants(team)
    return team


def wants(team: Team, wanted: bool = True) -> None:
    team.store.write(lambda transaction: realms.set_settings(transaction, {link_card.SETTING: wanted}))


def stored(team: Team, message_id: int) -> Message:
    with team.store.read() as reader:
        found = messages.with_id(reader, team.ann.id, message_id)
    assert found is not None
    return found.message


def consume(team: Team, job: Job | None = None, **context: Any) -> None:
    [only] = [job] if job else team.waiting(QUEUE)
    EmbedLinks(team.parts).consume(only, team.context._replace(**context))


@pytest.fixture
def told(team: Team) -> Callable[[], list[Notice]]:
    """The notices since the last call."""
    seen: list[Notice] = []
    team.store.notices_committed = seen.extend

    def look() -> list[Notice]:
        found = seen.copy()
        seen.clear()
        return found

    return look


def test_a_card_appears_below_the_message(  # checklist 109
    team: Team, site: PostSink, told: Callable[[], list[Notice]]
) -> None:
    url = f"{site.url}/page"
    message_id = team.post(team.bob, f"see {url}")
    [job] = team.waiting(QUEUE)
    assert job.event() == {"message_id": message_id, "message_content": f"see {url}", "urls": [url]}
    before = stored(team, message_id)
    told()
    consume(team)
    after = stored(team, message_id)
    assert "message_embed" not in before.rendered_content
    assert f'<a href="{url}" title="Bread">Bread</a>' in after.rendered_content
    assert (after.content, after.last_edit_time, after.edits) == (before.content, None, ())
    [notice] = told()
    assert notice.event == {
        "type": "update_message",
        "user_id": None,
        "rendering_only": True,
        "edit_timestamp": int(team.context.clock.now()),
        "message_id": message_id,
        "message_ids": [message_id],
        "stream_name": "general",
        "stream_id": after.channel_id,
        "content": after.content,
        "rendered_content": after.rendered_content,
        "is_me_message": False,
    }
    assert {each["id"]: each["flags"] for each in notice.users} == {
        team.ann.id: [],
        team.bob.id: ["read"],
        team.cyd.id: [],
    }
    assert team.waiting(QUEUE) == []


def test_in_a_conversation_too(team: Team, site: PostSink, told: Callable[[], list[Notice]]) -> None:
    message_id = team.direct(team.bob, team.ann, text=site.url)
    told()
    consume(team)
    assert "message_embed" in stored(team, message_id).rendered_content
    [notice] = told()
    assert [each["id"] for each in notice.users] == [team.ann.id, team.bob.id]
    assert "stream_id" not in notice.event


@pytest.mark.parametrize(
    "text", ["hello", "> http://a.test", "http://a.test/b.png", "`http://a.test`", "ann@a.test", "[a](/b)"]
)
def test_nothing_is_asked_for_other_texts(team: Team, text: str) -> None:
    team.post(team.bob, text)
    assert team.waiting(QUEUE) == []


def test_nothing_is_asked_where_nobody_wants_it(team: Team) -> None:
    wants(team, False)
    team.post(team.bob, "http://a.test")
    assert team.waiting(QUEUE) == []


def test_nothing_is_asked_for_bots(team: Team, make_user: MakeUser) -> None:
    robot: User = make_user("Robot", is_bot=True)
    draft = Draft(robot, "http://a.test", "test", read_by_sender=True)
    message_actions.send_direct(team.store, draft, [team.ann.id])
    assert team.waiting(QUEUE) == []


def test_a_page_without_a_card_changes_nothing(
    team: Team, site: PostSink, told: Callable[[], list[Notice]]
) -> None:
    site.reply = Reply(404)
    message_id = team.post(team.bob, site.url)
    before = stored(team, message_id)
    told()
    consume(team)
    assert (stored(team, message_id), told()) == (before, [])


def test_an_edit_orders_its_own(team: Team, site: PostSink) -> None:  # checklist 113
    message_id = team.post(team.bob, site.url)
    [first] = team.waiting(QUEUE)
    edits.edit(team.store, team.bob, message_id, Wish(content=f"new {site.url}/b"))
    consume(team, first)
    after = stored(team, message_id)
    assert "message_embed" not in after.rendered_content
    assert after.content == f"new {site.url}/b"
    consume(team)
    assert 'title="Bread"' in stored(team, message_id).rendered_content


def test_an_edit_while_pages_are_asked_is_not_overwritten(  # checklist 113
    team: Team, site: PostSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = team.post(team.bob, site.url)
    [job] = team.waiting(QUEUE)
    again = rendering.again

    def edited_meanwhile(*arguments: Any) -> Any:
        found = again(*arguments)
        edits.edit(team.store, team.bob, message_id, Wish(content="nothing here"))
        return found

    monkeypatch.setattr(rendering, "again", edited_meanwhile)
    consume(team, job)
    assert stored(team, message_id).rendered_content == "<p>nothing here</p>"


def test_a_message_that_is_gone_is_nothing_to_worry_about(team: Team, site: PostSink) -> None:
    job = team.enqueue(QUEUE, {"message_id": 999, "message_content": "x", "urls": [site.url]})
    consume(team, job)
    assert team.waiting(QUEUE) == []


def test_one_that_does_not_answer_leaves_the_others(team: Team, site: PostSink) -> None:
    site.replies = [Reply(how="closes"), Reply(200, HTML, body=PAGE)]
    message_id = team.post(team.bob, f"{site.url}/a {site.url}/b")
    consume(team)
    rendered = stored(team, message_id).rendered_content
    assert rendered.count('class="message_embed"') == 1
    assert f'href="{site.url}/b" title="Bread"' in rendered


def test_after_its_time_it_shows_what_it_has(
    team: Team, site: PostSink, caplog: pytest.LogCaptureFixture
) -> None:
    message_id = team.post(team.bob, f"{site.url}/a")
    with caplog.at_level(logging.WARNING, "appliance.workers.embed_links"):
        consume(team, deadline=Deadline(1.0))
    assert not site.posted
    assert caplog.messages == [
        f"Timed out in embed_links after 30 seconds while fetching URLs for message {message_id}:"
        f" ['{site.url}/a']"
    ]
    assert team.waiting(QUEUE) == []
