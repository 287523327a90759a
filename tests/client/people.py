"""People, bots, groups, and who is here."""

from tests.client.rows import drop, find, known, put
from tests.client.state import Change, ClientState, Event, Row

OWNER, ADMIN, MODERATOR, GUEST = 100, 200, 300, 600
_LISTS = (("realm_users", True), ("realm_non_active_users", False))
_OWN = ("email", "delivery_email", "full_name", "avatar_url", "is_owner", "is_admin", "is_guest")


def added(client: ClientState, event: Event) -> None:
    put(client.told["realm_users"], event["person"], "user_id")


def removed(client: ClientState, event: Event) -> None:
    for name, _ in _LISTS:
        drop(client.told[name], event["person"]["user_id"], "user_id")


def updated(client: ClientState, event: Event) -> None:
    change = event["person"]
    row = known(client.people, change["user_id"], "user_id")
    row |= _fields(row, change)
    for name, active in _LISTS:
        drop(client.told[name], row["user_id"], "user_id")
        if row["is_active"] == active:
            client.told[name].append(row)
    if row["user_id"] == client.me:
        _update_own(client, row)


def _fields(row: Row, change: Row) -> Row:
    fields = {name: value for name, value in change.items() if name in row}
    if "new_email" in change:
        fields["email"] = change["new_email"]
    if "role" in change:
        role = change["role"]
        fields |= {"is_owner": role == OWNER, "is_admin": role <= ADMIN, "is_guest": role == GUEST}
    if "custom_profile_field" in change:
        value = dict(change["custom_profile_field"])
        fields["profile_data"] = {**row["profile_data"], str(value.pop("id")): value}
    return fields


def _update_own(client: ClientState, row: Row) -> None:
    for name in _OWN:
        client.told[name] = row[name]
    client.told["is_moderator"] = row["role"] == MODERATOR
    for name in ("can_create_streams", "can_create_public_streams", "can_create_private_streams"):
        client.told[name] = not row["is_guest"]


def seen(client: ClientState, event: Event) -> None:
    """In whichever form it comes, it goes into the form that the client was told."""
    known = client.told["presences"]
    if "presences" in event:
        known |= event["presences"]
        return
    latest = event["presence"]["website"]
    if client.asked.get("slim_presence"):
        active = latest["timestamp"] if latest["status"] == "active" else 0
        known[str(event["user_id"])] = {"active_timestamp": active, "idle_timestamp": latest["timestamp"]}
    else:
        known[event["email"]] = {"aggregated": latest, "website": latest}


def unseen(client: ClientState, event: Event) -> None:
    """Whoever is deactivated, or out of sight, is not listed."""
    change = event["person"]
    if event["op"] == "update" and change.get("is_active", True):
        return
    row = find(client.people, change["user_id"], "user_id")
    for name in (str(change["user_id"]), row["email"] if row else None):
        client.told["presences"].pop(name, None)


def bot_updated(client: ClientState, event: Event) -> None:
    known(client.told["realm_bots"], event["bot"]["user_id"], "user_id").update(event["bot"])


def bot_deleted(client: ClientState, event: Event) -> None:
    drop(client.told["realm_bots"], event["bot"]["user_id"], "user_id")


def group_updated(client: ClientState, event: Event) -> None:
    _group(client, event).update(event["data"])


def _group(client: ClientState, event: Event) -> Row:
    return known(client.told["realm_user_groups"], event["group_id"], "id")


def listed_in_group(key: str, told_as: str) -> Change:
    def change(client: ClientState, event: Event) -> None:
        group = _group(client, event)
        group[key] = sorted({*group[key], *event[told_as]})

    return change


def unlisted_in_group(key: str, told_as: str) -> Change:
    def change(client: ClientState, event: Event) -> None:
        group = _group(client, event)
        group[key] = [each for each in group[key] if each not in event[told_as]]

    return change


def status_changed(client: ClientState, event: Event) -> None:
    """An empty value takes a field away, an empty emoji all that is said of it."""
    fields = ("status_text", "emoji_name", "emoji_code", "reaction_type", "away")
    statuses = client.told["user_status"]
    status = statuses.pop(str(event["user_id"]), {}) | {name: event[name] for name in fields if name in event}
    if not status.get("emoji_name"):
        status.pop("reaction_type", None)
    if left := {name: value for name, value in status.items() if value}:
        statuses[str(event["user_id"])] = left


def push_device_settled(client: ClientState, event: Event) -> None:
    settled = {name: event[name] for name in ("status", "error_code") if name in event}
    client.told["push_devices"][event["push_account_id"]] = settled
