"""Topics, messages and names of any characters are taken in an orderly form, or refused."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.base.errors import ApiError
from appliance.model import widget
from appliance.model.link import topic_link
from appliance.model.markdown import Directory, Person, render
from appliance.model.message import MAX_CONTENT, MAX_TOPIC, check_content, check_topic
from appliance.model.topic_link import in_topic
from appliance.model.user import check_full_name
from tests.model.city import CITY
from tests.model.test_markdown_safety import Events

# Also what turns text round, has no width, ends texts in C, or is half of a character.
ODD = "\0\t\n\r \u00a0\u00ad\u200b\u200d\u202e\u2028\ufeff\ufffd\ud800\U0001f44d\u0301<>&\"'`*@#:|\\"
texts = st.text(st.characters() | st.sampled_from(ODD), max_size=200)


@settings(max_examples=300)
@given(texts)
def test_topics(written: str) -> None:
    with suppress(ApiError):
        topic = check_topic(written)
        assert len(topic) <= MAX_TOPIC
        assert topic == check_topic(topic)
        assert topic.isprintable()
        topic_link(5, "general", topic).encode("ascii")
        for each in in_topic(CITY.linkifiers(), topic):
            assert each.text in topic


@settings(max_examples=300)
@given(texts, st.integers(0, 300))
def test_messages(written: str, times: int) -> None:
    with suppress(ApiError):
        content = check_content(written * times)
        assert 0 < len(content) <= MAX_CONTENT
        assert "\0" not in content
        assert content == check_content(content)
        widget.of_text(content)


class Named(Directory):
    """Where one person has that name."""

    def __init__(self, name: str) -> None:
        self._person = Person(7, name)

    def user_named(self, name: str) -> Person | None:
        return self._person if name == self._person.full_name else None


@settings(max_examples=300)
@given(texts)
def test_whoever_has_a_name_can_be_mentioned_by_it(written: str) -> None:
    with suppress(ApiError):
        name = check_full_name(written)
        rendered = render(f"@**{name}**", Named(name))
        assert rendered.mentioned_user_ids == {7}
        assert Events(rendered.html).text == f"@{name}"
