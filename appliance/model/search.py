"""What somebody searches for: words, and phrases in quotes.

    pie "no sugar"      # a word that begins with "pie", and these two next to each other

All must be found, each in the text or the topic. A word in no quotes stands for those that begin with it, if
it has three letters; of an unspaced script (model/words.py) any part of a run is found.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from appliance.base.errors import BadNarrow
from appliance.model.words import is_pair, words

MAX_WORDS = 50
SHORTEST_BEGINNING = 3  # letters
_PHRASE = re.compile(r'"([^"]*)"?|[^\s"]+')


class Text:
    """The words of a text, to be looked up."""

    def __init__(self, listed: Sequence[str]) -> None:
        self.words = listed
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(listed):
            self._places[word].append(place)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._places)

    def places(self, word: str) -> list[int]:
        return self._places.get(word, [])

    def beginning_with(self, start: str) -> Iterator[int]:
        """Where words begin like this."""
        for each in self._sorted[bisect_left(self._sorted, start) :]:
            if not each.startswith(start):
                return
            yield from self._places[each]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other. `open_end`: the last is the beginning of one."""

    words: tuple[str, ...]
    open_end: bool

    @property
    def expression(self) -> str:
        """As FTS5 understands it. No word has quotes in it."""
        return f'"{" ".join(self.words)}"{" *" if self.open_end else ""}'

    def is_in(self, spaced: str) -> bool:
        """Is it in a text whose words these are, with blanks between them?"""
        return " ".join(self.words) in spaced and any(True for _ in self.places(Text(spaced.split(" "))))

    def places(self, text: Text) -> Iterator[int]:
        """Where it begins in the text."""
        if len(self.words) == 1 and self.open_end:
            yield from text.beginning_with(self.words[0])
            return
        for place in text.places(self.words[0]):
            if self._stands(text.words[place : place + len(self.words)]):
                yield place

    def _stands(self, there: Sequence[str]) -> bool:
        if len(there) < len(self.words) or tuple(there[:-1]) != self.words[:-1]:
            return False
        return there[-1].startswith(self.words[-1]) if self.open_end else there[-1] == self.words[-1]


@dataclass(frozen=True, slots=True)
class Search:
    phrases: tuple[Phrase, ...]

    @property
    def expression(self) -> str:
        return " AND ".join(phrase.expression for phrase in self.phrases)

    def finds(self, content: str, topic: str) -> bool:
        """In a message whose words these are, with blanks between them."""
        return all(phrase.is_in(content) or phrase.is_in(topic) for phrase in self.phrases)


def parse(asked: str) -> Search | None:
    """None if there is no word in it. Raises BadNarrow for too many."""
    phrases = []
    for found in _PHRASE.finditer(asked):
        quoted: str | None = found.group(1)
        phrase = _phrase(found.group() if quoted is None else quoted, quoted is not None)
        if phrase is not None:
            phrases.append(phrase)
    if sum(len(phrase.words) for phrase in phrases) > MAX_WORDS:
        raise BadNarrow(f"search for more than {MAX_WORDS} words")
    return Search(tuple(phrases)) if phrases else None


def _phrase(text: str, quoted: bool) -> Phrase | None:
    """The last character of an unspaced run is a word of its own only where it ends: the run may go on."""
    listed = list(words(text))
    if len(listed) > 1 and listed[-1].start < listed[-2].end:
        listed.pop()
    if not listed:
        return None
    last = listed[-1].text
    open_end = len(last) == 1 if is_pair(last) else not quoted and len(last) >= SHORTEST_BEGINNING
    return Phrase(tuple(word.text for word in listed), open_end)
