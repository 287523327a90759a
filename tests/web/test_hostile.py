"""Texts that would rather be programs: wherever people can write one, it is shown as it is, nothing runs."""

import random
import re

import pytest
from playwright.sync_api import Dialog, expect

from tests.http.test_uploads import BOUNDARY, file_part, form
from tests.model.test_markdown_safety import OPENINGS, WORDS
from tests.process.client import Person, request
from tests.web.conftest import Open
from tests.web.window import DESKTOP, PHONE, Site, Window
from tests.web.writing import GENERAL, begin, place, text_of

EVIL = '<img src=x onerror="window.owned=1"><script>window.owned=2</script>\''
EVIL_NAME = "<img src=x onerror=owned=3 a='"  # as far as names of people may go
EVIL_LINK = "javascript:window.owned=4//"
RTL = "\u202eevil \u2066مرحبا 👩‍🚀 שלום"
RTL_NAME = "evil مرحبا 👩🚀 שלום"  # names have no marks of direction
MADE = """img[src=x], script:not([src]), iframe:not([sandbox]), object, embed, base, a[href^='javascript' i],
  a[href^='data' i], [onerror], [onload], [onclick]"""  # nothing of that is ours
TOPIC = "evil"
SHOWN = re.compile("onerror|evil")  # of the hostile texts, all can be seen
ORGANIZATION = ("people", "bots", "linkifiers", "playgrounds", "profile-fields")


@pytest.fixture(scope="module")
def evil(site: Site) -> dict[str, int]:
    """An organization where every text is hostile; ids of what has an address."""
    iago, cordelia = site.person("iago"), site.person("cordelia")
    iago.ask("PATCH", "/realm", name=EVIL[:40], description=EVIL)
    for who, name in ((cordelia, EVIL_NAME), (site.person("othello"), RTL_NAME)):
        iago.ask("PATCH", f"/users/{who.user_id}", full_name=name)
    made = {"user": cordelia.user_id, "owner": iago.user_id, **_things(iago)}
    _own(cordelia, made)
    for each in (
        EVIL,
        f"[x]({EVIL_LINK})",
        f"/poll {EVIL}\n{EVIL}",
        f"/todo {EVIL}\n{EVIL}: {EVIL}",
        f"evil-{EVIL}",
        RTL,
    ):
        _say(cordelia, made["channel"], EVIL[:60], each)
        made["message"] = _say(cordelia, GENERAL, TOPIC, each)
    _say(cordelia, made["channel"], RTL_NAME, _file(cordelia))
    iago.ask("POST", "/messages", type="direct", to=[cordelia.user_id], content=EVIL)
    return made


def _things(iago: Person) -> dict[str, int]:
    """What the organization has."""
    subscription = {"name": EVIL[:60], "description": EVIL}
    everybody = [each["user_id"] for each in iago.ask("GET", "/users")["members"] if not each["is_bot"]]
    iago.ask("POST", "/users/me/subscriptions", subscriptions=[subscription], principals=everybody)
    members = {"members": everybody, "name": EVIL, "description": EVIL}
    iago.ask("POST", "/realm/filters", pattern="evil-(?P<id>.+)", url_template="https://a.example/{id}")
    iago.ask(
        "POST",
        "/realm/playgrounds",
        name=EVIL[:40],
        pygments_language="Python",
        url_template="https://a.example/{code}",
    )
    return {
        "channel": iago.ask("GET", "/get_stream_id", stream=EVIL[:60])["stream_id"],
        "group": iago.ask("POST", "/user_groups/create", **members)["group_id"],
        "field": iago.ask("POST", "/realm/profile_fields", field_type=1, name=EVIL[:40], hint=EVIL)["id"],
    }


def _own(person: Person, made: dict[str, int]) -> None:
    """What somebody says of themselves, and keeps."""
    person.ask("PATCH", "/users/me/profile_data", data=[{"id": made["field"], "value": EVIL[:50]}])
    person.ask("POST", "/users/me/status", status_text=EVIL[:60])
    person.ask("POST", "/users/me/alert_words", alert_words=[EVIL[:60]])
    person.ask("POST", "/saved_snippets", title=EVIL[:60], content=EVIL)
    person.ask("POST", "/bots", full_name=f"{EVIL_NAME} bot", short_name="evil")
    row = {"type": "stream", "to": [made["channel"]], "topic": EVIL[:60], "content": EVIL, "timestamp": 1}
    person.ask("POST", "/drafts", drafts=[row])
    where = {"type": "stream", "to": made["channel"], "topic": EVIL[:60]}
    person.ask(
        "POST", "/scheduled_messages", **where, content=EVIL, scheduled_delivery_timestamp=4_000_000_000
    )
    person.ask("POST", "/user_topics", stream_id=made["channel"], topic=EVIL[:60], visibility_policy=3)


def _say(person: Person, channel: int, topic: str, content: str) -> int:
    message_id: int = person.ask(
        "POST", "/messages", type="stream", to=channel, topic=topic, content=content
    )["id"]
    return message_id


