"""Who may write to whom, who begins, and what else the organization asks of messages."""

from typing import Any

import pytest

from appliance.actions.message import scheduled as scheduled_message
from appliance.actions.message.send import Draft
from appliance.base.errors import ApiError
from appliance.model.group import ID
from appliance.model.scheduled_message import Target
from appliance.model.user import Role, User
from tests.actions.conftest import PUBLIC, Team
from tests.conftest import MakeUser

NOBODY, MODERATORS, ADMINS = ID["role:nobody"], ID["role:moderators"], ID["role:administrators"]
DISABLED = "Direct messages are disabled in this organization."
UNAUTHORIZED = "This conversation does not include any users who can authorize it."
NOT_BEGUN = "You do not have permission to initiate direct message conversations."


@pytest.fixture
def moderator(team: Team, make_user: MakeUser) -> User:
    return make_user("Mo", role=Role.MODERATOR)


def refused(team: Team, sender: User, *others: User) -> str | None:
    """Zulip's words; None: it was sent."""
    try:
        team.write_to(sender, *others)
    except ApiError as error:
        return error.msg
    return None


@pytest.mark.parametrize(
    ("allowed", "among_members", "with_moderator", "words"),
    [
        (ID["role:everyone"], True, True, ""),
        (ID["role:members"], True, True, ""),
        (MODERATORS, False, True, UNAUTHORIZED),
        (ADMINS, False, False, UNAUTHORIZED),
        (NOBODY, False, False, DISABLED),
    ],
)
def test_one_in_the_conversation_must_be_of_those_who_may(
    team: Team, moderator: User, allowed: int, among_members: bool, with_moderator: bool, words: str
) -> None:
    team.set_realm(direct_message_permission_group=allowed)
    assert refused(team, team.ann, team.bob) == (None if among_members else words)
    assert refused(team, team.ann, team.bob, moderator) == (None if with_moderator else words)
    assert refused(team, moderator, team.ann) == (None if with_moderator else words)


def test_a_group_of_people_may_be_named(team: Team) -> None:
    value = {"direct_members": [team.bob.id], "direct_subgroups": [ADMINS]}
    team.set_realm(direct_message_permission_group=value)
    assert refused(team, team.ann, team.bob) is None
    assert refused(team, team.ann, team.olga) is None
    assert refused(team, team.ann, team.erin) == UNAUTHORIZED


def test_bots_and_oneself_can_always_be_written_to(team: Team, make_user: MakeUser) -> None:
    bot = make_user("Bot", is_bot=True)
    team.set_realm(direct_message_permission_group=NOBODY, direct_message_initiator_group=NOBODY)
    assert refused(team, team.ann, bot) is None
    assert refused(team, bot, team.ann) is None
    assert refused(team, team.ann, team.ann) is None
    assert refused(team, team.ann, bot, team.bob) == DISABLED


def test_who_may_not_begin_may_answer(team: Team) -> None:
    team.set_realm(direct_message_initiator_group=ADMINS)
    assert refused(team, team.ann, team.olga) == NOT_BEGUN
    assert refused(team, team.olga, team.ann) is None
    assert refused(team, team.ann, team.olga) is None
    assert refused(team, team.ann, team.olga, team.bob) == NOT_BEGUN


# -- topics


@pytest.mark.parametrize("topic", ["", "(no topic)", "  "])
def test_topics_can_be_asked_for(team: Team, topic: str) -> None:
    team.send(team.ann, PUBLIC, topic=topic)
    team.set_realm(mandatory_topics=True)
    with pytest.raises(ApiError, match=r"^Topics are required in this organization\.$"):
        team.send(team.ann, PUBLIC, topic=topic)
    team.send(team.ann, PUBLIC, topic="lunch")


def test_also_of_messages_for_later(team: Team) -> None:
    team.set_realm(mandatory_topics=True)
    later, place = Draft(team.ann, "hello", "test", False), Target(team.channel_id(PUBLIC), (), "")
    with pytest.raises(ApiError, match=r"^Topics are required in this organization\.$"):
        scheduled_message.add(team.store, later, place, 1_800_000_000)


# -- mentioning many


def talk(team: Team, make_user: MakeUser, people: int) -> None:
    """So many are in the public channel, and write there."""
    talkers = [team.ann, team.bob, *(make_user(f"Person {number}") for number in range(people - 2))]
    team.join(PUBLIC, *talkers)
    for each in talkers:
        team.send(each, PUBLIC)


def mentioned(team: Team, sender: User, content: str) -> str | None:
    """The code of the refusal; None: it was sent."""
    try:
        team.send(sender, PUBLIC, content=content)
    except ApiError as error:
        return error.code
    return None


MANY = pytest.mark.parametrize(
    ("content", "code"),
    [
        ("@**all**", "STREAM_WILDCARD_MENTION_NOT_ALLOWED"),
        ("@**topic**", "TOPIC_WILDCARD_MENTION_NOT_ALLOWED"),
    ],
)


@MANY
def test_a_few_anybody_may_mention(team: Team, make_user: MakeUser, content: str, code: str) -> None:
    talk(team, make_user, 15)
    assert mentioned(team, team.ann, content) is None


@MANY
def test_many_takes_a_right(team: Team, make_user: MakeUser, content: str, code: str) -> None:
    talk(team, make_user, 16)
    assert mentioned(team, team.ann, content) == code
    assert mentioned(team, team.olga, content) is None
    given: dict[str, Any] = {"direct_members": [team.ann.id], "direct_subgroups": []}
    team.set_realm(can_mention_many_users_group=given)
    assert mentioned(team, team.ann, content) is None
    assert mentioned(team, team.olga, content) == code
