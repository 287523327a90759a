"""Code blocks: coloured by Pygments where that is cheap, as they are otherwise."""

import threading
import time
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from appliance.model.markdown.context import Context

if TYPE_CHECKING:
    from pygments.lexer import Lexer

# Pygments' names of the languages that are coloured. Lexers that take long between two tokens on hostile
# text are not among them, as nothing can interrupt them, nor those that colour blocks of any other language
# within. Each one loaded stays in memory.
LANGUAGES = frozenset({
    "Bash", "C", "C#", "C++", "CMake", "CSS", "Clojure", "Dart", "Diff", "Docker", "Elixir", "Erlang",
    "F#", "Go", "GraphQL", "Groovy", "HTML", "Haskell", "JSON", "JSX", "Java", "JavaScript", "Julia",
    "Kotlin", "Lua", "Nginx configuration file", "Nix", "Objective-C", "PHP", "Perl",
    "PowerShell", "Protocol Buffer", "Python", "Python Traceback", "Ruby", "Rust", "S", "SCSS", "SQL",
    "Scala", "Swift", "TOML", "TSX", "TeX", "Terraform", "TypeScript", "XML", "YAML", "Zig",
})  # fmt: skip

# Held while code is coloured, by any thread: Pygments builds a lexer's tables at its first use and does
# not lock them. Nothing is lost, since all of it is Python code and runs one thread at a time anyway.
_lock = threading.Lock()


def code_html(code: str, language: str, context: Context) -> str:
    """`language` is what the fence says, or "" for none."""
    name = _languages().get(language.lower()) if language else None
    attribute = f' data-code-language="{escape(name or language)}"' if language else ""
    body = _coloured(code, language.lower(), context) if name else escape(code, quote=False)
    return f'<div class="codehilite"{attribute}><pre><span></span><code>{body}</code></pre></div>\n'


@cache
def _languages() -> dict[str, str]:
    """Alias in lower case -> Pygments' name of the language."""
    from pygments.lexers import LEXERS

    return {alias: name for _, name, aliases, *_ in LEXERS.values() if name in LANGUAGES for alias in aliases}


def _coloured(code: str, alias: str, context: Context) -> str:
    from pygments import format
    from pygments.formatters.html import HtmlFormatter

    with _lock:
        tokens = _in_time(_lexer(alias).get_tokens(code), code, context)
        return format(tokens, HtmlFormatter(nowrap=True))


@cache
def _lexer(alias: str) -> "Lexer":
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name(alias, stripnl=False, ensurenl=False)


def _in_time(tokens: Iterable[tuple[Any, str]], code: str, context: Context) -> Iterator[tuple[Any, str]]:
    """The tokens; when the CPU time of the message is used up, the rest of the code as one plain token."""
    from pygments.token import Text

    began = time.thread_time()
    done = 0
    for kind, value in tokens:
        yield kind, value
        done += len(value)
        if time.thread_time() - began > context.highlighting_left:
            yield Text, code[done:]
            break
    context.highlighting_left -= time.thread_time() - began
