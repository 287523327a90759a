"""One's own settings: what is chosen is the server's at once, and what is refused is said."""

import io
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

import appliance
from appliance.actions.user import account
from appliance.base.clock import SystemClock
from appliance.model import credential
from appliance.model.setting import USER_SETTINGS
from appliance.store.store import Store
from tests.process.client import Person
from tests.web.conftest import Open
from tests.web.window import PHONE, Site, Window

PASSWORD = "a long enough one"


@pytest.fixture(scope="module")
def passwords(site: Site) -> None:
    """Everybody has the same."""
    store = Store(site.server.data, SystemClock())
    try:
        hashed = credential.hash_password(PASSWORD)
        for each in site.users:
            store.write(partial(account.set_password, user=each, hashed=hashed))
    finally:
        store.close()


@pytest.fixture
def person(site: Site) -> Person:
    return site.person("hamlet")


@pytest.fixture
def settings(open_page: Open) -> Callable[[str], Page]:
    return lambda section: open_page("hamlet", f"#settings/{section}").page


def refused(window: Window) -> None:
    """The browser has complained of the answer, as it should."""
    assert [each for each in window.troubles if "status of 400" not in each] == []
    window.troubles.clear()


def saved(page: Page) -> None:
    expect(page.locator(".settings-saved")).to_have_text("Saved")


def own(person: Person, name: str) -> Any:
    return person.ask("POST", "/register", fetch_event_types=["user_settings"])["user_settings"][name]


def test_every_setting_that_there_is_can_be_chosen() -> None:
    folder = Path(appliance.__file__).parent / "static" / "settings"
    offered = set(
        re.findall(r"\b[a-z_]+\b", " ".join(each.read_text("utf-8") for each in folder.glob("*.js")))
    )
    assert USER_SETTINGS.keys() - offered == set()


def test_a_setting_is_told_at_once_and_follows_what_others_tell(
    settings: Callable[[str], Page], person: Person
) -> None:
    page = settings("preferences")
    box = page.get_by_label("Enter sends")
    expect(box).not_to_be_checked()
    box.check()
    saved(page)
    assert own(person, "enter_sends") is True
    person.ask("PATCH", "/settings", enter_sends=False)
    expect(box).not_to_be_checked()


def test_a_choice_and_a_number(settings: Callable[[str], Page], person: Person) -> None:
    page = settings("preferences")
    page.get_by_label("Theme").select_option("Dark")
    saved(page)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    size = page.get_by_label("Size of text")
    size.fill("20")
    size.press("Enter")
    expect(page.locator("html")).to_have_attribute("style", re.compile("125%"))
    assert (own(person, "color_scheme"), own(person, "web_font_size_px")) == (2, 20)
    person.ask("PATCH", "/settings", color_scheme=1, web_font_size_px=16)


def test_a_name_that_is_refused_comes_back(open_page: Open, person: Person) -> None:
    window = open_page("hamlet", "#settings/profile")
    name = window.page.get_by_label("Name", exact=True)
    name.fill("*hamlet*")
    name.press("Enter")
    expect(window.page.get_by_role("alert")).to_contain_text("Invalid characters")
    expect(name).to_have_value("hamlet")
    refused(window)


def test_a_name_and_a_time_zone(settings: Callable[[str], Page], person: Person) -> None:
    page = settings("profile")
    name = page.get_by_label("Name", exact=True)
    name.fill("Prince Hamlet")
    name.press("Enter")
    saved(page)
    page.get_by_label("Time zone").select_option("Europe/Copenhagen")
    saved(page)
    assert person.ask("GET", "/users/me")["full_name"] == "Prince Hamlet"
    assert own(person, "timezone") == "Europe/Copenhagen"
    person.ask("PATCH", "/settings", full_name="hamlet")
    expect(name).to_have_value("Prince Hamlet")  # as long as one is in the field
    name.blur()


