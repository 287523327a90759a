"""Custom profile fields: the types that one can have."""

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


def field_types(*, pronouns: bool) -> dict[str, dict[str, int | str]]:
    """As `custom_profile_field_types` of POST /register lists them. `pronouns`: the client knows that one."""
    return {name: each for name, each in FIELD_TYPES.items() if pronouns or name != "PRONOUNS"}
