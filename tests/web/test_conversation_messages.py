"""One message: how its text is shown, and what can be done with it."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import until
from tests.web.conftest import Open
from tests.web.talk import CHANNEL, Channel, article, make_channel
from tests.web.window import DEADLINE, PHONE, Site

HEIGHTS = "(all) => all.map((each) => each.getBoundingClientRect().height)"


@pytest.fixture(scope="module")
def channel(site: Site) -> Channel:
    return make_channel(site)


def show(open_page: Open, channel: Channel, topic: str, content: str, **how: Any) -> tuple[Page, Locator]:
    """The page with one message of Cordelia's in a topic of its own, and that message."""
    sent = channel.say("cordelia", topic, content)
    page = open_page("hamlet", channel.hash(topic), **how).page
    message = page.locator(f"#message-{sent}")
    expect(message).to_be_visible()
    return page, message


def told(channel: Channel, message: Locator) -> dict[str, Any]:
    """What the server has of it, for Hamlet."""
    message_id = message.get_attribute("data-id")
    found: dict[str, Any] = channel.site.person("hamlet").ask("GET", f"/messages/{message_id}")["message"]
    return found


def height_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["height"]


def choose(page: Page, message: Locator) -> None:
    """By the keyboard, as the only message that there is."""
    page.keyboard.press("j")
    expect(message).to_be_focused()


# -- how its text is shown


def test_a_spoiler_opens_and_stays_open_when_somebody_reacts(open_page: Open, channel: Channel) -> None:
    page, message = show(open_page, channel, "spoiler", "````spoiler The end\nthe butler\n````")
    expect(page.get_by_text("the butler")).to_be_hidden()
    button = message.get_by_role("button", name="The end")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    message_id = message.get_attribute("data-id")
    channel.site.person("othello").ask("POST", f"/messages/{message_id}/reactions", emoji_name="tada")
    expect(message.get_by_role("button", name="othello reacted with :tada:")).to_be_visible()
    expect(page.get_by_text("the butler")).to_be_visible()


def test_times_are_the_readers(open_page: Open, channel: Channel) -> None:
    _, message = show(open_page, channel, "times", "<time:2026-03-01T12:00:00Z>")
    expect(message.locator(".message-content time")).to_have_text(re.compile(r"1 March 2026.*1:00"))


def test_mentions_of_oneself_stand_out_and_open_a_card(open_page: Open, channel: Channel) -> None:
    page, message = show(open_page, channel, "mentions", "@**hamlet** and @_**othello**")
    expect(message).to_have_class(re.compile("mentioned"))
    expect(message.locator(".mine")).to_have_text("@hamlet")
    message.get_by_role("button", name="othello", exact=True).click()
    expect(page.get_by_role("dialog", name="othello")).to_be_visible()


def test_links_lead_to_places_of_the_page_and_others_away_from_it(open_page: Open, channel: Channel) -> None:
    _, message = show(open_page, channel, "links", f"#**{CHANNEL}>links** and https://example.com/x")
    away = message.get_by_role("link", name="https://example.com/x")
    expect(away).to_have_attribute("target", "_blank")
    expect(away).to_have_attribute("rel", "noopener noreferrer")
    inside = message.get_by_role("link", name=f"#{CHANNEL} > links")
    expect(inside).to_have_attribute("href", re.compile("^#narrow/channel/"))


def test_code_says_its_language_and_is_copied(open_page: Open, channel: Channel) -> None:
    page, message = show(open_page, channel, "code", "```python\nx = 1\n```")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect(message.get_by_text("Python")).to_be_attached()
    message.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "x = 1\n"


def test_cells_are_aligned_without_breaking_the_policy(open_page: Open, channel: Channel) -> None:
    _, message = show(open_page, channel, "table", "| a | b |\n|--|--:|\n| 1 | 2 |")
    expect(message.get_by_role("cell", name="2")).to_have_css("text-align", "right")


def test_a_text_that_looks_like_a_style_stays_as_it_is(open_page: Open, channel: Channel) -> None:
    text = 'a style="x" b'
    _, message = show(open_page, channel, "styles", f"{text}\n\n| a | b |\n|--|--:|\n| 1 | 2 |")
    expect(message.get_by_text(text)).to_be_visible()


def test_me_stands_for_the_senders_name(open_page: Open, channel: Channel) -> None:
    _, message = show(open_page, channel, "me", "/me waves")
    expect(message.locator(".message-content")).to_have_text("waves")


