"""Messages, with what they are to the people who have them, and what hangs on them.

Their HTML is kept as people saw it, cleaned. Only what this server shows otherwise is rendered again.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import orjson

from appliance.actions.import_zulip import scanner
from appliance.actions.import_zulip.channels import Places
from appliance.actions.import_zulip.row import BadArchive, Row
from appliance.actions.import_zulip.target import Made, Target, Values
from appliance.actions.message.directory import FileDirectory
from appliance.model import markdown
from appliance.model import reaction as reaction_model
from appliance.model.edit import MOST_EDITS
from appliance.model.flag import Flag
from appliance.model.user import User
from appliance.store import imported
from appliance.store import user as users

MESSAGES, RECEIVED = "zerver_message", "zerver_usermessage"
FILES = "messages-*.json"
MAX_TOPIC, MAX_WIDGET = 200, 100_000  # characters; of a channel's topic, of one vote
# Zulip's bits, and what they are here. The first ones are the same; a mention by a group is one of them.
SAME = 63
GROUP_MENTION, ALERT_WORD, HISTORICAL = 64, 512, 1024
MOVED = {
    GROUP_MENTION: int(Flag.MENTIONED),
    ALERT_WORD: int(Flag.HAS_ALERT_WORD),
    HISTORICAL: int(Flag.HISTORICAL),
}
_GROUP_ID = re.compile(r'data-user-group-id="([0-9]{1,15})"')
# Formulas: Zulip draws them itself, with styles that are not let in.
DRAWN = 'class="katex-html" aria-hidden="true"><span'


def flags(mask: int) -> int:
    """Ours, of `flags_mask`. A push that is on a phone was sent by another server."""
    found = mask & SAME
    for theirs, ours in MOVED.items():
        if mask & theirs:
            found |= ours
    return found


class Messages:
    def __init__(self, target: Target, places: Places) -> None:
        self._target, self._places = target, places
        self._is_regrouped = any(theirs != ours for theirs, ours in target.groups.items())
        self._writers: dict[int, User | None] = {}

    def copy(self, path: Path) -> int:
        """One file of them, and what each is to people; how many. Raises BadArchive."""
        name = path.name
        ids: set[int] = set()
        self._target.put("message", self._messages(path, name, ids))
        imported.put_user_messages(self._target.transaction, self._received(path, name, ids))
        return len(ids)

    def _messages(self, path: Path, name: str, ids: set[int]) -> Iterator[tuple[Row, Values]]:
        for table, row in scanner.tables(path, name):
            if table != MESSAGES:
                return  # what is left is long
            ids.add(row.id("id"))
            yield row, self._message(row)

    def _message(self, row: Row) -> Values:
        sender_id = self._target.person(row, "sender")
        recipient_id, in_channel = self._places.of_message(row, sender_id)
        topic = row.text("subject", "", MAX_TOPIC).strip() if in_channel else ""
        content = row.text("content")
        html = self._html(row, sender_id, content)
        return {
            "id": row.id("id"),
            "sender_id": sender_id,
            "recipient_id": recipient_id,
            "topic": topic,
            "topic_key": topic.lower(),
            "content": self._with_new_paths(content),
            "rendered_content": html,
            "time": row.time("date_sent", row.time("pub_date", 0)),
            "client": self._target.clients.get(row.maybe_id("sending_client") or 0, "unknown"),
            "last_edit_time": row.maybe_time("last_edit_time"),
            "edit_history": self._history(row, topic),
            "has_attachment": int(row.flag("has_attachment", False)),
            "has_image": int(row.flag("has_image", False)),
            "has_link": int(row.flag("has_link", False)),
        }

    # -- their HTML

    def _html(self, row: Row, sender_id: int, content: str) -> str:
        html = row.text("rendered_content", "")
        if not html or DRAWN in html:
            return self._rendered(sender_id, content)
        return self._cleaned(html)

    def _cleaned(self, html: str) -> str:
        cleaned = self._target.clean(html)
        if self._is_regrouped and "data-user-group-id" in cleaned:
            cleaned = _GROUP_ID.sub(self._our_group, cleaned)
        return self._with_new_paths(cleaned)

    def _our_group(self, match: re.Match[str]) -> str:
        ours = self._target.groups.get(int(match[1]))
        return f'data-user-group-id="{ours}"' if isinstance(ours, int) else match[0]

    def _rendered(self, sender_id: int, content: str) -> str:
        if sender_id not in self._writers:
            self._writers[sender_id] = users.with_id(self._target.transaction, sender_id)
        writer = self._writers[sender_id]
        assert writer is not None
        return markdown.render(content, FileDirectory(self._target.transaction, writer)).html

    def _with_new_paths(self, text: str) -> str:
        if "/user_" in text:
            for old, new in self._target.paths.items():
                text = text.replace(old, new)
        return text

    # -- their edits

    def _history(self, row: Row, topic: str) -> str | None:
        """The newest first. Once, topics were called subjects, and only the old one was written down."""
        text = row.text("edit_history", "")
        if not text:
            return None
        try:
            entries = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise row.wrong("edit_history", "is no JSON") from None
        if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
            raise row.wrong("edit_history", "is no list of objects")
        kept: list[Values] = []
        for number, entry in enumerate(entries[:MOST_EDITS], 1):
            edit = self._edit(Row(f"{row.place}: edit {number}", entry), topic)
            topic = edit.get("prev_topic", topic)
            kept.append(edit)
        return self._target.json(kept) if kept else None

    def _edit(self, entry: Row, topic: str) -> Values:
        """`topic`: what it was from then on."""
        edit: Values = {"user_id": entry.maybe_id("user_id"), "timestamp": entry.time("timestamp")}
        if entry.has("prev_content"):
            html = self._cleaned(entry.text("prev_rendered_content", ""))
            edit |= {"prev_content": entry.text("prev_content"), "prev_rendered_content": html}
        before = next((name for name in ("prev_topic", "prev_subject") if entry.has(name)), None)
        if before:
            edit |= {"prev_topic": entry.text(before), "topic": entry.text("topic", topic)}
        if entry.has("prev_stream"):
            edit["prev_stream"] = entry.id("prev_stream")
            edit |= {"stream": entry.id("stream")} if entry.has("stream") else {}
        return edit

    # -- what they are to people

    def _received(self, path: Path, name: str, ids: set[int]) -> Iterator[tuple[int, int, int]]:
        """There are many: they are looked at without ceremony."""
        people, nobody = self._target.people, 0
        for table, row in scanner.tables(path, name):
            if table != RECEIVED:
                continue
            values = row.values
            message_id, user_id = values.get("message"), values.get("user_profile")
            mask = values.get("flags_mask", 0)
            if type(mask) is not int or not 0 <= mask < 1 << 31:
                raise row.wrong("flags_mask", "is not a set of flags")
            if type(message_id) is not int or message_id not in ids:
                raise row.wrong("message", f"is {str(message_id)[:40]}, which is not in this file")
            if type(user_id) is int and user_id in people:
                yield message_id, user_id, flags(mask)
            else:
                nobody += 1
        self._target.notes.add("rows of messages for people who are not there", nobody)


def files(folder: Path) -> list[Path]:
    """Of messages, in order. Raises BadArchive for one that leads elsewhere."""
    found = sorted(folder.glob(FILES))
    for path in found:
        if path.is_symlink() or not path.is_file():
            raise BadArchive(f"{path.name} is no plain file")
    return found


# -- what hangs on them


def additions(target: Target) -> None:
    """Reactions, and what people did with widgets. Comes after all messages."""
    target.copy("zerver_reaction", "reaction", lambda row: _reaction(target, row))
    target.copy("zerver_submessage", "submessage", lambda row: _submessage(target, row))
    for table, what in (("reaction", "reactions"), ("submessage", "submessages")):
        gone = imported.drop_hanging(target.transaction, table)
        target.notes.add(f"{what} to messages that are not there", gone)


def _reaction(target: Target, row: Row) -> Made:
    kind = row.text("reaction_type", reaction_model.UNICODE, 30)
    if kind not in reaction_model.TYPES:
        raise row.wrong("reaction_type", "is not a kind of emoji")
    return {
        "id": row.id("id"),
        "message_id": row.id("message"),
        "user_id": target.person(row, "user_profile"),
        "emoji_name": row.text("emoji_name", most=100),
        "emoji_code": row.text("emoji_code", most=100),
        "reaction_type": kind,
    }


def _submessage(target: Target, row: Row) -> Made:
    return {
        "id": row.id("id"),
        "message_id": row.id("message"),
        "sender_id": target.person(row, "sender"),
        "msg_type": row.text("msg_type", most=100),
        "content": row.text("content", most=MAX_WIDGET),
    }
