"""A channel that everybody is in, with topics for each test, and the messages that a page shows of it."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.web.window import Site

CHANNEL = "talk"
SENDERS = ("iago", "cordelia", "othello")


@dataclass
class Channel:
    """One that everybody is in; each test has topics of its own there."""

    site: Site
    id: int

    def say(self, name: str, topic: str, content: str) -> int:
        message_id: int = self.site.person(name).ask(
            "POST", "/messages", type="channel", to=self.id, topic=topic, content=content
        )["id"]
        return message_id

    def fill(self, topic: str, number: int) -> list[int]:
        """That many messages, which all have read."""
        ids = [self.say(SENDERS[each // 4 % 3], topic, f"words {each}") for each in range(number)]
        self.mark_read(ids)
        return ids

    def mark_read(self, ids: list[int]) -> None:
        for name in ("hamlet", *SENDERS):
            self.site.person(name).ask("POST", "/messages/flags", messages=ids, op="add", flag="read")

    def hash(self, topic: str, near: int | None = None) -> str:
        end = "" if near is None else f"/near/{near}"
        return f"#narrow/channel/{self.id}-{CHANNEL}/topic/{topic}{end}"


def make_channel(site: Site) -> Channel:
    owner = site.person("iago")
    people = [site.person(name).user_id for name in ("hamlet", *SENDERS)]
    owner.ask("POST", "/users/me/subscriptions", subscriptions=[{"name": CHANNEL}], principals=people)
    return Channel(site, owner.ask("GET", "/get_stream_id", stream=CHANNEL)["stream_id"])


def article(page: Page, text: str) -> Locator:
    return page.get_by_role("article").filter(has_text=text)
