"""Archives of older servers: tables that were not there yet, and columns that had other names."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appliance.store.store import Store
from tests.actions.import_zulip import world
from tests.actions.import_zulip import zulip_archive as z
from tests.actions.import_zulip.zulip_archive import Row, ZulipArchive
from tests.conftest import MovableClock

Ask = Callable[..., list[tuple[Any, ...]]]


def aged(archive: ZulipArchive) -> ZulipArchive:
    """As Zulip 2 would have written it."""
    tables = archive.realm
    for table in (
        "zerver_namedusergroup", "zerver_groupgroupmembership", "zerver_userstatus", "zerver_muteduser",
        "zerver_savedsnippet", "zerver_userprofile_crossrealm", "zerver_realmplayground",
        "zerver_realmuserdefault",
    ):  # fmt: skip
        del tables[table]
    tables["zerver_usergroup"] = [{"id": 3, "realm": z.REALM, "name": "cooks", "description": "They cook"}]
    tables["zerver_usergroupmembership"] = [{"id": 1, "user_group": 3, "user_profile": z.BOB}]
    tables["zerver_mutedtopic"] = [
        {"id": 1, "user_profile": z.ANN, "stream": z.GENERAL, "recipient": 1, "topic_name": "x"}
    ]
    del tables["zerver_usertopic"]
    for row in tables["zerver_userprofile"]:
        _age_person(row)
    for row in tables["zerver_stream"]:
        row["stream_post_policy"] = 2
        del row["can_send_message_group"]
    for row in tables["zerver_subscription"]:
        row["in_home_view"] = not row.pop("is_muted")
    tables["zerver_userpresence"] = [
        {"id": n, "user_profile": z.ANN, "client": n, "timestamp": z.SENT + n, "status": 1} for n in (1, 2)
    ]
    tables["zerver_realm"][0] |= {"create_public_stream_policy": 2, "notifications_stream": z.GENERAL}
    del tables["zerver_realm"][0]["new_stream_announcements_stream"]
    archive.chunks = archive.chunks[1:]
    for row in archive.chunks[0]["zerver_message"]:
        row["pub_date"] = row.pop("date_sent")
        del row["has_attachment"], row["sending_client"]
    archive.files = {"attachment.json": archive.files["attachment.json"]}
    return archive


def _age_person(row: Row) -> None:
    row["is_realm_admin"], row["is_guest"] = row.pop("role") <= 200, False
    row["email"] = row.pop("delivery_email")
    row["default_view"] = "all_messages"
    del row["web_home_view"], row["is_bot"], row["avatar_version"]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    archive = aged(ZulipArchive()).folder(tmp_path / "old")
    world.read(archive, tmp_path / "data", MovableClock())

    def rows(sql: str) -> list[tuple[Any, ...]]:
        store = Store(tmp_path / "data", MovableClock())
        try:
            with store.read() as reader:
                return reader.rows(sql)
        finally:
            store.close()

    return rows


def test_an_old_archive(ask: Ask) -> None:
    assert ask("SELECT role, delivery_email FROM user WHERE id IN (11, 12) ORDER BY id") == [
        (200, "ann@example.com"),
        (400, "bob@example.com"),
    ]
    assert ask("SELECT settings ->> 'web_home_view' FROM user WHERE id = 11") == [("all_messages",)]
    [(group_id, members)] = ask(
        "SELECT id, (SELECT group_concat(user_id) FROM user_group_member WHERE group_id = id) FROM user_group"
    )
    assert (members, group_id > 10) == (str(z.BOB), True)
    assert ask("SELECT topic, visibility_policy FROM user_topic") == [("x", 1)]
    assert ask("SELECT permissions ->> 'can_send_message_group' FROM channel WHERE id = 21") == [(6,)]
    assert ask("SELECT is_muted FROM subscription WHERE channel_id = 21 AND user_id = 11") == [(1,)]
    assert ask("SELECT last_connected FROM presence") == [(int(z.SENT) + 2,)]
    assert ask("SELECT settings ->> 'can_create_public_channel_group' FROM realm") == [(6,)]
    assert ask("SELECT settings ->> 'new_stream_announcements_stream_id' FROM realm") == [(z.GENERAL,)]
    assert ask("SELECT time, client FROM message WHERE id = 91") == [(int(z.SENT + 91), "unknown")]
    assert ask("SELECT full_name FROM user WHERE is_system") == [("Notification Bot",)]
