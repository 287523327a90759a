"""Who and what a message may name: the Markdown renderer's questions, answered from the file."""

from appliance.actions import group_access
from appliance.model import markdown
from appliance.model.group import ID, TITLES
from appliance.model.markdown import Directory, Group, Person, Rendered
from appliance.model.permission import sees_channel
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store import user_group as groups
from appliance.store.connection import Handle


def render(handle: Handle, writer: User, content: str) -> Rendered:
    """A message as somebody writes it. Raises ApiError for a group that they may not mention."""
    rendered = markdown.render(content, FileDirectory(handle, writer))
    group_access.check_mentions(handle, writer, rendered.mentioned_group_ids)
    return rendered


class FileDirectory(Directory):
    def __init__(self, handle: Handle, sender: User) -> None:
        self._handle, self._sender = handle, sender

    def user_named(self, name: str) -> Person | None:
        found = users.named(self._handle, name)
        return Person(found[0].id, found[0].full_name) if len(found) == 1 else None

    def user_with_id(self, user_id: int) -> Person | None:
        found = users.with_id(self._handle, user_id)
        return Person(found.id, found.full_name) if found else None

    def group_named(self, name: str) -> Group | None:
        if name in ID:
            return Group(ID[name], TITLES[ID[name]])
        found = groups.named(self._handle, name)
        return Group(found.id, found.name, not found.deactivated) if found else None

    def channel_named(self, name: str) -> int | None:
        found = channels.named(self._handle, name)
        if found is None:
            return None
        subscribed = subscriptions.is_subscribed(self._handle, found.id, self._sender.id)
        return found.id if sees_channel(self._sender, found, subscribed) else None
