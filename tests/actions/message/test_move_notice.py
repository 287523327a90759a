"""What the server's bot says in topics that change."""

from typing import Any

import pytest

from appliance.actions.message import edit as actions
from appliance.actions.message.edit import Wish
from appliance.actions.message.move import ALL, LATER, ONE
from appliance.actions.message.move_notice import UNDONE_WITHIN
from appliance.actions.message.move_notice import Told as Where
from appliance.model.user import User
from appliance.store import received
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team
from tests.conftest import MovableClock

BOTH, NEITHER = Where(old=True, new=True), Where()


def move(team: Team, user: User, message_id: int, topic: str, mode: str = ALL, **more: Any) -> None:
    actions.edit(team.store, team.again(user), message_id, Wish(topic=topic, mode=mode, **more))


def said(team: Team, topic: str, channel: str = PUBLIC) -> list[str]:
    with team.store.read() as reader:
        rows = reader.rows(
            "SELECT rendered_content FROM message JOIN user ON user.id = sender_id JOIN channel"
            " USING (recipient_id) WHERE is_system AND topic = ? AND channel.name = ? ORDER BY message.id",
            topic,
            channel,
        )
    return [html for (html,) in rows]


def plain(html: str) -> str:
    """Without the tags."""
    return "".join(part.rpartition(">")[2] for part in html.split("<"))


@pytest.mark.parametrize(
    ("mode", "here", "there"),
    [
        (ALL, "Ann moved this topic here from #public > lunch.", "Ann moved this topic to #public > food."),
        (
            LATER,
            "Ann moved 2 messages here from #public > lunch.",
            "Ann moved 2 messages from here to #public > food.",
        ),
        (
            ONE,
            "Ann moved a message here from #public > lunch.",
            "Ann moved a message from here to #public > food.",
        ),
    ],
)
def test_what_was_moved(team: Team, mode: str, here: str, there: str) -> None:
    _, second, _ = [team.send(team.ann, PUBLIC) for _ in range(3)]
    move(team, team.ann, second, "food", mode, told=BOTH)
    assert [plain(html).replace("&gt;", ">") for html in said(team, "food")] == [here]
    assert [plain(html).replace("&gt;", ">") for html in said(team, "lunch")] == [there]


@pytest.mark.parametrize(("where", "here", "there"), [(NEITHER, 0, 0), (Where(new=True), 1, 0)])
def test_only_where_it_was_asked_for(team: Team, where: Where, here: int, there: int) -> None:
    move(team, team.ann, team.send(team.ann, PUBLIC), "food", told=where)
    assert (len(said(team, "food")), len(said(team, "lunch"))) == (here, there)


def test_a_private_channel_is_named_to_who_knows_it_only(team: Team) -> None:
    """Everybody can read the one notice, and knows the channel that is named in the other."""
    first, other = team.send(team.ann, PRIVATE), team.send(team.ann, PRIVATE, topic="food")
    assert other > first
    move(team, team.ann, first, "food", channel_id=team.channel_id(PUBLIC), told=BOTH)
    assert [plain(html) for html in said(team, "food")] == [
        "Ann moved this topic here from another channel."
    ]
    [html] = said(team, "lunch", PRIVATE)
    assert f'data-stream-id="{team.channel_id(PUBLIC)}"' in html


def test_a_private_channel_is_named_where_all_are_in_both(team: Team) -> None:
    first = team.send(team.ann, PRIVATE)
    move(team, team.ann, first, "food", channel_id=team.channel_id(PROTECTED), told=BOTH)
    [html] = said(team, "food", PROTECTED)
    assert f'data-stream-id="{team.channel_id(PRIVATE)}"' in html


def test_settling_is_told_to_who_took_part(team: Team) -> None:
    first = team.send(team.ann, PUBLIC)
    move(team, team.ann, first, "✔ lunch", told=BOTH)
    [html] = said(team, "✔ lunch")
    assert plain(html) == "Ann marked this topic as resolved."
    assert said(team, "lunch") == []
    with team.store.read() as reader:
        flags = received.flags(reader, reader.value("SELECT max(id) FROM message"))
    assert (flags[team.ann.id] & 1, flags[team.bob.id] & 1) == (0, 1)


def test_opening_it_again_at_once_leaves_nothing(team: Team, clock: MovableClock) -> None:
    first = team.send(team.ann, PUBLIC)
    move(team, team.ann, first, "✔ lunch")
    move(team, team.ann, first, "lunch")
    assert said(team, "lunch") == said(team, "✔ lunch") == []
    move(team, team.ann, first, "✔ lunch")
    clock.advance(UNDONE_WITHIN + 1)
    move(team, team.ann, first, "lunch")
    assert [plain(html) for html in said(team, "lunch")] == [
        "Ann marked this topic as resolved.",
        "Ann marked this topic as unresolved.",
    ]


def test_one_message_that_leaves_settles_nothing(team: Team) -> None:
    first = team.send(team.ann, PUBLIC)
    team.send(team.bob, PUBLIC)
    move(team, team.ann, first, "✔ lunch", ONE, told=Where(new=True))
    assert [plain(html).replace("&gt;", ">") for html in said(team, "✔ lunch")] == [
        "Ann moved a message here from #public > lunch."
    ]


def test_what_is_said_in_a_channel_that_is_empty_then_is_its_first_message(team: Team) -> None:
    team.join("new", team.ann)
    only = team.send(team.ann, "new")
    move(team, team.ann, only, "food", channel_id=team.channel_id(PUBLIC), told=BOTH)
    with team.store.read() as reader:
        row = reader.row(
            "SELECT first_message_id, min(message.id) FROM channel JOIN message USING (recipient_id)"
            " WHERE channel.name = 'new'"
        )
    assert row is not None
    assert row[0] == row[1] > only
