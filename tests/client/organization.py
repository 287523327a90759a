"""The organisation, and what is the user's own."""

from tests.client.state import ClientState, Event, Row

_VERSIONS = ("zulip_version", "zulip_merge_base", "zulip_feature_level", "server_generation")


def realm_updated(client: ClientState, event: Event) -> None:
    _update(client, {event["property"]: event["value"]})


def realm_updated_much(client: ClientState, event: Event) -> None:
    _update(client, event["data"])


def _update(client: ClientState, changes: Row) -> None:
    for name, value in changes.items():
        assert f"realm_{name}" in client.told
        client.told[f"realm_{name}"] = value


def restarted(client: ClientState, event: Event) -> None:
    client.told |= {name: event[name] for name in _VERSIONS}


def linkifiers_changed(client: ClientState, event: Event) -> None:
    """It is told to all, but those that don't know URL templates can do nothing with it."""
    if client.asked.get("linkifier_url_template"):
        client.told["realm_linkifiers"] = event["realm_linkifiers"]


def topic_changed(client: ClientState, event: Event) -> None:
    """Topics without a policy of their own are not listed."""
    rows, same = client.told["user_topics"], (event["stream_id"], event["topic_name"].lower())
    rows[:] = [row for row in rows if (row["stream_id"], row["topic_name"].lower()) != same]
    if event["visibility_policy"]:
        names = ("stream_id", "topic_name", "last_updated", "visibility_policy")
        rows.append({name: event[name] for name in names})


def display_setting_changed(client: ClientState, event: Event) -> None:
    client.told[event["setting_name"]] = event["setting"]


def notification_setting_changed(client: ClientState, event: Event) -> None:
    client.told[event["notification_name"]] = event["setting"]
