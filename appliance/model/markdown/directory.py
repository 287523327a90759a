"""Who and what can be named in a message; implemented over the database by the actions."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from appliance.model.linkifier import Linkifier
from appliance.model.markdown.card import Card
from appliance.model.realm_emoji import RealmEmoji


class Person(NamedTuple):
    user_id: int
    full_name: str


class Group(NamedTuple):
    """`name` as messages show it. One that is not `in_use` any more can only be named silently."""

    group_id: int
    name: str
    in_use: bool = True


class Upload(NamedTuple):
    """An uploaded picture. `width`, `height`: pixels. `thumbnail`: the name of the file in which messages
    show it; "": there is none. `moves`: it is an animation."""

    content_type: str
    width: int
    height: int
    thumbnail: str = ""
    moves: bool = False


class Directory(Protocol):
    def user_named(self, name: str) -> Person | None:
        """Exact full name; None when nobody or more than one person has it."""

    def user_with_id(self, user_id: int) -> Person | None: ...

    def group_named(self, name: str) -> Group | None:
        """Of roles ("role:members") as well as of people's making."""

    def channel_named(self, name: str) -> int | None:
        """The id of a channel that the writer may know of."""

    def linkifiers(self) -> Sequence[Linkifier]:
        """In their order: where two match, the first does."""
        return ()

    def emoji_named(self, name: str) -> RealmEmoji | None:
        """One of the organization's own that is in use."""
        return None

    def upload(self, path_id: str) -> Upload | None:
        """None also for what is no picture of known size."""
        return None

    def shows_images(self) -> bool:
        """Whether pictures and films are shown below messages that link to them."""
        return False

    def card(self, url: str) -> Card | None:
        """What is known of a page, to be shown below a message that links to it."""
        return None
