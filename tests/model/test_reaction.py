"""Emoji that one can react with."""

import pytest

from appliance.base.errors import ApiError
from appliance.model import reaction
from appliance.model.reaction import Emoji, Reaction

SMILE = Emoji("smile", "1f642", "unicode_emoji")
ZULIP = Emoji("zulip", "zulip", "zulip_extra_emoji")


@pytest.mark.parametrize("emoji", [SMILE, ZULIP])
def test_an_emoji_by_its_name_alone(emoji: Emoji) -> None:
    assert reaction.named(emoji.name) == emoji
    reaction.check(emoji)


def test_a_name_that_nothing_has() -> None:
    with pytest.raises(ApiError) as raised:
        reaction.named("nothing_like_it")
    assert raised.value.msg == "Emoji 'nothing_like_it' does not exist"


@pytest.mark.parametrize(
    ("wrong", "msg"),
    [
        (SMILE._replace(code="ffff"), "Invalid emoji code."),
        (SMILE._replace(type="realm_emoji"), "Invalid emoji code."),
        (SMILE._replace(type="zulip_extra_emoji"), "Invalid emoji code."),
        (ZULIP._replace(type="unicode_emoji"), "Invalid emoji code."),
        (SMILE._replace(name="tada"), "Invalid emoji name."),
        (ZULIP._replace(name="smile"), "Invalid emoji name."),
    ],
)
def test_a_code_that_is_not_that_of_the_name(wrong: Emoji, msg: str) -> None:
    with pytest.raises(ApiError) as raised:
        reaction.check(wrong)
    assert raised.value.msg == msg


def test_what_clients_see() -> None:
    assert Reaction(5, "ann@example.org", "Ann", SMILE).public() == {
        "user_id": 5,
        "user": {"id": 5, "email": "ann@example.org", "full_name": "Ann"},
        "emoji_name": "smile",
        "emoji_code": "1f642",
        "reaction_type": "unicode_emoji",
    }
