"""Modules and style sheets as they travel: without comments, and a sheet with those that it imports in it.

The lines stay, empty where there was nothing else: what an error says of them is right. Nothing but comments
goes (tests/http/test_lean.py).
"""

import re
from pathlib import Path

COMMENT = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/)[\s\S])*\*/|//.*)[ \t]*$", re.MULTILINE)
ASIDE = re.compile(r"/\*\* @[^*\n]*\*/ ?|[ \t]+// [^\"'`\n]*$", re.MULTILINE)  # a type, or after some code
SHEET = re.compile(r'^@import "([a-z_]+\.css)";$', re.MULTILINE)


def module(path: Path) -> str:
    return ASIDE.sub("", _without_comments(path.read_text("utf-8")))


def sheet(path: Path) -> str:
    """One answer instead of one for each."""
    text = SHEET.sub(lambda found: path.with_name(found[1]).read_text("utf-8"), path.read_text("utf-8"))
    return _without_comments(text)


def _without_comments(text: str) -> str:
    return COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
