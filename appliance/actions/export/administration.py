"""Tables of what administrators have made for everybody."""

from collections.abc import Iterator
from typing import Any

import orjson

from appliance.actions.export.source import REALM, Source
from appliance.model.export import Kind
from appliance.store import export as everything

Row = dict[str, Any]


def domains(source: Source) -> Iterator[Row]:
    for row in everything.table(source.reader, "realm_domain", "domain, allow_subdomains", "domain"):
        yield {
            "realm": REALM,
            "domain": row["domain"],
            "allow_subdomains": bool(row["allow_subdomains"]),
        }


def linkifiers(source: Source) -> Iterator[Row]:
    for row in everything.table(source.reader, "linkifier", "id, pattern, url_template, position", "id"):
        yield {
            "id": row["id"],
            "realm": REALM,
            "pattern": row["pattern"],
            "url_template": row["url_template"],
            "order": row["position"],
        }


def playgrounds(source: Source) -> Iterator[Row]:
    columns = "id, name, pygments_language, url_template"
    for row in everything.table(source.reader, "playground", columns, "id"):
        yield {**row, "realm": REALM}


# -- profiles


def fields(source: Source) -> Iterator[Row]:
    columns = "id, type, name, hint, data, position, display_in_profile_summary, required, editable_by_user"
    for row in everything.table(source.reader, "profile_field", columns, "id"):
        yield {
            "id": row["id"],
            "realm": REALM,
            "name": row["name"],
            "hint": row["hint"],
            "order": row["position"],
            "field_type": row["type"],
            "field_data": row["data"],
            "display_in_profile_summary": bool(row["display_in_profile_summary"]),
            "required": bool(row["required"]),
            "editable_by_user": bool(row["editable_by_user"]),
        }


def values_of_fields(source: Source) -> Iterator[Row]:
    """They are there to be seen by others."""
    columns = "user_id, field_id, value, rendered_value"
    for row in everything.table(source.reader, "profile_value", columns, "user_id, field_id"):
        yield {
            "user_profile": row["user_id"],
            "field": row["field_id"],
            "value": row["value"],
            "rendered_value": row["rendered_value"],
        }


# -- invitations: Zulip's importer does not know these tables


def invited(source: Source) -> Iterator[Row]:
    """Of one person each."""
    yield from ({"email": row["email"], **_invitation(row)} for row in _open(source) if row["email"])


def links(source: Source) -> Iterator[Row]:
    """For whoever has one."""
    yield from (_invitation(row) for row in _open(source) if not row["email"])


def _open(source: Source) -> Iterator[Row]:
    """Whom others have invited is for administrators to know."""
    if source.kind != Kind.FULL:
        return
    columns = (
        "id, email, inviter_id, invited_as, created, expires, status, defaults, channel_ids, group_ids,"
        " notify_referrer"
    )
    for row in everything.table(source.reader, "invitation", columns, "id"):
        if row["status"] == 0 and row["inviter_id"] is not None:
            yield row


def _invitation(row: Row) -> Row:
    """Without what opens it."""
    return {
        "id": row["id"],
        "realm": REALM,
        "referred_by": row["inviter_id"],
        "invited_as": row["invited_as"],
        "invited_at": float(row["created"]),
        "expires": None if row["expires"] is None else float(row["expires"]),
        "status": 0,
        "include_realm_default_subscriptions": bool(row["defaults"]),
        "streams": orjson.loads(row["channel_ids"]),
        "groups": orjson.loads(row["group_ids"]),
        "notify_referrer_on_join": bool(row["notify_referrer"]),
    }
