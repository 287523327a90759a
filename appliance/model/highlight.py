"""Rendered messages as search sees them: the words that show, and what of them was found."""

import html
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from appliance.model.search import Phrase, Search, Text
from appliance.model.words import Word, is_pair, spaced, words

_TAG = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*+>)""")
Span = tuple[int, int]


def searchable(rendered: str) -> str:
    """The words that show, with blanks between them."""
    return spaced(html.unescape(_TAG.sub(" ", rendered)))


def highlight(rendered: str, search: Search) -> str:
    """HTML with what was found in spans of their own, each within one text; nothing else of it changes."""
    pieces = _TAG.split(rendered)  # texts and tags in turn
    texts = [html.unescape(each) for each in pieces[::2]]
    for number, spans in _found(texts, search).items():
        pieces[2 * number] = _marked(texts[number], spans)
    return "".join(pieces)


def _found(texts: list[str], search: Search) -> dict[int, list[Span]]:
    """By number of the text, in no order."""
    listed: list[Word] = []
    begins: list[int] = []  # of each text, its first word's place in the list
    for text in texts:
        begins.append(len(listed))
        listed += words(text)
    known = Text([word.text for word in listed])
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for phrase in search.phrases:
        done = 0  # the places of one may overlap
        for place in sorted(phrase.places(known)):
            for at in range(max(place, done), place + len(phrase.words)):
                found[bisect_right(begins, at) - 1].append(_span(listed[at], phrase, at - place))
            done = place + len(phrase.words)
    return found


def _span(word: Word, phrase: Phrase, number: int) -> Span:
    """Of a pair of which only the first character was asked for, that one."""
    asked = phrase.words[number]
    return word.start, word.start + len(asked) if is_pair(asked) else word.end


def _marked(text: str, spans: list[Span]) -> str:
    marked, done = [], 0
    for start, end in _merged(sorted(spans), text):
        marked += [_escaped(text[done:start]), f'<span class="highlight">{_escaped(text[start:end])}</span>']
        done = end
    return "".join([*marked, _escaped(text[done:])])


def _merged(spans: list[Span], text: str) -> Iterator[Span]:
    """Those that overlap or touch become one."""
    start, end = spans[0]
    for next_start, next_end in spans[1:]:
        if next_start > end:
            yield start, end
            start, end = next_start, next_end
        end = max(end, next_end)
    yield start, min(end, len(text))


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
