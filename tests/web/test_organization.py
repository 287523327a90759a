"""The organization's settings: what administrators change there is so for everybody, at once."""

import re

import pytest
from playwright.sync_api import expect

from appliance.model.realm_setting import REALM_SETTINGS
from tests.conftest import until
from tests.pictures import plain
from tests.process.client import Person
from tests.web.conftest import Open
from tests.web.organization import realm, row, section
from tests.web.window import PHONE, Site, Window

# What this server does nothing with.
WITHOUT_EFFECT = {
    "can_create_web_public_channel_group",
    "can_manage_billing_group",
    "can_summarize_topics_group",
}


def names(window: Window, module: str, table: str) -> set[str]:
    """Of the settings in a table of the page."""
    return set(window.ask(module, f"it.{table}.flatMap((each) => each.rows.map((row) => row.name))"))


# -- the dialog


def test_sections_have_addresses_and_closing_leads_back(open_page: Open) -> None:
    page = open_page("hamlet", "#recent").page
    page.goto(page.url.replace("#recent", "#organization/emoji"))
    expect(page.get_by_role("heading", name="Emoji")).to_be_visible()
    page.get_by_role("dialog").get_by_role("link", name="Linkifiers").click()
    expect(page.get_by_role("heading", name="Linkifiers")).to_be_visible()
    assert page.url.endswith("#organization/linkifiers")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile("#recent$"))


def test_a_name_of_zulip_leads_there_as_well(open_page: Open) -> None:
    page = section(open_page, "organization-permissions")
    expect(page.get_by_role("heading", name="Permissions")).to_be_visible()


def test_a_phone_shows_the_list_and_then_one_section(open_page: Open) -> None:
    page = open_page("iago", "#organization", size=PHONE).page
    link = page.get_by_role("dialog").get_by_role("link", name="Emoji")
    link.click()
    expect(page.get_by_role("heading", name="Emoji")).to_be_visible()
    expect(link).to_be_hidden()
    page.get_by_role("dialog").get_by_role("link", name="Organization").click()
    expect(link).to_be_visible()


def test_members_see_settings_and_cannot_change_them(open_page: Open) -> None:
    page = section(open_page, "settings", "hamlet")
    expect(page.get_by_text("Only administrators can change these.")).to_be_visible()
    expect(page.get_by_label("People may edit their messages")).to_be_disabled()
    expect(page.get_by_role("link", name="Exports")).to_have_count(0)


# -- settings and permissions


def test_every_setting_that_does_something_can_be_seen(open_page: Open) -> None:
    window = open_page("iago", "#organization/settings")
    shown = names(window, "organization/realm_settings.js", "SETTINGS")
    allowed = names(window, "organization/realm_permissions.js", "PERMISSIONS")
    assert shown | allowed | {"org_type"} == REALM_SETTINGS.keys() - WITHOUT_EFFECT
    assert shown & allowed == set()


@pytest.mark.parametrize(
    ("label", "name", "value"),
    [
        ("Every message in a channel needs a topic", "mandatory_topics", True),
        ("People may change their names", "name_changes_disabled", True),
    ],
)
def test_a_switch_is_saved_at_once(
    open_page: Open, owner: Person, label: str, name: str, value: bool
) -> None:
    page = section(open_page, "settings")
    page.get_by_label(label).click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    assert realm(owner, name) is value


def test_limits_have_words_and_numbers(open_page: Open, owner: Person) -> None:
    page = section(open_page, "settings")
    page.get_by_label("People may delete their messages for").select_option("any time")
    until(lambda: realm(owner, "message_content_delete_limit_seconds") is None)
    keep = page.get_by_label("Delete messages after (days)")
    for typed, kept in (("90", 90), ("", -1)):
        keep.fill(typed)
        keep.press("Tab")
        until(lambda kept=kept: realm(owner, "message_retention_days") == kept)  # type: ignore[misc]


