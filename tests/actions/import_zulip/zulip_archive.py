"""An archive as a Zulip server makes it: ids as on a server with many organizations, and all its oddities."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

from tests.actions.import_zulip.world import png

Row = dict[str, Any]
Tables = dict[str, list[Row]]

REALM = 2
DAY = 86_400.0
SENT = 1_690_000_000.5
ANN, BOB, EVE, ROBOT, GHOST = 11, 12, 13, 14, 15  # Eve is deactivated, the ghost only ever sent mails
NOTIFICATION_BOT, WELCOME_BOT, EMAIL_GATEWAY = 3, 5, 4  # of all organizations together
GENERAL, SECRET, OLD = 21, 22, 23
IN_GENERAL, IN_SECRET, IN_OLD, TO_ANN, TO_BOB, TO_EVE, OF_THREE, OF_TWO = 31, 32, 33, 34, 35, 36, 37, 38
TO_NOTIFIER = 39
EVERYONE, MEMBERS, ADMINS, OWNERS, NOBODY, COOKS, UNNAMED, MODERATORS, FULL = range(41, 50)
FILE = "2/e8/AbCdEfGhIjKlMnOpQrStUvWx/plan.txt"
PICTURE = "2/1f/AbCdEfGhIjKlMnOpQrStUvWy/dot.png"
OLD_FILE = "2/AbCdEfGhIjKlMnOpQrStUvWx/from the bucket.txt"  # of a server that keeps files elsewhere
EMOJI = "2/emoji/images/1.png"
AVATAR = "2/3f2a"
TOPIC_OF_DIRECT = "\x07"  # what Zulip keeps for "none"
READ, STARRED, MENTIONED, GROUP_MENTION = 1, 2, 8, 64
ALERT, HISTORICAL, PRIVATE, PUSHED = 512, 1024, 2048, 4096


def person(user_id: int, name: str, role: int = 400, **more: Any) -> Row:
    address = f"{name.lower().split()[0]}@example.com"
    return {
        "id": user_id,
        "realm": REALM,
        "email": f"user{user_id}@zulip.example.com",
        "delivery_email": address,
        "full_name": name,
        "role": role,
        "is_active": True,
        "is_bot": False,
        "bot_type": None,
        "bot_owner": None,
        "is_mirror_dummy": False,
        "date_joined": SENT - 100 * DAY,
        "last_login": SENT,
        "avatar_source": "G",
        "avatar_version": 1,
        "timezone": "",
        "enter_sends": False,
        "default_language": "de",
        "web_home_view": "recent",
        "is_staff": False,
        "tutorial_status": "F",
        "groups": [],
        "user_permissions": [],
        **more,
    }


def channel(channel_id: int, name: str, recipient: int, **more: Any) -> Row:
    permissions = dict.fromkeys(("can_send_message_group", "can_remove_subscribers_group"), EVERYONE)
    return {
        "id": channel_id, "realm": REALM, "name": name, "description": "all *about* it",
        "rendered_description": "<p>all <em>about</em> it</p>", "recipient": recipient, "creator": ANN,
        "date_created": SENT - 50 * DAY, "deactivated": False, "invite_only": False,
        "history_public_to_subscribers": True, "is_web_public": False, "is_in_zephyr_realm": False,
        "message_retention_days": None, "first_message_id": None, "is_recently_active": True, "folder": None,
        **permissions, **more,
    }  # fmt: skip


def subscription(number: int, recipient: int, user_id: int, **more: Any) -> Row:
    return {
        "id": number, "recipient": recipient, "user_profile": user_id, "active": True, "is_user_active": True,
        "color": "#76ce90", "is_muted": False, "pin_to_top": False, "desktop_notifications": None,
        "audible_notifications": None, "push_notifications": True, "email_notifications": None,
        "wildcard_mentions_notify": None, **more,
    }  # fmt: skip


def named(group_id: int, name: str, **more: Any) -> Row:
    permissions = {
        "can_manage_group": OWNERS, "can_mention_group": EVERYONE, "can_join_group": NOBODY,
        "can_leave_group": EVERYONE, "can_add_members_group": NOBODY, "can_remove_members_group": NOBODY,
    }  # fmt: skip
    is_system = name.startswith("role:")
    return {
        "usergroup_ptr": group_id, "realm_for_sharding": REALM, "name": name, "description": "",
        "is_system_group": is_system, "creator": None, "date_created": None, "deactivated": False,
        **permissions, **more,
    }  # fmt: skip


def message(message_id: int, sender: int, recipient: int, content: str, **more: Any) -> Row:
    return {
        "id": message_id,
        "realm": REALM,
        "sender": sender,
        "recipient": recipient,
        "subject": "lunch" if recipient in (IN_GENERAL, IN_SECRET, IN_OLD) else TOPIC_OF_DIRECT,
        "content": content,
        "rendered_content": f"<p>{content}</p>",
        "rendered_content_version": 1,
        "date_sent": SENT + message_id,
        "sending_client": 1,
        "last_edit_time": None,
        "edit_history": None,
        "has_attachment": False,
        "has_image": False,
        "has_link": False,
        "is_channel_message": recipient in (IN_GENERAL, IN_SECRET, IN_OLD),
        "search_tsvector": None,
        **more,
    }


def received(number: int, message_id: int, user_id: int, mask: int = READ) -> Row:
    return {"id": number, "message": message_id, "user_profile": user_id, "flags_mask": mask}


class ZulipArchive:
    """`realm`: realm.json; `chunks`: messages-00000N.json; `files`: all others, by name. To be changed before
    it is written."""

    def __init__(self) -> None:
        self.realm: Tables = _tables()
        self.chunks: list[Tables] = _chunks()
        self.files: dict[str, bytes] = _files()

    def one(self, table: str, row_id: int) -> Row:
        [found] = [row for row in self.realm[table] if row["id"] == row_id]
        return found

    def contents(self) -> dict[str, bytes]:
        chunks = {f"messages-{n:06}.json": _json(chunk) for n, chunk in enumerate(self.chunks, 1)}
        return {"realm.json": _json(self.realm), **chunks, **self.files}

    def folder(self, path: Path) -> Path:
        for name, content in self.contents().items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
        return path

    def tar(self, path: Path) -> Path:
        with tarfile.open(path, "w:gz") as archive:
            for name, content in self.contents().items():
                add(archive, f"zulip-export-k3j/{name}", content)
        return path


def add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode()


def _tables() -> Tables:
    return {
        "zerver_realm": [_realm()],
        "zerver_realmauthenticationmethod": [{"id": 9, "realm": REALM, "name": "GitHub"}],
        "zerver_realmuserdefault": [{"id": 2, "realm": REALM, "enter_sends": True, "emojiset": "google"}],
        "zerver_client": [{"id": 1, "name": "website"}, {"id": 2, "name": "ZulipMobile"}],
        "zerver_userprofile": [
            person(ANN, "Ann Lee", 100, avatar_source="U", avatar_version=4, enter_sends=True),
            person(BOB, "Bob", email="bob@example.com"),
            person(EVE, "Eve", is_active=False),
            person(ROBOT, "Robot", 100, is_bot=True, bot_type=3, bot_owner=BOB),
        ],
        "zerver_userprofile_mirrordummy": [person(GHOST, "Ghost", is_mirror_dummy=True)],
        "zerver_userprofile_crossrealm": [
            {"id": NOTIFICATION_BOT, "email": "notification-bot@zulip.com", "recipient_id": TO_NOTIFIER},
            {"id": WELCOME_BOT, "email": "welcome-bot@zulip.com", "recipient_id": 999},
            {"id": EMAIL_GATEWAY, "email": "emailgateway@streams.zulip.com", "recipient_id": 998},
        ],
        **_groups(),
        **_channels(),
        **_personal(),
        **_additions(),
        "zerver_realmauditlog": [{"id": 1, "realm": REALM, "event_type": 301, "event_time": SENT}],
        "zerver_somethingnew": [{"id": 1, "whatever": [1, {"2": 3}]}],
    }


def _realm() -> Row:
    return {
        "id": REALM, "name": "Zulip & friends", "string_id": "friends", "description": "A *nice* place",
        "date_created": SENT - 200 * DAY, "deactivated": False, "message_retention_days": 365,
        "message_content_edit_limit_seconds": None, "message_content_delete_limit_seconds": 3600,
        "default_language": "de", "waiting_period_threshold": 3, "new_stream_announcements_stream": GENERAL,
        "signup_announcements_stream": None, "zulip_update_announcements_stream": 777,
        "can_create_groups": COOKS, "can_invite_users_group": ADMINS, "can_delete_own_message_group": UNNAMED,
        "wildcard_mention_policy": 7, "giphy_rating": 2, "icon_source": "U", "enable_spectator_access": True,
    }  # fmt: skip


def _groups() -> Tables:
    system = {
        EVERYONE: "role:everyone", MEMBERS: "role:members", FULL: "role:fullmembers",
        MODERATORS: "role:moderators", ADMINS: "role:administrators", OWNERS: "role:owners",
        NOBODY: "role:nobody",
    }  # fmt: skip
    return {
        "zerver_usergroup": [{"id": each, "realm": REALM} for each in (*system, COOKS, UNNAMED)],
        "zerver_namedusergroup": [
            *(named(group_id, name) for group_id, name in system.items()),
            named(COOKS, "cooks", creator=ANN, date_created=SENT, can_mention_group=UNNAMED),
        ],
        "zerver_usergroupmembership": [
            {"id": 1, "user_group": OWNERS, "user_profile": ANN},
            {"id": 2, "user_group": COOKS, "user_profile": BOB},
            {"id": 3, "user_group": UNNAMED, "user_profile": ANN},
        ],
        "zerver_groupgroupmembership": [
            {"id": 1, "supergroup": EVERYONE, "subgroup": MEMBERS},
            {"id": 2, "supergroup": COOKS, "subgroup": MODERATORS},
            {"id": 3, "supergroup": UNNAMED, "subgroup": COOKS},
        ],
    }


def _channels() -> Tables:
    direct = {TO_ANN: ANN, TO_BOB: BOB, TO_EVE: EVE, TO_NOTIFIER: NOTIFICATION_BOT}
    return {
        "zerver_stream": [
            channel(GENERAL, "General", IN_GENERAL, can_send_message_group=UNNAMED),
            channel(SECRET, "secret", IN_SECRET, invite_only=True, history_public_to_subscribers=False,
                    message_retention_days=-1),
            channel(OLD, "!DEACTIVATED:old", IN_OLD, deactivated=True, invite_only=True),
        ],
        "zerver_defaultstream": [{"id": 1, "realm": REALM, "stream": GENERAL}],
        "zerver_huddle": [
            {"id": 51, "huddle_hash": "x", "recipient": OF_THREE, "group_size": 3},
            {"id": 52, "huddle_hash": "y", "recipient": OF_TWO, "group_size": 2},
        ],
        "zerver_recipient": [
            {"id": IN_GENERAL, "type": 2, "type_id": GENERAL},
            {"id": IN_SECRET, "type": 2, "type_id": SECRET},
            {"id": IN_OLD, "type": 2, "type_id": OLD},
            *({"id": key, "type": 1, "type_id": user_id} for key, user_id in direct.items()),
            {"id": OF_THREE, "type": 3, "type_id": 51},
            {"id": OF_TWO, "type": 3, "type_id": 52},
        ],
        "zerver_subscription": [
            subscription(1, IN_GENERAL, ANN, is_muted=True, color="#F5CE6E"),
            subscription(2, IN_GENERAL, BOB, active=False),
            subscription(3, IN_SECRET, BOB, pin_to_top=True),
            subscription(4, TO_ANN, ANN),
            subscription(5, TO_BOB, BOB),
            *(subscription(10 + each, OF_THREE, each) for each in (ANN, BOB, EVE)),
            *(subscription(30 + each, OF_TWO, each) for each in (ANN, BOB)),
            subscription(60, IN_GENERAL, EVE, is_user_active=False),
        ],
    }  # fmt: skip


def _personal() -> Tables:
    return {
        "zerver_userpresence": [
            {"id": 1, "realm": REALM, "user_profile": ANN, "last_active_time": None,
             "last_connected_time": SENT, "last_update_id": 5},
        ],
        "zerver_useractivity": [
            {"id": 1, "user_profile": ANN, "client": 2, "query": "get_events", "count": 5, "last_visit": SENT}
        ],
        "zerver_useractivityinterval": [{"id": 1, "user_profile": ANN, "start": SENT, "end": SENT}],
        "zerver_userstatus": [
            {"id": 1, "user_profile": ANN, "timestamp": SENT, "client": 1, "status": 0, "status_text": "away",
             "emoji_name": "car", "emoji_code": "1f697", "reaction_type": "unicode_emoji"},
            {"id": 2, "user_profile": BOB, "timestamp": SENT, "client": 1, "status": 1, "status_text": "",
             "emoji_name": "", "emoji_code": "", "reaction_type": "unicode_emoji"},
        ],
        "zerver_muteduser": [{"id": 1, "user_profile": ANN, "muted_user": EVE, "date_muted": SENT}],
        "zerver_usertopic": [
            {"id": 1, "user_profile": ANN, "stream": GENERAL, "recipient": IN_GENERAL, "topic_name": "Lunch",
             "last_updated": SENT, "visibility_policy": 3},
        ],
        "zerver_alertword": [{"id": 1, "realm": REALM, "user_profile": BOB, "word": "Pizza"}],
        "zerver_savedsnippet": [
            {"id": 1, "realm": REALM, "user_profile": ANN, "title": "hi", "content": "hi all",
             "date_created": SENT}
        ],
        "zerver_service": [
            {"id": 1, "user_profile": ROBOT, "name": "robot", "base_url": "https://robot.test", "token": "t",
             "interface": 1}
        ],
        "zerver_botstoragedata": [{"id": 1, "bot_profile": ROBOT, "key": "a", "value": "b"}],
        "zerver_scheduledmessage": [
            _scheduled(1, TO_BOB, None), _scheduled(2, IN_GENERAL, GENERAL),
            _scheduled(3, TO_BOB, None, delivered=True), _scheduled(4, TO_BOB, None, delivery_type=2),
        ],
    }  # fmt: skip


def _scheduled(number: int, recipient: int, channel_id: int | None, **more: Any) -> Row:
    return {
        "id": number, "sender": ANN, "recipient": recipient, "stream": channel_id, "realm": REALM,
        "subject": "plans" if channel_id else TOPIC_OF_DIRECT, "content": f"later {number}",
        "rendered_content": f"<p>later {number}</p>", "sending_client": 1,
        "scheduled_timestamp": SENT + 1e9, "request_timestamp": SENT, "read_by_sender": True,
        "delivered": False, "delivered_message": None, "has_attachment": False, "failed": False,
        "failure_message": None, "delivery_type": 1, **more,
    }  # fmt: skip


def _additions() -> Tables:
    return {
        "zerver_realmdomain": [{"id": 1, "realm": REALM, "domain": "Example.com", "allow_subdomains": True}],
        "zerver_realmemoji": [
            {"id": 1, "realm": REALM, "author": ANN, "name": "party", "file_name": "1.png",
             "is_animated": False, "deactivated": False}
        ],
        "zerver_realmfilter": [
            {"id": 2, "realm": REALM, "pattern": "#(?P<id>[0-9]+)", "url_template": "https://bugs.test/{id}",
             "order": 2, "example_input": None, "reverse_template": None, "alternative_url_templates": []},
            {"id": 1, "realm": REALM, "pattern": "T(?P<t>[0-9]+)", "order": 1,
             "url_format_string": "https://t.test/%(t)s"},
            {"id": 3, "realm": REALM, "pattern": "(?P<a>b", "url_template": "https://t.test/{a}", "order": 3},
        ],
        "zerver_realmplayground": [
            {"id": 1, "realm": REALM, "name": "Rust", "pygments_language": "Rust",
             "url_prefix": "https://play.test/?code="}
        ],
        "zerver_customprofilefield": [
            {"id": 1, "realm": REALM, "name": "Phone", "hint": "", "order": 1, "field_type": 1,
             "field_data": "", "display_in_profile_summary": True, "required": False,
             "editable_by_user": True}
        ],
        "zerver_customprofilefieldvalue": [
            {"id": 1, "user_profile": ANN, "field": 1, "value": "123", "rendered_value": None}
        ],
        "zerver_reaction": [
            {"id": 1, "user_profile": BOB, "message": 101, "emoji_name": "tada", "emoji_code": "1f389",
             "reaction_type": "unicode_emoji"},
            {"id": 2, "user_profile": BOB, "message": 101, "emoji_name": "party", "emoji_code": "1",
             "reaction_type": "realm_emoji"},
            {"id": 3, "user_profile": BOB, "message": 9999, "emoji_name": "tada", "emoji_code": "1f389",
             "reaction_type": "unicode_emoji"},
        ],
    }  # fmt: skip


def _chunks() -> list[Tables]:
    """The second has older messages than the first, as happens."""
    edits = [
        {"user_id": ANN, "timestamp": int(SENT) + 9, "prev_topic": "dinner", "topic": "lunch"},
        {"user_id": ANN, "timestamp": int(SENT) + 5, "prev_content": "old", "prev_stream": OLD,
         "prev_rendered_content": "<p>old<script>alert(1)</script></p>", "prev_subject": "breakfast",
         "prev_rendered_content_version": 1, "stream": GENERAL},
    ]  # fmt: skip
    mention = f'<span class="user-mention" data-user-id="{BOB}">@Bob</span>'
    cooks = f'<span class="user-group-mention" data-user-group-id="{COOKS}">@cooks</span>'
    admins = f'<span class="user-group-mention" data-user-group-id="{ADMINS}">@role:administrators</span>'
    bucket = f'<a href="/user_uploads/{OLD_FILE}">f</a>'
    return [
        {
            "zerver_message": [
                message(101, ANN, IN_GENERAL, "@**Bob** and @*cooks*", edit_history=json.dumps(edits),
                        rendered_content=f"<p>{mention} and {cooks} {admins}</p>", last_edit_time=SENT + 9),
                message(102, ANN, TO_BOB, "to Bob"),
                message(103, BOB, TO_ANN, "to Ann", sending_client=2),
                message(104, ANN, TO_ANN, "to myself"),
                message(105, EVE, OF_THREE, "to both"),
                message(106, BOB, OF_TWO, "to Ann again"),
                message(107, NOTIFICATION_BOT, TO_ANN, "Welcome!"),
                message(108, ANN, TO_NOTIFIER, "Thanks."),
            ],
            "zerver_usermessage": [
                received(1, 101, ANN), received(2, 101, BOB, MENTIONED | GROUP_MENTION | ALERT | HISTORICAL),
                received(3, 102, ANN, READ | PRIVATE), received(4, 102, BOB, PRIVATE | PUSHED),
                received(5, 103, ANN, READ | STARRED | PRIVATE), received(6, 103, BOB, READ | PRIVATE),
                received(7, 105, ANN, PRIVATE), received(8, 107, ANN, PRIVATE),
                received(9, 106, ANN, READ | PRIVATE),
            ],
        },
        {
            "zerver_message": [
                message(91, ANN, IN_OLD, f"[f](/user_uploads/{OLD_FILE})", has_link=True,
                        rendered_content=f"<p>{bucket}</p>", has_attachment=True),
                message(92, GHOST, IN_SECRET, "$$x$$", rendered_content=KATEX),
                message(93, BOB, IN_GENERAL, "hi", subject="", rendered_content=EVIL, has_image=True),
            ],
            "zerver_usermessage": [received(20, 91, ANN), received(21, 93, BOB)],
        },
    ]  # fmt: skip


KATEX = (
    '<p><span class="katex"><span class="katex-mathml"><math></math></span><span class="katex-html"'
    ' aria-hidden="true"><span class="base"><span class="strut" style="height:1em"></span>x</span></span>'
    "</span></p>"
)
EVIL = '<p onclick="x()">hi<img src=x onerror="x()"><script>x()</script> <a href="javascript:x()">y</a></p>'


def _files() -> dict[str, bytes]:
    attachments = {
        "zerver_attachment": [
            _attachment(1, FILE, "plan.txt", [101]),
            _attachment(2, OLD_FILE, "from the bucket.txt", [91]),
            _attachment(4, PICTURE, "dot.png", [102]) | {"content_type": "image/png"},
            _attachment(3, "2/aa/NotThere0/lost.txt", "lost.txt", [93]),
        ],
        "zerver_imageattachment": [],
    }
    return {
        "attachment.json": _json(attachments),
        "analytics.json": _json({"analytics_realmcount": [], "analytics_usercount": []}),
        "stats.json": b"{}",
        "migration_status.json": _json({"zulip_version": "10.4", "migrations_by_app": {"zerver": ["[X] 1"]}}),
        f"uploads/{FILE}": b"the plan",
        f"uploads/{OLD_FILE}": b"in a bucket",
        f"uploads/{PICTURE}": png(300),
        "uploads/records.json": _json([_record(FILE, user_profile_id=ANN), _record(OLD_FILE)]),
        f"emoji/{EMOJI}": png(64),
        f"emoji/{EMOJI}.original": png(200),
        "emoji/records.json": _json([_record(EMOJI, file_name="1.png", name="party")]),
        f"avatars/{AVATAR}.png": png(100),
        f"avatars/{AVATAR}.original": png(300),
        "avatars/records.json": _json(
            [_record(f"{AVATAR}{end}", user_profile_id=ANN) for end in (".original", ".png")]
        ),
        f"realm_icons/{REALM}/icon.original": png(300),
        f"realm_icons/{REALM}/icon.png": png(100),
        "realm_icons/records.json": _json([_record(f"{REALM}/icon{end}") for end in (".png", ".original")]),
    }


def _attachment(number: int, path_id: str, name: str, messages: list[int]) -> Row:
    return {
        "id": number, "realm": REALM, "owner": ANN, "file_name": name, "path_id": path_id, "size": 7,
        "is_realm_public": True, "is_web_public": False, "create_time": SENT, "content_type": "text/plain",
        "messages": messages, "scheduled_messages": [],
    }  # fmt: skip


def _record(path: str, **more: Any) -> Row:
    return {"path": path, "s3_path": path, "realm_id": REALM, "size": 1, "last_modified": SENT, **more}
