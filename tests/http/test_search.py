"""Searching: what was found comes with it."""

from typing import Any

import apsw
import pytest

from appliance.store.search import LAG
from appliance.store.store import FILE_NAME
from tests.conftest import until
from tests.process.client import Person
from tests.process.server import ServerProcess

NEWEST = {"anchor": "newest", "num_before": 5, "num_after": 0}


@pytest.fixture
def sent(hamlet: Person) -> dict[str, int]:
    texts = {"cake": "A *cake* & <tea>", "pie": "Ærøskøbing pies", "none": "nothing"}
    topics = {"cake": "Tea <time>", "pie": "", "none": "lunch"}
    return {name: send(hamlet, text, topics[name]) for name, text in texts.items()}


def send(person: Person, content: str, topic: str) -> int:
    form = {"type": "stream", "to": "general", "topic": topic, "content": content}
    found: int = person.ask("POST", "/messages", **form)["id"]
    return found


def newest(person: Person, asked: str, **more: Any) -> dict[str, Any]:
    """Of the messages that are found."""
    narrow = [["search", asked]]
    found: dict[str, Any] = person.ask("GET", "/messages", **NEWEST, narrow=narrow, **more)["messages"][-1]
    return found


def test_what_was_found_stands_out(hamlet: Person, sent: dict[str, int]) -> None:
    message = newest(hamlet, "tea cak")
    assert message["id"] == sent["cake"]
    cake, tea = (f'<span class="highlight">{each}</span>' for each in ("cake", "tea"))
    assert message["match_content"] == f"<p>A <em>{cake}</em> &amp; &lt;{tea}&gt;</p>"
    assert message["match_subject"] == '<span class="highlight">Tea</span> &lt;time&gt;'
    assert "highlight" not in message["content"] + message["subject"]


def test_matches_are_html_whatever_the_text_is(hamlet: Person, sent: dict[str, int]) -> None:
    message = newest(hamlet, "cake", apply_markdown=False)
    assert message["content"] == "A *cake* & <tea>"
    assert message["match_content"].startswith("<p>A <em>")


@pytest.mark.parametrize(("knows", "shown"), [(False, "general chat"), (True, "")])
def test_the_empty_topic_has_a_name_there_too(
    hamlet: Person, sent: dict[str, int], knows: bool, shown: str
) -> None:
    message = newest(hamlet, "ærøsk", allow_empty_topic_name=knows)
    assert (message["id"], message["match_subject"]) == (sent["pie"], shown)


def test_without_a_search_nothing_stands_out(hamlet: Person, sent: dict[str, int]) -> None:
    narrow = [{"operator": "search", "operand": "cake", "negated": True}]
    for each in ([], narrow):
        found = hamlet.ask("GET", "/messages", **NEWEST, narrow=each)["messages"]
        assert sent["pie"] in [message["id"] for message in found]
        assert not any("match_content" in message for message in found)


def test_a_client_asks_which_of_its_messages_are_found(hamlet: Person, sent: dict[str, int]) -> None:
    found = hamlet.ask(
        "GET", "/messages/matches_narrow", msg_ids=[*sent.values()], narrow=[["search", "cake"]]
    )
    assert found["messages"] == {
        str(sent["cake"]): {
            "match_content": '<p>A <em><span class="highlight">cake</span></em> &amp; &lt;tea&gt;</p>',
            "match_subject": "Tea &lt;time&gt;",
        }
    }


@pytest.mark.parametrize("more", [{"anchor": "newest"}, {"num_before": 1}, {"use_first_unread_anchor": True}])
def test_ids_and_a_window_exclude_each_other(hamlet: Person, more: dict[str, Any]) -> None:
    answer = hamlet.call("GET", "/messages", message_ids=[1], **more)
    assert answer.is_error(400, "BAD_REQUEST")
    assert answer.body["msg"] == (
        "Unsupported parameter combination: num_before, num_after, anchor, message_ids, include_anchor,"
        " use_first_unread_anchor"
    )


def test_the_server_keeps_its_index_of_words_up(server: ServerProcess, hamlet: Person) -> None:
    last = [send(hamlet, "quokka", "indexed") for _ in range(LAG)][-1]
    connection = apsw.Connection(str(server.data / FILE_NAME), flags=apsw.SQLITE_OPEN_READONLY)

    def position() -> int:
        found: int = connection.execute("SELECT message_id FROM search_position").fetchall()[0][0]
        return found

    until(lambda: position() > 0)
    connection.close()
    assert newest(hamlet, "quok")["id"] == last
    assert len(hamlet.ask("GET", "/messages", **NEWEST, narrow=[["search", "quokka"]])["messages"]) == 5
