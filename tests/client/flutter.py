"""What zulip-flutter decodes, and gives up at: all that it knows of an account is lost, and loaded again.

SNAPSHOT(answer_of_register, "register"), event(an_event), ANSWERS["GET /messages"](answer, "")
"""

import re
from typing import Any

from tests.client.decoding import (
    Decoder,
    anything,
    boolean,
    both,
    either,
    mapping,
    maybe,
    number,
    one_of,
    record,
    rows,
    text,
    whole,
    wrong,
)

# The parameters of its POST /register.
CAPABILITIES = dict.fromkeys(
    (
        "notification_settings_null", "bulk_message_deletion", "user_avatar_url_field_optional",
        "stream_typing_notifications", "user_settings_object", "include_deactivated_groups",
        "empty_topic_name", "individual_emoji_changes",
    ),
    True,
)  # fmt: skip
ASKED = {"apply_markdown": True, "client_gravatar": False, "slim_presence": True}

IDS, WORDS = rows(whole), rows(text)
FLAGS = (
    "read", "starred", "collapsed", "mentioned", "wildcard_mentioned", "has_alert_word", "historical",
    "unknown"
)  # fmt: skip
GROUP = either(whole, record(direct_members=IDS, direct_subgroups=IDS))
EMOJI = {"emoji_name": text, "emoji_code": text}
EMOJI_TYPE = one_of("unicode_emoji", "realm_emoji", "zulip_extra_emoji")
COLOR = re.compile("#[0-9a-f]{6}")

USER = record(
    user_id=whole, email=text, full_name=text, date_joined=text, is_bot=boolean, role=whole, timezone=text,
    avatar_version=whole, delivery_email=maybe(text), is_active=maybe(boolean), bot_type=maybe(whole),
    bot_owner_id=maybe(whole), avatar_url=maybe(text), is_system_bot=maybe(boolean),
    profile_data=maybe(mapping(record(value=text, rendered_value=maybe(text)), by_id=True)),
)  # fmt: skip
CHANNEL = record(
    stream_id=whole, name=text, description=text, rendered_description=text, date_created=whole,
    invite_only=boolean, is_web_public=boolean, history_public_to_subscribers=boolean,
    is_archived=maybe(boolean),
    first_message_id=maybe(whole), message_retention_days=maybe(whole), stream_post_policy=one_of(1, 2, 3, 4),
    folder_id=maybe(whole), can_add_subscribers_group=maybe(GROUP), can_delete_any_message_group=maybe(GROUP),
    can_delete_own_message_group=maybe(GROUP), can_send_message_group=GROUP, can_subscribe_group=maybe(GROUP),
    is_recently_active=maybe(boolean), stream_weekly_traffic=maybe(whole),
)  # fmt: skip


def color(value: Any, path: str) -> list[str]:
    return [] if isinstance(value, str) and COLOR.fullmatch(value) else [f"{path}: {value!r}"]


NOTIFY = maybe(boolean)
SUBSCRIPTION = both(
    CHANNEL,
    record(
        desktop_notifications=NOTIFY, email_notifications=NOTIFY, push_notifications=NOTIFY,
        audible_notifications=NOTIFY, wildcard_mentions_notify=NOTIFY, pin_to_top=boolean, is_muted=boolean,
        color=color,
    ),
)  # fmt: skip
FIELD = record(id=whole, type=whole, order=whole, name=text, hint=text, field_data=text)
USER_GROUP = record(
    id=whole, members=IDS, direct_subgroup_ids=IDS, name=text, description=text, is_system_group=boolean,
    deactivated=maybe(boolean),
)  # fmt: skip
REALM_EMOJI = record(
    id=text, name=text, source_url=text, still_url=maybe(text), deactivated=boolean, author_id=maybe(whole)
)
SNIPPET = record(id=whole, title=text, content=text, date_created=whole)
TOPIC_POLICY = record(
    stream_id=whole, topic_name=text, last_updated=whole, visibility_policy=one_of(0, 1, 2, 3)
)
STATUS = record(
    status_text=maybe(text), emoji_name=maybe(text), emoji_code=maybe(text), reaction_type=maybe(text)
)
PRESENCE = record(active_timestamp=whole, idle_timestamp=whole)
SETTINGS: dict[str, Decoder] = {
    "twenty_four_hour_time": maybe(boolean),
    "display_emoji_reaction_users": boolean,
    "emojiset": text,
    "presence_enabled": boolean,
}

