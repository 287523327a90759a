"""What in a topic leads somewhere: what linkifiers find, and addresses of the web."""

import math
import re
import time
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from appliance.model import linkifier
from appliance.model.linkifier import Linkifier, Match

_URL = re.compile(r"https?://[^\s!;),'\"]+[^\s!;),'\".:?]")


class TopicLink(NamedTuple):
    text: str
    url: str


def in_topic(linkifiers: Sequence[Linkifier], topic: str) -> list[TopicLink]:
    """From left to right."""
    if not linkifiers and "://" not in topic:
        return []
    found = first_come(linkifiers, topic)
    written = [Match(each.start(), each.end(), each[0]) for each in _URL.finditer(topic)]
    free = [each for each in written if not any(_overlap(each, other) for other in found)]
    in_order = sorted([*found, *free], key=attrgetter("start"))
    return [TopicLink(topic[each.start : each.end], each.url) for each in in_order]


def first_come(linkifiers: Sequence[Linkifier], text: str, seconds: float = math.inf) -> list[Match]:
    """From left to right. Where several match, the first linkifier does. Of those that are found in so many
    `seconds` of CPU."""
    if not linkifiers:
        return []
    found: list[Match] = []
    taken = bytearray(len(text))
    end = time.thread_time() + seconds
    for match in (match for each in linkifiers for match in linkifier.matches(each, text)):
        if time.thread_time() > end:
            break
        if not any(taken[match.start : match.end]):
            taken[match.start : match.end] = b"\1" * (match.end - match.start)
            found.append(match)
    return sorted(found, key=attrgetter("start"))


def _overlap(one: Match, other: Match) -> bool:
    return one.start < other.end and other.start < one.end
