"""What is asked of every endpoint: parameters that name somebody else's things.

A row makes the parameters of `Ids`. What is asked with the ids of hidden things must be answered as with
those of nothing, but to those who know such ids (KNOWING).
"""

from collections.abc import Callable
from typing import Any

from tests.http.must_not_see.world import EVERYONE, GUESTS, Ids

Parameters = dict[str, Any]
Row = Callable[[Ids], Parameters]


def _nothing(of: Ids) -> Parameters:
    return {}


def _fixed(**given: Any) -> Row:
    return lambda of: given


AROUND: Parameters = {"anchor": "newest", "num_before": 100, "num_after": 0}
EMOJI: Parameters = {"emoji_name": "tada"}
# They end the caller's own account or keys.
ENDING = frozenset({"DELETE /users/me", "POST /users/me/api_key/regenerate"})

ROWS: dict[str, Row] = {
    # -- messages
    "POST /messages": lambda of: {"type": "channel", "to": of.channel, "topic": "t", "content": "mine"},
    "GET /messages": lambda of: {**AROUND, "narrow": [["channel", of.channel]]},
    "GET /messages/<message_id:int>": _nothing,
    "PATCH /messages/<message_id:int>": _fixed(content="mine"),
    "DELETE /messages/<message_id:int>": _nothing,
    "GET /messages/<message_id:int>/history": _nothing,
    "GET /messages/<message_id:int>/read_receipts": _nothing,
    "POST /messages/<message_id:int>/reactions": _fixed(**EMOJI),
    "DELETE /messages/<message_id:int>/reactions": _fixed(**EMOJI),
    "POST /messages/<message_id:int>/typing": _fixed(op="start"),
    "POST /messages/flags": lambda of: {"messages": [of.message], "op": "add", "flag": "starred"},
    "POST /messages/flags/narrow": lambda of: {
        **AROUND, "narrow": [["channel", of.channel]], "op": "add", "flag": "starred",
    },
    "GET /messages/matches_narrow": lambda of: {"msg_ids": [of.message], "narrow": [["search", "needle"]]},
    "POST /messages/render": lambda of: {
        "content": f"#**{of.channel_name}** #**{of.channel_name}>x** @**x|{of.user}**"
        f" [a](/user_uploads/{of.path})",
    },
    "POST /submessage": lambda of: {
        "message_id": of.message, "msg_type": "widget",
        "content": '{"type":"vote","key":"canned,0","vote":1}',
    },
    "POST /mark_all_as_read": _nothing,
    "POST /mark_stream_as_read": lambda of: {"stream_id": of.channel},
    "POST /mark_topic_as_read": lambda of: {"stream_id": of.channel, "topic_name": "zqnone"},
    "POST /typing": lambda of: {"type": "channel", "op": "start", "stream_id": of.channel, "topic": "t"},
    "GET /users/me/<channel_id:int>/topics": _nothing,
    # -- channels
    "GET /streams": _fixed(include_web_public=True, include_owner_subscribed=True, exclude_archived=False),
    "GET /streams/<channel_id:int>": _nothing,
    "GET /get_stream_id": lambda of: {"stream": of.channel_name},
    "GET /streams/<channel_id:int>/members": _nothing,
    "GET /streams/<channel_id:int>/email_address": _nothing,
    "PATCH /streams/<channel_id:int>": _fixed(description="mine"),
    "DELETE /streams/<channel_id:int>": _nothing,
    "POST /streams/<channel_id:int>/delete_topic": _fixed(topic_name="zqnone"),
    "POST /default_streams": lambda of: {"stream_id": of.channel},
    "DELETE /default_streams": lambda of: {"stream_id": of.channel},
    "GET /users/me/subscriptions": _fixed(include_subscribers=True),
    "POST /users/me/subscriptions": lambda of: {
        "subscriptions": [{"name": "zq mine"}], "principals": [of.email],
    },
    "DELETE /users/me/subscriptions": lambda of: {"subscriptions": [of.channel_name]},
    "PATCH /users/me/subscriptions": lambda of: {"delete": [of.channel_name]},
    "GET /users/<user_id:int>/subscriptions/<channel_id:int>": _nothing,
    "POST /users/me/subscriptions/properties": lambda of: {
        "subscription_data": [{"stream_id": of.channel, "property": "is_muted", "value": True}],
    },
    "POST /user_topics": lambda of: {"stream_id": of.channel, "topic": "t", "visibility_policy": 3},
    "PATCH /users/me/subscriptions/muted_topics": lambda of: {
        "stream_id": of.channel, "topic": "t", "op": "add",
    },
    # -- people
    "GET /users": _fixed(include_custom_profile_fields=True),
    "GET /users/me": _nothing,
    "GET /users/<user_id:int>": _fixed(include_custom_profile_fields=True),
    "GET /users/<email:re:[^/]+@[^/]+>": _nothing,
    "POST /users": _fixed(email="zqnew@example.org", full_name="New"),
    "PATCH /users/<user_id:int>": _fixed(full_name="Mine"),
    "PATCH /users/<email:re:[^/]+@[^/]+>": _fixed(full_name="Mine"),
    "DELETE /users/<user_id:int>": _nothing,
    "POST /users/<user_id:int>/reactivate": _nothing,
    "POST /appliance/users/<user_id:int>/login_link": _nothing,
    "GET /users/<user_id:int>/presence": _nothing,
    "GET /users/<email:re:[^/]+@[^/]+>/presence": _nothing,
    "GET /users/<user_id:int>/status": _nothing,
    "POST /users/me/muted_users/<user_id:int>": _nothing,
    "DELETE /users/me/muted_users/<user_id:int>": _nothing,
    "GET /realm/presence": _nothing,
    "POST /users/me/presence": _fixed(status="active", slim_presence=True),
    "POST /users/me/status": _fixed(status_text="mine"),
    "POST /users/me/avatar": _nothing,
    "DELETE /users/me/avatar": _nothing,
    "GET /realm/profile_fields": _nothing,
    "POST /realm/profile_fields": _fixed(field_type=1, name="Mine"),
    "PATCH /realm/profile_fields": _fixed(order=[1]),
    "PATCH /realm/profile_fields/<field_id:int>": _fixed(name="Mine"),
    "DELETE /realm/profile_fields/<field_id:int>": _nothing,
    "PATCH /users/me/profile_data": _fixed(data=[]),
    "DELETE /users/me/profile_data": _fixed(data=[]),
    # -- bots
    "GET /bots": _nothing,
    "POST /bots": _fixed(full_name="Robot", short_name="robot", bot_type=1),
    "PATCH /bots/<bot_id:int>": _fixed(full_name="Mine"),
    "DELETE /bots/<bot_id:int>": _nothing,
    "POST /bots/<bot_id:int>/api_key/regenerate": _nothing,
    "GET /bots/<bot_id:int>/api_key": _nothing,
    "PUT /bot_storage": _fixed(storage={"a": "b"}),
    "GET /bot_storage": _nothing,
    "DELETE /bot_storage": _nothing,
    # -- one's own
    "GET /users/me/alert_words": _nothing,
    "POST /users/me/alert_words": _fixed(alert_words=["mine"]),
    "DELETE /users/me/alert_words": _fixed(alert_words=["mine"]),
    "GET /drafts": _nothing,
    "POST /drafts": lambda of: {
        "drafts": [{"type": "stream", "to": [of.channel], "topic": "t", "content": "mine"}],
    },
    "PATCH /drafts/<draft_id:int>": _fixed(draft={"type": "", "to": [], "topic": "", "content": "mine"}),
    "DELETE /drafts/<draft_id:int>": _nothing,
    "GET /saved_snippets": _nothing,
    "POST /saved_snippets": _fixed(title="mine", content="mine"),
    "PATCH /saved_snippets/<saved_snippet_id:int>": _fixed(title="mine"),
    "DELETE /saved_snippets/<saved_snippet_id:int>": _nothing,
    "GET /scheduled_messages": _nothing,
    "POST /scheduled_messages": lambda of: {
        "type": "channel", "to": of.channel, "topic": "t", "content": "mine",
        "scheduled_delivery_timestamp": 4_000_000_000,
    },
    "PATCH /scheduled_messages/<scheduled_message_id:int>": _fixed(content="mine"),
    "DELETE /scheduled_messages/<scheduled_message_id:int>": _nothing,
    "PATCH /settings": _fixed(enter_sends=True),
    "PATCH /settings/display": _fixed(enter_sends=True),
    "PATCH /settings/notifications": _fixed(enter_sends=True),
    # -- devices
    "POST /users/me/apns_device_token": _fixed(token="bWluZQ==", appid="mine"),
    "DELETE /users/me/apns_device_token": _fixed(token="bWluZQ=="),
    "POST /users/me/android_gcm_reg_id": _fixed(token="mine"),
    "DELETE /users/me/android_gcm_reg_id": _fixed(token="somebody"),
    "GET /appliance/sessions": _nothing,
    "DELETE /appliance/sessions": _nothing,
    "DELETE /appliance/sessions/<session_id:int>": _nothing,
    "GET /appliance/devices": _nothing,
    "DELETE /appliance/devices/<device_id:int>": _nothing,
    "POST /appliance/devices/<device_id:int>/test": _nothing,
    "POST /mobile_push/test_notification": _fixed(token="somebody"),
    "POST /mobile_push/e2ee/test_notification": _nothing,
    "POST /mobile_push/register": _nothing,
    "GET /appliance/web_push": _nothing,
    "POST /appliance/web_push": _nothing,
    "DELETE /appliance/web_push": _fixed(endpoint="https://push.example.org/x"),
    "GET /appliance/ntfy": _nothing,
    "POST /appliance/ntfy": _nothing,
    "DELETE /appliance/ntfy": _fixed(url="https://ntfy.example.org/x"),
    # -- files
    "POST /user_uploads": _nothing,
    "GET /user_uploads/<realm_id:int>/<filename:path>": _nothing,
    "GET /attachments": _nothing,
    "DELETE /attachments/<attachment_id:int>": _nothing,
    # -- events
    "POST /register": _fixed(
        include_subscribers=True,
        client_capabilities={"archived_channels": True, "include_deactivated_groups": True},
    ),
    "GET /events": lambda of: {"queue_id": of.queue, "last_event_id": -1, "dont_block": True},
    "DELETE /events": lambda of: {"queue_id": of.queue},
    "POST /events/internal": lambda of: {"queue_id": of.queue, "user_profile_id": of.user},
    "POST /web_reload_clients": _nothing,
    "GET /queues": _nothing,
    # -- groups
    "GET /user_groups": _fixed(include_deactivated_groups=True),
    "POST /user_groups/create": lambda of: {"name": "", "description": "", "members": [of.user]},
    "PATCH /user_groups/<group_id:int>": _fixed(name="mine"),
    "DELETE /user_groups/<group_id:int>": _nothing,
    "POST /user_groups/<group_id:int>/deactivate": _nothing,
    "POST /user_groups/<group_id:int>/members": lambda of: {"add": [of.user]},
    "POST /user_groups/<group_id:int>/subgroups": _fixed(add=[1]),
    "GET /user_groups/<group_id:int>/members": _nothing,
    "GET /user_groups/<group_id:int>/members/<user_id:int>": _nothing,
    "GET /user_groups/<group_id:int>/subgroups": _nothing,
    # -- the organization
    "PATCH /realm": _fixed(name="Mine"),
    "POST /realm/deactivate": _nothing,
    "PATCH /realm/user_settings_defaults": _fixed(enter_sends=True),
    "GET /realm/domains": _nothing,
    "POST /realm/domains": _fixed(domain="example.com", allow_subdomains=False),
    "PATCH /realm/domains/<domain>": _fixed(allow_subdomains=True),
    "DELETE /realm/domains/<domain>": _nothing,
    "GET /realm/emoji": _nothing,
    "POST /realm/emoji/<emoji_name>": _nothing,
    "DELETE /realm/emoji/<emoji_name>": _nothing,
    "GET /realm/icon": _nothing,
    "POST /realm/icon": _nothing,
    "DELETE /realm/icon": _nothing,
    "GET /realm/logo": _fixed(night=False),
    "POST /realm/logo": _fixed(night=False),
    "DELETE /realm/logo": _fixed(night=False),
    "GET /realm/linkifiers": _nothing,
    "PATCH /realm/linkifiers": _fixed(ordered_linkifier_ids=[]),
    "POST /realm/filters": _fixed(pattern="x", url_template="https://example.org"),
    "PATCH /realm/filters/<filter_id:int>": _fixed(pattern="x", url_template="https://example.org"),
    "DELETE /realm/filters/<filter_id:int>": _nothing,
    "POST /realm/playgrounds": _fixed(name="x", pygments_language="x", url_template="https://x/{code}"),
    "DELETE /realm/playgrounds/<playground_id:int>": _nothing,
    "POST /export/realm": _nothing,
    "GET /export/realm": _nothing,
    "DELETE /export/realm/<export_id:int>": _nothing,
    "GET /export/realm/consents": _nothing,
    # -- the console
    **{
        f"GET /appliance/admin/{name}": _nothing
        for name in (
            "overview", "findings", "clients", "slow_requests", "log", "jobs", "dead_letters",
            "dead_letters/<job_id:int>", "mails", "mails/<name>", "pushes", "disk", "tables",
        )
    },
    "POST /appliance/admin/dead_letters/retry": _fixed(job_ids=[12]),
    "DELETE /appliance/admin/dead_letters": _fixed(job_ids=[12]),
    "GET /invites": _nothing,
    "POST /invites": lambda of: {"invitee_emails": "x", "stream_ids": [of.channel]},
    "POST /invites/multiuse": lambda of: {"stream_ids": [of.channel]},
    "DELETE /invites/<invite_id:int>": _nothing,
    "DELETE /invites/multiuse/<invite_id:int>": _nothing,
    "POST /invites/<invite_id:int>/resend": _nothing,
    "GET /server_settings": _nothing,
    "POST /fetch_api_key": lambda of: {"username": of.email, "password": "wrong"},
    **dict.fromkeys(ENDING, _nothing),
}  # fmt: skip

