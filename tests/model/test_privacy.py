"""Kinds of channels, and what one becomes by a request that says only some of it."""

from contextlib import suppress
from itertools import product

import pytest

from appliance.base.errors import ApiError
from appliance.model import privacy
from appliance.model.privacy import (
    CHOICES,
    MAKING,
    PRIVATE,
    PROTECTED,
    PUBLIC,
    PUBLIC_PROTECTED,
    WEB_PUBLIC,
    Privacy,
)

UNSAID = (None, True, False)


@pytest.mark.parametrize(
    ("now", "asked", "becomes"),
    [
        (PUBLIC, {}, PUBLIC),
        (PUBLIC, {"invite_only": True}, PROTECTED),
        (PUBLIC, {"invite_only": True, "history_public": True}, PRIVATE),
        (PUBLIC, {"web_public": True}, WEB_PUBLIC),
        (WEB_PUBLIC, {"web_public": False}, PUBLIC),
        (WEB_PUBLIC, {"invite_only": True}, PROTECTED),
        (PRIVATE, {"invite_only": False}, PUBLIC),
        (PROTECTED, {"invite_only": False}, PUBLIC),
        (PRIVATE, {"web_public": True}, WEB_PUBLIC),
        (PRIVATE, {"history_public": False}, PROTECTED),
        (PROTECTED, {"invite_only": True}, PROTECTED),
        (PUBLIC_PROTECTED, {}, PUBLIC_PROTECTED),
        (PUBLIC_PROTECTED, {"history_public": True}, PUBLIC),
    ],
)
def test_what_a_channel_becomes(now: Privacy, asked: dict[str, bool], becomes: Privacy) -> None:
    assert privacy.chosen(now, **asked) == becomes


@pytest.mark.parametrize(("now", "private", "history", "web"), list(product(CHOICES, UNSAID, UNSAID, UNSAID)))
def test_whatever_is_said_there_are_four_kinds(
    now: Privacy, private: bool | None, history: bool | None, web: bool | None
) -> None:
    """What was said is so, or it is refused."""
    with suppress(ApiError):
        found = privacy.chosen(now, invite_only=private, history_public=history, web_public=web)
        assert found in CHOICES
        assert all(said in (None, kept) for said, kept in zip((private, history, web), found, strict=True))


@pytest.mark.parametrize(
    "asked",
    [
        {"history_public": False},
        {"invite_only": True, "web_public": True},
        {"web_public": True, "history_public": False},
        {"invite_only": False, "history_public": False},
    ],
)
def test_kinds_that_there_are_not(asked: dict[str, bool]) -> None:
    with pytest.raises(ApiError, match=r"^Invalid parameters$"):
        privacy.chosen(PUBLIC, **asked)


def test_every_kind_has_a_title_and_a_permission() -> None:
    assert len({each.title for each in (*CHOICES, PUBLIC_PROTECTED)}) == 5
    assert set(MAKING) == set(CHOICES)
