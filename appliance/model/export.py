"""Exports of the organization: their kinds, what becomes of one, and the object that clients see."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from appliance.base.errors import ApiError
from appliance.model.user import Role, User

MOST, PERIOD = 5, 7 * 86_400  # that may be asked for, and within how many seconds
# With more messages, or larger files, it is for who runs the server to say when.
MOST_MESSAGES, MOST_BYTES = 250_000, 10 << 30
PATH = "exports"  # below the server's URL, and the data folder
_AN_OWNER = "Make sure at least one Organization Owner"
NOBODY = 4  # email_address_visibility: not even administrators see it


class Kind(IntEnum):
    """Numbers of Zulip's. PUBLIC: nothing private of anybody. CONSENTED: also what those can read who have
    allowed that (`allow_private_data_export`). FULL: everything; not to be had by the API."""

    PUBLIC = 1
    CONSENTED = 2
    FULL = 3


class Status(StrEnum):
    REQUESTED = "requested"
    STARTED = "started"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Export:
    """One that was asked for. `token` makes its address unguessable; `size` in bytes, `finished` and
    `deleted` in Unix seconds; None: not yet. `error`: why it failed."""

    id: int
    kind: Kind
    requested_by: int
    requested: int
    status: Status
    token: str
    name: str
    size: int | None = None
    finished: int | None = None
    deleted: int | None = None
    error: str | None = None

    @property
    def is_there(self) -> bool:
        return self.status == Status.SUCCEEDED and self.deleted is None


def public(export: Export, public_url: str) -> dict[str, Any]:
    """The object of the API."""
    return {
        "id": export.id,
        "acting_user_id": export.requested_by,
        "export_time": export.requested,
        "export_type": int(export.kind),
        "export_url": address(export, public_url) if export.is_there else None,
        "pending": export.status in (Status.REQUESTED, Status.STARTED),
        "failed_timestamp": export.finished if export.status == Status.FAILED else None,
        "deleted_timestamp": export.deleted,
    }


def address(export: Export, public_url: str) -> str:
    """Where administrators get its file."""
    return f"{public_url}/{PATH}/{export.token}/{export.name}"


def consents(user: User) -> bool:
    return bool(user.setting("allow_private_data_export"))


def hides_address(user: User) -> bool:
    return bool(user.setting("email_address_visibility") == NOBODY)


def check_kind(kind: int) -> Kind:
    if kind not in (Kind.PUBLIC, Kind.CONSENTED):
        raise ApiError("Invalid export_type")
    return Kind(kind)


def check_usable(kind: Kind, people: list[User]) -> None:
    """An organization made of it must have an owner. Raises ApiError."""
    owners = [each for each in people if each.role == Role.OWNER and each.is_active]
    if kind == Kind.CONSENTED and not any(map(consents, owners)):
        raise ApiError(f"{_AN_OWNER} is consenting to the export.")
    if kind == Kind.PUBLIC and all(map(hides_address, owners)):
        raise ApiError(f"{_AN_OWNER} allows other Administrators to see their email address.")


def check_deletable(export: Export | None) -> Export:
    """Raises ApiError with Zulip's texts."""
    if export is None:
        raise ApiError("Invalid data export ID")
    if export.deleted is not None:
        raise ApiError("Export already deleted")
    if export.status == Status.FAILED:
        raise ApiError("Export failed, nothing to delete")
    if not export.is_there:
        raise ApiError("Export still in progress")
    return export
