"""Who is in the organization, and who is invited: people, bots, invitations."""

from playwright.sync_api import expect

from tests.conftest import until
from tests.process.client import Person
from tests.web.conftest import Open
from tests.web.organization import row, section
from tests.web.window import Site


def test_people_are_found_and_changed(open_page: Open, owner: Person, site: Site) -> None:
    page = section(open_page, "people")
    page.get_by_role("searchbox", name="Find by name or address").fill("corD")
    expect(page.get_by_text("1 person")).to_be_visible()
    page.get_by_role("button", name="Manage cordelia").click()
    dialog = page.get_by_role("dialog", name="Manage cordelia")
    dialog.get_by_label("Name").fill("Cordelia of France")
    dialog.get_by_label("Role").select_option("Moderator")
    dialog.get_by_role("button", name="Save").click()
    expect(row(page, "Cordelia of France")).to_contain_text("Moderator")
    changed = owner.ask("GET", f"/users/{site.person('cordelia').user_id}")["user"]
    assert (changed["full_name"], changed["role"]) == ("Cordelia of France", 300)
    owner.ask("PATCH", f"/users/{changed['user_id']}", full_name="cordelia", role=400)
    expect(row(page, "cordelia")).not_to_contain_text("Moderator")


def test_somebody_goes_and_comes_back(open_page: Open, owner: Person) -> None:
    owner.ask("POST", "/users", email="guest@chat.test", full_name="Gertrude", password="longer than 8")
    page = section(open_page, "people")
    page.get_by_role("button", name="Manage Gertrude").click()
    page.get_by_role("button", name="Deactivate…").click()
    page.get_by_role("button", name="Deactivate", exact=True).click()
    expect(row(page, "Gertrude")).to_have_count(0)
    page.get_by_label("Role").select_option("Deactivated")
    row(page, "Gertrude").get_by_role("button", name="Reactivate").click()
    expect(row(page, "Gertrude")).to_have_count(0)
    page.get_by_label("Role").select_option("Members")
    expect(row(page, "Gertrude")).to_be_visible()


def test_a_link_signs_somebody_in(open_page: Open, site: Site) -> None:
    page = section(open_page, "people")
    page.get_by_role("button", name="Manage othello").click()
    page.get_by_role("button", name="Make a link to sign in…").click()
    dialog = page.get_by_role("dialog", name="A link for othello")
    assert dialog.get_by_label("Link", exact=True).input_value().startswith(f"{site.server.url}/login/")


def test_the_profile_of_others_is_filled_in(open_page: Open, owner: Person, site: Site) -> None:
    field = owner.ask("POST", "/realm/profile_fields", field_type=1, name="Rank")["id"]
    page = section(open_page, "people")
    page.get_by_role("button", name="Manage othello").click()
    page.get_by_role("button", name="Profile…").click()
    rank = page.get_by_role("dialog", name="Profile of othello").get_by_label("Rank")
    rank.fill("General")
    rank.press("Tab")
    asked = f"/users/{site.person('othello').user_id}"
    said = {str(field): {"value": "General", "rendered_value": "<p>General</p>"}}
    until(lambda: owner.ask("GET", asked, include_custom_profile_fields=True)["user"]["profile_data"] == said)


def test_guests_see_neither_people_nor_invitations(open_page: Open, owner: Person, site: Site) -> None:
    guest = f"/users/{site.person('othello').user_id}"
    owner.ask("PATCH", guest, role=600)
    page = section(open_page, "people", "othello")
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    for name in ("People", "Invitations", "Bots", "Exports"):
        expect(page.get_by_role("dialog").get_by_role("link", name=name)).to_have_count(0)
    owner.ask("PATCH", guest, role=400)


def test_members_manage_nobody(open_page: Open) -> None:
    page = section(open_page, "people", "hamlet")
    expect(row(page, "cordelia")).to_be_visible()
    expect(page.get_by_role("button", name="Manage")).to_have_count(0)


def test_bots_of_others_are_managed_by_administrators(open_page: Open, site: Site) -> None:
    site.person("hamlet").ask("POST", "/bots", full_name="Ghost", short_name="ghost")
    page = section(open_page, "bots")
    expect(row(page, "Ghost")).to_contain_text("of hamlet")
    page.get_by_role("button", name="Change Ghost").click()
    page.get_by_label("Owner").select_option("othello")
    page.get_by_role("button", name="Save").click()
    expect(row(page, "Ghost")).to_contain_text("of othello")
    page.get_by_role("button", name="Deactivate Ghost").click()
    page.get_by_role("button", name="Deactivate", exact=True).click()
    expect(row(page, "Ghost")).to_contain_text("Deactivated")


# -- invitations


def test_a_link_to_join_is_made_and_taken_back(open_page: Open, owner: Person) -> None:
    page = section(open_page, "invitations")
    page.get_by_role("button", name="Make a link…").click()
    page.get_by_label("They join as").select_option("Guest")
    page.get_by_label("Good for").select_option("ever")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_role("dialog", name="The link").get_by_label("Link", exact=True).input_value()
    [invite] = owner.ask("GET", "/invites")["invites"]
    assert (invite["link_url"], invite["invited_as"], invite["expiry_date"]) == (link, 600, None)
    page.keyboard.press("Escape")
    expect(row(page, link)).to_contain_text("good for ever")
    page.get_by_role("button", name="Take back the link").click()
    page.get_by_role("button", name="Take back", exact=True).click()
    expect(page.get_by_text("Nobody is invited at the moment.")).to_be_visible()


def test_people_are_invited_by_mail(open_page: Open, owner: Person) -> None:
    page = section(open_page, "invitations")
    page.get_by_role("button", name="Invite by mail…").click()
    page.get_by_label("Addresses").fill("ann@ships.example\nBob <bob@ships.example>")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(row(page, "bob@ships.example")).to_contain_text("by iago")
    page.get_by_role("button", name="Take back ann@ships.example").click()
    page.get_by_role("button", name="Take back", exact=True).click()
    expect(row(page, "ann@ships.example")).to_have_count(0)
    assert [each["email"] for each in owner.ask("GET", "/invites")["invites"]] == ["bob@ships.example"]
