"""Which emoji somebody means: of those that everybody has, and of the organization's own."""

from appliance.base.errors import ApiError
from appliance.model import reaction as model
from appliance.model.reaction import REALM, Emoji
from appliance.store import realm_emoji as emojis
from appliance.store.connection import Handle
from appliance.store.store import Store


def named(store: Store, name: str) -> Emoji:
    """An organization's own emoji hides another of its name. Raises ApiError."""
    with store.read() as reader:
        own = emojis.named(reader, name)
    return model.named(name) if own is None else Emoji(own.name, str(own.id), REALM)


def check(handle: Handle, asked: Emoji) -> None:
    """That there is such an emoji, that it is in use, and that this is a name of it. Raises ApiError."""
    if asked.type != REALM:
        model.check(asked)
        return
    own = emojis.with_id(handle, int(asked.code)) if _is_id(asked.code) else None
    if own is None:
        raise ApiError("Invalid custom emoji.")
    if own.deactivated:
        raise ApiError("This emoji is out of use.")
    if own.name != asked.name:
        raise ApiError("Invalid custom emoji name.")


def _is_id(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) < 18
