"""Names of an organization's own emoji."""

import pytest

from appliance.base.errors import ApiError
from appliance.model.realm_emoji import MAX_NAME, RealmEmoji, check_name

CHARACTERS = "An emoji's name has a-z, 0-9, blanks, hyphens, underscores and dots, nothing else."
END = "An emoji's name ends with one of a-z or 0-9."


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("party", "party"),
        (" Party Blob ", "party_blob"),
        ("x-1.2", "x-1.2"),
        ("x" * MAX_NAME, "x" * MAX_NAME),
    ],
)
def test_good_names(given: str, kept: str) -> None:
    assert check_name(given) == kept


@pytest.mark.parametrize(
    ("given", "msg"),
    [
        ("", "Emoji name is missing"),
        ("  ", "Emoji name is missing"),
        ("naïve", CHARACTERS),
        ("a/b", CHARACTERS),
        ("a:b", CHARACTERS),
        ("a\0b", CHARACTERS),
        ("<b>", CHARACTERS),
        ("a\nb", CHARACTERS),
        ("a-", END),
        ("..", END),
        ("x" * (MAX_NAME + 1), f"An emoji's name can have {MAX_NAME} characters at most."),
    ],
)
def test_bad_names(given: str, msg: str) -> None:
    with pytest.raises(ApiError) as raised:
        check_name(given)
    assert raised.value.msg == msg


def test_as_clients_see_it() -> None:
    assert RealmEmoji(3, "party", "/user_avatars/1/x.gif", None, 7, False).public() == {
        "id": "3",
        "name": "party",
        "source_url": "/user_avatars/1/x.gif",
        "still_url": None,
        "author_id": 7,
        "deactivated": False,
    }
