"""The field for searching, with its suggestions."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.chatter import channel_id, join, write
from tests.web.columns import title
from tests.web.conftest import Open
from tests.web.window import Site


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search messages")


def suggested(page: Page, text: str) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option", name=text)


@pytest.fixture
def search(open_page: Open) -> Page:
    """Hamlet's page with the focus in the field."""
    page = open_page("hamlet", "#inbox").page
    page.keyboard.press("/")
    expect(field(page)).to_be_focused()
    return page


def test_words_are_searched_for(search: Page, site: Site) -> None:
    write(site, "cordelia", "general", "fruit", "A basket of pomegranates")
    search.keyboard.type("pomegranates")
    search.keyboard.press("Enter")
    expect(search.get_by_role("main").get_by_text("A basket of pomegranates")).to_be_visible()
    expect(title(search)).to_contain_text("pomegranates")
    expect(field(search)).to_have_value("pomegranates")


def test_an_operator_is_filled_in_and_then_a_person(search: Page, site: Site) -> None:
    search.keyboard.type("send")
    suggested(search, "Messages that somebody has sent").click()
    expect(field(search)).to_have_value("sender:")
    search.keyboard.type("cord")
    expect(suggested(search, "Sent by cordelia")).to_be_visible()
    search.keyboard.press("ArrowDown")
    search.keyboard.press("Enter")
    cordelia = site.person("cordelia").user_id
    expect(search).to_have_url(f"{site.server.url}/#narrow/sender/{cordelia}")


def test_topics_are_those_of_the_channel_before(search: Page, site: Site) -> None:
    join(site, "two words", "hamlet")
    write(site, "hamlet", "two words", "tea time")
    search.keyboard.type('channel:"two words" topic:te')
    suggested(search, "Topic tea time").click()
    expect(title(search)).to_have_text("two wordstea time")


def test_escape_leaves_it_as_it_was(search: Page) -> None:
    search.keyboard.type("nothing of the kind")
    search.keyboard.press("Escape")
    expect(search.get_by_role("listbox")).to_have_count(0)
    expect(field(search)).to_have_value("")
    expect(title(search)).to_have_text("Inbox")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("a b", [{"operator": "search", "operand": "a b"}]),
        (
            'a "b c" is:starred',
            [{"operator": "is", "operand": "starred"}, {"operator": "search", "operand": 'a "b c"'}],
        ),
        ("-has:link", [{"operator": "has", "operand": "link", "negated": True}]),
        ("from:me", [{"operator": "sender", "operand": "HAMLET"}]),
        ("dm:cordelia,me", [{"operator": "dm", "operand": ["CORDELIA", "HAMLET"]}]),
        ("STREAM:General", [{"operator": "channel", "operand": "GENERAL"}]),
        ("stream:nowhere", [{"operator": "channel", "operand": "nowhere"}]),
        ("http://example.com:80", [{"operator": "search", "operand": "http://example.com:80"}]),
        ("near:12", [{"operator": "near", "operand": 12}]),
        ('topic:"x', [{"operator": "topic", "operand": "x"}]),
        ("is:", []),
        ("  ", []),
    ],
)
def test_what_is_typed_is_understood(asked: "Asked", text: str, terms: list[dict[str, object]]) -> None:
    assert asked(f"it.toTerms({text!r})") == [asked.named(each) for each in terms]


@pytest.mark.parametrize(
    "text", ['channel:general topic:"long lunch"', "-is:starred", "dm:cordelia", "sender:me", 'a "b c"']
)
def test_terms_are_written_as_they_are_typed(asked: "Asked", text: str) -> None:
    assert asked(f"it.fromTerms(it.toTerms({text!r}))") == text


class Asked:
    """The module that reads and writes searches, on the page of Hamlet."""

    def __init__(self, open_page: Open, site: Site) -> None:
        self.window = open_page("hamlet", "#inbox")
        self.ids = {name.upper(): site.person(name).user_id for name in ("hamlet", "cordelia")}
        self.ids["GENERAL"] = channel_id(site, "general")

    def __call__(self, expression: str) -> object:
        return self.window.ask("navigation/search_text.js", expression)

    def named(self, term: dict[str, object]) -> dict[str, object]:
        """With the ids in place of names in capitals."""
        operand = term["operand"]
        known = (
            [self.ids[each] for each in operand]
            if isinstance(operand, list)
            else self.ids.get(str(operand), operand)
        )
        return {**term, "operand": known}


@pytest.fixture
def asked(open_page: Open, site: Site) -> Asked:
    return Asked(open_page, site)
