"""What counts as a word, and as the same one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model.words import LONGEST, is_pair, spaced, words

TABLE = {
    "Hello, world!": "hello world",
    "snake_case camelCase": "snake case camelcase",
    "v3.14-rc2": "v3 14 rc2",
    "don't": "don t",
    "ann@example.org": "ann example org",
    "": "",
    " … 🎉 ++": "",
    "Straße Wörter ÀÉ": "strasse worter ae",
    "e\u0301a E\u0301A": "ea ea",  # accents as characters of their own
    "İstanbul": "istanbul",
    "Ёлка": "елка",
    "Ὀδυσσεύς": "οδυσσευσ",
    "שָׁלוֹם": "שלום",
    "مُحَمَّد": "محمد",
    "ﬁn ＡＢＣ ²": "fin abc 2",
    "a\u200db": "ab",
    "हिन्दी भाषा": "हिन्दी भाषा",  # vowels are signs, and belong to the word
    "東京都": "東京 京都 都",
    "大": "大",
    "これはPythonです": "これ れは は python です す",
    "한국어": "한국 국어 어",
    "ｶﾞﾝﾀﾞﾑ": "ガン ンダ ダム ム",
    "ภาษา": "ภา าษ ษา า",
    "x" * 100: "x" * LONGEST,
    "é" * 100: "e" * LONGEST,
    "nul\0byte": "nul byte",
}


@pytest.mark.parametrize("text", TABLE)
def test_words_of_a_text(text: str) -> None:
    assert spaced(text) == TABLE[text]
    assert [word.text for word in words(text)] == TABLE[text].split()


def test_where_words_stand() -> None:
    text = "Der Süße: 東京x"
    assert [text[word.start : word.end] for word in words(text)] == ["Der", "Süße", "東京", "京", "x"]


@pytest.mark.parametrize(("word", "expected"), [("東京", True), ("大", True), ("어", True), ("pie", False)])
def test_which_are_of_scripts_without_blanks(word: str, expected: bool) -> None:
    assert is_pair(word) is expected


@given(st.text())
def test_words_are_plain_and_in_their_order(text: str) -> None:
    found = list(words(text))
    assert spaced(text).split(" ") == ([word.text for word in found] or [""])
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)
    assert not any(set(word.text) & set(" \t\n\"'*()") or word.text != word.text.lower() for word in found)
