"""Texts that somebody keeps to use them again."""

from typing import Any

from appliance.base.errors import ApiError
from appliance.model import saved_snippet as model
from appliance.model.saved_snippet import Snippet
from appliance.model.user import User
from appliance.store import saved_snippet as snippets
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def listed(handle: Handle, user_id: int) -> list[dict[str, Any]]:
    """As clients are told of them."""
    return [each.public() for each in snippets.of_user(handle, user_id)]


def add(store: Store, user: User, title: str, content: str) -> int:
    """The new one's id. Raises ApiError with Zulip's texts."""
    title, content = model.check_title(title), model.check_content(content)

    def write(transaction: Transaction) -> int:
        if snippets.count(transaction, user.id) >= model.MOST:
            raise ApiError(f"You can have {model.MOST} saved snippets at most.")
        added = snippets.add(transaction, user.id, title, content)
        _tell(transaction, user, "add", saved_snippet=added.public())
        return added.id

    return store.write(write)


def change(store: Store, user: User, snippet_id: int, title: str | None, content: str | None) -> None:
    """None: it stays. Raises ApiError with Zulip's texts."""
    title = None if title is None else model.check_title(title)
    content = None if content is None else model.check_content(content)

    def write(transaction: Transaction) -> None:
        found = _own(transaction, user, snippet_id)
        changed = found._replace(title=title or found.title, content=content or found.content)
        if changed != found:
            snippets.put(transaction, changed)
            _tell(transaction, user, "update", saved_snippet=changed.public())

    store.write(write)


def remove(store: Store, user: User, snippet_id: int) -> None:
    def write(transaction: Transaction) -> None:
        snippets.drop(transaction, _own(transaction, user, snippet_id).id)
        _tell(transaction, user, "remove", saved_snippet_id=snippet_id)

    store.write(write)


def _own(handle: Handle, user: User, snippet_id: int) -> Snippet:
    found = snippets.get(handle, user.id, snippet_id)
    if found is None:
        raise NoSuchSnippet
    return found


def _tell(transaction: Transaction, user: User, op: str, **what: Any) -> None:
    transaction.notice({"type": "saved_snippets", "op": op, **what}, [user.id])


class NoSuchSnippet(ApiError):
    """Or somebody else's: the answer is the same."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Saved snippet does not exist.")
