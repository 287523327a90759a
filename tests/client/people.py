"""People, bots, groups, and who is here."""

from appliance.model.sight import unknown
from tests.client.rows import drop, find, known, put
from tests.client.state import Change, ClientState, Event, Row

OWNER, ADMIN, MODERATOR, GUEST = 100, 200, 300, 600
_LISTS = (("realm_users", True), ("realm_non_active_users", False))
_OWN = ("email", "delivery_email", "full_name", "avatar_url", "is_owner", "is_admin", "is_guest")


def added(client: ClientState, event: Event) -> None:
    person = event["person"]
    for name, active in _LISTS:
        drop(client.told[name], person["user_id"], "user_id")
        if person["is_active"] == active:
            put(client.told[name], person, "user_id")


def removed(client: ClientState, event: Event) -> None:
    """Clients that list everybody have somebody unknown there."""
    user_id = event["person"]["user_id"]
    for name, _ in _LISTS:
        drop(client.told[name], user_id, "user_id")
    if not client.asked.get("user_list_incomplete"):
        put(client.told["realm_users"], unknown(user_id), "user_id")


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
        client.told["avatar_url_medium"] = change.get("avatar_url_medium", client.told["avatar_url_medium"])


def _fields(row: Row, change: Row) -> Row:
    fields = {name: value for name, value in change.items() if name in row}
    if "new_email" in change:
        fields["email"] = change["new_email"]
    if "role" in change:
        role = change["role"]
        fields |= {"is_owner": role == OWNER, "is_admin": role <= ADMIN, "is_guest": role == GUEST}
    if "custom_profile_field" in change:
        value = dict(change["custom_profile_field"])
        said = {**row["profile_data"], str(value.pop("id")): value}
        fields["profile_data"] = {key: each for key, each in said.items() if each["value"] is not None}
    return fields


def _update_own(client: ClientState, row: Row) -> None:
    for name in _OWN:
        client.told[name] = row[name]
    client.told["is_moderator"] = row["role"] == MODERATOR


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
    """Whoever is deactivated, or out of sight, is not listed. The older form goes by addresses."""
    change, known = event["person"], client.told["presences"]
    row = find(client.people, change["user_id"], "user_id")
    email = row["email"] if row else None
    if "new_email" in change and email in known:
        known[change["new_email"]] = known.pop(email)
    if event["op"] == "remove" or not change.get("is_active", True):
        for name in (str(change["user_id"]), email):
            known.pop(name, None)


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


def status_unknown(client: ClientState, event: Event) -> None:
    """Of somebody out of sight."""
    client.told["user_status"].pop(str(event["person"]["user_id"]), None)


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