# More of what can be asked for in narrows and otherwise: "METHOD path", parameters.
MORE: list[tuple[str, Row]] = [
    *(
        ("GET /messages", lambda of, terms=terms: {**AROUND, "narrow": terms(of)})
        for terms in (
            lambda of: [["search", "needle"]],
            lambda of: [["search", "needle"], ["channel", of.channel_name]],
            lambda of: [["search", '"needle"'], ["-channel", of.channel]],
            lambda of: [["id", of.message]],
            lambda of: [["with", of.message], ["channel", of.channel], ["topic", "t"]],
            lambda of: [["near", of.message]],
            lambda of: [["topic", of.topic]],
            lambda of: [["sender", of.email]],
            lambda of: [["dm", of.email]],
            lambda of: [["dm-including", of.email]],
            *(
                lambda of, term=term: [term]
                for term in (
                    ["channels", "public"], ["channels", "archived"], ["has", "attachment"], ["has", "link"],
                    ["has", "reaction"], ["has", "image"], ["in", "home"], ["in", "all"], ["is", "dm"],
                    ["is", "starred"], ["is", "unread"], ["is", "mentioned"], ["is", "alerted"],
                    ["is", "resolved"], ["is", "followed"], ["is", "muted"],
                )
            ),
        )
    ),
    ("GET /messages", lambda of: {"message_ids": [of.message]}),
    ("GET /messages/matches_narrow", lambda of: {"msg_ids": [of.message], "narrow": [["has", "reaction"]]}),
    ("PATCH /messages/<message_id:int>", _fixed(topic="mine", propagate_mode="change_all")),
    ("POST /messages", lambda of: {"type": "channel", "to": of.channel_name, "topic": "t", "content": "x"}),
    ("POST /messages", lambda of: {"type": "direct", "to": [of.email], "content": "mine"}),
    ("POST /messages/flags", lambda of: {"messages": [of.message], "op": "remove", "flag": "read"}),
    ("POST /mark_topic_as_read", lambda of: {"stream_id": of.channel, "topic_name": of.topic}),
    ("DELETE /users/me/subscriptions", lambda of: {"subscriptions": ["plaza"], "principals": [of.email]}),
    ("PATCH /users/me/subscriptions/muted_topics", lambda of: {
        "stream": of.channel_name, "topic": "t", "op": "add",
    }),
    ("GET /streams", _fixed(include_can_access_content=True, include_default=True)),
    ("GET /streams", _fixed(include_all=True)),
    ("POST /register", _fixed(
        fetch_event_types=["realm_user"], client_capabilities={"user_list_incomplete": True},
    )),
    ("GET /users", lambda of: {"user_ids": [of.user], "include_custom_profile_fields": True}),
]  # fmt: skip

# Ids that are no secret to some: who may tell those of hidden things from others.
_PERSON, _ALL = EVERYONE - GUESTS, EVERYONE
KNOWING: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "GET /users/<user_id:int>",
            "GET /users/<user_id:int>/presence",
            "GET /users/<user_id:int>/status",
            "POST /users/me/muted_users/<user_id:int>", "DELETE /users/me/muted_users/<user_id:int>",
            "GET /users", "POST /messages/render",
        ),
        _PERSON,
    ),
    # everybody is in the lists of groups, by id
    "GET /user_groups/<group_id:int>/members/<user_id:int>": _ALL,
    # tries are counted by name, of nobody too (tests/http/test_access.py)
    "POST /fetch_api_key": _ALL,
    # the second time there is nothing any more to take away
    "DELETE /users/me/apns_device_token": _ALL,
}  # fmt: skip