def test_tex_is_shown_as_it_is_written(open_page: Open, channel: Channel) -> None:
    _, message = show(open_page, channel, "tex", "so $$x^2$$ it is")
    expect(message.locator(".message-content")).to_have_text("so x^2 it is")


def test_words_that_were_searched_for_are_marked(open_page: Open, channel: Channel) -> None:
    """Also in a message that is known already."""
    page, message = show(open_page, channel, "search", "a zebra in the garden")
    page.evaluate("location.hash = '#narrow/search/zebra'")
    expect(message.locator(".highlight")).to_have_text("zebra")


def test_alert_words_are_marked(open_page: Open, channel: Channel) -> None:
    hamlet = channel.site.person("hamlet")
    hamlet.ask("POST", "/users/me/alert_words", alert_words=["lunch+"])
    try:
        _, message = show(open_page, channel, "alert", "the lunch+ is here, `lunch+` is not")
        expect(message.locator("mark")).to_have_text("lunch+")
    finally:
        hamlet.ask("DELETE", "/users/me/alert_words", alert_words=["lunch+"])


def test_a_message_of_very_many_lines_is_shown_in_part(open_page: Open, channel: Channel) -> None:
    _, message = show(open_page, channel, "tall", "x\n" * 10_000)  # the server cuts it short
    assert height_of(message) < 600
    message.get_by_role("button", name="Show more").click()
    expect(message.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
    assert height_of(message) > 20_000


SCRIPTS = [
    "<script>document.title = 'owned'</script>",
    "<img src=x onerror=\"document.title = 'owned'\">",
    "[x](javascript:document.title='owned')",
    "[x](data:text/html,<script>parent.document.title='owned'</script>)",
    "<a href=\"javascript:document.title='owned'\">x</a>",
    "<svg onload=\"document.title = 'owned'\">",
    "<iframe srcdoc=\"<script>parent.document.title='owned'</script>\">",
    "$$<img src=x onerror=document.title='owned'>$$",
    "```\"><script>document.title='owned'</script>\nx\n```",
]


def test_no_script_runs(open_page: Open, channel: Channel) -> None:
    for each in SCRIPTS:
        channel.say("cordelia", "scripts", each)
    page, _ = show(open_page, channel, "scripts", "the end")
    for link in page.locator(".message-content a").all():
        assert (link.get_attribute("href") or "").startswith(("http", "#", "/", "mailto:"))
    assert "owned" not in page.title()
    assert page.locator(".message-content :is(script, iframe, svg:not(.icon))").count() == 0


def test_pictures_open_and_are_walked_through_by_keys(open_page: Open, channel: Channel) -> None:
    page, message = show(
        open_page, channel, "pictures", "[first](/static/icon.png?1)\n\n[second](/static/icon.png)"
    )
    message.get_by_role("link", name="second").last.click()
    dialog = page.get_by_role("dialog", name="Picture")
    expect(dialog.get_by_role("img", name="second")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(dialog.get_by_role("img", name="first")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


# -- polls and lists of things to do


def test_one_votes_in_a_poll_and_adds_to_it(open_page: Open, channel: Channel) -> None:
    _, message = show(open_page, channel, "poll", "/poll Where to?\n- Pizza\n- Sushi")
    message.get_by_role("button", name="Pizza: 0 votes").click()
    expect(message.get_by_role("button", name="Pizza: 1 votes")).to_have_attribute("aria-pressed", "true")
    message.get_by_label("New option").fill("Soup")
    message.get_by_role("button", name="Add", exact=True).click()
    message.get_by_role("button", name="Soup: 0 votes").click()
    expect(message.get_by_role("button", name="Soup: 1 votes")).to_be_visible()
    message.get_by_role("button", name="Pizza: 1 votes").click()
    expect(message.get_by_role("button", name="Pizza: 0 votes")).to_be_visible()


def test_tasks_are_ticked_off(open_page: Open, channel: Channel) -> None:
    _, message = show(open_page, channel, "todo", "/todo Shopping\n- Milk\n- Bread")
    new = message.get_by_label("New task")
    message.get_by_label("Milk").check()
    new.fill("Salt")
    new.press("Enter")
    message.get_by_label("Salt").check()
    until(lambda: len(told(channel, message)["submessages"]) == 4)
    expect(message.get_by_label("Milk")).to_be_checked()
    expect(message.get_by_label("Salt")).to_be_checked()
    expect(message.get_by_label("Bread")).not_to_be_checked()


def test_what_is_typed_into_a_list_stays_when_others_tick_it_off(open_page: Open, channel: Channel) -> None:
    _, message = show(open_page, channel, "todo-typed", "/todo Shopping\n- Milk\n- Bread")
    new = message.get_by_label("New task")
    new.fill("half a wo")
    strike = json.dumps({"type": "strike", "key": "1,canned"})
    asked = {"message_id": told(channel, message)["id"], "msg_type": "widget", "content": strike}
    channel.site.person("othello").ask("POST", "/submessage", **asked)
    expect(message.get_by_label("Bread")).to_be_checked()
    expect(new).to_have_value("half a wo")
    expect(new).to_be_focused()


# -- what can be done with it


def test_reactions_are_joined_and_taken_back(open_page: Open, channel: Channel) -> None:
    _, message = show(open_page, channel, "react", "well?")
    message_id = message.get_attribute("data-id")
    channel.site.person("othello").ask("POST", f"/messages/{message_id}/reactions", emoji_name="tada")
    message.get_by_role("button", name="othello reacted with :tada:").click()
    mine = message.get_by_role("button", name="You and othello reacted with :tada:")
    expect(mine).to_have_attribute("aria-pressed", "true")
    mine.click()
    expect(message.get_by_role("button", name="othello reacted with :tada:", exact=True)).to_have_attribute(
        "aria-pressed", "false"
    )


def test_a_reaction_is_picked(open_page: Open, channel: Channel) -> None:
    page, message = show(open_page, channel, "pick", "well?")
    message.hover()
    message.get_by_role("button", name="Add a reaction").click()
    picker = page.get_by_role("dialog", name="Choose an emoji")
    picker.get_by_role("searchbox").fill("octopus")
    picker.get_by_role("button", name="octopus").click()
    expect(message.get_by_role("button", name="You reacted with :octopus:")).to_be_visible()


@pytest.mark.parametrize(("key", "flag"), [("Control+s", "starred"), ("-", "collapsed")])
def test_keys_set_flags_and_take_them_back(open_page: Open, channel: Channel, key: str, flag: str) -> None:
    page, message = show(open_page, channel, f"flag-{flag}", "words")
    choose(page, message)
    page.keyboard.press(key)
    until(lambda: flag in told(channel, message)["flags"])
    expect(message.get_by_text("Starred" if flag == "starred" else "Collapsed.")).to_be_attached()
    page.keyboard.press(key)
    until(lambda: flag not in told(channel, message)["flags"])


def test_a_thumb_goes_up_by_a_key(open_page: Open, channel: Channel) -> None:
    page, message = show(open_page, channel, "upvote", "agreed?")
    choose(page, message)
    page.keyboard.press("=")
    expect(message.get_by_role("button", name="You reacted with :+1:")).to_be_visible()


def test_ones_own_message_is_edited(open_page: Open, channel: Channel) -> None:
    sent = channel.say("hamlet", "edit", "teh text")
    page = open_page("hamlet", channel.hash("edit")).page
    message = page.locator(f"#message-{sent}")
    expect(message).to_be_visible()
    page.keyboard.press("ArrowLeft")
    field = message.get_by_role("textbox", name="Edit the message")
    expect(field).to_be_focused()
    expect(field).to_have_value("teh text")
    field.fill("the text")
    message.get_by_role("button", name="Save").click()
    expect(message.locator(".message-content")).to_have_text("the text")
    expect(message.get_by_role("button", name="edited")).to_be_visible()


def test_an_edit_is_given_up_by_escape_and_others_cannot_be_edited(open_page: Open, channel: Channel) -> None:
    sent = channel.say("hamlet", "giveup", "mine")
    page, theirs = show(open_page, channel, "giveup", "theirs")
    mine = page.locator(f"#message-{sent}")
    page.keyboard.press("ArrowLeft")
    expect(mine.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(mine.get_by_role("textbox")).to_have_count(0)
    theirs.hover()
    expect(theirs.get_by_role("button", name="Star")).to_be_visible()
    expect(theirs.get_by_role("button", name="Edit")).to_have_count(0)


def menu(page: Page, message: Locator, item: str) -> None:
    message.hover()
    message.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name=item).click()


def test_quoting_opens_the_box_with_the_words(open_page: Open, channel: Channel) -> None:
    page, message = show(open_page, channel, "quote", "wise words")
    menu(page, message, "Quote and reply")
    field = page.get_by_role("textbox", name="Message")
    expect(field).to_have_value(
        re.compile(r"@_\*\*cordelia\|\d+\*\* \[said\]\(http.*\):\n```quote\nwise words\n```")
    )


def test_what_is_marked_as_unread_stays_so_while_one_looks(open_page: Open, channel: Channel) -> None:
    page, message = show(open_page, channel, "again", "read me later")
    until(lambda: "read" in told(channel, message)["flags"])
    menu(page, message, "Mark as unread from here")
    until(lambda: "read" not in told(channel, message)["flags"])
    channel.say("othello", "again", "more of it")
    expect(article(page, "more of it")).to_have_class(re.compile("unread"))
    expect(page.get_by_role("separator", name="New messages")).to_be_visible()
    assert "read" not in told(channel, message)["flags"]


def test_the_source_and_the_readers_are_shown(open_page: Open, channel: Channel) -> None:
    page, message = show(open_page, channel, "source", "some **bold** words")
    until(lambda: "read" in told(channel, message)["flags"])
    menu(page, message, "View the source")
    expect(page.get_by_role("dialog")).to_contain_text("some **bold** words")
    page.keyboard.press("Escape")
    menu(page, message, "See who has read it")
    expect(page.get_by_role("dialog")).to_contain_text("One person has read it:hamlet")


def test_a_topic_is_moved(open_page: Open, channel: Channel) -> None:
    channel.say("hamlet", "from", "first words")
    sent = channel.say("hamlet", "from", "more words")
    page = open_page("hamlet", channel.hash("from")).page
    menu(page, page.locator(f"#message-{sent}"), "Move")
    dialog = page.get_by_role("dialog", name="Move messages")
    dialog.get_by_label("Topic").fill("to")
    dialog.get_by_label("What to move").select_option("All messages in the topic")
    dialog.get_by_role("button", name="Move").click()
    expect(page).to_have_url(re.compile("/topic/to$"))
    expect(article(page, "first words")).to_be_visible()
    expect(article(page, "more words").first).to_be_visible()


def test_it_is_deleted_when_that_is_confirmed(open_page: Open, channel: Channel) -> None:
    sent = channel.say("hamlet", "delete", "a mistake")
    page = open_page("hamlet", channel.hash("delete")).page
    message = page.locator(f"#message-{sent}")
    menu(page, message, "Delete")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(message).to_be_visible()
    menu(page, message, "Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(message).to_have_count(0)


def test_keys_go_from_message_to_message(open_page: Open, channel: Channel) -> None:
    for each in ("one", "two", "three"):
        channel.say("cordelia", "walk", each)
    page = open_page("hamlet", channel.hash("walk")).page
    expect(article(page, "three")).to_be_visible()
    for key, text in (("j", "three"), ("k", "two"), ("ArrowUp", "one"), ("j", "two"), ("End", "three")):
        page.keyboard.press(key)
        expect(article(page, text)).to_be_focused()


def test_a_touch_shows_what_can_be_done(open_page: Open, channel: Channel) -> None:
    _, message = show(open_page, channel, "touch", "tap me", size=PHONE)
    message.get_by_text("tap me").tap()
    tools = message.get_by_role("toolbar", name="Message")
    expect(tools).to_be_visible()
    until(lambda: min(tools.get_by_role("button").evaluate_all(HEIGHTS), default=0) >= 36)
    tools.get_by_role("button", name="Star").tap()
    until(lambda: "starred" in told(channel, message)["flags"])


# -- what is not sent yet


def test_what_cannot_be_sent_is_shown_and_goes_when_the_network_is_back(
    open_page: Open, channel: Channel
) -> None:
    channel.say("cordelia", "pending", "before")
    window = open_page("hamlet", channel.hash("pending"))
    page = window.page
    expect(article(page, "before")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.get_by_role("textbox", name="Message").fill("are you there?")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send", exact=True).click()
    waiting = page.get_by_role("article", name="Message that is not sent yet")
    expect(waiting).to_contain_text("are you there?")
    expect(waiting.get_by_role("button", name="Discard")).to_be_visible()
    page.context.set_offline(False)
    expect(waiting).to_have_count(0, timeout=DEADLINE)
    expect(article(page, "are you there?")).to_have_count(1)
    window.troubles[:] = [each for each in window.troubles if "ERR_INTERNET_DISCONNECTED" not in each]
