"""What POST /register might answer: a small organization, with no more than the page's modules ask for."""

from itertools import count
from typing import Any

ME, ANN, BOB, GUS, HELPER, GONE = 1, 2, 3, 4, 5, 6
GENERAL, SECRET, QUIET, OTHER, OLD = 10, 11, 12, 13, 14
EVERYONE, MEMBERS, ADMINS, NOBODY = 20, 21, 22, 23
OWNER, ADMIN, MODERATOR, MEMBER, GUEST = 100, 200, 300, 400, 600

Row = dict[str, Any]
_ids = count(1000)


def person(user_id: int, name: str, role: int = MEMBER, **more: Any) -> Row:
    return {
        "user_id": user_id,
        "full_name": name,
        "email": f"user{user_id}@chat.test",
        "delivery_email": f"{name.split()[0].lower()}@example.org",
        "role": role,
        "is_active": True,
        "is_bot": False,
        "is_owner": role == OWNER,
        "is_admin": role <= ADMIN,
        "is_guest": role == GUEST,
        "avatar_url": f"/avatar/{user_id}",
        "profile_data": {},
        **more,
    }


def channel(stream_id: int, name: str, **more: Any) -> Row:
    rights = {"can_send_message_group": EVERYONE}
    return {
        "stream_id": stream_id,
        "name": name,
        "invite_only": False,
        "is_archived": False,
        **rights,
        **more,
    }


def group(group_id: int, name: str, members: list[int], inside: list[int] | None = None, **more: Any) -> Row:
    kind = {"is_system_group": name.startswith("role:"), "deactivated": False}
    return {
        "id": group_id,
        "name": name,
        "members": members,
        "direct_subgroup_ids": inside or [],
        **kind,
        **more,
    }


def subscription(stream_id: int, name: str, **more: Any) -> Row:
    own = {"color": "#76ce90", "is_muted": False, "pin_to_top": False}
    return {**channel(stream_id, name), **own, **more}


def message(to: int | list[int] = GENERAL, topic: str = "lunch", *, sender: int = ANN, **more: Any) -> Row:
    """`to`: a channel, or all who are in the conversation. Ids rise."""
    row: Row = {
        "id": next(_ids), "sender_id": sender, "subject": "", "content": "<p>hello</p>", "flags": [],
        "reactions": [], "submessages": [], "topic_links": [], "is_me_message": False,
        "timestamp": 1_760_000_000,
    }  # fmt: skip
    if isinstance(to, int):
        return {**row, "type": "stream", "stream_id": to, "subject": topic, "display_recipient": "", **more}
    return {**row, "type": "private", "display_recipient": [{"id": each} for each in to], **more}


def arrival(row: Row, *flags: str) -> Row:
    """The event of a message."""
    return {
        "type": "message",
        "message": {name: row[name] for name in row if name != "flags"},
        "flags": list(flags),
    }


def told(**more: Any) -> Row:
    return {
        "user_id": ME,
        "realm_users": [
            person(ME, "Me Myself"),
            person(ANN, "Ann Alba", ADMIN),
            person(BOB, "Bob Österreich"),
            person(GUS, "Gus Guest", GUEST),
            person(HELPER, "Annual Bot", is_bot=True),
        ],
        "realm_non_active_users": [person(GONE, "Anna Gone", is_active=False)],
        "cross_realm_bots": [],
        "realm_user_groups": [
            group(EVERYONE, "role:everyone", [GUS], [MEMBERS]),
            group(MEMBERS, "role:members", [ME, BOB], [ADMINS]),
            group(ADMINS, "role:administrators", [ANN]),
            group(NOBODY, "role:nobody", []),
        ],
        "realm_can_invite_users_group": ADMINS,
        "realm_can_create_groups": MEMBERS,
        "realm_empty_topic_display_name": "general chat",
        "streams": [],
        "subscriptions": [
            subscription(GENERAL, "general"),
            subscription(SECRET, "a secret", invite_only=True, pin_to_top=True),
            subscription(QUIET, "quiet", is_muted=True, can_send_message_group=ADMINS),
        ],
        "unsubscribed": [],
        "never_subscribed": [channel(OTHER, "generous"), channel(OLD, "general of old", is_archived=True)],
        "user_topics": [],
        "unread_msgs": {"pms": [], "huddles": [], "streams": [], "mentions": []},
        "recent_private_conversations": [],
        "starred_messages": [],
        "presences": {},
        "server_timestamp": 0,
        "presence_last_update_id": 7,
        "server_presence_offline_threshold_seconds": 200,
        "server_typing_started_expiry_period_milliseconds": 45_000,
        "user_status": {},
        "muted_users": [],
        "alert_words": [],
        "realm_linkifiers": [],
        "realm_playgrounds": [],
        "custom_profile_fields": [],
        "realm_bots": [],
        "realm_emoji": {},
        "drafts": [],
        "saved_snippets": [],
        "scheduled_messages": [],
        "user_settings": {},
        **more,
    }
