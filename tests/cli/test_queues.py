"""How `appliance queues` says it; what it asks is in tests/process/test_queues.py."""

import pytest

from appliance.cli.queues import _duration


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (119, "119 s"),
        (120, "2 min"),
        (600, "10 min"),
        (7199, "119 min"),
        (12 * 3600, "12 h"),
        (7 * 86400, "7 d"),
    ],
)
def test_durations(seconds: int, said: str) -> None:
    assert _duration(seconds) == said
