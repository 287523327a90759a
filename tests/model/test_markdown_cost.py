"""No text takes long, grows without bound or loads what it does not need."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from appliance.model.markdown import code, render
from appliance.model.markdown.context import HIGHLIGHTING, MAX_CELLS, Context
from tests.model.city import CITY
from tests.model.hostile import NESTING, ORDINARY, SHAPED, TEXTS, Text, repeated
from tests.model.test_markdown import TOWN, html
from tests.model.test_markdown_safety import Events

ROOT = Path(__file__).parents[2]
LONGEST = 0.25  # seconds that a message of 10,000 characters may take


def cost(content: str) -> float:
    """Seconds of this thread's CPU to render the text, at best."""
    return min(_cost_once(content) for _ in range(3))


def _cost_once(content: str) -> float:
    began = time.thread_time()
    render(content, CITY)
    return time.thread_time() - began


@pytest.fixture(scope="module")
def slack() -> float:
    """What is small on this machine: the cost of some ordinary messages of full length."""
    return 4 * cost(repeated(ORDINARY)(10_000))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_cost_grows_no_faster_than_the_text(text: Text, slack: float) -> None:
    whole = cost(text(10_000))
    assert whole < 12 * cost(text(1_000)) + slack
    assert whole < LONGEST


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
def test_no_text_nests_deeper_than_a_client_can_follow(text: Text) -> None:
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
from appliance.model.markdown import Directory, render
class Nobody(Directory): pass
render({content!r}, Nobody())
print(*({{"markdown_it", "nh3", "pygments"}} & sys.modules.keys()))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert set(done.stdout.split()) == imported