SNAPSHOT = record(
    queue_id=text, last_event_id=whole, zulip_feature_level=whole, zulip_version=text, zulip_merge_base=text,
    alert_words=WORDS, custom_profile_fields=rows(FIELD), max_stream_name_length=whole,
    max_topic_length=whole,
    server_presence_ping_interval_seconds=whole, server_presence_offline_threshold_seconds=whole,
    server_typing_started_expiry_period_milliseconds=maybe(whole),
    server_typing_stopped_wait_period_milliseconds=maybe(whole),
    server_typing_started_wait_period_milliseconds=maybe(whole), event_queue_longpoll_timeout_seconds=whole,
    muted_users=rows(record(id=whole)), presences=mapping(PRESENCE, by_id=True),
    realm_emoji=mapping(REALM_EMOJI),
    realm_user_groups=rows(USER_GROUP), saved_snippets=maybe(rows(SNIPPET)), subscriptions=rows(SUBSCRIPTION),
    recent_private_conversations=rows(record(max_message_id=whole, user_ids=IDS)), streams=rows(CHANNEL),
    unread_msgs=record(
        count=whole, mentions=IDS, old_unreads_missing=boolean,
        pms=rows(record(other_user_id=whole, unread_message_ids=IDS)),
        streams=rows(record(topic=text, stream_id=whole, unread_message_ids=IDS)),
        huddles=rows(record(user_ids_string=text, unread_message_ids=IDS)),
    ),
    user_status=mapping(STATUS, by_id=True), user_settings=record(**SETTINGS), user_topics=rows(TOPIC_POLICY),
    realm_can_delete_any_message_group=GROUP, realm_can_delete_own_message_group=GROUP,
    realm_delete_own_message_policy=maybe(one_of(1, 2, 3, 4, 5)),
    realm_wildcard_mention_policy=one_of(1, 2, 3, 5, 6, 7), realm_mandatory_topics=boolean, realm_name=text,
    realm_waiting_period_threshold=whole, realm_message_content_delete_limit_seconds=maybe(whole),
    realm_allow_message_editing=boolean, realm_message_content_edit_limit_seconds=maybe(whole),
    realm_enable_read_receipts=boolean, realm_icon_url=text, realm_presence_disabled=boolean,
    realm_default_external_accounts=mapping(record(name=text, text=text, hint=text, url_pattern=text)),
    max_file_upload_size_mib=whole, server_emoji_data_url=text, realm_empty_topic_display_name=text,
    realm_moderation_request_channel_id=maybe(whole), realm_users=rows(USER),
    realm_non_active_users=rows(USER),
    cross_realm_bots=rows(USER),
)  # fmt: skip

# -- messages

_MESSAGE = record(
    client=text, content=text, content_type=text, id=whole, is_me_message=boolean, recipient_id=whole,
    last_edit_timestamp=maybe(whole), sender_email=text, sender_full_name=text, sender_id=whole,
    sender_realm_str=text, timestamp=whole, flags=WORDS, match_content=maybe(text), match_subject=maybe(text),
    reactions=rows(record(**EMOJI, reaction_type=EMOJI_TYPE, user_id=whole)), type=one_of("stream",
    "private"),
    submessages=maybe(rows(record(sender_id=whole, content=text, msg_type=text))),
)  # fmt: skip
_PLACED = record(stream_id=whole, subject=text, display_recipient=text)


def message(value: Any, path: str) -> list[str]:
    if mistakes := _MESSAGE(value, path):
        return mistakes
    edits = value.get("edit_history", [{}])
    told = [(bool(edits), "empty edit_history")]
    told += [("prev_topic" not in each or "topic" in each, "prev_topic alone") for each in edits]
    if value["type"] == "stream":
        return _PLACED(value, path) + wrong(path, told)
    people = rows(record(id=whole))(value["display_recipient"], f"{path}.display_recipient")
    ids = [] if people else [each["id"] for each in value["display_recipient"]]
    told += [(value["sender_id"] in ids, "sender is missing"), (len(ids) == len(set(ids)), "somebody twice")]
    return people + wrong(path, told)


# -- events

_NEW_TEXT = record(orig_content=text, rendered_content=text, content=text, is_me_message=boolean)
_EDIT = record(
    user_id=maybe(whole), rendering_only=boolean, message_id=whole, message_ids=IDS, edit_timestamp=whole,
    flags=rows(one_of(*FLAGS)),
)  # fmt: skip
_MOVE = record(
    stream_id=whole, orig_subject=text, propagate_mode=one_of("change_one", "change_later", "change_all"),
    subject=maybe(text), new_stream_id=maybe(whole),
)  # fmt: skip


