"""Custom profile fields: administrators make, change, order and drop them. What people put in: profile.py."""

from dataclasses import dataclass, replace
from typing import Any

from appliance.actions.user import profile
from appliance.base.errors import ApiError
from appliance.model import permission
from appliance.model import profile as model
from appliance.model.profile import ACCOUNTS, FieldType, ProfileField
from appliance.model.user import User
from appliance.store import profile_field as fields
from appliance.store import profile_value as values
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Wish:
    """What a field is to be; None: as it is, or as by default. `data`: decoded."""

    name: str | None = None
    hint: str | None = None
    data: Any = None
    in_summary: bool | None = None
    required: bool | None = None
    editable_by_user: bool | None = None


def listed(handle: Handle, *, pronouns: bool = True) -> list[dict[str, Any]]:
    """As clients see them; `pronouns`: they know that type."""
    return [model.public(each, pronouns=pronouns) for each in fields.everything(handle)]


def create(store: Store, user: User, type: int, wish: Wish) -> int:
    """Its id. A field for an account on a site that we know has its name from there. Raises ApiError."""
    permission.check_admin(user)
    kind = model.check_type(type)
    data = model.check_data(kind, {} if wish.data is None else wish.data)
    begun = ProfileField(0, kind, model.check_label(_name(kind, wish)), data=data)

    def write(transaction: Transaction) -> int:
        if len(fields.everything(transaction)) >= model.MOST_FIELDS:
            raise ApiError(f"There can be {model.MOST_FIELDS} profile fields at most.")
        field = _wished(transaction, begun, replace(wish, name=begun.name, data=None))
        field_id = fields.add(transaction, field)
        _tell(transaction)
        return field_id

    return store.write(write)


def _name(type: FieldType, wish: Wish) -> str:
    known = ACCOUNTS.get(str(wish.data.get("subtype"))) if isinstance(wish.data, dict) else None
    return known["name"] if known and type == FieldType.EXTERNAL_ACCOUNT else wish.name or ""


def change(store: Store, user: User, field_id: int, wish: Wish) -> None:
    """Who had chosen what can be chosen no more has no value then. Raises ApiError."""
    permission.check_admin(user)

    def write(transaction: Transaction) -> None:
        before = _existing(transaction, field_id)
        field = _wished(transaction, before, wish)
        if field == before:
            return
        fields.change(transaction, field)
        gone = set(before.choices) - set(field.choices)
        _clear(
            transaction,
            [who for who, what in values.in_field(transaction, field_id).items() if what in gone],
            field_id,
        )
        _tell(transaction)

    store.write(write)


def _wished(handle: Handle, field: ProfileField, wish: Wish) -> ProfileField:
    others = [each for each in fields.everything(handle) if each.id != field.id]
    name = field.name if wish.name is None else model.check_label(wish.name)
    if any(each.name == name for each in others):
        raise ApiError("There is a profile field of this name already.")
    shown = field.in_summary if wish.in_summary is None else wish.in_summary
    return replace(
        field,
        name=name,
        hint=field.hint if wish.hint is None else model.check_hint(wish.hint),
        data=field.data if wish.data is None else model.check_data(field.type, wish.data),
        in_summary=model.check_summary(field.type, shown, sum(each.in_summary for each in others)),
        required=field.required if wish.required is None else wish.required,
        editable_by_user=(field.editable_by_user if wish.editable_by_user is None else wish.editable_by_user),
    )


def _existing(handle: Handle, field_id: int) -> ProfileField:
    field = fields.with_id(handle, field_id)
    if field is None:
        raise ApiError(f"Field id {field_id} not found.")
    return field


def drop(store: Store, user: User, field_id: int) -> None:
    """With all that people have put in. Raises ApiError."""
    permission.check_admin(user)

    def write(transaction: Transaction) -> None:
        _existing(transaction, field_id)
        _clear(transaction, list(values.in_field(transaction, field_id)), field_id)
        fields.drop(transaction, field_id)
        _tell(transaction)

    store.write(write)


def _clear(transaction: Transaction, user_ids: list[int], field_id: int) -> None:
    for each in users.with_ids(transaction, user_ids):
        profile.clear(transaction, each, field_id)


def reorder(store: Store, user: User, order: list[int]) -> None:
    """`order`: the ids of all of them. Raises ApiError."""
    permission.check_admin(user)

    def write(transaction: Transaction) -> None:
        if sorted(order) != sorted(each.id for each in fields.everything(transaction)):
            raise ApiError("Invalid order mapping.")
        fields.order(transaction, order)
        _tell(transaction)

    store.write(write)


def _tell(transaction: Transaction) -> None:
    event = {"type": "custom_profile_fields", "fields": listed(transaction)}
    transaction.notice(event, users.active_ids(transaction))