def test_a_status(settings: Callable[[str], Page], person: Person) -> None:
    page = settings("profile")
    person.ask("POST", "/users/me/status", status_text="at sea")
    expect(page.get_by_role("dialog").get_by_text("at sea")).to_be_visible()
    page.get_by_role("button", name="Change the status").click()
    expect(page.get_by_role("dialog").last.get_by_role("textbox")).to_have_value("at sea")


def test_a_picture(settings: Callable[[str], Page], person: Person) -> None:
    page = settings("profile")
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(picture, "PNG")
    image = page.get_by_role("img", name="Your picture")
    before = image.get_attribute("src")
    page.get_by_label("A picture of you").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    expect(image).not_to_have_attribute("src", str(before))
    expect(page.get_by_role("dialog").get_by_role("button", name="Remove")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Remove")).to_be_hidden()
    assert person.ask("GET", "/users/me")["avatar_url"].startswith("/avatar/")


FIELDS: dict[str, dict[str, Any]] = {
    "Nickname": {"field_type": 1},
    "About": {"field_type": 2},
    "Team": {
        "field_type": 3,
        "field_data": {"a": {"text": "North", "order": "1"}, "b": {"text": "South", "order": "2"}},
    },
    "Birthday": {"field_type": 4},
    "Site": {"field_type": 5},
    "Mentor": {"field_type": 6},
}


def test_fields_of_the_organization(settings: Callable[[str], Page], site: Site, person: Person) -> None:
    owner = site.person("iago")
    ids = {
        name: owner.ask("POST", "/realm/profile_fields", name=name, **field)["id"]
        for name, field in FIELDS.items()
    }
    page = settings("profile")
    typed = {
        "Nickname": "Ham",
        "About": "Two\nlines",
        "Birthday": "1999-04-05",
        "Site": "https://elsinore.example",
    }
    for name, text in typed.items():
        page.get_by_label(name, exact=True).fill(text)
        page.get_by_label(name, exact=True).blur()
        saved(page)
    page.get_by_label("Team", exact=True).select_option("South")
    page.get_by_label("Mentor: add somebody").select_option("cordelia")
    expect(page.get_by_role("button", name="Remove cordelia")).to_be_visible()
    told = person.ask("GET", "/users/me")["profile_data"]
    said = {name: told[str(field_id)]["value"] for name, field_id in ids.items()}
    mentor = [site.person("cordelia").user_id]
    assert said == {**typed, "Team": "b", "Mentor": mentor} or said == {
        **typed,
        "Team": "b",
        "Mentor": str(mentor),
    }
    page.get_by_role("button", name="Remove cordelia").click()
    expect(page.get_by_role("button", name="Remove cordelia")).to_have_count(0)


# -- signing in


def test_a_password(open_page: Open, passwords: None, site: Site) -> None:
    window = open_page("cordelia", "#settings/account")
    page, other = window.page, open_page("cordelia")
    page.get_by_role("button", name="Change the password").click()
    form = page.get_by_role("dialog", name="Change your password")
    form.get_by_label("Password so far").fill("not this one")
    form.get_by_label("New password").fill("another long one")
    form.get_by_role("button", name="Change it").click()
    expect(form.get_by_role("alert")).to_have_text("Wrong password!")
    form.get_by_label("Password so far").fill(PASSWORD)
    form.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("status").filter(has_text="Your password is changed")).to_be_visible()
    other.page.wait_for_url(re.compile("/login"))
    page.reload()
    expect(page.get_by_role("dialog", name="Settings")).to_be_visible()
    refused(window)
    other.troubles.clear()


def test_the_key_for_who_knows_the_password(open_page: Open, passwords: None, site: Site) -> None:
    key = site.person("hamlet").api_key
    page = open_page("hamlet", "#settings/account").page
    page.get_by_role("button", name="Show the API key").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Show the key").click()
    shown = page.get_by_role("dialog", name="Your API key")
    expect(shown.get_by_label("Key", exact=True)).to_have_value(key)
    with page.expect_download() as download:
        shown.get_by_role("button", name="Download zuliprc").click()
    text = Path(download.value.path()).read_text()
    assert download.value.suggested_filename == "zuliprc"
    assert text == f"[api]\nemail=hamlet@chat.test\nkey={key}\nsite={site.server.url}\n"