def _update_message(value: Any, path: str) -> list[str]:
    moves = "subject" in value or "new_stream_id" in value
    mistakes = _EDIT(value, path)
    if moves or "propagate_mode" in value:
        mistakes += _MOVE(value, path) + wrong(path, [(moves, "propagate_mode without a move")])
    if "orig_content" in value:
        mistakes += _NEW_TEXT(value, path)
    return mistakes


def _message(value: Any, path: str) -> list[str]:
    return message({**value["message"], "flags": value["flags"]}, path)


def _delete_message(value: Any, path: str) -> list[str]:
    placed = record(stream_id=whole, topic=text) if value["message_type"] == "stream" else anything
    return record(message_ids=IDS)(value, path) + placed(value, path)


_DETAIL = either(
    record(type=one_of("stream"), stream_id=whole, topic=text, mentioned=maybe(boolean)),
    record(type=one_of("private"), user_ids=IDS, mentioned=maybe(boolean)),
)


def _unflagged(value: Any, path: str) -> list[str]:
    mistakes = record(flag=text, messages=IDS)(value, path)
    if value["flag"] == "read":
        details = value.get("message_details")
        mistakes += mapping(_DETAIL, by_id=True)(details, f"{path}.message_details")
        told = {int(each) for each in details or ()} == set(value["messages"])
        mistakes += wrong(path, [(told, "message_details of others")])
    return mistakes


def _typing(value: Any, path: str) -> list[str]:
    place = (
        record(stream_id=whole, topic=text)
        if value["message_type"] == "stream"
        else record(recipients=rows(record(user_id=whole)))
    )
    return record(message_type=one_of("stream", "direct"), sender=record(user_id=whole))(value, path) + place(
        value, path
    )


_CHANNEL_VALUES: dict[str, Decoder] = {
    "name": text, "description": text, "is_archived": boolean, "invite_only": boolean,
    "first_message_id": maybe(whole),
    "message_retention_days": maybe(whole), "stream_post_policy": one_of(1, 2, 3, 4),
    "can_add_subscribers_group": GROUP,
    "can_delete_any_message_group": GROUP, "can_delete_own_message_group": GROUP,
    "can_send_message_group": GROUP,
    "can_subscribe_group": GROUP, "is_recently_active": boolean, "stream_weekly_traffic": maybe(whole),
}  # fmt: skip
_OWN_VALUES: dict[str, Decoder] = {
    "color": color,
    **dict.fromkeys(("is_muted", "pin_to_top"), boolean),
    **dict.fromkeys(
        (
            "desktop_notifications", "audible_notifications", "push_notifications", "email_notifications",
            "wildcard_mentions_notify",
        ),
        boolean,
    ),
}  # fmt: skip


def _property(values: dict[str, Decoder], **fields: Decoder) -> Decoder:
    def decode(value: Any, path: str) -> list[str]:
        known = values.get(value["property"], anything)
        return record(property=text, **fields)(value, path) + known(
            value["value"], f"{path}.{value['property']}"
        )

    return decode


_CLIENT_PRESENCE = record(client=text, status=one_of("active", "idle"), timestamp=whole, pushable=boolean)
_PEERS = record(stream_ids=IDS, user_ids=IDS)
_MEMBERS, _SUBGROUPS = record(group_id=whole, user_ids=IDS), record(group_id=whole, direct_subgroup_ids=IDS)
_REACTION = record(**EMOJI, reaction_type=EMOJI_TYPE, user_id=whole, message_id=whole)
_PERSON = record(
    user_id=whole, full_name=maybe(text), avatar_url=maybe(text), avatar_version=maybe(whole),
    timezone=maybe(text),
    bot_owner_id=maybe(whole), role=maybe(whole), delivery_email=maybe(text), new_email=maybe(text),
    is_active=maybe(boolean),
    custom_profile_field=maybe(record(id=whole, value=maybe(text), rendered_value=maybe(text))),
)  # fmt: skip

