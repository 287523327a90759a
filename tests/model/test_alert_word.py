"""Where a word stands in a text."""

import pytest

from appliance.model.alert_word import stands_in


@pytest.mark.parametrize(
    ("content", "stands"),
    [
        ("pie", True),
        ("a pie.", True),
        ("(pie)", True),
        ('"pie"', True),
        ("**pie**", True),
        ("`pie`", True),
        ("> pie\nso", True),
        ("magpie", False),
        ("pies", False),
        ("/pie", False),
        ("pie-chart", False),
        ("magpies, pie", True),
        ("piepie pie", True),
        ("", False),
    ],
)
def test_a_word_is_no_part_of_another(content: str, stands: bool) -> None:
    assert stands_in("pie", content) == stands


def test_a_phrase() -> None:
    assert stands_in("apple tart", "an apple tart, please")