def test_a_browser_elsewhere_is_signed_out(open_page: Open) -> None:
    other = open_page("iago")
    page = open_page("iago", "#settings/account").page
    browsers = page.get_by_role("list", name="Browsers that are signed in").get_by_role("listitem")
    expect(browsers).to_have_count(2)
    browsers.filter(has_not_text="this browser").get_by_role("button").click()
    expect(browsers).to_have_count(1)
    expect(browsers).to_contain_text("this browser")
    other.page.wait_for_url(re.compile("/login"))
    other.troubles.clear()


def test_a_new_address_is_asked_for_by_mail(settings: Callable[[str], Page], site: Site) -> None:
    page = settings("account")
    page.get_by_role("button", name="Change the address").click()
    page.get_by_label("New address").fill("prince@chat.test")
    page.get_by_role("button", name="Send the mail").click()
    expect(page.get_by_text("Look for a mail at prince@chat.test")).to_be_visible()
    assert site.person("hamlet").ask("GET", "/users/me")["delivery_email"] == "hamlet@chat.test"


def test_leaving(open_page: Open, site: Site) -> None:
    window = open_page("othello", "#settings/account")
    window.page.get_by_role("button", name="Deactivate my account").click()
    window.page.get_by_role("dialog", name="Deactivate your account?").get_by_role(
        "button", name="Deactivate"
    ).click()
    expect(window.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert site.person("othello").call("GET", "/users/me").status == 401
    window.troubles.clear()


# -- what one hears of


def test_the_table_of_notifications(settings: Callable[[str], Page], person: Person) -> None:
    page = settings("notifications")
    page.get_by_label("Channels: Push", exact=True).check()
    saved(page)
    page.get_by_label("Followed topics: @all").uncheck()
    saved(page)
    assert own(person, "enable_stream_push_notifications") is True
    expect(page.get_by_label("Followed topics: @all")).not_to_be_checked()
    assert own(person, "enable_followed_topic_wildcard_mentions_notify") is False
    person.ask("PATCH", "/settings", enable_stream_push_notifications=False)
    expect(page.get_by_label("Channels: Push", exact=True)).not_to_be_checked()


def test_a_channel_of_which_one_hears_otherwise(settings: Callable[[str], Page], person: Person) -> None:
    page = settings("notifications")
    page.get_by_label("Choose otherwise for a channel").select_option("general")
    page.get_by_label("general: Mail").check()
    saved(page)
    assert subscription(person)["email_notifications"] is True
    page.reload()
    expect(page.get_by_label("general: Mail")).to_be_checked()
    page.get_by_role("button", name="general: as all channels").click()
    expect(page.get_by_label("general: Mail")).to_have_count(0)
    assert subscription(person)["email_notifications"] is False


def subscription(person: Person) -> dict[str, Any]:
    (found,) = person.ask("GET", "/users/me/subscriptions")["subscriptions"]
    return dict(found)


def test_people_and_topics_that_are_muted(
    settings: Callable[[str], Page], site: Site, person: Person
) -> None:
    general = subscription(person)["stream_id"]
    person.ask("POST", "/user_topics", stream_id=general, topic="lunch", visibility_policy=1)
    page = settings("muted")
    page.get_by_label("Mute somebody").select_option("cordelia")
    people = page.get_by_role("list", name="Muted people").get_by_role("listitem")
    expect(people).to_have_text(re.compile("cordelia"))
    people.get_by_role("button", name="Unmute cordelia").click()
    expect(people).to_have_count(0)
    page.get_by_label("general > lunch").select_option("Followed")
    saved(page)
    (row,) = person.ask("POST", "/register", fetch_event_types=["user_topic"])["user_topics"]
    assert row["visibility_policy"] == 3
    page.get_by_label("general > lunch").select_option("As the channel")
    expect(page.get_by_text("You have muted and followed no topic.")).to_be_visible()


def test_alert_words(settings: Callable[[str], Page], person: Person) -> None:
    page = settings("alert-words")
    page.get_by_label("Word or phrase").fill("Elsinore")
    page.get_by_role("button", name="Add").click()
    words = page.get_by_role("list", name="Alert words").get_by_role("listitem")
    expect(words).to_have_text("Elsinore")
    expect(page.get_by_label("Word or phrase")).to_have_value("")
    assert person.ask("GET", "/users/me/alert_words")["alert_words"] == ["Elsinore"]
    page.get_by_role("button", name="Remove Elsinore").click()
    expect(words).to_have_count(0)


def test_an_address_of_ones_own(settings: Callable[[str], Page], person: Person) -> None:
    page = settings("devices")
    page.get_by_label("Address", exact=True).fill("https://ntfy.sh/my-secret-topic")
    page.get_by_role("button", name="Add").click()
    device = page.get_by_role("list", name="Devices").get_by_role("listitem")
    expect(device).to_contain_text("https://ntfy.sh/…ic")
    expect(page.get_by_text("my-secret-topic")).to_have_count(0)
    device.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No device gets pushes yet.")).to_be_visible()
    assert person.ask("GET", "/appliance/devices")["devices"] == []


# -- bots


def test_a_bot(settings: Callable[[str], Page], site: Site) -> None:
    page = settings("bots")
    page.get_by_role("button", name="New bot").click()
    page.get_by_label("Name", exact=True).fill("Yorick")
    page.get_by_label("Short name").fill("yorick")
    page.get_by_role("button", name="Make it").click()
    shown = page.get_by_role("dialog", name="The key of Yorick")
    key = shown.get_by_label("Key", exact=True).input_value()
    bot = Person(site.server.port, 0, shown.get_by_label("Address", exact=True).input_value(), key)
    assert bot.ask("GET", "/users/me")["full_name"] == "Yorick"
    shown.get_by_role("button", name="Close").click()
    menu(page, "Deactivate…")
    page.get_by_role("dialog", name="Deactivate Yorick?").get_by_role("button", name="Deactivate").click()
    expect(page.get_by_role("list", name="Your bots").get_by_text("deactivated")).to_be_visible()
    assert bot.call("GET", "/users/me").status == 401


def menu(page: Page, item: str) -> None:
    page.get_by_role("button", name="What to do with Yorick").click()
    page.get_by_role("menuitem", name=item).click()


# -- the dialog


def test_sections_have_addresses(open_page: Open) -> None:
    page = open_page("hamlet", "#inbox").page
    page.evaluate("location.hash = '#settings/alert-words'")
    dialog = page.get_by_role("dialog", name="Settings")
    expect(current(dialog)).to_have_text("Alert words")
    dialog.get_by_role("link", name="Your bots").click()
    expect(dialog.get_by_role("heading", name="Your bots")).to_be_visible()
    expect(page).to_have_url(re.compile("#settings/bots$"))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(re.compile("#inbox$"))


def current(dialog: Locator) -> Locator:
    return dialog.locator("[aria-current]")


def test_on_a_phone_the_list_comes_first(open_page: Open) -> None:
    page = open_page("hamlet", "#settings", size=PHONE).page
    dialog = page.get_by_role("dialog", name="Settings")
    dialog.get_by_role("link", name="Notifications").click()
    expect(dialog.get_by_label("Followed topics: Mail")).to_be_visible()
    expect(dialog.get_by_role("link", name="Profile")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    dialog.get_by_role("link", name="Settings").click()
    expect(dialog.get_by_role("link", name="Profile")).to_be_visible()
