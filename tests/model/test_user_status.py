"""What a status can be."""

import pytest

from appliance.base.errors import ApiError
from appliance.model import reaction
from appliance.model import user_status as model
from appliance.model.reaction import Emoji
from appliance.model.user_status import NO_EMOJI


@pytest.mark.parametrize(
    ("asked", "emoji"),
    [
        ((None, None, None), None),
        (("", None, None), NO_EMOJI),
        (("tada", None, None), Emoji("tada", "1f389", "unicode_emoji")),
        (("tada", "1f389", None), Emoji("tada", "1f389", "unicode_emoji")),
        (("zulip", "zulip", "zulip_extra_emoji"), Emoji("zulip", "zulip", "zulip_extra_emoji")),
    ],
)
def test_how_an_emoji_is_asked_for(
    asked: tuple[str | None, str | None, str | None], emoji: Emoji | None
) -> None:
    assert model.emoji(*asked, reaction.named) == emoji


@pytest.mark.parametrize(
    ("text", "emoji", "error"),
    [
        (None, (None, None, None), "Client did not pass any new values."),
        ("x" * 61, (None, None, None), r"status_text is too long \(limit: 60 characters\)"),
        (None, (None, "1f389", None), "Client must pass emoji_name if they pass either"),
        (None, (None, None, "unicode_emoji"), "Client must pass emoji_name if they pass either"),
        (None, ("invalid", None, None), "Emoji 'invalid' does not exist"),
    ],
)
def test_what_is_refused(
    text: str | None, emoji: tuple[str | None, str | None, str | None], error: str
) -> None:
    with pytest.raises(ApiError, match=error):
        model.check(text, model.emoji(*emoji, reaction.named), None)
