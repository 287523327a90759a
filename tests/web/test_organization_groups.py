"""Groups of people: making, joining and changing them."""

from typing import Any

from playwright.sync_api import expect

from tests.conftest import until
from tests.process.client import Person
from tests.web.conftest import Open
from tests.web.organization import row
from tests.web.window import Site


def make(person: Person, name: str, members: list[int], **settings: Any) -> int:
    asked = {"name": name, "description": "", "members": members, **settings}
    made: int = person.ask("POST", "/user_groups/create", **asked)["group_id"]
    return made


def group(person: Person, group_id: int) -> dict[str, Any]:
    listed = person.ask("GET", "/user_groups", include_deactivated_groups=True)["user_groups"]
    found: dict[str, Any] = next(each for each in listed if each["id"] == group_id)
    return found


def test_a_group_is_made_with_people(open_page: Open, owner: Person, site: Site) -> None:
    page = open_page("iago", "#groups/new").page
    page.get_by_role("textbox", name="Name").fill("sailors")
    page.get_by_role("combobox", name="Add people or groups").fill("haml")
    page.get_by_role("option", name="hamlet").click()
    page.get_by_role("button", name="Remove iago").click()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="sailors")).to_be_visible()
    expect(row(page, "hamlet")).to_be_visible()
    [made] = [each for each in owner.ask("GET", "/user_groups")["user_groups"] if each["name"] == "sailors"]
    assert made["members"] == [site.person("hamlet").user_id]


def test_people_and_groups_come_and_go(open_page: Open, owner: Person, site: Site) -> None:
    inner = make(owner, "stokers", [])
    made = make(owner, "engineers", [owner.user_id])
    page = open_page("iago", f"#groups/{made}/members").page
    for name in ("cordelia", "stokers"):
        page.get_by_role("combobox", name="Add people or groups").fill(name)
        page.get_by_role("option", name=name).click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("button", name="Take stokers out")).to_be_visible()
    expect(page.get_by_role("button", name="Take cordelia out")).to_be_visible()
    assert group(owner, made)["direct_subgroup_ids"] == [inner]
    page.get_by_role("button", name="Take stokers out").click()
    page.get_by_role("button", name="Take iago out").click()
    expect(page.get_by_role("button", name="Take iago out")).to_have_count(0)
    expect(page.get_by_role("button", name="Take stokers out")).to_have_count(0)
    assert group(owner, made)["members"] == [site.person("cordelia").user_id]


def test_members_join_and_leave_where_they_may(open_page: Open, owner: Person) -> None:
    make(owner, "choir", [], can_join_group=3)
    make(owner, "captains", [])
    page = open_page("hamlet", "#groups/all").page
    page.get_by_role("button", name="Join choir").click()
    expect(page.get_by_role("button", name="Leave choir")).to_be_visible()
    expect(page.get_by_role("button", name="Join captains")).to_have_count(0)
    page.get_by_role("dialog").get_by_role("link", name="Yours").click()
    expect(row(page, "choir")).to_be_visible()
    page.get_by_role("button", name="Leave choir").click()
    expect(row(page, "choir")).to_have_count(0)


def test_name_permissions_and_the_end_of_a_group(open_page: Open, owner: Person) -> None:
    made = make(owner, "mutineers", [])
    page = open_page("iago", f"#groups/{made}/general").page
    page.get_by_role("textbox", name="Name").fill("pirates")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="pirates")).to_be_visible()
    page.get_by_role("link", name="Permissions").click()
    page.get_by_label("Who may mention it").select_option("Nobody")
    until(lambda: group(owner, made)["can_mention_group"] == 8)
    page.get_by_role("link", name="About").click()
    page.get_by_role("button", name="Deactivate the group…").click()
    page.get_by_role("button", name="Deactivate", exact=True).click()
    expect(page.get_by_role("textbox", name="Name")).to_have_count(0)
    assert group(owner, made)["deactivated"] is True


def test_groups_of_roles_are_what_they_are(open_page: Open) -> None:
    page = open_page("iago", "#groups/7/general").page
    expect(page.get_by_role("heading", name="Owners")).to_be_visible()
    expect(row(page, "iago")).to_be_visible()
    expect(page.get_by_role("combobox", name="Add people or groups")).to_have_count(0)
    expect(page.get_by_role("link", name="Permissions")).to_have_count(0)
