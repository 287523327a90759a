"""Bits in the file, names on the wire."""

import pytest

from appliance.base.errors import ApiError
from appliance.model.flag import Flag, editable, names


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (0, []),
        (Flag.READ, ["read"]),
        (Flag.READ | Flag.STARRED | Flag.HISTORICAL, ["read", "starred", "historical"]),
        (Flag.MENTIONED, ["mentioned"]),
        (Flag.STREAM_WILDCARD_MENTIONED, ["stream_wildcard_mentioned", "wildcard_mentioned"]),
        (Flag.TOPIC_WILDCARD_MENTIONED, ["topic_wildcard_mentioned", "wildcard_mentioned"]),
        (Flag.ACTIVE_PUSH, []),
        (Flag.ACTIVE_PUSH | Flag.READ, ["read"]),
    ],
)
def test_names(flags: int, expected: list[str]) -> None:
    assert names(flags) == expected
    assert names(int(flags)) == expected


def test_the_bits_are_what_files_hold() -> None:
    assert {flag.name: int(flag) for flag in Flag} == {
        "READ": 1,
        "STARRED": 2,
        "COLLAPSED": 4,
        "MENTIONED": 8,
        "STREAM_WILDCARD_MENTIONED": 16,
        "TOPIC_WILDCARD_MENTIONED": 32,
        "HAS_ALERT_WORD": 64,
        "HISTORICAL": 128,
        "ACTIVE_PUSH": 256,
    }


@pytest.mark.parametrize("name", ["read", "starred", "collapsed"])
def test_what_a_client_may_set(name: str) -> None:
    assert editable(name) == Flag[name.upper()]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("mentioned", "Flag not editable: 'mentioned'"),
        ("has_alert_word", "Flag not editable: 'has_alert_word'"),
        ("active_push", "Invalid flag: 'active_push'"),
        ("wildcard_mentioned", "Invalid flag: 'wildcard_mentioned'"),
        ("READ", "Invalid flag: 'READ'"),
        ("", "Invalid flag: ''"),
    ],
)
def test_what_a_client_may_not_set(name: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        editable(name)
    assert str(raised.value) == error
