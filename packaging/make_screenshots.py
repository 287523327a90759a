"""Make the pictures of README.md: docs/desktop.png and docs/phone.png, of a small team in Chromium.

Run it in the checkout after the page has changed: python packaging/make_screenshots.py. It needs what the
tests need (CONTRIBUTING.md).
"""

import shutil
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
sys.path.insert(0, str(CHECKOUT))

from playwright.sync_api import sync_playwright  # noqa: E402

from appliance.actions.realm import organization as realm_actions  # noqa: E402
from appliance.actions.user import creation as user_actions  # noqa: E402
from appliance.base.clock import SystemClock  # noqa: E402
from appliance.model.user import Role, User  # noqa: E402
from appliance.store.store import Store  # noqa: E402
from tests.process.server import ServerProcess  # noqa: E402
from tests.web.window import PHONE, Site, Window  # noqa: E402

NAMES = ("Mira Okafor", "Jonas Weber", "Salma Haddad", "Tom Lindqvist", "Ines Duarte")
CHANNELS = {
    "garden": "Beds, seeds, and who waters when",
    "workshop": "Tools and the people who can use them",
    "kitchen": "What we cook on Thursdays",
}
LOGGED = """I logged the level while it ran:
```python
for minute, level in readings:
    print(f"{minute:2} min  {level:5.1f} cm")
```
It falls *faster* than the pump should take it."""
NEEDED = """In the shed, second shelf. We need:

* tape, about a metre
* somebody with small hands
* a dry hour, so <time:2026-11-24T14:00:00+01:00>?"""
# Channel, topic, who (by their place in NAMES), what.
TALK = (
    ("kitchen", "Thursday's soup", 2, "There are *eleven* of us. Is the big pot back?"),
    ("kitchen", "Thursday's soup", 4, "It is, and clean. I bring the bread."),
    ("workshop", "band saw", 1, "The new blade is in. Please read the card **before** the first cut."),
    ("workshop", "band saw", 3, "Done. It says:\n> Off, unplugged, hands away. In this order."),
    ("garden", "rain barrel", 3, "The pump stops after four minutes again."),
    ("garden", "rain barrel", 1, LOGGED),
    ("garden", "rain barrel", 4, "A leak, then? @**Mira Okafor** had the sealing tape last."),
    ("garden", "rain barrel", 0, NEEDED),
    ("garden", "rain barrel", 2, "My hands are small. See you there :seedling:"),
)


def populate(folder: Path) -> list[User]:
    store = Store(folder, SystemClock())
    try:
        realm_actions.prepare(store)
        return [
            user_actions.create(
                store,
                email=f"{name.split()[0].lower()}@allotment.example",
                full_name=name,
                role=Role.MEMBER if number else Role.OWNER,
                password=None,
            )
            for number, name in enumerate(NAMES)
        ]
    finally:
        store.close()


def talk(site: Site) -> str:
    """The address of the conversation that is shown."""
    owner = site.person(NAMES[0])
    owner.ask("PATCH", "/realm", name="Allotment 12")
    everybody = [user.id for user in site.users]
    for name, description in CHANNELS.items():
        wanted = [{"name": name, "description": description}]
        owner.ask("POST", "/users/me/subscriptions", subscriptions=wanted, principals=everybody)
    last = 0
    for channel, topic, who, content in TALK:
        person = site.person(NAMES[who])
        last = person.ask("POST", "/messages", type="channel", to=channel, topic=topic, content=content)["id"]
    for who in (0, 1, 3):
        site.person(NAMES[who]).ask("POST", f"/messages/{last}/reactions", emoji_name="tada")
    site.person(NAMES[4]).ask(
        "POST", "/messages", type="direct", to=[everybody[0]], content="Do you have the key of the shed?"
    )
    channel_id = owner.ask("GET", "/get_stream_id", stream="garden")["stream_id"]
    return f"#narrow/channel/{channel_id}-garden/topic/rain.20barrel"


def main() -> None:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        users = populate(Path(name) / "data")
        server = ServerProcess(Path(name) / "data", users).start()
        try:
            site = Site(server, users)
            conversation = talk(site)
            for picture, hash, options in (
                ("phone", "#inbox", {"size": PHONE}),
                ("desktop", conversation, {}),
            ):
                window = Window(browser, site, NAMES[0], **options)
                window.go(hash)
                window.page.wait_for_function("[...document.images].every((each) => each.complete)")
                window.page.screenshot(path=CHECKOUT / "docs" / f"{picture}.png")
                window.close()
        finally:
            server.end()
            browser.close()


if __name__ == "__main__":
    main()
