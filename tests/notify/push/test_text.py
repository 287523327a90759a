"""What pushes say, from what people type, through the real renderer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model.markdown import Person, render
from appliance.notify.push.text import LONGEST, Text, push_text
from tests.notify.test_content import Names

SAID = "@_**Ann|7** [said](https://chat.test/#narrow/channel/1/near/1):\n"
QUOTED = "```quote\nhey\n```\n"


class Known(Names):
    def user_with_id(self, user_id: int) -> Person | None:
        return Person(user_id, "Ann")


def said(typed: str) -> str:
    return push_text(render(typed, Known()).html).text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("hello", "hello"),
        ("one\ntwo\n\nthree", "one\ntwo\nthree"),
        ("a < b & c > d", "a < b & c > d"),
        ("**b** *i* ~~d~~ `c`", "b i d c"),
        (":smile: 🙂 :working_on_it:", "🙂 🙂 🛠"),
        ("$$x^2 < 3$$", "x^2 < 3"),
        ("```math\nx\n```", "x"),
        ("@**Ann** @_**Bob** @**all**", "@Ann Bob @all"),
        ("#**a>b**", "#a > b"),
        ("[file](/user_uploads/1/a.png)", "file"),
        ("- a\n- b", "a\nb"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("1. a\n2. b\n   1. c\n   2. d\n3. e", "1. a\n2. b\n  1. c\n  2. d\n3. e"),
        ("```py\nif x:\n\n    y\n```\nafter", "if x:\n    y\nafter"),
        ("```spoiler Head *x*\nsecret\n```\nafter", "Head x (…)\nafter"),
        ("```spoiler\nsecret\n```", "(…)"),
        ("> a\n> \n> b", "> a\n> b"),
        ("> a\n\nanswer", "[…]\nanswer"),
        ("> a\n\nanswer\n\n> b\n\nanother", "[…]\nanswer\n[…]\nanother"),
        (SAID + QUOTED, "Ann said:\n> hey"),
        (SAID + QUOTED + "answer", "[…]\nanswer"),
        (SAID + QUOTED + SAID + QUOTED + "answer", "[…]\nanswer"),
        ("/me waves", "/me waves"),
    ],
)
def test_typed_and_pushed(typed: str, text: str) -> None:
    assert said(typed) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<p><img alt=":bee:" class="emoji" src="/bee.png" title="bee"> hums</p>', ":bee: hums"),
        ('<p><span class="emoji emoji-1f1e9-1f1ea">:de:</span></p>', "🇩🇪"),
        ("", ""),
        ("<p>&lt;b&gt;</p>", "<b>"),
    ],
)
def test_what_the_renderer_may_yet_write(html: str, text: str) -> None:
    assert push_text(html) == Text(text, truncated=False)


# checklist 246
@pytest.mark.parametrize(("length", "truncated"), [(LONGEST, False), (LONGEST + 1, True), (9000, True)])
def test_the_first_200_characters(length: int, truncated: bool) -> None:
    found = push_text(f"<p>{'x' * length}</p>")
    assert found == Text("x" * LONGEST + "…" * truncated, truncated)


@given(st.text(st.sampled_from("ab*`>#-1.[]()@|:~$\n ") | st.characters(), max_size=200))
def test_any_text_becomes_short_lines(typed: str) -> None:
    found = said(typed)
    assert len(found) <= LONGEST + 1
    assert "\n\n" not in found
