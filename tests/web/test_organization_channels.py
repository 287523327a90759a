"""Channels: finding, joining, making and changing them."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.conftest import until
from tests.process.client import Person
from tests.web.conftest import Open
from tests.web.organization import row
from tests.web.window import Site


def make(person: Person, name: str, **terms: Any) -> int:
    """A channel that `person` alone is in; its id."""
    person.ask("POST", "/users/me/subscriptions", subscriptions=[{"name": name}], **terms)
    found: int = person.ask("GET", "/get_stream_id", stream=name)["stream_id"]
    return found


def channel(person: Person, channel_id: int) -> dict[str, Any]:
    found: dict[str, Any] = person.ask("GET", f"/streams/{channel_id}")["stream"]
    return found


def opened(open_page: Open, channel_id: int, tab: str = "general", who: str = "iago") -> Page:
    page: Page = open_page(who, f"#channels/{channel_id}/{tab}").page
    return page


def test_a_channel_is_found_and_joined(open_page: Open, owner: Person) -> None:
    make(owner, "lighthouse")
    page = open_page("hamlet", "#channels/available").page
    page.get_by_role("searchbox", name="Find channels").last.fill("LIGHT")
    page.get_by_role("button", name="Join lighthouse").click()
    expect(page.get_by_role("button", name="Join lighthouse")).to_have_count(0)
    page.get_by_role("dialog").get_by_role("link", name="Yours").click()
    expect(page.get_by_role("button", name="Leave lighthouse")).to_be_visible()
    page.get_by_role("button", name="Leave lighthouse").click()
    expect(page.get_by_role("button", name="Leave lighthouse")).to_have_count(0)


def test_private_channels_are_not_there_for_others(open_page: Open, owner: Person) -> None:
    hidden = make(owner, "vault", invite_only=True)
    page = opened(open_page, hidden, who="hamlet")
    expect(page.get_by_text("There is no such thing, or you may not see it.")).to_be_visible()
    expect(row(page, "vault")).to_have_count(0)
    owner.ask("PATCH", f"/streams/{hidden}", is_private=False)
    expect(page.get_by_role("heading", name="vault")).to_be_visible()


def test_making_a_channel_leads_into_it(open_page: Open, owner: Person, site: Site) -> None:
    page = open_page("iago", "#channels/new").page
    page.get_by_role("textbox", name="Name").fill("crew")
    page.get_by_role("textbox", name="Description").fill("Who sails")
    page.get_by_role("radio", name="Private, without its past").check()
    page.get_by_role("combobox", name="Add people or groups").fill("haml")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    made = owner.ask("GET", "/get_stream_id", stream="crew")["stream_id"]
    page.wait_for_url(f"**/#narrow/channel/{made}-crew")
    assert (channel(owner, made)["invite_only"], channel(owner, made)["description"]) == (True, "Who sails")
    assert channel(owner, made)["history_public_to_subscribers"] is False
    people = {site.person(name).user_id for name in ("iago", "hamlet")}
    assert set(owner.ask("GET", f"/streams/{made}/members")["subscribers"]) == people


def test_a_name_that_is_taken_is_said_at_once(open_page: Open) -> None:
    page = open_page("iago", "#channels/new").page
    name = page.get_by_role("textbox", name="Name")
    name.fill("General")
    page.get_by_role("button", name="Create").click()
    message = name.evaluate("(field) => field.validationMessage")
    assert message == "There is a channel with this name already."


def test_name_description_and_privacy_are_changed(open_page: Open, owner: Person) -> None:
    made = make(owner, "draft")
    page = opened(open_page, made)
    page.get_by_role("textbox", name="Name").fill("drawings")
    page.get_by_role("textbox", name="Description").fill("Of *ships*")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="drawings")).to_be_visible()
    page.get_by_label("Who can see it").select_option("Private")
    until(lambda: channel(owner, made)["invite_only"])
    page.get_by_label("Messages are kept").select_option("30 days")
    until(lambda: channel(owner, made)["message_retention_days"] == 30)
    assert (channel(owner, made)["name"], channel(owner, made)["description"]) == ("drawings", "Of *ships*")


def test_who_may_not_change_a_channel_reads_about_it(open_page: Open, owner: Person) -> None:
    made = make(owner, "notices")
    owner.ask("PATCH", f"/streams/{made}", description="From the **bridge**")
    page = opened(open_page, made, who="hamlet")
    expect(page.get_by_role("dialog").get_by_text("From the bridge")).to_be_visible()
    expect(page.get_by_role("button", name="Archive the channel…")).to_have_count(0)
    page.get_by_role("link", name="Permissions").click()
    expect(page.get_by_label("Who may write in it")).to_be_disabled()


def test_people_are_put_in_and_taken_out(open_page: Open, owner: Person, site: Site) -> None:
    made = make(owner, "deck")
    cordelia = site.person("cordelia")
    members = [site.person("hamlet").user_id, cordelia.user_id]
    owner.ask("POST", "/user_groups/create", name="mates", description="", members=members)
    page = opened(open_page, made, "subscribers")
    expect(page.get_by_text("1 person")).to_be_visible()
    page.get_by_role("combobox", name="Add people or groups").fill("mates")
    page.get_by_role("option", name="mates").click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(row(page, "cordelia")).to_be_visible()
    page.get_by_role("button", name="Take hamlet out").click()
    expect(row(page, "hamlet")).to_have_count(0)
    cordelia.ask("DELETE", "/users/me/subscriptions", subscriptions=["deck"])
    expect(row(page, "cordelia")).to_have_count(0)


def test_a_permission_of_a_channel(open_page: Open, owner: Person) -> None:
    made = make(owner, "bridge")
    page = opened(open_page, made, "permissions")
    page.get_by_label("Who may write in it").select_option("Administrators")
    until(lambda: channel(owner, made)["can_send_message_group"] == 6)


def test_what_a_channel_is_to_oneself(open_page: Open) -> None:
    window = open_page("hamlet", "#channels/1/personal")
    page = window.page
    page.get_by_label("Mute it").check()
    page.get_by_label("Mails").select_option("yes")
    page.get_by_label("Colour").fill("#112233")
    read = "[it.get(1).is_muted, it.get(1).email_notifications, it.get(1).color]"
    until(lambda: window.ask("state/channels.js", read) == [True, True, "#112233"])


def test_archiving_and_bringing_back(open_page: Open, owner: Person) -> None:
    made = make(owner, "wreck")
    page = opened(open_page, made)
    page.get_by_role("button", name="Archive the channel…").click()
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(page.get_by_text("Archived", exact=True).last).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_count(0)
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_role("textbox", name="Name")).to_be_visible()
    assert channel(owner, made)["is_archived"] is False
