"""What topics become by themselves."""

import pytest

from appliance.base.errors import ApiError
from appliance.model import topic
from appliance.model.topic import (
    INITIATING,
    NEVER,
    ON_INITIATION,
    ON_PARTICIPATION,
    ON_SENDING,
    REACTING,
    WRITING,
    Policy,
    policy_of_participant,
)
from appliance.model.user import Role, User

INHERIT, MUTED, UNMUTED, FOLLOWED = Policy


def person(is_bot: bool = False, **settings: object) -> User:
    return User(
        7, "ann@example.org", "Ann", Role.MEMBER, True, 1 if is_bot else None, None, False, "key", None, 0,
        settings,
    )  # fmt: skip


def sender(follow: int, unmute: int) -> User:
    return person(
        automatically_follow_topics_policy=follow,
        automatically_unmute_topics_in_muted_streams_policy=unmute,
    )


@pytest.mark.parametrize(
    ("follow", "unmute", "channel_muted", "initiates", "before", "after"),
    [
        (ON_PARTICIPATION, NEVER, False, False, INHERIT, FOLLOWED),
        (ON_SENDING, NEVER, False, False, INHERIT, FOLLOWED),
        (ON_INITIATION, NEVER, False, False, INHERIT, INHERIT),
        (ON_INITIATION, NEVER, False, True, INHERIT, FOLLOWED),
        (NEVER, NEVER, True, True, INHERIT, INHERIT),
        (NEVER, ON_PARTICIPATION, True, False, INHERIT, UNMUTED),
        (NEVER, ON_SENDING, True, False, INHERIT, UNMUTED),
        (NEVER, ON_INITIATION, True, False, INHERIT, INHERIT),
        (NEVER, ON_INITIATION, True, True, INHERIT, UNMUTED),
        (NEVER, ON_SENDING, False, True, INHERIT, INHERIT),  # nothing to unmute
        (ON_SENDING, ON_SENDING, True, True, INHERIT, FOLLOWED),  # following goes before unmuting
        (ON_INITIATION, ON_SENDING, True, False, INHERIT, UNMUTED),
        (ON_SENDING, ON_SENDING, True, True, FOLLOWED, FOLLOWED),
        (NEVER, ON_SENDING, True, True, FOLLOWED, FOLLOWED),
        (ON_SENDING, NEVER, False, False, MUTED, FOLLOWED),
        (NEVER, ON_SENDING, True, False, MUTED, UNMUTED),
        (NEVER, NEVER, True, False, MUTED, MUTED),
        (ON_SENDING, NEVER, True, False, UNMUTED, FOLLOWED),
    ],
)
def test_what_a_topic_becomes_to_its_sender(
    follow: int, unmute: int, channel_muted: bool, initiates: bool, before: Policy, after: Policy
) -> None:
    occasions = INITIATING if initiates else WRITING
    person = sender(follow, unmute)
    assert policy_of_participant(person, occasions, channel_muted=channel_muted, now=before) == after


@pytest.mark.parametrize(
    ("follow", "unmute", "after"),
    [
        (ON_PARTICIPATION, ON_PARTICIPATION, FOLLOWED),
        (ON_SENDING, ON_PARTICIPATION, UNMUTED),
        (ON_INITIATION, ON_SENDING, INHERIT),
        (NEVER, ON_INITIATION, INHERIT),
    ],
)
def test_what_a_topic_becomes_to_who_reacts(follow: int, unmute: int, after: Policy) -> None:
    person = sender(follow, unmute)
    assert policy_of_participant(person, REACTING, channel_muted=True, now=INHERIT) == after


def test_the_defaults_follow_what_one_began_and_unmute_where_one_writes() -> None:
    ann = person()
    assert policy_of_participant(ann, INITIATING, channel_muted=False, now=INHERIT) == FOLLOWED
    assert policy_of_participant(ann, WRITING, channel_muted=True, now=INHERIT) == UNMUTED


def test_bots_follow_nothing() -> None:
    bot = person(is_bot=True)
    assert policy_of_participant(bot, INITIATING, channel_muted=True, now=INHERIT) == INHERIT
    assert not topic.follows_where_mentioned(bot, INHERIT)


@pytest.mark.parametrize(
    ("before", "follows"), [(INHERIT, True), (MUTED, False), (UNMUTED, True), (FOLLOWED, False)]
)
def test_who_is_mentioned_follows_unless_the_topic_is_muted(before: Policy, follows: bool) -> None:
    assert topic.follows_where_mentioned(person(), before) is follows
    unwilling = person(automatically_follow_topics_where_mentioned=False)
    assert not topic.follows_where_mentioned(unwilling, before)


@pytest.mark.parametrize(
    ("given", "kept"), [(" lunch ", "lunch"), ("(no topic)", ""), ("general chat", ""), ("x" * 60, "x" * 60)]
)
def test_names(given: str, kept: str) -> None:
    assert topic.check_name(given) == kept


def test_a_name_that_is_too_long() -> None:
    with pytest.raises(ApiError, match=r"topic is too long \(limit: 60 characters\)"):
        topic.check_name("x" * 61)
