"""What Zulip's push service is told of this server: that it exists, and, unless that is off, how big it is.

Counts are of yesterday, in UTC. The id of a count says its day and its place, so that the last ids which the
service has (GET server/analytics/status) tell whether it has them, and nothing is to be kept here.
"""

import hashlib
import hmac
from typing import Any
from urllib.parse import urlsplit

from appliance import ZULIP_FEATURE_LEVEL, ZULIP_MERGE_BASE, ZULIP_VERSION
from appliance.model.realm import Realm
from appliance.store import push_day, server_count
from appliance.store import realm as realms
from appliance.store.connection import Handle
from appliance.store.push_day import DAY
from appliance.store.store import Store

ROOM = 100  # ids of a day
REALM_ID = 1

Row = dict[str, Any]


def tables(
    store: Store, public_url: str, org_key: str, now: float, known: dict[str, Any] | None
) -> dict[str, Any]:
    """The fields of POST server/analytics. `known`: the last ids that it has; None: without counts."""
    day = int(now) // DAY - 1
    with store.read() as reader:
        reader.begin()
        realm = realms.get(reader)
        counts = [] if known is None or _is_known(known, day) else _counts(reader, day)
    return {
        "realm_counts": [{**each, "realm": REALM_ID} for each in counts],
        "installation_counts": counts,
        "realmauditlog_rows": [],
        "realms": [_realm(realm, public_url, org_key)],
        "version": ZULIP_VERSION,
        "merge_base": ZULIP_MERGE_BASE,
        "api_feature_level": ZULIP_FEATURE_LEVEL,
    }


def _is_known(known: dict[str, Any], day: int) -> bool:
    last = min(known.get("last_realm_count_id", 0), known.get("last_installation_count_id", 0))
    return bool(last >= day * ROOM)


def _counts(handle: Handle, day: int) -> list[Row]:
    """The properties are Zulip's. Who is active is known of the last time only, so that somebody counts as
    active yesterday who was active since yesterday began."""
    start, end = day * DAY, (day + 1) * DAY
    messages = server_count.messages(handle, start, end)
    found: list[tuple[str, str | None, int]] = [
        ("active_users_audit:is_bot:day", "false", server_count.accounts(handle, bots=False)),
        ("active_users_audit:is_bot:day", "true", server_count.accounts(handle, bots=True)),
        ("1day_actives::day", None, server_count.active_people(handle, start)),
        ("7day_actives::day", None, server_count.active_people(handle, end - 7 * DAY)),
        *(("messages_sent:message_type:day", kind, count) for kind, count in messages.items()),
        ("mobile_pushes_sent::day", None, push_day.count(handle, day)),
    ]
    return [
        {
            "id": day * ROOM + place,
            "property": name,
            "subgroup": group,
            "end_time": float(end),
            "value": value,
        }
        for place, (name, group, value) in enumerate(found)
    ]


def _realm(realm: Realm, public_url: str, org_key: str) -> Row:
    """By its owner's secret, which never changes, the organization proves later that it is the same."""
    secret = hmac.new(org_key.encode(), realm.uuid.encode(), hashlib.sha256).hexdigest()
    return {
        "id": REALM_ID,
        "host": urlsplit(public_url).netloc,
        "url": public_url,
        "name": realm.name,
        "org_type": 0,
        "date_created": float(realm.created),
        "deactivated": False,
        "is_system_bot_realm": False,
        "authentication_methods": {"Email": True},
        "uuid": realm.uuid,
        "uuid_owner_secret": f"zuliprealm_{secret}",
    }
