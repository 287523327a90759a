"""What programs keep on the server: texts by name, each account its own."""

from appliance.base.errors import ApiError
from appliance.model.parameter import json_object

MOST_BYTES = 10_000_000  # of one account, names and texts together (Zulip counts characters)


def entries(name: str, given: str) -> dict[str, str]:
    """Parses a parameter (model/parameter.py)."""
    value = json_object(name, given)
    for key, text in value.items():
        if not isinstance(text, str):
            raise ApiError(f'{name}["{key}"] is not a string')
    return value


def check_size(total: int) -> None:
    """In bytes. Raises ApiError."""
    if total > MOST_BYTES:
        raise ApiError(
            f"Request exceeds storage limit by {total - MOST_BYTES} bytes. The limit is {MOST_BYTES} bytes."
        )
