"""Words of which people want to be alerted."""

import pytest

from appliance.actions.message import edit as edit_actions
from appliance.actions.message.edit import Wish
from appliance.actions.personal import alert_word as actions
from appliance.base.errors import ApiError
from appliance.model.flag import Flag
from appliance.model.user import User
from appliance.store import received
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told


def alerted(team: Team, message_id: int) -> list[int]:
    with team.store.read() as reader:
        flags = received.flags(reader, message_id)
    return [each for each, own in sorted(flags.items()) if own & Flag.HAS_ALERT_WORD]


def want(team: Team, user: User, *words: str) -> list[str]:
    return actions.add(team.store, user, list(words))


def test_the_list_is_told_to_oneself(team: Team, told: Told) -> None:
    assert want(team, team.bob, " pie ", "", "Apple tart") == ["Apple tart", "pie"]
    event = {"type": "alert_words", "alert_words": ["Apple tart", "pie"]}
    assert told.look() == [(event, [team.bob.id])]
    assert actions.remove(team.store, team.bob, ["PIE", "unknown"]) == ["Apple tart"]
    assert told.look() == [({**event, "alert_words": ["Apple tart"]}, [team.bob.id])]


def test_case_makes_no_other_word(team: Team) -> None:
    want(team, team.bob, "pie")
    assert want(team, team.bob, "PIE") == ["PIE"]


def test_a_message_alerts_those_who_want_it(team: Team, told: Told) -> None:
    want(team, team.bob, "Pie")
    want(team, team.erin, "pie")
    want(team, team.ann, "cake")
    told.look()
    message_id = team.send(team.ann, PUBLIC, "there is PIE!")
    assert alerted(team, message_id) == [team.bob.id]
    [(_, users)] = told.raw("message")
    assert {"id": team.bob.id, "flags": ["has_alert_word"]} in users
    assert alerted(team, team.write_to(team.ann, team.erin, content="pie")) == [team.erin.id]
    assert alerted(team, team.send(team.ann, PUBLIC, "magpies")) == []


def test_who_does_not_get_the_message_is_not_alerted(team: Team) -> None:
    want(team, team.erin, "pie")
    message_id = team.send(team.ann, PRIVATE, "pie")
    with team.store.read() as reader:
        assert set(received.flags(reader, message_id)) == {team.ann.id, team.bob.id}
    assert alerted(team, message_id) == []


def test_an_edit_alerts_and_takes_that_back(team: Team, told: Told) -> None:
    want(team, team.bob, "pie")
    message_id = team.send(team.ann, PUBLIC, "cake")
    edit_actions.edit(team.store, team.ann, message_id, Wish(content="pie"))
    assert alerted(team, message_id) == [team.bob.id]
    [(_, users)] = told.raw("update_message")
    assert {each["id"]: each["flags"] for each in users} == {
        team.ann.id: [],
        team.bob.id: ["has_alert_word"],
    }
    edit_actions.edit(team.store, team.ann, message_id, Wish(content="cake"))
    assert alerted(team, message_id) == []


def test_what_is_refused(team: Team, told: Told) -> None:
    with pytest.raises(ApiError, match=r"alert_words\[1\] is too long \(limit: 100 characters\)"):
        want(team, team.bob, "pie", "x" * 101)
    want(team, team.bob, *(f"word {number}" for number in range(200)))
    told.look()
    with pytest.raises(ApiError, match="200 alert words at most"):
        want(team, team.bob, "one more")
    assert told.look() == []
    want(team, team.bob, "WORD 7")
