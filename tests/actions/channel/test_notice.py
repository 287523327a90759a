"""What the server's bot says of channels names things as they are written, and calls nobody."""

import pytest

from appliance.actions.channel import notice as channel_notice
from appliance.actions.channel.creation import Wanted
from appliance.actions.channel.subscription import subscribe
from appliance.store.transaction import Transaction
from tests.actions.conftest import PUBLIC, Team
from tests.conftest import MakeUser


@pytest.mark.parametrize(
    ("text", "written"),
    [("plain", "`plain`"), ("a `b`", "`` a `b` ``"), ("``", "``` `` ```"), ("@**all**", "`@**all**`")],
)
def test_what_people_wrote_is_code(text: str, written: str) -> None:
    assert channel_notice.verbatim(text) == written


HOSTILE = "@**all** ` @**Bob** @*devs* `` #**x** ```"


def test_a_hostile_description_mentions_nobody(team: Team) -> None:
    team.change(PUBLIC, description=HOSTILE)
    team.change(PUBLIC, name=HOSTILE)
    with team.store.read() as reader:
        rendered = reader.value("SELECT group_concat(rendered_content) FROM message")
        flags = reader.value("SELECT max(flags) FROM user_message WHERE user_id = ?", team.bob.id)
    assert rendered.count("user-mention") == rendered.count("user-mention silent") == 2
    assert "user-group-mention" not in rendered
    assert flags == 0


def test_a_channel_whose_name_no_link_can_hold_is_named_as_it_is(team: Team) -> None:
    subscribe(team.store, team.ann, [Wanted("a*b")], [team.erin])
    assert team.last_direct(team.erin) == ("Notification Bot", "@_**Ann|3** added you to the channel `a*b`.")


def test_of_many_channels_the_first_are_listed(team: Team) -> None:
    number = channel_notice.MOST_LISTED + 2
    subscribe(team.store, team.ann, [Wanted(f"c{each}") for each in range(number)], [team.erin])
    sent = team.last_direct(team.erin)
    assert sent is not None
    assert sent[1].count("\n* #**c") == channel_notice.MOST_LISTED
    assert sent[1].endswith("\n* 2 more")


def test_who_puts_too_many_into_a_channel_sends_no_messages(
    team: Team, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_notice, "MOST_TOLD", 1)
    subscribe(team.store, team.ann, [Wanted("new")], [team.erin, team.bob])
    assert team.last_direct(team.erin) is None


def test_a_link_to_a_private_channel_is_made_for_those_who_are_in_it(team: Team) -> None:
    subscribe(team.store, team.ann, [Wanted("private")], [team.erin])

    def rendered(transaction: Transaction) -> str:
        html: str = transaction.value("SELECT rendered_content FROM message ORDER BY id DESC LIMIT 1")
        return html

    assert 'class="stream"' in team.store.write(rendered)
