"""Pauses grow, vary, and have an end."""

import pytest

from appliance.jobs.policy import Policy


def test_the_pause_may_grow_faster() -> None:
    policy = Policy(first_pause=2.0, growth=6.0)
    for failed_tries, even in ((1, 2.0), (2, 12.0), (3, 72.0)):
        assert even * 0.5 <= policy.pause(failed_tries) <= even * 1.5


def test_a_pause_grows_without_end_only_on_paper() -> None:
    assert Policy(growth=100.0).pause(100_000) <= Policy().longest_pause * 1.5


@pytest.mark.parametrize(
    ("failed_tries", "even"), [(1, 2.0), (2, 4.0), (3, 8.0), (6, 64.0), (7, 100.0), (50, 100.0)]
)
def test_the_pause_doubles_up_to_the_longest(failed_tries: int, even: float) -> None:
    policy = Policy(first_pause=2.0, longest_pause=100.0)
    pauses = [policy.pause(failed_tries) for _ in range(200)]
    assert min(pauses) >= even * 0.5
    assert max(pauses) <= even * 1.5
    assert max(pauses) - min(pauses) > even * 0.5
