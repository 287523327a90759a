"""Writing messages in the page: the box, the editor, drafts, uploads, and what is sent later."""

import json
import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import until
from tests.process.client import Person
from tests.web.conftest import Open
from tests.web.window import PHONE, Site, Window


def place(topic: str) -> str:
    return f"#narrow/channel/1-general/topic/{topic}"


def text_of(window: Window) -> Locator:
    return window.page.get_by_role("textbox", name="Message", exact=True)


def written(site: Site, name: str, narrow: list[dict[str, Any]]) -> list[str]:
    """The Markdown of the last messages that somebody sees there."""
    found = site.person(name).call(
        "GET", "/messages", anchor="newest", num_before=20, num_after=0, narrow=narrow, apply_markdown=False
    )
    return [each["content"] for each in found.body["messages"]]


def begin(window: Window) -> None:
    """Open the box where it goes to what is read."""
    window.page.keyboard.press("c")
    expect(text_of(window)).to_be_focused()


def having(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text))


def in_topic(topic: str) -> list[dict[str, Any]]:
    return [{"operator": "channel", "operand": "general"}, {"operator": "topic", "operand": topic}]


topics = (f"t{number}" for number in count())


@pytest.fixture
def topic() -> str:
    """One that nobody has written in yet."""
    return next(topics)


@pytest.fixture
def window(open_page: Open, topic: str) -> Window:
    """Hamlet's page, with the box open in #general > `topic`."""
    window = open_page("hamlet", place(topic))
    window.page.get_by_role("button", name=f"Message #general > {topic}").click()
    expect(text_of(window)).to_be_focused()
    return window


# -- sending


def test_control_enter_sends_and_the_box_is_ready_for_the_next(
    window: Window, site: Site, topic: str
) -> None:
    text_of(window).fill("Soup or **salad**?")
    text_of(window).press("Control+Enter")
    expect(window.page.get_by_role("main").locator("strong", has_text="salad")).to_be_visible()
    expect(text_of(window)).to_have_value("")
    expect(text_of(window)).to_be_focused()
    assert written(site, "cordelia", in_topic(topic)) == ["Soup or **salad**?"]


def test_enter_sends_for_who_has_set_that(open_page: Open, site: Site) -> None:
    assert site.person("othello").call("PATCH", "/settings", enter_sends=True).status == 200
    window = open_page("othello", "#narrow/channel/1-general/topic/enter")
    begin(window)
    window.page.keyboard.type("one")
    window.page.keyboard.press("Shift+Enter")
    window.page.keyboard.type("two")
    window.page.keyboard.press("Enter")
    expect(text_of(window)).to_have_value("")
    until(lambda: written(site, "cordelia", in_topic("enter")) == ["one\ntwo"])


def test_a_direct_message_to_two_people(open_page: Open, site: Site) -> None:
    page = open_page("hamlet", "#inbox").page
    page.keyboard.press("x")
    people = page.get_by_role("combobox", name="Add people")
    for name in ("cordelia", "othello"):
        people.press_sequentially(name[:3])
        expect(page.get_by_role("option", name=name)).to_be_visible()
        people.press("Enter")
        expect(page.get_by_role("button", name=f"Remove {name}")).to_be_visible()
    people.press("Enter")
    page.keyboard.type("Secret")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").get_by_text("Sent to cordelia, othello")).to_be_visible()
    ids = [site.person(name).user_id for name in ("hamlet", "cordelia")]
    until(lambda: written(site, "othello", [{"operator": "dm", "operand": ids}]) == ["Secret"])


def test_a_topic_is_chosen_where_a_whole_channel_is_read(open_page: Open, site: Site) -> None:
    page = open_page("hamlet", "#narrow/channel/1-general").page
    page.get_by_role("button", name="Message #general", exact=True).click()
    expect(page.get_by_role("combobox", name="Topic")).to_be_focused()
    page.keyboard.type("plans")
    page.keyboard.press("Enter")
    page.keyboard.type("Friday?")
    page.keyboard.press("Control+Enter")
    until(lambda: written(site, "cordelia", in_topic("plans")) == ["Friday?"])


