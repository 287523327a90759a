"""Who and what a message may name: the Markdown renderer's questions, answered from the file."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from appliance.actions.channel import standing
from appliance.actions.file import attachment
from appliance.actions.group import access as group_access
from appliance.actions.user import sight
from appliance.actions.user.sight import Sight
from appliance.model import markdown, thumbnail
from appliance.model.group import ID, TITLES
from appliance.model.linkifier import Linkifier
from appliance.model.markdown import Card, Directory, Group, Person, Rendered, Upload
from appliance.model.realm_emoji import RealmEmoji
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import linkifier as linkifiers
from appliance.store import realm as realms
from appliance.store import realm_emoji
from appliance.store import user as users
from appliance.store import user_group as groups
from appliance.store.connection import Handle


def render(handle: Handle, writer: User, content: str) -> Rendered:
    """A message as somebody writes it. Raises ApiError for a group that they may not mention."""
    rendered = markdown.render(content, FileDirectory(handle, writer))
    group_access.check_mentions(handle, writer, rendered.mentioned_group_ids)
    return rendered


class FileDirectory(Directory):
    """For one message."""

    def __init__(self, handle: Handle, sender: User, cards: Mapping[str, Card] | None = None) -> None:
        """`cards`: of pages that have been looked at, by address."""
        self._handle, self._sender, self._cards = handle, sender, cards or {}

    def user_named(self, name: str) -> Person | None:
        found = users.named(self._handle, name)
        return self._person(found[0]) if len(found) == 1 else None

    def user_with_id(self, user_id: int) -> Person | None:
        found = users.with_id(self._handle, user_id)
        return self._person(found) if found else None

    def _person(self, user: User) -> Person | None:
        return Person(user.id, user.full_name) if self._sight.knows(user) else None

    @cached_property
    def _sight(self) -> Sight:
        return sight.of(self._handle, self._sender)

    def group_named(self, name: str) -> Group | None:
        if name in ID:
            return Group(ID[name], TITLES[ID[name]])
        found = groups.named(self._handle, name)
        return Group(found.id, found.name, not found.deactivated) if found else None

    def channel_named(self, name: str) -> int | None:
        found = channels.named(self._handle, name)
        if found is None or not standing.sees(self._handle, self._sender, found):
            return None
        return found.id

    def linkifiers(self) -> Sequence[Linkifier]:
        return linkifiers.everything(self._handle)

    def emoji_named(self, name: str) -> RealmEmoji | None:
        return self._emoji.get(name)

    @cached_property
    def _emoji(self) -> dict[str, RealmEmoji]:
        return realm_emoji.active(self._handle)

    def upload(self, path_id: str) -> Upload | None:
        found = attachment.found(self._handle, self._sender, path_id)
        if found is None or found.width is None or found.height is None:
            return None
        return Upload(found.content_type, found.width, found.height, thumbnail.shown(found), found.moves)

    def shows_images(self) -> bool:
        return self._shows_images

    @cached_property
    def _shows_images(self) -> bool:
        return bool(realms.get(self._handle).setting("inline_image_preview"))

    def card(self, url: str) -> Card | None:
        return self._cards.get(url)
