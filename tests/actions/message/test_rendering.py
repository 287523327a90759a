"""What is stored of a message by its text, what topics link to, and what its writer's organization adds."""

from typing import Any

import pytest

from appliance.actions.channel import archive as channel_archive
from appliance.actions.message import access as history
from appliance.actions.message import edit, rendering
from appliance.actions.message.edit import Wish
from appliance.model.attachment import Attachment
from appliance.model.markdown import Card
from appliance.model.message import Holds, Shape
from appliance.store import attachment as attachments
from appliance.store import linkifier as linkifiers
from appliance.store import realm_emoji
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told

PATH = "1/ab/secret/cat.png"
SHAPE = Shape(apply_markdown=True, empty_topic_name=True)


@pytest.fixture
def file(team: Team) -> Attachment:
    made = Attachment(0, PATH, team.ann.id, "cat.png", "image/png", 9, 0, 300, 200)
    return team.store.write(lambda transaction: attachments.add(transaction, made, 0))


def holds(team: Team, message_id: int) -> Holds:
    with team.store.read() as reader:
        row = reader.row("SELECT has_attachment, has_image, has_link FROM message WHERE id = ?", message_id)
    assert row is not None
    return Holds(*map(bool, row))


def html(team: Team, message_id: int) -> str:
    found: str = shown(team, message_id)["content"]
    return found


def shown(team: Team, message_id: int) -> dict[str, Any]:
    found: dict[str, Any] = history.fetch_one(team.store, team.ann, message_id, SHAPE)["message"]
    return found


CASES = [
    ("hello", Holds()),
    ("http://a.test", Holds(link=True)),
    ("http://a.test/b.png", Holds(image=True, link=True)),
    (f"[x](/user_uploads/{PATH})", Holds(attachment=True, image=True, link=True)),
    (f"> [x](/user_uploads/{PATH})", Holds(attachment=True, link=True)),
    ("[x](/user_uploads/1/ab/other/cat.txt)", Holds(link=True)),
]


@pytest.mark.parametrize(("content", "expected"), CASES)
def test_what_a_new_message_holds(team: Team, file: Attachment, content: str, expected: Holds) -> None:
    assert holds(team, team.send(team.ann, PUBLIC, content)) == expected
    assert holds(team, team.write_to(team.ann, team.bob, content=content)) == expected


@pytest.mark.parametrize(("content", "expected"), CASES)
def test_what_an_edited_message_holds(team: Team, file: Attachment, content: str, expected: Holds) -> None:
    message_id = team.send(team.ann, PUBLIC, "http://a.test/b.png")
    edit.edit(team.store, team.ann, message_id, Wish(content=content))
    assert holds(team, message_id) == expected


def test_files_are_claimed_and_given_up(team: Team, file: Attachment) -> None:
    message_id = team.send(team.ann, PUBLIC, f"[x](/user_uploads/{PATH})")
    with team.store.read() as reader:
        assert [each.path_id for each in attachments.of_message(reader, message_id)] == [PATH]
    [detached] = edit.edit(team.store, team.ann, message_id, Wish(content="gone"))
    assert (detached["path_id"], detached["messages"]) == (PATH, [])


def test_an_uploaded_picture_is_shown_small(team: Team, file: Attachment) -> None:
    shown = html(team, team.send(team.ann, PUBLIC, f"[x](/user_uploads/{PATH})"))
    assert f'src="/user_uploads/thumbnail/{PATH}/840x560.webp"' in shown
    assert 'data-original-dimensions="300x200"' in shown


def test_the_organization_may_want_no_pictures(team: Team, file: Attachment) -> None:
    team.set_realm(inline_image_preview=False)
    message_id = team.send(team.ann, PUBLIC, f"[x](/user_uploads/{PATH}) http://a.test/b.png")
    assert "<img" not in html(team, message_id)
    assert holds(team, message_id) == Holds(attachment=True, link=True)


def test_emoji_of_the_organization(team: Team) -> None:
    team.store.write(lambda transaction: realm_emoji.add(transaction, "cat", "cat.png", None, team.ann.id))
    assert 'alt=":cat:"' in html(team, team.send(team.bob, PUBLIC, "a :cat:"))


# -- linkifiers


@pytest.fixture
def _bugs(team: Team) -> None:
    team.store.write(
        lambda transaction: linkifiers.add(transaction, "#(?P<id>[0-9]+)", "https://bugs.test/{id}")
    )


BUG_12 = [{"text": "#12", "url": "https://bugs.test/12"}]


@pytest.mark.usefixtures("_bugs")
def test_linkifiers_work_in_messages(team: Team) -> None:
    assert 'href="https://bugs.test/7"' in html(team, team.send(team.ann, PUBLIC, "see #7"))


@pytest.mark.usefixtures("_bugs")
def test_topics_have_links(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC, topic="about #12")
    event, _ = told.one("message")
    assert event["message"]["topic_links"] == shown(team, message_id)["topic_links"] == BUG_12
    assert shown(team, team.send(team.ann, PUBLIC))["topic_links"] == []


@pytest.mark.usefixtures("_bugs")
def test_so_has_a_topic_that_messages_are_moved_to(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC)
    told.look()
    edit.edit(team.store, team.ann, message_id, Wish(topic="#12"))
    event, _ = told.one("update_message")
    assert event["topic_links"] == BUG_12


def test_who_has_left_an_archived_channel_hears_of_no_card(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PRIVATE, "see https://page.example.org")
    team.leave(PRIVATE, team.bob)
    channel_archive.archive(team.store, team.olga, team.channel_id(PRIVATE))
    told.look()
    found = rendering.again(team.store, message_id, {"https://page.example.org": Card(image="https://page.example.org/i.png")})
    assert found is not None
    team.store.write(lambda transaction: rendering.show(transaction, *found))
    assert told.raw("update_message")[0][1] == [{"id": team.ann.id, "flags": []}]