# By "type/op", or by the type alone.
EVENTS: dict[str, Decoder] = {
    "message": _message,
    "update_message": _update_message,
    "delete_message": _delete_message,
    "update_message_flags/add": record(flag=text, messages=IDS, all=boolean),
    "update_message_flags/remove": _unflagged,
    "reaction/add": _REACTION,
    "reaction/remove": _REACTION,
    "submessage": record(msg_type=text, content=text, message_id=whole, sender_id=whole, submessage_id=whole),
    "typing/start": _typing,
    "typing/stop": _typing,
    "presence": record(user_id=whole, server_timestamp=number, presence=mapping(_CLIENT_PRESENCE)),
    "subscription/add": record(subscriptions=rows(SUBSCRIPTION)),
    "subscription/remove": record(subscriptions=rows(record(stream_id=whole))),
    "subscription/update": _property(_OWN_VALUES, stream_id=whole),
    "subscription/peer_add": _PEERS,
    "subscription/peer_remove": _PEERS,
    "stream/create": record(streams=rows(CHANNEL)),
    "stream/delete": record(stream_ids=IDS, streams=rows(record(stream_id=whole))),
    "stream/update": _property(
        _CHANNEL_VALUES, stream_id=whole, name=text, rendered_description=maybe(text),
        history_public_to_subscribers=maybe(boolean), is_web_public=maybe(boolean),
    ),
    "realm_user/add": record(person=USER),
    "realm_user/remove": record(person=record(user_id=whole)),
    "realm_user/update": record(person=_PERSON),
    "user_settings/update": _property(SETTINGS),
    "user_topic": TOPIC_POLICY,
    "user_status": both(record(user_id=whole), STATUS),
    "muted_users": record(muted_users=rows(record(id=whole))),
    "alert_words": record(alert_words=WORDS),
    "custom_profile_fields": record(fields=rows(FIELD)),
    "realm_emoji/add": record(emoji=REALM_EMOJI),
    "realm_emoji/update_one": record(emoji_id=text, data=record()),
    "realm_emoji/update": record(realm_emoji=mapping(REALM_EMOJI)),
    "user_group/add": record(group=USER_GROUP),
    "user_group/update": record(
        group_id=whole, data=record(name=maybe(text), description=maybe(text), deactivated=maybe(boolean))
    ),
    "user_group/add_members": _MEMBERS,
    "user_group/remove_members": _MEMBERS,
    "user_group/add_subgroups": _SUBGROUPS,
    "user_group/remove_subgroups": _SUBGROUPS,
    "user_group/remove": record(group_id=whole),
    "saved_snippets/add": record(saved_snippet=SNIPPET),
    "saved_snippets/update": record(saved_snippet=SNIPPET),
    "saved_snippets/remove": record(saved_snippet_id=whole),
}  # fmt: skip


def kind_of(event: dict[str, Any]) -> str:
    return (
        f"{event['type']}/{event['op']}" if f"{event['type']}/{event.get('op')}" in EVENTS else event["type"]
    )


def event(value: dict[str, Any]) -> list[str]:
    """Of other kinds it only wants the `id`."""
    kind = kind_of(value)
    return both(record(id=whole, type=text), EVENTS.get(kind, anything))(value, kind)


# -- other answers

ANSWERS: dict[str, Decoder] = {
    "GET /server_settings": record(
        authentication_methods=record(ldap=boolean), external_authentication_methods=rows(anything),
        zulip_feature_level=whole, zulip_version=text, zulip_merge_base=text,
        push_notifications_enabled=boolean,
        is_incompatible=boolean, email_auth_enabled=boolean, require_email_format_usernames=boolean,
        realm_uri=text,
        realm_name=text, realm_icon=text, realm_description=text, realm_web_public_access_enabled=boolean,
    ),
    "GET /messages": record(
        anchor=whole, found_newest=boolean, found_oldest=boolean, found_anchor=boolean,
        history_limited=boolean,
        messages=rows(message),
    ),
    "GET /messages/{id}": record(message=message),
    "POST /messages": record(id=whole),
    "POST /messages/flags": record(messages=IDS),
    "POST /messages/flags/narrow": record(
        processed_count=whole, updated_count=whole, first_processed_id=maybe(whole),
        last_processed_id=maybe(whole),
        found_oldest=boolean, found_newest=boolean,
    ),
    "GET /messages/{id}/read_receipts": record(user_ids=IDS),
    "POST /users/me/presence": record(presences=mapping(PRESENCE, by_id=True)),
    "GET /users/me/{id}/topics": record(topics=rows(record(name=text, max_id=whole))),
    "POST /user_uploads": record(uri=text),
    "POST /fetch_api_key": record(api_key=text, email=text),
    "GET /users/me": record(user_id=whole),
    "POST /saved_snippets": record(saved_snippet_id=whole),
}  # fmt: skip
