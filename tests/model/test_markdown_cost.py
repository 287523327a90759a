"""No text takes long, grows without bound or loads what it does not need."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.model.markdown import code
from appliance.model.markdown.context import HIGHLIGHTING, MAX_CELLS, Context
from tests.model.test_markdown import TOWN, html
from tests.model.test_markdown_safety import Events

ROOT = Path(__file__).parents[2]


def pieces(words: str) -> list[str]:
    """Words, in which "·" stands for a blank and "¶" for a new line."""
    return [word.replace("·", " ").replace("¶", "\n") for word in words.split()]


REPEATED = [
    *["\0", "\r", "\t", "\u00a0", "\u00e9", "\U0001f44d", "\U0001f44d\u200d", "\U0001f1e9"],
    *pieces(
        r"[ ] ( []( ![ [a](b) [[a](b) ]( []( [a](<b [a](b·'c `[ *[ < <a·href= <!-- <time: <time:1> & &amp;"
    ),
    *pieces(
        r'* ** *· *a·**b· a**b ***a *[a](b)* _* ~~a· ~ ` `` `a``b \ " &#60; $ $$ $$a \$$ $$\$ : :a :: :smile:'
    ),
    *pieces("@ @*a @_*a @*old*· @**a @_** @**Ann·Smith**· @**a|1**· # #**a #**general> #**general>a**·"),
    *pieces(
        "http:// http://a http://a· http://a/( http://a/((b) http://a/[ http://a?b ftp://a:// //a.b www. a."
    ),
    *pieces(
        "a-. a.com a.com· a.com/( a@ a@b.co a@b.co· x@x. mailto:a@b.co· ¶ a¶ ····a¶ #· ---¶ | |- |¶ a|b¶"
    ),
    *pieces(">· >·a¶ >·-· -· -·a¶ -·a¶·· 1.· -·-· |a¶|-¶ |a|b|¶|-|-|¶ ```¶ ```a¶ ```math¶ ```quote¶"),
    *pieces("~~~spoiler·x¶ >·```quote¶ -·```quote¶··"),
]
NESTING = pieces(">· -· 1.· >·-· *a· **a· ***a· ~~a· *a·~~b· [ [*a· >·```quote¶ -·```spoiler·*a¶··")
SHAPED: dict[str, Callable[[int], str]] = {
    "a word": lambda size: "a" * size,
    "a host": lambda size: "a." * (size // 2 - 2) + "com",
    "brackets": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "emphasis": lambda size: "*a " * (size // 5) + "b*" * (size // 5),
    "strong": lambda size: "**a " * (size // 7) + "b**" * (size // 7),
    "backquotes": lambda size: "".join("`" * run + "a" for run in range(1, round((2 * size) ** 0.5))),
    "quotes in quotes": lambda size: "".join("> " * depth + "a\n" for depth in range(round(size**0.5))),
    "lists in lists": lambda size: "".join("  " * depth + "- a\n" for depth in range(round(size**0.5))),
    "fences in fences": lambda size: "".join(
        "`" * run + "quote\n" for run in range(round((2 * size) ** 0.5), 3, -1)
    ),
    "a long table": lambda size: "a|b\n-|-\n" + "a|b\n" * (size // 4 - 2),
}
ORDINARY = (
    "Hello *world*, see https://a.com/x and @**Ann Smith** :smile: `code`.\n\n* item **one**\n\n> quoted\n"
)


def cost(content: str) -> float:
    """Seconds of this thread's CPU to render the text, at best."""
    return min(_cost_once(content) for _ in range(3))


def _cost_once(content: str) -> float:
    began = time.thread_time()
    html(content)
    return time.thread_time() - began


def repeated(piece: str) -> Callable[[int], str]:
    return lambda size: (piece * size)[:size]


@pytest.fixture(scope="module")
def slack() -> float:
    """What is small on this machine: the cost of some ordinary messages of full length."""
    return 4 * cost(repeated(ORDINARY)(10_000))


@pytest.mark.parametrize(
    "text", [*map(repeated, REPEATED), *SHAPED.values()], ids=[*map(repr, REPEATED), *SHAPED]
)
def test_the_cost_grows_no_faster_than_the_text(text: Callable[[int], str], slack: float) -> None:
    assert cost(text(10_000)) < 12 * cost(text(1_000)) + slack


@pytest.mark.parametrize("content", ["a\n " * 3_000, "/*" * 5_000, '"${((a' * 1_500])
@pytest.mark.parametrize("language", sorted(code.LANGUAGES))
def test_colouring_takes_a_bounded_time(language: str, content: str, slack: float) -> None:
    alias = next(alias for alias, name in code._languages().items() if name == language)
    limit = HIGHLIGHTING + slack
    assert any(
        _cost_once(f"```{alias}\n{content}\n```") < limit for _ in range(3)
    )  # the first loads the lexer


def test_code_that_takes_too_long_is_complete_all_the_same() -> None:
    source = "".join(f"x{number} = {number}\n" for number in range(100))
    html = code.code_html(source, "python", Context(TOWN, highlighting_left=0))
    assert Events(html).text.rstrip() == source.rstrip()


@pytest.mark.parametrize(
    "text", [*map(repeated, NESTING), *SHAPED.values()], ids=[*map(repr, NESTING), *SHAPED]
)
def test_no_text_nests_deeper_than_a_client_can_follow(text: Callable[[int], str]) -> None:
    assert Events(html(text(10_000))).depth <= 250


def test_below_the_deepest_level_all_text_is_kept() -> None:
    words = [f"word{number}" for number in range(40)]
    text = "\n".join("> " * depth + word + "\n" + "> " * depth for depth, word in enumerate(words))
    rendered = html(text)
    assert all(re.search(rf"\b{word}\b", rendered) for word in words)
    assert rendered.count("<blockquote>") <= 20


def test_a_table_makes_no_more_cells_than_a_message_may_have() -> None:
    row = "a|" * 100
    tables = f"{row}\n{'-|' * 100}\n" + "a\n" * 3_000
    rendered = html(tables + "\n" + tables)
    assert rendered.count("<td>") + rendered.count("<th>") <= MAX_CELLS
    assert rendered.count("a") > 5_000


@pytest.mark.parametrize(
    ("content", "imported"),
    [
        ("plain text", set()),
        ("*a*\n```\nb\n```", {"markdown_it", "nh3"}),
        ("```python\na\n```", {"markdown_it", "nh3", "pygments"}),
    ],
)
def test_libraries_are_imported_when_first_needed(content: str, imported: set[str]) -> None:
    program = f"""
import sys
from appliance.model.markdown import render
render({content!r}, None)
print(*({{"markdown_it", "nh3", "pygments"}} & sys.modules.keys()))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert set(done.stdout.split()) == imported