def test_what_others_change_is_seen(open_page: Open, owner: Person) -> None:
    page = section(open_page, "settings")
    box = page.get_by_label("Refuse addresses of throw-away mailboxes")
    expect(box).to_be_checked()
    owner.ask("PATCH", "/realm", disallow_disposable_email_addresses=False)
    expect(box).not_to_be_checked()


def test_a_permission_can_name_a_role_or_people(open_page: Open, owner: Person, site: Site) -> None:
    page = section(open_page, "permissions")
    choice = page.get_by_label("Who may create private channels")
    choice.select_option("Moderators")
    until(lambda: realm(owner, "can_create_private_channel_group") == 5)

    choice.select_option("Certain people and groups")
    page.get_by_role("combobox", name="Add a person or group").locator("visible=true").fill("corde")
    page.get_by_role("option", name="cordelia").click()
    expect(page.get_by_role("button", name="Remove cordelia")).to_be_visible()
    expected = {"direct_members": [site.person("cordelia").user_id], "direct_subgroups": []}
    until(lambda: realm(owner, "can_create_private_channel_group") == expected)


def test_people_that_are_named_quickly_are_all_named(open_page: Open, owner: Person, site: Site) -> None:
    page = section(open_page, "permissions")
    page.get_by_label("Who may resolve topics").select_option("Certain people and groups")
    for name in ("hamlet", "othello", "cordelia"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    members = sorted(site.person(name).user_id for name in ("hamlet", "othello", "cordelia"))
    expected = {"direct_members": members, "direct_subgroups": []}
    until(lambda: realm(owner, "can_resolve_topics_group") == expected)
    page.get_by_role("button", name="Remove hamlet").click()
    page.get_by_role("button", name="Remove othello").click()
    until(lambda: len(realm(owner, "can_resolve_topics_group")["direct_members"]) == 1)


def test_a_permission_offers_no_group_that_the_server_refuses(open_page: Open) -> None:
    page = section(open_page, "permissions")
    sees = page.get_by_label("Who can see all people").get_by_role("option")
    expect(sees).to_have_text(["Everyone, guests too", "Members"])
    creates = page.get_by_label("Who may create public channels").get_by_role("option")
    assert "Everyone, guests too" not in creates.all_text_contents()


def test_the_profile_is_saved_together(open_page: Open, owner: Person) -> None:
    page = section(open_page, "profile")
    page.get_by_label("What it is for").fill("We build **ships**.")
    page.get_by_label("Kind").select_option("Research")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    assert (realm(owner, "description"), realm(owner, "org_type")) == ("We build **ships**.", 40)


def test_the_icon_is_uploaded_and_taken_away(open_page: Open) -> None:
    page = section(open_page, "profile")
    icon = page.get_by_role("img", name="Icon")
    expect(icon).to_have_attribute("src", "/static/icon.png")
    page.get_by_label("Icon: choose a picture").set_input_files(
        {"name": "icon.png", "mimeType": "image/png", "buffer": plain(64, 64)}
    )
    remove = page.get_by_role("button", name="Remove").locator("visible=true")
    remove.click()
    expect(icon).to_have_attribute("src", "/static/icon.png")


def test_closing_the_organization_takes_its_name(open_page: Open) -> None:
    page = section(open_page, "profile")
    page.get_by_role("button", name="Close the organization…").click()
    page.get_by_label("To go on, write its name").fill("Another")
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_role("alert")).to_have_text("That is not its name.")


def test_domains(open_page: Open, owner: Person) -> None:
    page = section(open_page, "settings")
    page.get_by_role("button", name="Add a domain").click()
    page.get_by_label("Domain", exact=True).fill("Ships.example")
    page.get_by_label("Also the domains below it").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(row(page, "ships.example")).to_contain_text("and domains below it")
    page.get_by_role("button", name="Without those below").click()
    expect(row(page, "ships.example")).not_to_contain_text("and domains below it")
    page.get_by_role("button", name="Remove ships.example").click()
    expect(page.get_by_text("No domains yet")).to_be_visible()
    assert owner.ask("GET", "/realm/domains")["domains"] == []
