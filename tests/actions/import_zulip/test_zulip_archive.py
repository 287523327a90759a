"""An archive of a real Zulip's shape: what becomes of each thing in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.actions.import_zulip.whole import Imported
from appliance.model.flag import Flag
from appliance.model.user import Role
from appliance.store import attachment as attachments
from appliance.store import channel as channels
from appliance.store import message as messages
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store import user_group as groups
from appliance.store.connection import Reader
from appliance.store.store import Store
from tests.actions.import_zulip import world
from tests.actions.import_zulip import zulip_archive as z
from tests.actions.import_zulip.zulip_archive import ZulipArchive
from tests.conftest import MovableClock

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Imported]:
    folder = tmp_path_factory.mktemp("zulip")
    archive = ZulipArchive().tar(folder / "friends.tar.gz")
    return folder / "data", world.read(archive, folder / "data", MovableClock())


@pytest.fixture
def opened(whole: tuple[Path, Imported]) -> Iterator[Store]:
    made = Store(whole[0], MovableClock())
    yield made
    made.close()


@pytest.fixture
def reader(opened: Store) -> Iterator[Reader]:
    with opened.read() as reader:
        yield reader


@pytest.fixture
def rows(reader: Reader) -> Rows:
    return reader.rows


def test_what_it_says(whole: tuple[Path, Imported]) -> None:
    made = whole[1]
    assert (made.name, made.people, made.channels, made.messages) == ("Zulip & friends", 5, 3, 11)
    assert made.notes == [
        "linkifiers with a pattern or a URL that this server does not take: 1",
        "reactions to messages that are not there: 1",
        "reminders: 1",
        "uploaded files that are not in the archive, or nobody's: 1",
    ]
    assert sorted(path.name for path in whole[0].iterdir() if path.name.startswith(".")) == []


def test_people(reader: Reader) -> None:
    ann, bob, eve, robot, ghost = users.with_ids(reader, [11, 12, 13, 14, 15])
    assert (ann.role, ann.delivery_email, ann.email) == (
        Role.OWNER, "ann@example.com", "user11@zulip.example.com",
    )  # fmt: skip
    assert ann.settings == {"default_language": "de", "enter_sends": True, "web_home_view": "recent_topics"}
    assert bob.public_email is None
    assert (eve.is_active, ghost.is_active) == (False, False)
    assert (robot.bot_type, robot.bot_owner_id) == (3, z.BOB)
    assert robot.role == Role.ADMIN  # bots are no owners here
    assert len({each.api_key for each in (ann, bob, eve, robot, ghost)}) == 5
    assert {each.password for each in (ann, bob)} == {None}


def test_bots_of_the_server(reader: Reader) -> None:
    """The notification bot is ours; those that never said a word are not there."""
    assert [(each.id, each.full_name) for each in users.system_bots(reader)] == [(3, "Notification Bot")]
    sent = messages.with_id(reader, z.ANN, 107)
    assert sent is not None
    assert [each.id for each in sent.message.people] == [z.NOTIFICATION_BOT, z.ANN]


def test_the_organization(reader: Reader) -> None:
    realm = realms.get(reader)
    assert (realm.name, realm.created) == ("Zulip & friends", int(z.SENT - 200 * z.DAY))
    expected = {
        "message_retention_days": 365,
        "message_content_edit_limit_seconds": None,
        "message_content_delete_limit_seconds": 3600,
        "default_language": "de",
        "waiting_period_threshold": 3,
        "new_stream_announcements_stream_id": z.GENERAL,
        "zulip_update_announcements_stream_id": -1,
        "can_create_groups": z.COOKS,
        "can_invite_users_group": 6,
        "can_delete_own_message_group": {"direct_members": [z.ANN], "direct_subgroups": [z.COOKS]},
        "can_mention_many_users_group": 5,
    }
    assert {name: realm.setting(name) for name in expected} == expected
    assert realm.user_defaults == {"enter_sends": True}


def test_groups(reader: Reader) -> None:
    [cooks] = groups.everything(reader)
    assert (cooks.id, cooks.name, cooks.members, cooks.subgroup_ids) == (z.COOKS, "cooks", (z.BOB,), (5,))
    assert cooks.setting("can_mention_group") == {"direct_members": [z.ANN], "direct_subgroups": [z.COOKS]}
    assert cooks.setting("can_manage_group") == 7


def test_channels(reader: Reader) -> None:
    general, secret, old = channels.everything(reader)
    assert (general.id, general.name, general.is_default, general.first_message_id) == (
        21,
        "General",
        True,
        93,
    )
    value = {"direct_members": [z.ANN], "direct_subgroups": [z.COOKS]}
    assert general.permission("can_send_message_group") == value
    assert (secret.invite_only, secret.history_public_to_subscribers) == (True, False)
    assert (secret.message_retention_days, general.message_retention_days) == (-1, None)
    assert (old.is_archived, old.name) == (True, "!DEACTIVATED:old")


def test_subscriptions(rows: Rows) -> None:
    found = rows(
        "SELECT channel_id, user_id, active, color, is_muted, pin_to_top, push_notifications,"
        " email_notifications FROM subscription ORDER BY 1, 2"
    )
    assert found == [
        (z.GENERAL, z.ANN, 1, "#f5ce6e", 1, 0, 1, None),
        (z.GENERAL, z.BOB, 0, "#76ce90", 0, 0, 1, None),
        (z.GENERAL, z.EVE, 1, "#76ce90", 0, 0, 1, None),
        (z.SECRET, z.BOB, 1, "#76ce90", 0, 1, 1, None),
    ]


def test_direct_conversations(rows: Rows) -> None:
    """A group of two is the conversation of these two, whichever way Zulip wrote it down."""
    found = rows(
        "SELECT member_ids, group_concat(message.id)"
        " FROM message JOIN recipient ON recipient.id = recipient_id"
        " WHERE member_ids IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    assert found == [("11", "104"), ("11,12", "102,103,106"), ("11,12,13", "105"), ("3,11", "107,108")]
    assert rows("SELECT count(*) FROM conversation_member") == [(8,)]
    assert rows("SELECT DISTINCT topic FROM message WHERE id > 101") == [("",)]


def test_flags(rows: Rows) -> None:
    found = rows("SELECT message_id, user_id, flags FROM user_message WHERE message_id IN (101, 102, 103)")
    heard = int(Flag.MENTIONED | Flag.HAS_ALERT_WORD | Flag.HISTORICAL)
    assert found == [
        (101, z.ANN, 1), (101, z.BOB, heard), (102, z.ANN, 1), (102, z.BOB, 0), (103, z.ANN, 3),
        (103, z.BOB, 1),
    ]  # fmt: skip
    assert rows("SELECT user_id, message_id FROM unread_message ORDER BY 1, 2") == [
        (z.ANN, 105), (z.ANN, 107), (z.BOB, 101), (z.BOB, 102),
    ]  # fmt: skip


def test_what_messages_say(reader: Reader) -> None:
    found = {each.message.id: each.message for each in messages.with_ids(reader, z.ANN, [101, 92, 93])}
    html = found[101].rendered_content
    assert f'data-user-id="{z.BOB}"' in html
    assert f'data-user-group-id="{z.COOKS}"' in html
    assert 'data-user-group-id="6"' in html  # administrators, here
    assert (found[101].time, found[101].client) == (int(z.SENT + 101), "website")
    assert "style" not in found[92].rendered_content
    assert "x" in found[92].rendered_content
    for evil in ("script", "onclick", "onerror", "javascript"):
        assert evil not in found[93].rendered_content


def test_edits(reader: Reader) -> None:
    """Older servers wrote down less."""
    found = messages.with_id(reader, z.ANN, 101)
    assert found is not None
    moved, changed = found.message.edits
    assert moved == {
        "user_id": z.ANN, "timestamp": int(z.SENT) + 9, "prev_topic": "dinner", "topic": "lunch",
    }  # fmt: skip
    assert (changed["prev_topic"], changed["topic"]) == ("breakfast", "dinner")
    assert (changed["prev_stream"], changed["stream"]) == (z.OLD, z.GENERAL)
    assert changed["prev_rendered_content"] == "<p>old</p>"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT user_id, text, emoji_name FROM user_status", [(z.ANN, "away", "car")]),
        ("SELECT user_id, muted_user_id FROM muted_user", [(z.ANN, z.EVE)]),
        ("SELECT user_id, topic, visibility_policy FROM user_topic", [(z.ANN, "Lunch", 3)]),
        ("SELECT user_id, word_key, word FROM alert_word", [(z.BOB, "pizza", "Pizza")]),
        ("SELECT user_id, title FROM saved_snippet", [(z.ANN, "hi")]),
        ("SELECT bot_id, base_url FROM bot_service", [(z.ROBOT, "https://robot.test")]),
        ("SELECT token FROM bot_service WHERE token = 't'", []),
        ("SELECT bot_id, key, value FROM bot_storage", [(z.ROBOT, "a", "b")]),
        ("SELECT user_id, last_connected FROM presence", [(z.ANN, int(z.SENT))]),
        ("SELECT user_id, client, count FROM user_activity", [(z.ANN, "ZulipMobile", 5)]),
        ("SELECT channel_id, user_ids, topic, content FROM scheduled_message ORDER BY content",
         [(None, "[12]", "", "later 1"), (z.GENERAL, "[]", "plans", "later 2")]),
        ("SELECT count(*) FROM job WHERE queue = 'scheduled_messages'", [(2,)]),
        ("SELECT domain, allow_subdomains FROM realm_domain", [("example.com", 1)]),
        ("SELECT pattern, url_template, position FROM linkifier ORDER BY position",
         [("T(?P<t>[0-9]+)", "https://t.test/{t}", 1), ("#(?P<id>[0-9]+)", "https://bugs.test/{id}", 2)]),
        ("SELECT url_template FROM playground", [("https://play.test/?code={code}",)]),
        ("SELECT type, name FROM profile_field", [(1, "Phone")]),
        ("SELECT user_id, field_id, value FROM profile_value", [(z.ANN, 1, "123")]),
        ("SELECT message_id, emoji_code, reaction_type FROM reaction ORDER BY id",
         [(101, "1f389", "unicode_emoji"), (101, "1", "realm_emoji")]),
        ("SELECT id, full_member FROM user WHERE id = 11", [(z.ANN, 1)]),
        ("SELECT has_image, has_link FROM message WHERE id IN (91, 93) ORDER BY id", [(0, 1), (1, 0)]),
    ],
)  # fmt: skip
def test_the_rest(rows: Rows, sql: str, expected: list[tuple[Any, ...]]) -> None:
    assert rows(sql) == expected


def test_files(opened: Store, reader: Reader) -> None:
    kept = attachments.with_path(reader, z.FILE)
    assert kept is not None
    assert (kept.name, kept.size, kept.owner_id) == ("plan.txt", 8, z.ANN)
    assert opened.uploads.file(z.FILE).read_bytes() == b"the plan"
    assert [each.id for each in attachments.of_message(reader, 101)] == [1]


def test_a_picture_in_a_message(opened: Store, reader: Reader) -> None:
    """Small ones are made when the server runs."""
    kept = attachments.with_path(reader, z.PICTURE)
    assert kept is not None
    assert (kept.width, kept.height, kept.moves) == (300, 300, False)
    assert reader.value("SELECT count(*) FROM job WHERE queue = 'thumbnail'") == 1


def test_a_file_whose_address_is_none_here_gets_another(opened: Store, reader: Reader) -> None:
    found = messages.with_id(reader, z.ANN, 91)
    [moved] = attachments.of_message(reader, 91)
    assert found is not None
    assert moved.name == "from the bucket.txt"
    assert found.message.content == f"[f](/user_uploads/{moved.path_id})"
    assert f'href="/user_uploads/{moved.path_id}"' in found.message.rendered_content
    assert opened.uploads.file(moved.path_id).read_bytes() == b"in a bucket"


def test_pictures(opened: Store, reader: Reader) -> None:
    ann = users.with_id(reader, z.ANN)
    assert ann is not None
    assert ann.avatar_version == 4
    assert ann.avatar_file is not None
    assert opened.uploads.avatar(ann.avatar_file).is_file()
    assert reader.rows("SELECT name, file FROM realm_emoji") == [("party", z.EMOJI)]
    assert opened.uploads.avatar(z.EMOJI).is_file()
    assert opened.uploads.avatar(realms.get(reader).settings["icon_file"]).is_file()