def _file(person: Person) -> str:
    """One with a hostile name, as a link."""
    name = "<img src=x onerror=owned=5>.html"
    headers = {
        "Authorization": person.authorization,
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
    }
    body = form(file_part(b"<script>parent.owned=6</script>", name))
    url = request(person.port, "POST", "/api/v1/user_uploads", body=body, headers=headers).body["url"]
    return f"[{name}]({url})"


class Watch:
    """A window of somebody in which nothing must run."""

    def __init__(self, window: Window) -> None:
        self.window, self.page = window, window.page
        self.dialogs: list[str] = []
        self.page.on("dialog", self._dismiss)

    def go(self, hash: str) -> None:
        self.page.evaluate("(hash) => { location.hash = hash }", hash)

    def harmless(self, where: str) -> None:
        assert self.page.locator(MADE).count() == 0, where
        assert self.page.evaluate("window.owned") is None, where
        assert self.dialogs == [], where
        assert not any("Content Security Policy" in each for each in self.window.troubles), (
            self.window.troubles
        )

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def watch(open_page: Open, evil: dict[str, int]) -> Watch:
    """Cordelia's: all that is hostile is hers, or is shown to her."""
    return Watch(open_page("cordelia", "#inbox"))


VIEWS = (
    "#inbox", "#recent", "#feed", "#drafts", "#scheduled", "#narrow/channel/{channel}", "#narrow/dm/{owner}",
    f"#narrow/channel/{GENERAL}/topic/{TOPIC}", "#narrow/search/onerror",
)  # fmt: skip
SHEETS = (
    "#settings/profile", "#settings/muted", "#settings/alert-words", "#settings/bots", "#user/{user}",
    "#channels/all", "#channels/{channel}/general", "#channels/{channel}/subscribers",
    "#groups/all", "#groups/{group}/general", "#groups/{group}/members",
    *(f"#organization/{each}" for each in ORGANIZATION),
)  # fmt: skip


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_in_no_view(size: tuple[int, int], open_page: Open, site: Site, evil: dict[str, int]) -> None:
    site.person("othello").send(site.person("cordelia"), EVIL)  # which is not read yet
    watch = Watch(open_page("cordelia", "#inbox", size=size))
    for hash in VIEWS:
        watch.go(hash.format(**evil))
        expect(watch.page.get_by_role("main")).to_contain_text(SHOWN)
        watch.harmless(hash)


def test_in_no_dialog(watch: Watch, evil: dict[str, int]) -> None:
    for hash in SHEETS:
        watch.go(hash.format(**evil))
        dialog = watch.page.locator("dialog[open]")
        expect(dialog).to_contain_text(SHOWN)
        watch.harmless(hash)


def test_in_nothing_that_is_suggested(watch: Watch, evil: dict[str, int]) -> None:
    page = watch.page
    watch.go(place(TOPIC))
    expect(page.get_by_role("main")).to_contain_text(SHOWN)
    begin(page)
    for typed in ("@<img", "#<img", "@_<img"):
        text_of(page).fill("")
        text_of(page).press_sequentially(typed)
        expect(page.get_by_role("option").first).to_contain_text("<img")
        watch.harmless(typed)
        page.keyboard.press("Enter")
    text_of(page).fill("")
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Search messages").fill("<img")
    expect(page.get_by_role("option").first).to_contain_text("<img")
    watch.harmless("search")


def test_in_nothing_that_opens_at_a_message(watch: Watch, evil: dict[str, int]) -> None:
    page = watch.page
    watch.go(f"{place(TOPIC)}/near/{evil['message']}")
    message = page.locator(f"#message-{evil['message']}")
    page.locator(".message-sender").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("<img")
    watch.harmless("a card")
    page.keyboard.press("Escape")
    for name in ("View the source", "Move"):
        message.hover()
        message.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name=name, exact=True).click()
        expect(page.locator("dialog[open]")).to_be_visible()
        watch.harmless(name)
        page.keyboard.press("Escape")


def test_in_no_message_that_is_put_together_at_random(watch: Watch, evil: dict[str, int], site: Site) -> None:
    """Of what parsers of Markdown stumble over."""
    chance, words = random.Random(5), [*WORDS.split(), *OPENINGS, EVIL, f"[x]({EVIL_LINK})", "\u202e"]
    cordelia, topic = site.person("cordelia"), "at random"
    for _ in range(60):
        text = "".join(chance.choice(words) for _ in range(chance.randrange(5, 40)))
        last = _say(cordelia, GENERAL, topic, f"- {text}")
    watch.go(place("at.20random"))
    expect(watch.page.locator(f"#message-{last}")).to_be_attached()
    watch.harmless("messages at random")
    watch.window.forgive("ERR_", "404")


def test_in_no_page_before_the_page(watch: Watch, site: Site) -> None:
    """Their titles have the organization's name."""
    for path in ("login", "forgot", "join/never", "owner/never", "register", "login/never"):
        watch.page.goto(f"{site.server.url}/{path}")
        watch.harmless(path)
    watch.window.forgive("Failed to load resource")
