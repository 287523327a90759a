"""What each kind of event does to each section: the table of appliance/actions/snapshot/sections.py from the
other side."""

from copy import deepcopy
from typing import Any

from appliance.actions.snapshot import SECTIONS, UNKEPT
from tests.client import channels, messages, organization, people, unread
from tests.client.rows import drop_one, nothing, put_all, replace, set_in
from tests.client.state import Change, ClientState, Event

# By the types of events that a client names to get the section.
CHANGES: dict[tuple[str, ...], dict[str, Change]] = {
    ("alert_words",): {"alert_words": replace("alert_words")},
    ("custom_profile_fields",): {"custom_profile_fields": replace("custom_profile_fields", "fields")},
    ("default_stream_groups",): {
        "default_stream_groups": replace("realm_default_stream_groups", "default_stream_groups")
    },
    ("default_streams",): {"default_streams": replace("realm_default_streams", "default_streams")},
    ("drafts",): {
        "drafts/add": put_all("drafts", "drafts"),
        "drafts/update": put_all("drafts", "draft"),
        "drafts/remove": drop_one("drafts", "draft_id"),
    },
    ("giphy",): {},
    ("message",): {
        "message": messages.newest,
        "update_message": messages.newest_moved,
        "delete_message": messages.newest_unknown,
        "subscription/add": messages.newest_unknown,
        "subscription/remove": messages.newest_unknown,
    },
    ("message", "update_message_flags"): {
        "message": unread.received,
        "update_message": unread.changed,
        "delete_message": unread.unread_deleted,
        "update_message_flags/add": unread.read,
        "update_message_flags/remove": unread.marked_unread,
        "subscription/update": nothing,
        "user_topic": nothing,
        "stream/update": unread.archived,
        "stream/delete": unread.out_of_sight,
    },
    ("muted_topics",): {
        "muted_topics": replace("muted_topics"),
        "stream/create": channels.muted_topics_unknown,
        "stream/update": channels.renamed_in_muted_topics,
        "stream/delete": channels.gone_from_muted_topics,
    },
    ("muted_users",): {"muted_users": replace("muted_users")},
    ("onboarding_steps",): {"onboarding_steps": replace("onboarding_steps")},
    ("presence",): {
        "presence": people.seen,
        "realm_user/update": people.unseen,
        "realm_user/remove": people.unseen,
    },
    ("push_device",): {"push_device": people.push_device_settled},
    ("realm",): {
        "realm/update": organization.realm_updated,
        "realm/update_dict": organization.realm_updated_much,
        "restart": organization.restarted,
    },
    ("realm_bot",): {
        "realm_bot/add": put_all("realm_bots", "bot", "user_id"),
        "realm_bot/update": people.bot_updated,
        "realm_bot/delete": people.bot_deleted,
    },
    ("realm_domains",): {
        "realm_domains/add": put_all("realm_domains", "realm_domain", "domain"),
        "realm_domains/change": put_all("realm_domains", "realm_domain", "domain"),
        "realm_domains/remove": drop_one("realm_domains", "domain", "domain"),
    },
    ("realm_embedded_bots",): {},
    ("realm_emoji",): {"realm_emoji/update": replace("realm_emoji")},
    ("realm_filters",): {},
    ("realm_incoming_webhook_bots",): {},
    ("realm_linkifiers",): {"realm_linkifiers": organization.linkifiers_changed},
    ("realm_playgrounds",): {"realm_playgrounds": replace("realm_playgrounds")},
    ("realm_user",): {
        "realm_user/add": people.added,
        "realm_user/update": people.updated,
        "realm_user/remove": people.removed,
    },
    ("realm_user_groups",): {
        "user_group/add": put_all("realm_user_groups", "group"),
        "user_group/update": people.group_updated,
        "user_group/remove": drop_one("realm_user_groups", "group_id"),
        "user_group/add_members": people.listed_in_group("members", "user_ids"),
        "user_group/remove_members": people.unlisted_in_group("members", "user_ids"),
        "user_group/add_subgroups": people.listed_in_group("direct_subgroup_ids", "direct_subgroup_ids"),
        "user_group/remove_subgroups": people.unlisted_in_group("direct_subgroup_ids", "direct_subgroup_ids"),
    },
    ("realm_user_settings_defaults",): {
        "realm_user_settings_defaults/update": set_in("realm_user_settings_defaults")
    },
    ("recent_private_conversations",): {
        "message": messages.conversed,
        "delete_message": messages.conversations_unknown,
    },
    ("saved_snippets",): {
        "saved_snippets/add": put_all("saved_snippets", "saved_snippet"),
        "saved_snippets/update": put_all("saved_snippets", "saved_snippet"),
        "saved_snippets/remove": drop_one("saved_snippets", "saved_snippet_id"),
    },
    ("scheduled_messages",): {
        "scheduled_messages/add": put_all("scheduled_messages", "scheduled_messages", "scheduled_message_id"),
        "scheduled_messages/update": put_all(
            "scheduled_messages", "scheduled_message", "scheduled_message_id"
        ),
        "scheduled_messages/remove": drop_one(
            "scheduled_messages", "scheduled_message_id", "scheduled_message_id"
        ),
    },
    ("starred_messages",): {
        "update_message_flags/add": messages.starred,
        "update_message_flags/remove": messages.unstarred,
        "delete_message": messages.stars_deleted,
    },
    ("stop_words",): {},
    ("stream",): {
        "stream/create": channels.made,
        "stream/update": channels.updated,
        "stream/delete": channels.gone,
    },
    ("subscription",): {
        "subscription/add": channels.joined,
        "subscription/remove": channels.left,
        "subscription/update": channels.set_property,
        "subscription/peer_add": channels.peers_joined,
        "subscription/peer_remove": channels.peers_left,
        "stream/create": channels.came_into_sight,
        "stream/update": channels.updated_in_lists,
        "stream/delete": channels.went_out_of_sight,
        "realm_user/update": channels.peer_deactivated,
    },
    ("update_display_settings",): {"update_display_settings": organization.display_setting_changed},
    ("update_global_notifications",): {
        "update_global_notifications": organization.notification_setting_changed
    },
    ("user_settings",): {"user_settings/update": set_in("user_settings")},
    ("user_status",): {"user_status": people.status_changed, "realm_user/remove": people.status_unknown},
    ("user_topic",): {"user_topic": organization.topic_changed},
    ("video_calls",): {"has_zoom_token": replace("has_zoom_token", "value")},
}
KINDS = frozenset(kind for changes in CHANGES.values() for kind in changes)


def begin(me: int, told: dict[str, Any], asked: dict[str, Any]) -> ClientState:
    """`told`: the answer of POST /register; `asked`: its parameters."""
    client = ClientState(me, deepcopy(told), asked)
    if "unread_msgs" in told:
        unread.take(client)
    return client


def kind_of(event: Event) -> str:
    """type, or type/op."""
    return f"{event['type']}/{event['op']}" if "op" in event else str(event["type"])


def apply(client: ClientState, event: Event) -> None:
    """Raises LookupError for an event of a kind that no client knows."""
    kind = kind_of(event)
    if kind not in KINDS | UNKEPT:
        raise LookupError(f"an event of an unknown kind: {kind}")
    for section in SECTIONS:
        if section.wanted(client.types) and kind in CHANGES[section.types]:
            CHANGES[section.types][kind](client, event)
