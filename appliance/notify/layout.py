"""The HTML of a mail. Mail programs know styles only at the elements themselves.

No background and no colour but greys that can be read on black and on white: so the mail is right where the
reader's program is dark. Whatever is long breaks, so nothing is wider than a phone.
"""

from collections.abc import Sequence
from html import escape

_LINE = "#999"
_CELL = (
    f"max-width: 240px; padding: 4px 8px; border: 1px solid {_LINE}; overflow-wrap: break-word;"
    " word-break: normal"
)

# Of what a message is made of, by element.
STYLES = {
    "blockquote": f"margin: 0 0 8px; padding: 0 0 0 12px; border-left: 3px solid {_LINE}",
    "code": "font-family: Menlo, Consolas, monospace; font-size: 13px",
    "h1": "margin: 0 0 8px; font-size: 20px",
    "h2": "margin: 0 0 8px; font-size: 18px",
    "h3": "margin: 0 0 8px; font-size: 16px",
    "h4": "margin: 0 0 8px; font-size: 15px",
    "h5": "margin: 0 0 8px; font-size: 14px",
    "h6": "margin: 0 0 8px; font-size: 13px",
    "hr": f"border: 0; border-top: 1px solid {_LINE}",
    "ol": "margin: 0 0 8px; padding-left: 28px",
    "p": "margin: 0 0 8px",
    "pre": f"margin: 0 0 8px; padding: 8px 12px; border: 1px solid {_LINE}; border-radius: 4px;"
    " white-space: pre-wrap",
    "table": "border-collapse: collapse",
    "td": _CELL,
    "th": _CELL,
    "ul": "margin: 0 0 8px; padding-left: 28px",
}

# A table keeps its words whole: one that is too wide can be moved to the side.
AROUND = {"table": ('<div style="margin: 0 0 8px; overflow-x: auto">', "</div>")}

_PAGE = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body style="margin: 0; padding: 16px; font: 15px/1.45 sans-serif; overflow-wrap: anywhere;\
 word-break: break-word">
<div style="max-width: 640px; margin: 0 auto">
{messages}
<p style="margin: 24px 0"><a href="{url}" style="display: inline-block; padding: 8px 16px;\
 border: 1px solid {line}; border-radius: 4px; text-decoration: none">{answer}</a></p>
<p style="margin: 0; padding-top: 12px; border-top: 1px solid {line}; color: #777; font-size: 13px">
{footer}
</p>
</div>
</body>
</html>
"""

Line = tuple[str, str]  # a sentence, and where it leads: a URL, or ""


def page(*, language: str, title: str, messages: Sequence[str], answer: Line, footer: Sequence[Line]) -> str:
    """`messages` are HTML, all else is text."""
    words, url = answer
    return _PAGE.format(
        language=language,
        title=escape(title),
        messages="\n".join(messages),
        answer=escape(words),
        url=escape(url),
        footer="<br>\n".join(_line(*each) for each in footer),
        line=_LINE,
    )


def block(name: str, messages: Sequence[str]) -> str:
    """What one sender said in a row; no `name` where there is only one. `messages` are HTML."""
    head = f'<p style="margin: 0 0 4px"><b>{escape(name)}</b></p>\n' if name else ""
    body = "\n".join(messages)
    return f'<div dir="auto" style="margin: 0 0 16px">\n{head}{body}\n</div>'


def paragraph(words: str) -> str:
    return f'<p style="{STYLES["p"]}">{escape(words)}</p>'


def _line(words: str, url: str) -> str:
    return f'<a href="{escape(url)}" style="color: #777">{escape(words)}</a>' if url else escape(words)
