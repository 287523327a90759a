"""The table of sections: who asks for each, who computes it, and which events change it.

A client that keeps a section up needs all the kinds of its row; a kind of event is its type, or type/op. Each
is in some row or in UNKEPT (tests/actions/test_sections.py), so that none can be forgotten here. What it does
to a section, the client in tests/client says.

Sections whose data a later version brings are empty, in the form that clients expect.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appliance.actions.snapshot import channels, messages, mutes, organization, people, personal
from appliance.actions.snapshot.moment import Moment
from appliance.actions.snapshot.unread import unread_messages

Compute = Callable[[Moment], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Section:
    """For clients that want all of `types`, but not those that want `newer`, which says the same and more."""

    types: tuple[str, ...]
    compute: Compute
    changed_by: frozenset[str]
    newer: str | None = None

    def wanted(self, types: frozenset[str] | None) -> bool:
        """`types` None: those of a client that wants everything."""
        return types is None or (types.issuperset(self.types) and self.newer not in types)


def _kinds(*listed: str) -> frozenset[str]:
    """ "stream/create,delete" stands for stream/create and stream/delete."""
    return frozenset(
        f"{each.partition('/')[0]}/{op}" if op else each
        for each in listed
        for op in each.partition("/")[2].split(",")
    )


def _section(types: str, compute: Compute, *changed_by: str, newer: str | None = None) -> Section:
    return Section(tuple(types.split()), compute, _kinds(*changed_by), newer)


def _fixed(**values: Any) -> Compute:
    return lambda moment: values


SECTIONS = (
    _section("alert_words", personal.alert_words, "alert_words"),
    _section("custom_profile_fields", organization.custom_profile_fields, "custom_profile_fields"),
    _section("default_stream_groups", _fixed(realm_default_stream_groups=[]), "default_stream_groups"),
    _section("default_streams", channels.default_streams, "default_streams"),
    _section("drafts", personal.drafts, "drafts/add,update,remove"),
    _section("giphy", _fixed(giphy_api_key="")),
    _section(
        "message",
        messages.newest,
        "message", "update_message", "delete_message", "subscription/add,remove",
    ),
    _section(
        "message update_message_flags",
        unread_messages,
        "message", "update_message", "delete_message", "update_message_flags/add,remove",
        "subscription/update", "user_topic", "stream/update,delete",
    ),
    _section(
        "muted_topics",
        mutes.muted_topics,
        "muted_topics", "stream/create,update,delete",  # it names channels
        newer="user_topic",
    ),
    _section("muted_users", mutes.muted_users, "muted_users"),
    _section("onboarding_steps", _fixed(onboarding_steps=[]), "onboarding_steps"),
    _section("presence", people.presences, "presence", "realm_user/update,remove"),
    _section("push_device", people.push_devices, "push_device"),
    _section("realm", organization.realm, "realm/update,update_dict", "restart"),
    _section("realm_bot", people.realm_bot, "realm_bot/add,update,delete"),
    _section("realm_domains", organization.domains, "realm_domains/add,change,remove"),
    _section("realm_embedded_bots", _fixed(realm_embedded_bots=[])),
    _section("realm_emoji", organization.emoji, "realm_emoji/update"),
    _section("realm_filters", _fixed(realm_filters=[])),
    _section("realm_incoming_webhook_bots", _fixed(realm_incoming_webhook_bots=[])),
    _section("realm_linkifiers", organization.linkifiers, "realm_linkifiers"),
    _section("realm_playgrounds", organization.playgrounds, "realm_playgrounds"),
    _section("realm_user", people.realm_user, "realm_user/add,update,remove"),
    _section(
        "realm_user_groups",
        people.realm_user_groups,
        "user_group/add,update,remove,add_members,remove_members,add_subgroups,remove_subgroups",
    ),
    _section(
        "realm_user_settings_defaults", organization.settings_defaults, "realm_user_settings_defaults/update"
    ),
    _section("recent_private_conversations", messages.recent_conversations, "message", "delete_message"),
    _section("saved_snippets", personal.saved_snippets, "saved_snippets/add,update,remove"),
    _section("scheduled_messages", personal.scheduled_messages, "scheduled_messages/add,update,remove"),
    _section(
        "starred_messages", messages.starred, "update_message_flags/add,remove", "delete_message"
    ),
    _section("stop_words", _fixed(stop_words=[])),
    _section("stream", channels.stream, "stream/create,update,delete"),
    _section(
        "subscription",
        channels.subscription,
        "subscription/add,remove,update,peer_add,peer_remove", "stream/create,update,delete",
        "realm_user/update",  # who is deactivated is in no channel any more
    ),
    _section("update_display_settings", organization.display_settings, "update_display_settings"),
    _section(
        "update_global_notifications", organization.notification_settings, "update_global_notifications"
    ),
    _section("user_settings", organization.user_settings, "user_settings/update"),
    _section("user_status", personal.statuses, "user_status", "realm_user/remove"),
    _section("user_topic", mutes.topics, "user_topic"),
    _section("video_calls", _fixed(has_zoom_token=False), "has_zoom_token"),
)  # fmt: skip

# What changes nothing in a snapshot: it happens now, or in messages, or in lists that clients fetch.
UNKEPT = _kinds(
    "attachment/add,update,remove",
    "heartbeat",
    "invites_changed",
    "reaction/add,remove",
    "realm/deactivated",
    "realm_export",
    "realm_export_consent",
    "submessage",
    "typing/start,stop",
    "typing_edit_message/start,stop",
    "web_reload_client",
)
