"""Asking pages of the web what they say of themselves, for the cards below messages.

People write the addresses, so each of them, and each to which one leads on, passes the guard of private
networks. Of a page 128 KiB are read, and nothing of it is run or loaded. What was found is known for a while.
"""

import threading
from collections import OrderedDict
from urllib.parse import quote, urlsplit

from appliance import ZULIP_VERSION
from appliance.base.config import Config
from appliance.base.hosts import HostRule
from appliance.base.options import PRIVATE_HOSTS
from appliance.base.urls import public_url
from appliance.model import page
from appliance.model.markdown import Card
from appliance.outside.guard import Guard, Refused
from appliance.outside.http import Answer, BadUrl, Http, Left

LARGEST_PAGE = 128 * 1024  # bytes
ANSWERING = 15.0  # seconds
MOST_STEPS = 5  # from one address on to the next
REMEMBERED = 1000  # pages; the one that was asked for first is forgotten first
_MOVED = frozenset({301, 302, 303, 307, 308})
_SAFE = "%/:?[]@!$&()*+,;=~"  # in an address that is asked


def previews(config: Config) -> "Previews":
    """As configured."""
    opened: tuple[HostRule, ...] = config.get(PRIVATE_HOSTS)
    return Previews(Guard(opened), public_url(config))


class Previews:
    """Any thread may ask."""

    def __init__(self, guard: Guard, own_url: str) -> None:
        """`own_url`: where people find this server, which asks nothing of itself."""
        self._guard, self._own_host = guard, urlsplit(own_url).netloc.lower()
        self._http = Http(connect=guard.connect, largest=LARGEST_PAGE)
        agent = f"Mozilla/5.0 (compatible; ZulipURLPreview/{ZULIP_VERSION}; +{own_url})"
        self._headers = {"User-Agent": agent, "Accept-Encoding": "identity"}
        self._lock = threading.Lock()  # guards _known
        self._known: OrderedDict[str, Card | None] = OrderedDict()

    def card(self, url: str, left: Left) -> Card | None:
        """None of what has none. Raises Unreachable (breaker.py): it may be different another time."""
        with self._lock:
            if url in self._known:
                return self._known[url]
        found = self._ask(url, left)
        with self._lock:
            self._known[url] = found
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found

    def _ask(self, url: str, left: Left) -> Card | None:
        answered, answer = self._follow(url, left)
        kind = answer.headers.get("content-type", "") if answer else ""
        if answer is None or not page.is_html(kind, answer.body):
            return None
        facts = page.facts(page.text(kind, answer.body), answered)
        card = self._embedded(facts, answered, left) if facts.oembed else facts.card
        return card if card.image else None

    def _embedded(self, facts: page.Facts, url: str, left: Left) -> Card:
        _, answer = self._follow(page.sized(facts.oembed), left)
        return page.embedded(answer.json() if answer else {}, facts, url)

    def _follow(self, url: str, left: Left) -> tuple[str, Answer | None]:
        """Where it was found in the end. None: nowhere that may be asked, or not with success."""
        for _ in range(MOST_STEPS + 1):
            answer = self._get(url, left)
            if answer is None or answer.status not in _MOVED:
                break
            url = page.address(answer.headers.get("location", ""), url)
        else:
            answer = None
        return url, answer if answer and 200 <= answer.status < 300 else None

    def _get(self, url: str, left: Left) -> Answer | None:
        asked = quote(url.partition("#")[0], safe=_SAFE)
        try:
            self._guard.check(asked)
            if urlsplit(asked).netloc.lower() == self._own_host:
                return None
            return self._http.get(asked, left=left, headers=self._headers, answering=ANSWERING)
        except (Refused, BadUrl):
            return None

    def close(self) -> None:
        self._http.close()
