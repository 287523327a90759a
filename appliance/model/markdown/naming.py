"""People, wildcards, groups and channels by name: @**Ann**, @_**Ann|7**, @**all**, @*devs*, @_*devs*,
#**general>lunch@123**."""

import re
from html import escape

from markdown_it.rules_inline import StateInline

from appliance.model.link import channel_link, topic_link
from appliance.model.markdown.context import Context
from appliance.model.markdown.directory import Directory, Person

# What may stand before a name, so that an address or a word does not name somebody by accident. Zulip's
# own set, and the marks of bold and struck text.
_START = r"(?<![^\s'\"({\[/<*~,:])"
MENTION = re.compile(_START + r"@(_?)(\*\*?)([^*\n]+)\2")
CHANNEL = re.compile(_START + r"#\*\*([^*>\n]+)(?:(>)([^*\n]*?)(?:@([0-9]{1,18}))?)?\*\*")

_CHANNEL_WILDCARDS = frozenset({"all", "everyone", "channel", "stream"})
_TOPIC_WILDCARD = "topic"
_ID = re.compile(r"[0-9]{1,18}")
_EMPTY_TOPIC = "<em>general chat</em>"


def mention(match: re.Match[str], state: StateInline) -> str | None:
    context: Context = state.env["context"]
    silent, stars, name = match.groups()
    loud = not silent and not context.quoted
    return (_group if stars == "*" else _person_or_wildcard)(name, loud, context)


def _group(name: str, loud: bool, context: Context) -> str | None:
    group = context.directory.group_named(name)
    if not group:
        return None
    loud = loud and group.in_use
    if loud:
        context.mentioned_group_ids.add(group.group_id)
    return _span("user-group-mention", f' data-user-group-id="{group.group_id}"', group.name, loud)


def _person_or_wildcard(name: str, loud: bool, context: Context) -> str | None:
    if name in _CHANNEL_WILDCARDS:
        context.stream_wildcard |= loud
        return _span("user-mention channel-wildcard-mention", ' data-user-id="*"', name, loud)
    if name == _TOPIC_WILDCARD:
        context.topic_wildcard |= loud
        return _span("topic-mention", "", name, loud)
    person = _person(name, context.directory)
    if not person:
        return None
    if loud:
        context.mentioned_user_ids.add(person.user_id)
    return _span("user-mention", f' data-user-id="{person.user_id}"', person.full_name, loud)


def _person(name: str, directory: Directory) -> Person | None:
    """Who is meant by "Ann", "Ann|7" (the name must be theirs) or "|7"."""
    full_name, bar, user_id = name.rpartition("|")
    if not (bar and _ID.fullmatch(user_id)):
        return directory.user_named(name)
    person = directory.user_with_id(int(user_id))
    return person if person and full_name in ("", person.full_name) else None


def _span(classes: str, attributes: str, name: str, loud: bool) -> str:
    silent, at = ("", "@") if loud else (" silent", "")
    return f'<span class="{classes}{silent}"{attributes}>{at}{escape(name)}</span>'


def channel(match: re.Match[str], state: StateInline) -> str | None:
    context: Context = state.env["context"]
    name, has_topic, topic, message_id = match.groups()
    channel_id = context.directory.channel_named(name)
    if channel_id is None or state.linkLevel:
        return None
    if not has_topic:
        href = f"/#narrow/{channel_link(channel_id, name)}"
        return f'<a class="stream" data-stream-id="{channel_id}" href="{href}">#{escape(name)}</a>'
    href = f"/#narrow/{topic_link(channel_id, name, topic)}"
    text = f"#{escape(name)} &gt; {escape(topic) or _EMPTY_TOPIC}"
    if message_id:
        return f'<a class="message-link" href="{href}/near/{message_id}">{text} @ 💬</a>'
    return f'<a class="stream-topic" data-stream-id="{channel_id}" href="{href}">{text}</a>'
