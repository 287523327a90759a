"""Who follows the link in a mail gets no more of its kind."""

from appliance.actions.user import setting as setting_actions
from appliance.base.errors import ApiError
from appliance.model.user import User
from appliance.notify import unsubscribe as links
from appliance.store import scheduled_mail
from appliance.store import user as users
from appliance.store.scheduled_mail import Kind
from appliance.store.store import Store


class NoSuchLink(ApiError):
    """The same for every key that is not ours, and for people who are gone."""

    status = 404

    def __init__(self) -> None:
        super().__init__("This link is not one of ours. Copy the whole of it from the mail.")


def person(store: Store, secret: str, kind: str, key: str) -> User:
    """Whose key it is. Raises NoSuchLink."""
    user_id = links.whose(secret, kind, key)
    with store.read() as reader:
        user = None if user_id is None else users.with_id(reader, user_id)
    if user is None:
        raise NoSuchLink
    return user


def unsubscribe(store: Store, secret: str, kind: str, key: str) -> None:
    """Once more changes nothing. Raises NoSuchLink."""
    user = person(store, secret, kind, key)
    ends = links.KINDS[kind]
    if isinstance(ends, Kind):
        store.write(lambda transaction: scheduled_mail.clear_user(transaction, user.id, ends))
    elif user.setting(ends):
        setting_actions.change(store, user, {ends: False})
