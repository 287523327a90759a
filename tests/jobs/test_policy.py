"""Pauses grow, vary, and have an end."""

import pytest

from appliance.jobs.policy import Policy


@pytest.mark.parametrize(
    ("failed_tries", "even"), [(1, 2.0), (2, 4.0), (3, 8.0), (6, 64.0), (7, 100.0), (50, 100.0)]
)
def test_the_pause_doubles_up_to_the_longest(failed_tries: int, even: float) -> None:
    policy = Policy(first_pause=2.0, longest_pause=100.0)
    pauses = [policy.pause(failed_tries) for _ in range(200)]
    assert min(pauses) >= even * 0.5
    assert max(pauses) <= even * 1.5
    assert max(pauses) - min(pauses) > even * 0.5