def test_nothing_is_sent_to_nobody(open_page: Open) -> None:
    page = open_page("hamlet", "#inbox").page
    page.keyboard.press("x")
    page.get_by_role("textbox", name="Message", exact=True).fill("Hello?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_have_text("Choose where to send it.")
    expect(page.get_by_role("combobox", name="Add people")).to_be_focused()


def test_too_long_a_text_is_not_sent(window: Window) -> None:
    text_of(window).fill("a" * 9_900)
    expect(window.page.get_by_text("100 letters left")).to_be_visible()
    text_of(window).fill("a" * 10_001)
    expect(window.page.get_by_text("1 letters too many")).to_be_visible()
    text_of(window).press("Control+Enter")
    expect(window.page.get_by_role("alert")).to_have_text("The message is too long.")
    expect(text_of(window)).not_to_have_value("")


# -- the editor


SUGGESTIONS = [
    ("Hi @cor", "cordelia", "Hi @**cordelia** "),
    ("Hi @_cor", "cordelia", "Hi @_**cordelia** "),
    ("@al", "all", "@**all** "),
    ("See #gen", "general", "See #**general** "),
    ("#**general>tea", "general > tea", "#**general>tea** "),
    ("Fine :thumbs_u", "thumbs up", "Fine :thumbs_up: "),
    ("```pyt", "python", "```python\n"),
    ("/m", "/me", "/me "),
]


def test_suggestions(window: Window, site: Site) -> None:
    said = {"type": "channel", "to": "general", "topic": "tea", "content": "Earl Grey"}
    site.person("cordelia").call("POST", "/messages", **said)
    option = window.page.get_by_role("option").first
    for typed, offered, becomes in SUGGESTIONS:
        text_of(window).fill("")
        window.page.keyboard.type(typed)
        expect(option).to_contain_text(offered)
        expect(option).to_have_attribute("aria-selected", "true")
        window.page.keyboard.press("Enter")
        expect(text_of(window)).to_have_value(becomes)
        expect(option).to_be_hidden()


def test_a_channel_goes_on_with_its_topics(window: Window, site: Site) -> None:
    said = {"type": "channel", "to": "general", "topic": "milk", "content": "Oat"}
    site.person("cordelia").call("POST", "/messages", **said)
    expect(window.page.get_by_role("link", name="milk 1 unread")).to_be_visible()
    window.page.keyboard.type("#gen")
    expect(window.page.get_by_role("option").first).to_contain_text("general")
    window.page.keyboard.type(">mil")
    expect(window.page.get_by_role("option").first).to_contain_text("general > milk")
    window.page.keyboard.press("Tab")
    expect(text_of(window)).to_have_value("#**general>milk** ")


def test_in_code_nothing_is_suggested(window: Window) -> None:
    window.page.keyboard.type("`@cor")
    window.page.keyboard.type("` @co")
    expect(window.page.get_by_role("option")).to_have_count(1)
    window.page.keyboard.press("Escape")
    window.page.keyboard.type("`@co")
    expect(text_of(window)).to_have_value("`@cor` @co`@co")
    expect(window.page.get_by_role("option")).to_have_count(0)


def test_escape_closes_first_the_suggestions_then_the_box(window: Window) -> None:
    window.page.keyboard.type("@co")
    expect(window.page.get_by_role("option").first).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(window.page.get_by_role("option")).to_have_count(0)
    expect(text_of(window)).to_be_focused()
    window.page.keyboard.press("Escape")
    expect(text_of(window)).to_be_hidden()
    expect(window.page.get_by_role("main")).to_be_focused()
    expect(window.page.get_by_role("button", name="Draft @co")).to_be_visible()


FORMATS = [
    ("Control+b", "tea", "**tea**"),
    ("Control+b", "**tea**", "tea"),
    ("Control+i", "**tea**", "***tea***"),
    ("Control+Shift+L", "tea", "[tea](https://)"),
    ("Control+Shift+C", "tea\nmilk", "```\ntea\nmilk\n```"),
    ("Control+Shift+Digit8", "tea\nmilk", "- tea\n- milk"),
    ("Control+Shift+Digit8", "- tea\n- milk", "tea\nmilk"),
    ("Control+Shift+Digit9", "```\ntea\n```", "````quote\n```\ntea\n```\n````"),
]


def test_formats_and_taking_them_back(window: Window) -> None:
    for keys, before, after in FORMATS:
        text_of(window).fill(before)
        text_of(window).press("Control+a")
        text_of(window).press(keys)
        expect(text_of(window)).to_have_value(after)
        text_of(window).press("Control+z")
        expect(text_of(window)).to_have_value(before)


def test_lists_go_on_at_the_next_line(window: Window) -> None:
    window.page.keyboard.type("9. tea")
    window.page.keyboard.press("Enter")
    window.page.keyboard.type("milk")
    window.page.keyboard.press("Enter")
    window.page.keyboard.press("Enter")
    expect(text_of(window)).to_have_value("9. tea\n10. milk\n")


def test_a_preview_shows_what_the_message_will_be(window: Window) -> None:
    text_of(window).fill("**bold** @**cordelia**")
    window.page.get_by_role("button", name="Preview").click()
    preview = window.page.get_by_role("region", name="Preview")
    expect(preview.locator("strong")).to_have_text("bold")
    expect(window.page.get_by_role("button", name="Bold")).to_be_disabled()
    window.page.get_by_role("button", name="Preview").click()
    expect(text_of(window)).to_be_focused()
    expect(text_of(window)).to_have_value("**bold** @**cordelia**")


def test_a_poll_is_put_together(window: Window) -> None:
    window.page.keyboard.type("/po")
    expect(window.page.get_by_role("option", name="/poll")).to_be_visible()
    window.page.keyboard.press("Tab")
    dialog = window.page.get_by_role("dialog", name="Poll")
    dialog.get_by_label("Question").fill("Lunch?")
    dialog.get_by_label("Option 1").fill("Pizza")
    dialog.get_by_label("Option 3").fill("Soup")
    expect(dialog.get_by_label("Option 4")).to_be_visible()
    dialog.get_by_role("button", name="Insert").click()
    expect(text_of(window)).to_have_value("/poll Lunch?\n- Pizza\n- Soup")


def test_an_emoji_is_chosen_with_the_keyboard(window: Window) -> None:
    window.page.get_by_role("button", name="Insert an emoji").click()
    picker = window.page.get_by_role("dialog", name="Choose an emoji")
    expect(picker.get_by_role("group", name="Food")).to_be_attached()
    expect(picker.get_by_role("searchbox")).to_be_focused()
    window.page.keyboard.type("octop")
    expect(picker.get_by_role("button")).to_have_count(1)
    window.page.keyboard.press("ArrowDown")
    expect(picker.get_by_role("button", name="octopus")).to_be_focused()
    window.page.keyboard.press("Enter")
    expect(text_of(window)).to_have_value(":octopus: ")
    window.page.get_by_role("button", name="Insert an emoji").click()
    recent = picker.get_by_role("group", name="Recent").get_by_role("button")
    expect(recent.first).to_have_accessible_name("octopus")


# -- files

GIVE = """(element, {by, name, size}) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(size)], name));
  const options = {bubbles: true, cancelable: true};
  element.dispatchEvent(by === "drop"
    ? new DragEvent("drop", {dataTransfer: data, ...options})
    : new ClipboardEvent("paste", {clipboardData: data, ...options}));
}"""


def test_a_file_is_uploaded_and_linked(window: Window, site: Site, tmp_path: Path) -> None:
    (tmp_path / "menü [1].txt").write_text("Soup")
    window.page.get_by_label("Files to upload").set_input_files(tmp_path / "menü [1].txt")
    expect(text_of(window)).to_have_value(having("[menü _1_.txt](/user_uploads/"))
    text_of(window).press("Control+Enter")
    expect(window.page.get_by_role("main").get_by_role("link", name="menü _1_.txt")).to_be_visible()


def test_while_a_file_is_uploaded_one_writes_on_and_can_cancel(window: Window, tmp_path: Path) -> None:
    window.page.route("**/user_uploads", lambda route: None)  # it gets no answer
    (tmp_path / "big.bin").write_bytes(b"\0" * 1000)
    window.page.get_by_label("Files to upload").set_input_files(tmp_path / "big.bin")
    expect(window.page.get_by_role("progressbar", name="Uploading big.bin")).to_be_visible()
    window.page.keyboard.type("and this")
    text_of(window).press("Control+Enter")
    expect(window.page.get_by_role("alert")).to_have_text("A file is still being uploaded.")
    window.page.get_by_role("button", name="Cancel big.bin").click()
    expect(text_of(window)).to_have_value("and this")


def test_a_file_that_is_pasted_or_dropped(window: Window) -> None:
    text_of(window).evaluate(GIVE, {"by": "paste", "name": "a.txt", "size": 1})
    expect(text_of(window)).to_have_value(having("[a.txt](/user_uploads/"))
    window.page.get_by_role("main").evaluate(GIVE, {"by": "drop", "name": "b.txt", "size": 1})
    expect(text_of(window)).to_have_value(having("[b.txt](/user_uploads/"))


def test_too_large_a_file_is_refused_before_it_is_sent(window: Window) -> None:
    text_of(window).evaluate(GIVE, {"by": "paste", "name": "film.mkv", "size": 26 * 2**20})
    said = "film.mkv is too large: up to 25 MiB can be uploaded."
    expect(window.page.get_by_role("alert")).to_have_text(said)
    expect(text_of(window)).to_have_value("")


# -- later, and again


def test_a_message_is_sent_later(window: Window, site: Site, topic: str) -> None:
    text_of(window).fill("Good morning")
    window.page.get_by_role("button", name="Send later").click()
    dialog = window.page.get_by_role("dialog", name="Send later")
    dialog.get_by_label("Or at").fill("2001-01-01T09:00")
    dialog.get_by_role("button", name="Schedule").click()
    expect(dialog.get_by_role("alert").last).to_contain_text("five minutes")
    dialog.get_by_role("button", name="Tomorrow morning").click()
    expect(text_of(window)).to_have_value("")
    (waiting,) = site.person("hamlet").call("GET", "/scheduled_messages").body["scheduled_messages"]
    assert (waiting["content"], waiting["topic"]) == ("Good morning", topic)


def test_texts_are_saved_and_inserted(window: Window) -> None:
    text_of(window).fill("See you at noon.")
    more = window.page.get_by_role("button", name="More", exact=True)
    more.click()
    window.page.get_by_role("menuitem", name="Saved texts…").click()
    window.page.get_by_role("button", name="Save a text…").click()
    dialog = window.page.get_by_role("dialog", name="Save a text")
    dialog.get_by_label("Name").fill("Noon")
    dialog.get_by_role("button", name="Save", exact=True).click()
    texts = window.page.get_by_role("dialog", name="Saved texts")
    expect(texts.get_by_role("button", name="Noon See you at noon.")).to_be_visible()
    texts.get_by_role("button", name="Close").click()
    text_of(window).fill("")
    more.click()
    window.page.get_by_role("menuitem", name="Saved texts…").click()
    texts.get_by_role("button", name="Noon See you at noon.").click()
    expect(text_of(window)).to_have_value("See you at noon.")


# -- drafts


def kept(person: Person) -> list[str]:
    """The drafts that the server has."""
    return [each["content"] for each in person.call("GET", "/drafts").body["drafts"]]


def test_a_draft_outlives_the_page_and_is_gone_once_it_is_sent(open_page: Open, site: Site) -> None:
    window = open_page("cordelia", "#narrow/channel/1-general/topic/drafts")
    begin(window)
    window.page.keyboard.type("Half a tho")
    window.page.reload()
    opener = window.page.get_by_role("button", name="Draft Half a tho")
    opener.click()
    expect(text_of(window)).to_have_value("Half a tho")
    cordelia = site.person("cordelia")
    until(lambda: kept(cordelia) == ["Half a tho"])
    text_of(window).press("End")
    window.page.keyboard.type("ught")
    text_of(window).press("Control+Enter")
    until(lambda: kept(cordelia) == [])
    until(lambda: written(site, "hamlet", in_topic("drafts")) == ["Half a thought"])


def test_each_conversation_has_its_own_draft(window: Window, topic: str) -> None:
    text_of(window).fill("for lunch")
    window.page.evaluate("hash => { location.hash = hash; }", place("dinner"))
    expect(window.page.get_by_role("combobox", name="Topic")).to_have_value("dinner")
    expect(text_of(window)).to_have_value("")
    window.page.evaluate("hash => { location.hash = hash; }", place(topic))
    expect(text_of(window)).to_have_value("for lunch")


def test_another_tab_sees_the_draft_and_that_it_was_thrown_away(open_page: Open) -> None:
    window = open_page("othello", "#narrow/channel/1-general/topic/tabs")
    other = window.new_tab()
    other.goto(f"{window.site.server.url}/#narrow/channel/1-general/topic/tabs")
    begin(window)
    window.page.keyboard.type("In two places")
    expect(other.get_by_role("button", name="Draft In two places")).to_be_visible()
    text_of(window).fill("")
    expect(other.get_by_role("button", name="Message #general > tabs")).to_be_visible()


# -- what is said before


def test_who_is_not_in_a_channel_is_told_and_can_join(open_page: Open, site: Site) -> None:
    iago = site.person("iago")
    iago.call("POST", "/users/me/subscriptions", subscriptions=[{"name": "aside"}])
    stream_id = iago.call("GET", "/get_stream_id", stream="aside").body["stream_id"]
    page = open_page("hamlet", f"#narrow/channel/{stream_id}-aside/topic/x").page
    page.get_by_role("button", name="Message #aside > x").click()
    hint = page.get_by_text("You are not subscribed to #aside")
    expect(hint).to_be_visible()
    page.get_by_role("button", name="Subscribe", exact=True).last.click()
    expect(hint).to_be_hidden()


def test_who_is_mentioned_and_does_not_read_the_channel_can_be_added(open_page: Open, site: Site) -> None:
    hamlet, cordelia = site.person("hamlet"), site.person("cordelia")
    hamlet.call("POST", "/users/me/subscriptions", subscriptions=[{"name": "corner"}])
    stream_id = hamlet.call("GET", "/get_stream_id", stream="corner").body["stream_id"]
    window = open_page("hamlet", f"#narrow/channel/{stream_id}-corner/topic/x")
    begin(window)
    text_of(window).fill("@**cordelia** and @_**othello**: look")
    hint = window.page.get_by_text("cordelia is not in #corner")
    expect(hint).to_be_visible()
    window.page.get_by_role("button", name="Add", exact=True).click()
    expect(hint).to_be_hidden()
    assert cordelia.call("GET", "/get_stream_id", stream="corner").status == 200
    members = hamlet.call("GET", f"/streams/{stream_id}/members").body["subscribers"]
    assert sorted(members) == sorted([hamlet.user_id, cordelia.user_id])


def test_a_message_is_quoted_as_it_was_written(window: Window, site: Site, topic: str) -> None:
    said = {"type": "channel", "to": "general", "topic": topic, "content": "```\ncode\n```"}
    cordelia = site.person("cordelia")
    message_id = cordelia.call("POST", "/messages", **said).body["id"]
    window.page.keyboard.type("Hm")
    message = {"id": message_id, "sender_id": cordelia.user_id, "type": "stream", "stream_id": 1}
    asked = {"quote": {"message": {**message, "subject": topic}}}
    window.ask("compose/compose.js", f"it.open({json.dumps(asked)})")
    near = f"{site.server.url}/#narrow/channel/1-general/topic/{topic}/near/{message_id}"
    quoted = "````quote\n```\ncode\n```\n````"
    expect(text_of(window)).to_have_value(
        f"Hm\n@_**cordelia|{cordelia.user_id}** [said]({near}):\n{quoted}\n"
    )


def test_many_are_only_mentioned_by_who_means_it(open_page: Open, site: Site) -> None:
    iago = site.person("iago")
    for number in range(13):
        new = {"email": f"crowd{number}@chat.test", "full_name": f"Crowd {number}"}
        assert iago.call("POST", "/users", **new).status == 200
    window = open_page("iago", "#narrow/channel/1-general/topic/all")
    begin(window)
    text_of(window).fill("@**all** hear!")
    text_of(window).press("Control+Enter")
    dialog = window.page.get_by_role("dialog", name="Mention 17 people?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(text_of(window)).to_have_value("@**all** hear!")
    text_of(window).press("Control+Enter")
    dialog.get_by_role("button", name="Send").click()
    until(lambda: written(site, "hamlet", in_topic("all")) == ["@**all** hear!"])
    hamlet = open_page("hamlet", "#narrow/channel/1-general/topic/all")
    begin(hamlet)
    text_of(hamlet).fill("@**all** me too")
    text_of(hamlet).press("Control+Enter")
    said = "You may not mention @all in a channel of 17 people."
    expect(hamlet.page.get_by_role("alert")).to_have_text(said)


def test_on_a_phone_all_is_large_enough_to_be_touched(open_page: Open) -> None:
    page = open_page("hamlet", place("phone"), size=PHONE).page
    page.get_by_role("button", name="Message #general > phone").click()
    expect(page.get_by_role("toolbar", name="Writing")).to_be_visible()
    boxes = [each.bounding_box() for each in page.locator("#compose button:visible").all()]
    assert len(boxes) > 5
    assert min(min(box["width"], box["height"]) for box in boxes if box) >= 36
