"""Custom profile fields: what an organization lets people say of themselves, and what each may say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any
from urllib.parse import urlsplit

import orjson

from appliance.base.errors import ApiError

MAX_NAME, MAX_HINT, MAX_SHORT, MAX_LONG, MAX_URL, MAX_PEOPLE = 40, 80, 50, 500, 500, 100
MAX_DATA, MOST_FIELDS, MOST_IN_SUMMARY = 10_000, 100, 2  # characters, fields, fields


class FieldType(IntEnum):
    SHORT_TEXT = 1
    LONG_TEXT = 2
    SELECT = 3
    DATE = 4
    URL = 5
    USER = 6
    EXTERNAL_ACCOUNT = 7
    PRONOUNS = 8


FIELD_TYPES: dict[str, dict[str, int | str]] = {
    "SHORT_TEXT": {"id": 1, "name": "Text (short)"},
    "LONG_TEXT": {"id": 2, "name": "Text (long)"},
    "SELECT": {"id": 3, "name": "List of options"},
    "DATE": {"id": 4, "name": "Date picker"},
    "URL": {"id": 5, "name": "Link"},
    "USER": {"id": 6, "name": "Users"},
    "EXTERNAL_ACCOUNT": {"id": 7, "name": "External account"},
    "PRONOUNS": {"id": 8, "name": "Pronouns"},
}
RENDERED = frozenset({FieldType.SHORT_TEXT, FieldType.LONG_TEXT})  # Markdown is allowed in them
NOT_IN_SUMMARY = frozenset({FieldType.LONG_TEXT, FieldType.USER})
ACCOUNTS = {
    key: {
        "name": f"{site} username",
        "text": site,
        "hint": "",
        "url_pattern": f"https://{key}.com/%(username)s",
    }
    for key, site in (("github", "GitHub"), ("twitter", "Twitter"))
}
CUSTOM_ACCOUNT, USERNAME = "custom", "%(username)s"


def field_types(*, pronouns: bool) -> dict[str, dict[str, int | str]]:
    """As `custom_profile_field_types` of POST /register lists them. `pronouns`: the client knows that one."""
    return {name: each for name, each in FIELD_TYPES.items() if pronouns or name != "PRONOUNS"}


@dataclass(frozen=True, slots=True)
class ProfileField:
    """`data`: JSON in text, as clients send it; "": none. `position`: from 1."""

    id: int
    type: FieldType
    name: str
    hint: str = ""
    data: str = ""
    position: int = 0
    in_summary: bool = False
    required: bool = False
    editable_by_user: bool = True

    @property
    def choices(self) -> list[str]:
        """Values that a field of the type SELECT may have."""
        return list(orjson.loads(self.data)) if self.type == FieldType.SELECT else []


def public(field: ProfileField, *, pronouns: bool = True) -> dict[str, Any]:
    """`pronouns`: the client knows that type."""
    known = pronouns or field.type != FieldType.PRONOUNS
    return {
        "id": field.id,
        "type": int(field.type if known else FieldType.SHORT_TEXT),
        "order": field.position,
        "name": field.name,
        "hint": field.hint,
        "field_data": field.data,
        "required": field.required,
        "editable_by_user": field.editable_by_user,
        **({"display_in_profile_summary": True} if field.in_summary else {}),
    }


# -- fields


def check_type(given: int) -> FieldType:
    try:
        return FieldType(given)
    except ValueError:
        raise ApiError("Invalid field type.") from None


def check_label(name: str) -> str:
    if not name.strip():
        raise ApiError("Name cannot be blank.")
    return _short("name", name.strip(), MAX_NAME)


def check_hint(hint: str) -> str:
    return _short("hint", hint, MAX_HINT)


def check_data(type: FieldType, data: Any) -> str:
    """In its one form. Raises ApiError."""
    check = _DATA.get(type)
    if check is None:
        return ""
    if not isinstance(data, dict):
        raise ApiError("field_data is not a dict")
    check(data)
    return _short("field_data", orjson.dumps(data).decode(), MAX_DATA)


def _check_choices(data: dict[str, Any]) -> None:
    """{value: {"text": …, "order": …}}"""
    if not data:
        raise ApiError("There must be a choice.")
    for value, choice in data.items():
        if not value.strip() or not isinstance(choice, dict) or choice.keys() != {"text", "order"}:
            raise ApiError('field_data is not a dict of {"text": …, "order": …}')
        for part in ("text", "order"):
            if not isinstance(choice[part], str) or not choice[part].strip():
                raise ApiError(f'field_data["{part}"] cannot be blank.')
    if len({choice["text"] for choice in data.values()}) < len(data):
        raise ApiError("No two choices may be the same.")


def _check_account(data: dict[str, Any]) -> None:
    """{"subtype": one of ACCOUNTS} or {"subtype": "custom", "url_pattern": …}"""
    kind, pattern = data.get("subtype"), data.get("url_pattern")
    if data.keys() - {"subtype", "url_pattern"} or kind not in (*ACCOUNTS, CUSTOM_ACCOUNT):
        raise ApiError("Invalid external account type")
    if kind == CUSTOM_ACCOUNT and pattern is None:
        raise ApiError("An account of your own kind needs a url_pattern.")
    if pattern is not None:
        if not isinstance(pattern, str) or pattern.count(USERNAME) != 1:
            raise ApiError("url_pattern must have %(username)s in it.")
        _url("url_pattern", pattern.replace(USERNAME, "username"))


_DATA: dict[FieldType, Callable[[dict[str, Any]], None]] = {
    FieldType.SELECT: _check_choices,
    FieldType.EXTERNAL_ACCOUNT: _check_account,
}


def check_summary(type: FieldType, shown: bool, others: int) -> bool:
    """`others`: how many fields are in the summary already."""
    if shown and type in NOT_IN_SUMMARY:
        raise ApiError("The summary shows no fields of this type.")
    if shown and others >= MOST_IN_SUMMARY:
        raise ApiError("The summary shows 2 fields at most.")
    return shown


# -- values


def check_value(field: ProfileField, value: Any) -> str:
    """As it is stored and shown. That people exist is not looked at. Raises ApiError."""
    if field.type == FieldType.USER:
        return orjson.dumps(check_people(field, value)).decode()
    if not isinstance(value, str):
        raise ApiError(f"{field.name} is not a string")
    return _VALUES[field.type](field, value)


def check_people(field: ProfileField, value: Any) -> list[int]:
    """Ids. Raises ApiError."""
    if not isinstance(value, list):
        raise ApiError("User IDs is not a list")
    for each in value:
        if type(each) is not int or not 0 < each < 2**53:
            raise ApiError("User IDs[0] is not an integer")
    if len(value) > MAX_PEOPLE:
        raise ApiError(f"{field.name} has too many people (limit: {MAX_PEOPLE})")
    return list(dict.fromkeys(value))


def _text(most: int) -> Callable[[ProfileField, str], str]:
    return lambda field, value: _short(field.name, value, most)


def _short(name: str, value: str, most: int) -> str:
    if len(value) > most:
        raise ApiError(f"{name} is too long (limit: {most} characters)")
    return value


def _choice(field: ProfileField, value: str) -> str:
    if value not in field.choices:
        raise ApiError(f"'{value}' is no choice of '{field.name}'.")
    return value


def _date(field: ProfileField, value: str) -> str:
    try:
        found = datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise ApiError(f"{field.name} is not a date") from None
    if value != found.isoformat():  # "2020-1-1" would be taken, too
        raise ApiError(f"{field.name} is not a date")
    return value


def _link(field: ProfileField, value: str) -> str:
    return _url(field.name, value)


def _url(name: str, value: str) -> str:
    try:
        parts = urlsplit(_short(name, value, MAX_URL))
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or not value.isprintable() or " " in value:
        raise ApiError(f"{name} is not a URL")
    return value


_VALUES: dict[FieldType, Callable[[ProfileField, str], str]] = {
    FieldType.SHORT_TEXT: _text(MAX_SHORT),
    FieldType.LONG_TEXT: _text(MAX_LONG),
    FieldType.SELECT: _choice,
    FieldType.DATE: _date,
    FieldType.URL: _link,
    FieldType.EXTERNAL_ACCOUNT: _text(MAX_SHORT),
    FieldType.PRONOUNS: _text(MAX_SHORT),
}
