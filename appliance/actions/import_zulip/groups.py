"""Groups. Zulip's are of three kinds: those of the roles, whose ids differ from ours; those that people made;
and groups without a name, each the value of one permission."""

from collections import defaultdict
from itertools import count

from appliance.actions.import_zulip.row import Row
from appliance.actions.import_zulip.target import Made, Target, Values
from appliance.base.errors import ApiError
from appliance.model import group_setting
from appliance.model.group import GROUP_PERMISSIONS, ID, Permission
from appliance.model.group_setting import Value, only
from appliance.model.user_group import MAX_DESCRIPTION, MAX_NAME
from appliance.store import imported

RESERVED = 11  # ids below it are of roles, here or some day

Members = dict[int, list[int]]  # by group


def copy(target: Target) -> None:
    """Afterwards `target.groups` says what each of theirs is here: an id, or a permission's value."""
    named = _named(target)
    _number(target, named)
    _resolve_unnamed(target, {row.id("id") for row in target.tables.rows("zerver_usergroup")} - named.keys())
    own = [(row, _group(target, row)) for row in named.values() if not _is_system(row)]
    target.put("user_group", own)
    _members(target)


def _named(target: Target) -> dict[int, Row]:
    """By id. Older servers had one table for all."""
    rows = [*target.tables.rows("zerver_namedusergroup")]
    if not rows:
        rows = [row for row in target.tables.rows("zerver_usergroup") if row.has("name")]
    return {_id(row): row for row in rows}


def _id(row: Row) -> int:
    return row.id("usergroup_ptr") if row.has("usergroup_ptr") else row.id("id")


def _is_system(row: Row) -> bool:
    return row.flag("is_system_group", False)


def _number(target: Target, named: dict[int, Row]) -> None:
    """People's groups keep their ids, but for those that could be taken for a role's."""
    above = count(max([RESERVED, *named]) + 1)
    for group_id, row in named.items():
        if _is_system(row):
            target.groups[group_id] = ID.get(_system_name(row), ID["role:nobody"])
        else:
            target.groups[group_id] = group_id if group_id >= RESERVED else next(above)


def _system_name(row: Row) -> str:
    """The names have changed: "@role:members", "Members"."""
    name = row.text("name", most=MAX_NAME).removeprefix("@")
    return name if name.startswith("role:") else f"role:{name.lower().replace(' ', '')}"


def _resolve_unnamed(target: Target, unnamed: set[int]) -> None:
    people: Members = defaultdict(list)
    inside: Members = defaultdict(list)
    for row in target.tables.rows("zerver_usergroupmembership"):
        if row.id("user_group") in unnamed:
            people[row.id("user_group")].append(target.person(row, "user_profile"))
    for row in target.tables.rows("zerver_groupgroupmembership"):
        subgroup = target.groups.get(row.id("subgroup"))
        if row.id("supergroup") in unnamed and isinstance(subgroup, int):
            inside[row.id("supergroup")].append(subgroup)
    for group_id in unnamed:
        target.groups[group_id] = {"direct_members": people[group_id], "direct_subgroups": inside[group_id]}


def permission(target: Target, row: Row, name: str, known: Permission, default: Value) -> Value:
    """Whom one of a row's permissions names."""
    found = target.groups.get(row.maybe_id(name) or 0)
    if found is None:
        return default
    try:
        return group_setting.parse(name, found, known)
    except ApiError:
        target.notes.add(f"permissions {name} with a value that there is not here")
        return default


def changed(target: Target, row: Row, known: dict[str, Permission], creator: int | None) -> dict[str, Value]:
    """The permissions of a group or channel that are not the default."""
    found = {}
    for name, each in known.items():
        default = _default(each, creator)
        value = permission(target, row, name, each, default)
        if value != default:
            found[name] = value
    return found


def _default(known: Permission, creator: int | None) -> Value:
    if known.default in ID:
        return ID[known.default]
    return ID["role:nobody"] if creator is None else only(creator)


def _group(target: Target, row: Row) -> Values:
    creator = target.maybe_person(row, "creator")
    return {
        "id": target.groups[_id(row)],
        "name": row.text("name", most=MAX_NAME),
        "description": row.text("description", "", MAX_DESCRIPTION),
        "creator_id": creator,
        "date_created": row.time("date_created", 0),
        "deactivated": int(row.flag("deactivated", False)),
        "settings": target.json(changed(target, row, GROUP_PERMISSIONS, creator)),
    }


def _members(target: Target) -> None:
    """Who is in a role's group follows from the roles."""

    def own(row: Row, name: str) -> int:
        """0: it is no group that people made."""
        found = target.groups.get(row.id(name))
        return found if isinstance(found, int) and found >= RESERVED else 0

    def member(row: Row) -> Made:
        group_id = own(row, "user_group")
        values = {"group_id": group_id, "user_id": target.person(row, "user_profile")}
        return values if group_id else None

    def subgroup(row: Row) -> Made:
        group_id, inside = own(row, "supergroup"), target.groups.get(row.id("subgroup"))
        values = {"group_id": group_id, "subgroup_id": inside}
        return values if group_id and isinstance(inside, int) else None

    target.copy("zerver_usergroupmembership", "user_group_member", member)
    target.copy("zerver_groupgroupmembership", "user_group_subgroup", subgroup)
    imported.reserve(target.transaction, "user_group", RESERVED - 1)
