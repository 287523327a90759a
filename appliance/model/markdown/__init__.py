"""Message text to HTML, in Zulip's flavour of Markdown.

    render("hello @**Ann Smith**", directory) -> Rendered(html="<p>hello <span …>@Ann Smith</span></p>", …)

The HTML has the shapes that clients know (they refuse others). No tag of the writer's own passes, every
nesting is bounded, and the time grows no faster than the text. Any thread may render; the libraries are
imported by the first message that needs them, Pygments by the first code block that names a language.
"""

import re
from typing import NamedTuple

from appliance.model.markdown.card import Card
from appliance.model.markdown.context import LINKIFYING, Context
from appliance.model.markdown.directory import Directory, Group, Person, Upload
from appliance.model.topic_link import first_come

__all__ = ["Card", "Directory", "Group", "Person", "Rendered", "Upload", "is_me_message", "render"]

# One line of words, each with a blank or the end after its punctuation: no rule can find anything in it.
# Most messages are that, and need no parser (tests/model/test_markdown.py compares the two).
_WORD = r"\(?[^\W_\u2139]+(?:['’-][^\W_\u2139]+)*[,;:.!?)]*"
_PLAIN = re.compile(rf"(?!\d)(?:{_WORD} )*{_WORD}")


class Rendered(NamedTuple):
    """Who is mentioned, and the wildcards, count what is to be heard: not silent, quoted or in code.

    `upload_paths`: `path_id`s of uploaded files that it links to, whoever's they are. `preview_urls`: links
    whose pages may be shown as cards, in their order.
    """

    html: str
    mentioned_user_ids: frozenset[int] = frozenset()
    stream_wildcard: bool = False
    topic_wildcard: bool = False
    mentioned_group_ids: frozenset[int] = frozenset()
    upload_paths: frozenset[str] = frozenset()
    has_image: bool = False
    has_link: bool = False
    preview_urls: tuple[str, ...] = ()


def render(content: str, directory: Directory) -> Rendered:
    """Never raises, whatever the text. `directory` decides which names mean something to this writer."""
    linkifiers = directory.linkifiers()
    if _PLAIN.fullmatch(content) and not first_come(linkifiers, content, LINKIFYING):
        return Rendered(f"<p>{content}</p>")
    from appliance.model.markdown.parser import to_html

    context = Context(directory, linkifiers=linkifiers)
    html = to_html(content, context)
    return Rendered(
        html,
        frozenset(context.mentioned_user_ids),
        context.stream_wildcard,
        context.topic_wildcard,
        frozenset(context.mentioned_group_ids),
        context.upload_paths,
        context.has_image,
        context.has_link,
        context.preview_urls,
    )


def is_me_message(content: str) -> bool:
    """Whether the text is an action of its sender ("/me waves"), which clients draw without a bubble."""
    return content.startswith("/me ")
