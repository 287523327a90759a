"""The bar at the top, and the columns where there is no room for them."""

from playwright.sync_api import expect

from tests.web.chatter import channel_id, join, write
from tests.web.columns import column, line, own_menu, title
from tests.web.conftest import Open
from tests.web.window import PHONE, Site


def test_the_bar_says_how_many_are_in_the_channel(open_page: Open, site: Site) -> None:
    join(site, "peopled", "hamlet")
    page = open_page("hamlet", f"#narrow/channel/{channel_id(site, 'peopled')}-peopled").page
    bar = page.get_by_role("banner")
    expect(bar.get_by_role("link", name="1 person in this channel")).to_be_visible()
    join(site, "peopled", "cordelia")
    expect(bar.get_by_role("link", name="2 people in this channel")).to_be_visible()


def test_a_channel_that_is_renamed_has_its_new_name_everywhere(open_page: Open, site: Site) -> None:
    join(site, "old name", "iago", "hamlet")
    number = channel_id(site, "old name")
    page = open_page("hamlet", f"#narrow/channel/{number}").page
    expect(title(page)).to_have_text("old name")
    site.person("iago").ask("PATCH", f"/streams/{number}", new_name="<new> name")
    expect(title(page)).to_have_text("<new> name")
    expect(line(page, "<new> name")).to_be_visible()


def test_the_bar_says_when_the_server_does_not_answer(open_page: Open) -> None:
    window = open_page("hamlet")
    notice = window.page.get_by_role("banner").get_by_text("Reconnecting…")
    expect(notice).to_have_count(0)
    window.ask("live/connection.js", "void it.pause()")
    expect(notice).to_be_visible()
    window.ask("live/connection.js", "it.answered()")
    expect(notice).to_have_count(0)


def test_the_theme_is_chosen_in_the_menu(open_page: Open) -> None:
    page = open_page("cordelia").page
    own_menu(page, "Dark")
    expect(page.locator(":root")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator(":root")).to_have_attribute("data-theme", "dark")


def test_signing_out_leads_to_signing_in(open_page: Open) -> None:
    window = open_page("cordelia")
    own_menu(window.page, "Sign out")
    expect(window.page.get_by_label("Password")).to_be_visible()
    window.troubles[:] = [
        each for each in window.troubles if "401 (Unauthorized)" not in each
    ]  # the last poll


def test_the_columns_are_drawers_on_a_phone(open_page: Open) -> None:
    page = open_page("hamlet", "#inbox", size=PHONE).page
    expect(column(page)).to_be_hidden()
    page.get_by_role("banner").get_by_role("button", name="Channels and conversations").click()
    expect(column(page)).to_be_visible()
    line(page, "Recent conversations").click()
    expect(column(page)).to_be_hidden()
    expect(title(page)).to_have_text("Recent conversations")
    page.get_by_role("button", name="People").click()
    expect(page.get_by_role("complementary", name="People")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary", name="People")).to_be_hidden()
    expect(page.get_by_role("button", name="People")).to_be_focused()


def test_nothing_is_wider_than_a_phone(open_page: Open, site: Site) -> None:
    long_name = "a very long name of a channel that goes on and on"
    join(site, long_name, "hamlet")
    write(site, "hamlet", long_name, "and so does the topic without any end to be seen")
    places = ["#inbox", "#recent", "#drafts", f"#narrow/channel/{channel_id(site, long_name)}/topic/and.20so"]
    page = open_page("hamlet", "#inbox", size=PHONE).page
    for place in places:
        page.evaluate("(hash) => (location.hash = hash)", place)
        expect(title(page)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
