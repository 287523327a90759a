"""The organisation of a file."""

import pytest

from appliance.actions.message.directory import FileDirectory
from appliance.actions.realm import organization as actions
from appliance.model.markdown import Person
from appliance.store.store import Store
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told
from tests.conftest import MakeUser


def test_it_is_made_once(store: Store) -> None:
    before = actions.get(store)
    writes = store.committer.writes
    actions.prepare(store)
    assert actions.get(store) == before
    assert before.name == actions.FIRST_NAME
    assert store.committer.writes == writes


def test_a_new_name_is_told_to_everybody(team: Team, told: Told) -> None:
    team.store.write(lambda transaction: actions.rename(transaction, "Example"))
    event, users = told.one()
    assert event == {"type": "realm", "op": "update", "property": "name", "value": "Example"}
    assert len(users) == 5
    assert actions.get(team.store).name == "Example"


def test_names_in_a_message_are_looked_up(team: Team) -> None:
    with team.store.read() as reader:
        directory = FileDirectory(reader, team.erin)
        assert directory.user_named("Ann") == Person(team.ann.id, "Ann")
        assert directory.user_named("Nobody") is None
        assert directory.user_with_id(team.bob.id) == Person(team.bob.id, "Bob")
        assert directory.user_with_id(999) is None


def test_a_name_that_two_have_is_nobodys(team: Team, make_user: MakeUser) -> None:
    team.store.write(lambda t: t.execute("UPDATE user SET full_name = 'Ann' WHERE id = ?", team.bob.id))
    with team.store.read() as reader:
        assert FileDirectory(reader, team.erin).user_named("Ann") is None


@pytest.mark.parametrize(("channel", "found"), [(PUBLIC, True), (PRIVATE, False), ("nowhere", False)])
def test_a_link_names_only_channels_that_the_writer_sees(team: Team, channel: str, found: bool) -> None:
    with team.store.read() as reader:
        assert (FileDirectory(reader, team.erin).channel_named(channel) is not None) == found
