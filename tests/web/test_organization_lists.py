"""What the organization has lists of: emoji, linkifiers, playgrounds, profile fields, defaults, exports."""

import json

import pytest
from playwright.sync_api import expect

from tests.conftest import until
from tests.pictures import plain
from tests.process.client import Person
from tests.web.conftest import Open
from tests.web.organization import row, section


def test_an_emoji_is_added_and_removed(open_page: Open) -> None:
    page = section(open_page, "emoji")
    page.get_by_role("button", name="Add an emoji…").click()
    page.get_by_label("Picture").set_input_files(
        {"name": "Ship Ahoi.png", "mimeType": "image/png", "buffer": plain(64, 64)}
    )
    expect(page.get_by_role("textbox", name="Name")).to_have_value("ship_ahoi")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(row(page, ":ship_ahoi:")).to_contain_text("Added by iago")
    page.get_by_role("button", name="Remove :ship_ahoi:").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("No emoji of your own yet.")).to_be_visible()


def test_linkifiers_are_added_ordered_and_tried(open_page: Open, owner: Person) -> None:
    page = section(open_page, "linkifiers")
    for pattern in ("#(?P<id>[0-9]+)", "PR(?P<id>[0-9]+)"):
        page.get_by_role("button", name="Add a linkifier…").click()
        page.get_by_label("Pattern").fill(pattern)
        page.get_by_label("Address").fill("https://tickets.example.com/{id}")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(row(page, pattern)).to_be_visible()
    page.get_by_role("button", name="Move PR(?P<id>[0-9]+) up").click()
    listed = page.get_by_role("list", name="Linkifiers").get_by_role("listitem")
    expect(listed.first).to_contain_text("PR")
    assert owner.ask("GET", "/realm/linkifiers")["linkifiers"][0]["pattern"].startswith("PR")
    page.get_by_label("A text").fill("see #12")
    page.get_by_role("button", name="Try").click()
    expect(page.get_by_role("link", name="#12")).to_have_attribute("href", "https://tickets.example.com/12")


def test_a_bad_pattern_is_refused_in_the_dialog(open_page: Open) -> None:
    window = open_page("iago", "#organization/linkifiers")
    page = window.page
    page.get_by_role("button", name="Add a linkifier…").click()
    page.get_by_label("Pattern").fill("(")
    page.get_by_label("Address").fill("https://tickets.example.com/{id}")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Bad regular expression")
    window.troubles.clear()  # Chromium tells of the answer 400


def test_a_playground(open_page: Open) -> None:
    page = section(open_page, "playgrounds")
    page.get_by_role("button", name="Add a playground…").click()
    page.get_by_role("textbox", name="Name").fill("Sandbox")
    page.get_by_label("Language").fill("Python")
    page.get_by_label("Address").fill("https://play.example.com/?code={code}")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(row(page, "Sandbox")).to_contain_text("Python")
    page.get_by_role("button", name="Remove Sandbox").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("There are no playgrounds yet.")).to_be_visible()


def test_profile_fields_keep_the_keys_of_their_choices(open_page: Open, owner: Person) -> None:
    page = section(open_page, "profile-fields")
    page.get_by_role("button", name="Add a field…").click()
    page.get_by_label("Kind").select_option("One of several")
    page.get_by_role("textbox", name="Name").fill("Team")
    page.get_by_label("What can be chosen").fill("Alpha\nBeta")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(row(page, "Team")).to_be_visible()
    page.get_by_role("button", name="Change Team").click()
    page.get_by_label("What can be chosen").fill("Gamma\nBeta")
    page.get_by_label("Show it on cards").check()
    page.get_by_role("button", name="Save").click()
    expect(row(page, "Team")).to_contain_text("On cards")
    [field] = owner.ask("GET", "/realm/profile_fields")["custom_fields"]
    assert json.loads(field["field_data"]) == {
        "1": {"text": "Beta", "order": "2"},
        "2": {"text": "Gamma", "order": "1"},
    }


def test_default_channels(open_page: Open, owner: Person) -> None:
    owner.ask("POST", "/users/me/subscriptions", subscriptions=[{"name": "harbour"}])
    page = section(open_page, "default-channels")
    page.get_by_role("combobox", name="Add a channel").fill("harb")
    page.get_by_role("option", name="harbour").click()
    expect(row(page, "harbour").get_by_role("button")).to_be_visible()
    page.get_by_role("button", name="Take harbour out").click()
    expect(page.get_by_role("button", name="Take harbour out")).to_have_count(0)


@pytest.mark.parametrize(
    ("label", "name"),
    [("Enter sends", "enter_sends"), ("Channels: Mail", "enable_stream_email_notifications")],
)
def test_newcomers_begin_with_what_is_set(open_page: Open, owner: Person, label: str, name: str) -> None:
    page = section(open_page, "newcomers")
    page.get_by_label(label).check()
    until(lambda: owner.ask("POST", "/register")["realm_user_settings_defaults"][name] is True)


def test_an_export_is_made_and_downloaded(open_page: Open) -> None:
    page = section(open_page, "exports")
    page.get_by_role("button", name="Start an export…").click()
    expect(page.get_by_text("people allow that their private data is exported")).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".tar.gz")
    page.get_by_role("button", name="Delete the file").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(row(page, "Asked for by iago")).to_contain_text("Deleted")
