"""Messages that somebody has begun to write, on all of their devices."""

from typing import Any

from appliance.actions.channel import access as channel
from appliance.actions.user import sight
from appliance.base.errors import ApiError
from appliance.model import draft as model
from appliance.model.draft import Draft
from appliance.model.user import User
from appliance.store import draft as drafts
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def listed(handle: Handle, user_id: int) -> list[dict[str, Any]]:
    """As clients are told of them, the one edited last first."""
    return [draft.public(draft_id) for draft_id, draft in drafts.of_user(handle, user_id)]


def add(store: Store, user: User, given: list[Draft]) -> list[int]:
    """Their ids. Raises ApiError with Zulip's texts, and then none is added."""

    def write(transaction: Transaction) -> list[int]:
        if len(drafts.ids_of_user(transaction, user.id)) + len(given) > model.MOST:
            raise ApiError(f"You can have {model.MOST} drafts at most.")
        checked = [_checked(transaction, user, each) for each in given]
        ids = [drafts.add(transaction, user.id, each) for each in checked]
        told = [draft.public(draft_id) for draft_id, draft in zip(ids, checked, strict=True)]
        _tell(transaction, user.id, "add", drafts=told)
        return ids

    return store.write(write)


def change(store: Store, user: User, draft_id: int, given: Draft) -> None:
    """Raises ApiError with Zulip's texts."""

    def write(transaction: Transaction) -> None:
        _check_own(transaction, user, draft_id)
        draft = _checked(transaction, user, given)
        drafts.put(transaction, draft_id, draft)
        _tell(transaction, user.id, "update", draft=draft.public(draft_id))

    store.write(write)


def remove(store: Store, user: User, draft_id: int) -> None:
    def write(transaction: Transaction) -> None:
        _check_own(transaction, user, draft_id)
        _remove(transaction, user.id, draft_id)

    store.write(write)


def clear(transaction: Transaction, user_id: int) -> None:
    """They are not to be kept here any more."""
    for draft_id in drafts.ids_of_user(transaction, user_id):
        _remove(transaction, user_id, draft_id)


def check_kept(user: User) -> None:
    """Raises ApiError for who wants no drafts kept here."""
    if not user.setting("enable_drafts_synchronization"):
        raise ApiError("User has disabled synchronizing drafts.")


def _checked(transaction: Transaction, user: User, draft: Draft) -> Draft:
    """With its time, to where the user can see."""
    if draft.type == model.CHANNEL:
        channel.access(transaction, user, draft.to[0])
    there = users.with_ids(transaction, list(draft.to))
    known = {each.id for each in filter(sight.of(transaction, user).knows, there)}
    if draft.type == model.PEOPLE and (unknown := set(draft.to) - known):
        raise ApiError(f"Invalid user ID {min(unknown)}")
    return draft._replace(edited=int(transaction.now()) if draft.edited is None else draft.edited)


def _check_own(handle: Handle, user: User, draft_id: int) -> None:
    if not drafts.is_of_user(handle, user.id, draft_id):
        raise NoSuchDraft


def _remove(transaction: Transaction, user_id: int, draft_id: int) -> None:
    drafts.drop(transaction, draft_id)
    _tell(transaction, user_id, "remove", draft_id=draft_id)


def _tell(transaction: Transaction, user_id: int, op: str, **what: Any) -> None:
    transaction.notice({"type": "drafts", "op": op, **what}, [user_id])


class NoSuchDraft(ApiError):
    """Or somebody else's: the answer is the same."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Draft does not exist")
