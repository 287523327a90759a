"""What people say of themselves in custom profile fields."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from appliance.actions.message.directory import FileDirectory
from appliance.actions.user import sight
from appliance.base.errors import ApiError
from appliance.model import markdown
from appliance.model import profile as model
from appliance.model.profile import RENDERED, FieldType, ProfileField
from appliance.model.user import User
from appliance.store import profile_field as fields
from appliance.store import profile_value as values
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Value:
    """What is to be in a field. `text` None: nothing."""

    field_id: int
    text: str | None
    rendered: str | None = None


def change(store: Store, user: User, given: list[Any]) -> None:
    """One's own: [{"id": of a field, "value": …}]. Raises ApiError, and then nothing is changed."""
    with store.read() as reader:
        wanted = prepare(reader, user, user, given)
    store.write(lambda transaction: apply(transaction, user, wanted))


def remove(store: Store, user: User, field_ids: list[int]) -> None:
    """Raises ApiError."""
    change(store, user, [{"id": each, "value": None} for each in field_ids])


def prepare(handle: Handle, actor: User, user: User, given: list[Any]) -> list[Value]:
    """Checked, and rendered: that is no work for a transaction. Raises ApiError."""
    if user.is_bot and given:
        raise ApiError("Bots have no profile.")
    known = {each.id: each for each in fields.everything(handle)}
    return [_value(handle, actor, known, each) for each in given]


def _value(handle: Handle, actor: User, known: dict[int, ProfileField], given: Any) -> Value:
    if not isinstance(given, dict) or type(given.get("id")) is not int or "value" not in given:
        raise ApiError('profile_data is not a list of {"id": …, "value": …}')
    field = known.get(given["id"])
    if field is None:
        raise ApiError(f"Field id {given['id']} not found.")
    if not field.editable_by_user and not actor.is_admin:
        raise ApiError("Only administrators change this field.")
    if not given["value"]:
        return Value(field.id, None)
    text = model.check_value(field, given["value"])
    if field.type == FieldType.USER:
        _check_people(handle, actor, orjson.loads(text))
    rendered = markdown.render(text, FileDirectory(handle, actor)).html if field.type in RENDERED else None
    return Value(field.id, text, rendered)


def _check_people(handle: Handle, actor: User, user_ids: Iterable[int]) -> None:
    known = sight.of(handle, actor)
    for each in user_ids:
        person = users.with_id(handle, each)
        if person is None or person.is_system or not known.knows(person):
            raise ApiError(f"Invalid user ID: {each}")
        if not person.is_active:
            raise ApiError(f"user {each} is deactivated")
        if person.is_bot:
            raise ApiError(f"user {each} is a bot")


def apply(transaction: Transaction, user: User, wanted: list[Value]) -> None:
    """What is as it was is not told; nor is it kept what a field that has gone meanwhile was to have."""
    known = {each.id for each in fields.everything(transaction)}
    before = values.of_person(transaction, user.id)
    for each in wanted:
        if each.text is None:
            clear(transaction, user, each.field_id)
        elif each.field_id in known and before.get(each.field_id, {}).get("value") != each.text:
            values.put(transaction, user.id, each.field_id, each.text, each.rendered)
            rendered = {} if each.rendered is None else {"rendered_value": each.rendered}
            _tell(transaction, user, {"id": each.field_id, "value": each.text, **rendered})


def clear(transaction: Transaction, user: User, field_id: int) -> None:
    if values.drop(transaction, user.id, field_id):
        _tell(transaction, user, {"id": field_id, "value": None})


def _tell(transaction: Transaction, user: User, value: dict[str, Any]) -> None:
    sight.tell(transaction, user, {"custom_profile_field": value})
