"""The words of a text, as search knows them: without case, accents and width; only these are compared.

Scripts that put no blanks between words (Chinese, Japanese, Thai, …) and Korean, whose particles hang on the
word, become pairs of characters, each beginning one: 東京都 is 東京, 京都, 都. So any part of a run is a
sequence of its words, and can be found.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 64  # characters of a word; what comes after them is not looked at

# Signs that belong to the letter before them, and are no letters to `re`: accents, vowels of Indian scripts.
_SIGNS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b4d"
    "\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c4d\u0c81-\u0c83\u0cbc-\u0ccd\u0d00-\u0d03\u0d3b-\u0d4d\u0dca-\u0ddf"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f71-\u0f84\u0f90-\u0fbc\u102b-\u103e"
    "\u1056-\u1059\u17b4-\u17d3\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20f0\u3099\u309a\ufe20-\ufe2f"
)
_WORD = re.compile(rf"(?:[^\W_]++[{_SIGNS}]*+)++")
# Accents, points and joiners, without which a word is the same.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u200c\u200d\u20d0-\u20f0\ufe20-\ufe2f\\s]+"
)
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3031-\u3035\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U000323af]+"
)


class Word(NamedTuple):
    """`text`: what is compared; where in the original text it stands."""

    text: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """In their order."""
    for found in _WORD.finditer(text):
        folded = fold(found.group())
        if folded.isascii() or not _UNSPACED.search(folded):
            yield Word(folded[:LONGEST], found.start(), found.end())
        else:
            yield from _parts(folded, found.start(), found.end())


def fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    plain = _DROPPED.sub("", unicodedata.normalize("NFKD", word))
    return unicodedata.normalize("NFC", plain.casefold())


def is_pair(word: str) -> bool:
    """Is it of a script without blanks?"""
    return _UNSPACED.match(word) is not None


def _parts(word: str, start: int, end: int) -> Iterator[Word]:
    """Of one in which there is a run of an unspaced script."""
    place = 0
    exact = len(word) == end - start  # or folding has moved its characters: all stand where the word does
    for run in _UNSPACED.finditer(word):
        yield from _part(word[place : run.start()][:LONGEST], place, start, end, exact)
        for at in range(run.start(), run.end()):
            yield from _part(word[at : min(at + 2, run.end())], at, start, end, exact)
        place = run.end()
    yield from _part(word[place:][:LONGEST], place, start, end, exact)


def _part(text: str, at: int, start: int, end: int, exact: bool) -> Iterator[Word]:
    if text:
        yield Word(text, start + at, start + at + len(text)) if exact else Word(text, start, end)


def spaced(text: str) -> str:
    """Its words, with blanks between them."""
    if text.isascii():
        return " ".join([word[:LONGEST] for word in _WORD.findall(text.lower())])
    return " ".join([word.text for word in words(text)])
