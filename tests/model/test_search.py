"""What is searched for, and where it is."""

import pytest

from appliance.base.errors import BadNarrow
from appliance.model.search import MAX_WORDS, Search, parse
from appliance.model.words import spaced

EXPRESSIONS = {
    "pie": '"pie" *',
    "Pie ÄPFEL": '"pie" * AND "apfel" *',
    "js": '"js"',  # too short to be a beginning
    '"no sugar"': '"no sugar"',
    'pie "no sugar" now': '"pie" * AND "no sugar" AND "now" *',
    '"never closed': '"never closed"',
    'a"b c"d': '"a" AND "b c" AND "d"',
    "foo.bar()": '"foo bar" *',
    "東京": '"東京"',
    "東京都": '"東京 京都"',
    "都": '"都" *',
    "Python入門": '"python 入門"',
    "入門guide": '"入門 門 guide" *',
    '"東 京"': '"東 京" *',
    "AND OR NOT": '"and" * AND "or" AND "not" *',
    "content:x*^": '"content x"',
}


@pytest.mark.parametrize("asked", EXPRESSIONS)
def test_what_is_asked_of_the_index(asked: str) -> None:
    found = parse(asked)
    assert found is not None
    assert found.expression == EXPRESSIONS[asked]


@pytest.mark.parametrize("asked", ["", "  ", '"', '""', "+ - 🎉", "\0"])
def test_without_a_word_there_is_nothing_to_search_for(asked: str) -> None:
    assert parse(asked) is None


def test_there_is_an_end_to_it() -> None:
    parse("word " * MAX_WORDS)
    for asked in ("word " * (MAX_WORDS + 1), "東" * (MAX_WORDS + 2), '"' + "a " * (MAX_WORDS + 1) + '"'):
        with pytest.raises(BadNarrow, match="search for more than 50 words"):
            parse(asked)


FOUND = [
    ("pie", "apple pie", "lunch", True),
    ("pie", "apple pies", "lunch", True),
    ("pie", "magpie", "lunch", False),
    ("pie", "apple", "pie", True),
    ("pie apple", "apple", "pie", True),
    ("pie pear", "apple pie", "lunch", False),
    ('"apple pie"', "an apple pie", "", True),
    ('"apple pie"', "an apple pies", "", False),
    ('"apple pie"', "apple", "pie", False),
    ('"apple pie"', "pie apple pie", "", True),
    ("apple-pie", "apple pies", "", True),
    ("大学", "東京大学へ行く", "", True),
    ("京大", "東京大学", "", True),
    ("学東", "東京大学", "", False),
    ("学", "東京大学", "", True),
    ("大", "東京大学", "", True),
    ("東京大学", "東京 大学", "", False),
    ("학교", "학교에서", "", True),
    ("教室", "教科書 室", "", False),
    ("is", "island", "", False),
]


@pytest.mark.parametrize(("asked", "content", "topic", "expected"), FOUND)
def test_where_it_is_found(asked: str, content: str, topic: str, expected: bool) -> None:
    search = parse(asked)
    assert isinstance(search, Search)
    assert search.finds(spaced(content), spaced(topic)) is expected
