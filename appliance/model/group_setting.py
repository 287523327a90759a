"""Values of permission settings: a group's id, or people and groups that make an unnamed one.

7   or   {"direct_members": [5], "direct_subgroups": [6]}
"""

from dataclasses import dataclass
from typing import Any

from appliance.base.errors import ApiError
from appliance.model.group import ID, SYSTEM_GROUP, Permission

Value = int | dict[str, list[int]]

MOST = 500  # people and groups in one value
_PARTS = {"direct_members", "direct_subgroups"}


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody, and the ids of all groups that they are in, directly or not."""

    user_id: int
    group_ids: frozenset[int]

    def is_in(self, value: Value) -> bool:
        if isinstance(value, int):
            return value in self.group_ids
        return self.user_id in value["direct_members"] or not self.group_ids.isdisjoint(
            value["direct_subgroups"]
        )


def only(user_id: int) -> Value:
    return {"direct_members": [user_id], "direct_subgroups": []}


def parse(name: str, given: Any, permission: Permission) -> Value:
    """The value in its one form: a group alone is its id, nobody at all is role:nobody. Raises ApiError; that
    the people and groups exist is not looked at."""
    value = _shaped(name, given)
    group = SYSTEM_GROUP.get(value) if isinstance(value, int) else None
    if group is None and permission.only:
        raise SystemGroupRequired(name)
    if group is not None and group.name not in permission.allowed():
        raise ApiError(f"'{name}' setting cannot be set to '{group.name}' group.")
    return value


def _shaped(name: str, given: Any) -> Value:
    if _is_id(given):
        return int(given)
    if not isinstance(given, dict) or given.keys() != _PARTS:
        raise ApiError(f"{name} is not a group id, nor an object with direct_members and direct_subgroups")
    members, subgroups = (_ids(name, given[part]) for part in sorted(_PARTS))
    if members or len(subgroups) > 1:
        return {"direct_members": members, "direct_subgroups": subgroups}
    return subgroups[0] if subgroups else ID["role:nobody"]


def _is_id(given: Any) -> bool:
    return type(given) is int and 0 < given < 2**53


def _ids(name: str, given: Any) -> list[int]:
    if not isinstance(given, list) or len(given) > MOST or not all(map(_is_id, given)):
        raise ApiError(f"{name} is not a list of at most {MOST} ids")
    return sorted(set(given))


def parse_change(name: str, given: Any, permission: Permission) -> tuple[Value, Value | None]:
    """(new, old) of {"new": value, "old": value}, where `old`, what the client believes, may be left out."""
    if not isinstance(given, dict) or "new" not in given:
        raise ApiError(f"{name} is missing 'new'")
    old = given.get("old")
    return parse(name, given["new"], permission), None if old is None else _shaped(name, old)


def check_old(old: Value | None, current: Value) -> None:
    """`old`: what the client believes, as `parse_change` returns it."""
    if old is not None and old != current:
        raise ExpectationMismatch


class ExpectationMismatch(ApiError):
    """Somebody else has changed the setting since the client looked."""

    code = "EXPECTATION_MISMATCH"

    def __init__(self) -> None:
        super().__init__("'old' value does not match the expected value.")


class SystemGroupRequired(ApiError):
    code = "SYSTEM_GROUP_REQUIRED"

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' takes no group but the system's.", setting_name=name)


def members_of(value: Value) -> list[int]:
    """Whom it names."""
    return [] if isinstance(value, int) else value["direct_members"]


def groups_of(value: Value) -> list[int]:
    """Which groups it names."""
    return [value] if isinstance(value, int) else value["direct_subgroups"]
