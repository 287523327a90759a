"""Those to whom a new message goes, and what it is to each of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from appliance.actions.message import mention
from appliance.actions.message.mention import Participants
from appliance.actions.personal import alert_word
from appliance.model import flag
from appliance.model.markdown import Rendered
from appliance.store import muted_user as muted_users
from appliance.store.connection import Handle


@dataclass(frozen=True, slots=True)
class Audience:
    """`flags`: by person the bits of their row; `by_group`: by which group they are mentioned, if not by
    name."""

    flags: dict[int, int]
    by_group: dict[int, int]

    @property
    def mentioned(self) -> list[int]:
        """By name or group."""
        return [each for each, own in self.flags.items() if own & flag.MENTIONED]

    def mark_read(self, user_ids: Iterable[int]) -> None:
        for each in user_ids:
            self.flags[each] |= flag.READ

    def told(self) -> list[Any]:
        """As a notice lists them: ids, or what the message is to them."""
        return [self._told(each, own) if own else each for each, own in self.flags.items()]

    def _told(self, user_id: int, own: int) -> dict[str, Any]:
        group = {"mentioned_user_group_id": self.by_group[user_id]} if user_id in self.by_group else {}
        return {"id": user_id, "flags": flag.names(own), **group}


def audience(
    handle: Handle,
    content: str,
    rendered: Rendered,
    user_ids: list[int],
    *,
    sender_id: int,
    read_by_sender: bool,
    participants: Participants | None = None,
) -> Audience:
    """`participants`: those of the topic, besides the sender; None: it goes to people. Whoever has muted the
    sender has read it already."""
    by_group = mention.by_group(handle, rendered)
    flags = mention.flags(rendered, by_group, user_ids, participants)
    alert_word.mark(handle, content, flags)
    people = Audience(flags, by_group)
    readers = muted_users.muters(handle, sender_id)
    if read_by_sender:
        readers.add(sender_id)
    people.mark_read(readers & flags.keys())
    return people
