"""Which of several mentioned groups somebody is told of."""

import pytest

from appliance.model.group_mention import smallest_group


@pytest.mark.parametrize(
    ("groups", "named", "found"),
    [
        ({}, set(), {}),
        ({11: {5, 6}}, set(), {5: 11, 6: 11}),
        ({11: {5, 6, 7}, 12: {5, 6}, 13: {7, 8, 9, 10}}, set(), {5: 12, 6: 12, 7: 11, 8: 13, 9: 13, 10: 13}),
        ({12: {5, 6}, 11: {5, 7}}, set(), {5: 11, 6: 12, 7: 11}),
        ({11: {5, 6}}, {5, 9}, {6: 11}),
        ({11: set()}, {5}, {}),
    ],
    ids=["no group", "one", "the smallest", "equals", "named as well", "an empty group"],
)
def test_the_group_of_each(groups: dict[int, set[int]], named: set[int], found: dict[int, int]) -> None:
    assert smallest_group(groups, named) == found
