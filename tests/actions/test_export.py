"""What is in an export, and what is not."""

import gzip
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appliance.actions.bot import account as bot_actions
from appliance.actions.export import messages, whole
from appliance.actions.group import user_group as group_actions
from appliance.actions.group.user_group import Wanted
from appliance.actions.message import delete as delete_actions
from appliance.actions.message import flag as flag_actions
from appliance.actions.message import reaction as reaction_actions
from appliance.actions.personal import muted_user as mute_actions
from appliance.actions.personal import user_topic as topic_actions
from appliance.actions.user import creation as user_actions
from appliance.actions.user import deactivation
from appliance.actions.user import session as sessions
from appliance.actions.user import setting as setting_actions
from appliance.model.bot import OUTGOING_WEBHOOK
from appliance.model.export import Kind
from appliance.model.flag import Flag
from appliance.model.reaction import Emoji
from appliance.model.topic import Policy
from appliance.model.user import Role, User
from appliance.store import export as export_store
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team
from tests.actions.exported import Exported
from tests.conftest import MovableClock, stored

NOW = 1_700_000_000.0
TADA = Emoji("tada", "1f389", "unicode_emoji")
Export = Callable[..., Exported]


def nothing(done: int, of: int) -> None:
    """A step."""


@pytest.fixture
def export(store: Store, tmp_path: Path) -> Export:
    """Makes one and reads it; it has no mistakes."""

    def make(kind: Kind = Kind.FULL) -> Exported:
        path = tmp_path / f"zulip-export-{kind.name}.tar.gz"
        whole.write(store, path, kind, NOW, nothing)
        made = Exported.read(path)
        assert made.mistakes() == []
        return made

    return make


@pytest.fixture
def talk(team: Team) -> Team:
    """Messages of every kind, called by where they went."""
    team.send(team.ann, PUBLIC, "in public")
    team.send(team.ann, PRIVATE, "in private")
    team.send(team.ann, PROTECTED, "in protected")
    team.write_to(team.ann, team.bob, content="ann to bob")
    team.write_to(team.bob, team.ann, content="bob to ann")
    team.write_to(team.olga, team.olga, content="olga to herself")
    team.write_to(team.bob, team.ann, team.erin, content="three of them")
    return team


EVERYTHING = {
    "in public", "in private", "in protected", "ann to bob", "bob to ann", "olga to herself", "three of them",
}  # fmt: skip


def allow(team: Team, user: User) -> None:
    setting_actions.change(team.store, stored(team.store, user), {"allow_private_data_export": True})


# The form


def test_its_files(talk: Team, export: Export) -> None:
    made = export()
    assert made.folder == "zulip-export-FULL"
    assert sorted(made.files) == [
        "analytics.json",
        "attachment.json",
        "avatars/records.json",
        "emoji/records.json",
        "messages-000001.json",
        "migration_status.json",
        "realm.json",
        "realm_icons/records.json",
        "stats.json",
        "uploads/records.json",
    ]
    assert made.files["uploads/records.json"] == b"[]"


def test_an_empty_organization(store: Store, export: Export) -> None:
    made = export()
    assert made.tables["zerver_message"] == []
    assert "messages-000001.json" not in made.files


def test_the_same_twice(talk: Team, store: Store, tmp_path: Path) -> None:
    path = tmp_path / "same.tar.gz"
    contents = []
    for _ in range(2):
        whole.write(store, path, Kind.FULL, NOW, nothing)
        contents.append(gzip.decompress(path.read_bytes()))
    assert contents[0] == contents[1]


def test_it_is_of_one_moment(talk: Team, store: Store, tmp_path: Path) -> None:
    path = tmp_path / "moment.tar.gz"
    whole.write(store, path, Kind.FULL, NOW, lambda done, of: say(talk, "later"))
    assert Exported.read(path).texts == EVERYTHING


def say(talk: Team, text: str) -> None:
    talk.send(talk.ann, PUBLIC, text)


def test_chunks(talk: Team, export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_one = export()
    monkeypatch.setattr(export_store, "PAGE", 2)
    monkeypatch.setattr(export_store, "ROWS", 3)
    made = export()
    assert [name for name in sorted(made.files) if name.startswith("messages")] == [
        f"messages-{number:06}.json" for number in range(1, 5)
    ]
    assert made.tables == whole_one.tables


def test_steps(talk: Team, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_store, "PAGE", 3)
    steps: list[tuple[int, int]] = []
    whole.write(store, tmp_path / "e.tar.gz", Kind.FULL, NOW, lambda done, of: steps.append((done, of)))
    assert steps == [(0, 7), (3, 7), (6, 7), (7, 7)]


# Everything


def test_all_messages(talk: Team, export: Export) -> None:
    made = export()
    assert made.texts == EVERYTHING
    rows = {row[0]: row[1] for row in _counts(talk.store)}
    assert len(made.tables["zerver_usermessage"]) == rows["user_message"]
    assert len(made.tables["zerver_message"]) == rows["message"]
    bots = made.tables["zerver_userprofile_crossrealm"]
    assert len(made.tables["zerver_userprofile"]) + len(bots) == rows["user"]


def _counts(store: Store) -> list[tuple[str, int]]:
    with store.read() as reader:
        return [
            (table, reader.value(f"SELECT count(*) FROM {table}"))
            for table in ("user_message", "message", "user")
        ]


def test_to_whom(talk: Team, export: Export) -> None:
    made = export()

    def recipient(text: str) -> tuple[int, int]:
        row = made.one("zerver_recipient", id=made.one("zerver_message", content=text)["recipient"])
        return row["type"], row["type_id"]

    assert recipient("in private") == (2, talk.channel_id(PRIVATE))
    assert recipient("ann to bob") == (1, talk.bob.id)
    assert recipient("bob to ann") == (1, talk.ann.id)
    assert recipient("olga to herself") == (1, talk.olga.id)
    kind, group = recipient("three of them")
    members = made.some("zerver_subscription", recipient=made.one("zerver_huddle", id=group)["recipient"])
    assert (kind, {each["user_profile"] for each in members}) == (3, {talk.ann.id, talk.bob.id, talk.erin.id})


def test_a_message(team: Team, export: Export) -> None:
    message_id = team.send(team.ann, PUBLIC, "see **this** https://example.org", topic="lunch")
    reaction_actions.add(team.store, team.bob, message_id, TADA)
    made = export()
    row = made.one("zerver_message")
    expected = {"id": message_id, "subject": "lunch", "date_sent": NOW, "is_channel_message": True}
    assert expected.items() <= row.items()
    assert "<strong>this</strong>" in row["rendered_content"]
    assert row["has_link"]
    assert made.one("zerver_client", id=row["sending_client"])["name"] == "test"
    reacted = {
        "user_profile": team.bob.id,
        "message": message_id,
        "emoji_name": "tada",
        "emoji_code": "1f389",
    }
    assert reacted.items() <= made.one("zerver_reaction").items()


@pytest.mark.parametrize(
    ("flags", "direct", "mask"),
    [
        (0, False, 0),
        (Flag.READ, False, 1),
        (Flag.READ | Flag.STARRED | Flag.COLLAPSED | Flag.MENTIONED, False, 15),
        (Flag.STREAM_WILDCARD_MENTIONED, False, 16),
        (Flag.TOPIC_WILDCARD_MENTIONED, False, 32),
        (Flag.HAS_ALERT_WORD, False, 512),
        (Flag.HISTORICAL | Flag.READ, False, 1025),
        (0, True, 2048),
        (Flag.ACTIVE_PUSH, True, 6144),
    ],
)
def test_flags(flags: int, direct: bool, mask: int) -> None:
    assert messages.flags_mask(int(flags), direct=direct) == mask


def test_flags_of_people(team: Team, export: Export) -> None:
    message_id = team.send(team.ann, PUBLIC, "@**Bob** look")
    flag_actions.update(team.store, team.bob, [message_id], "add", "starred")
    made = export()
    assert made.one("zerver_usermessage", user_profile=team.bob.id)["flags_mask"] == 2 + 8


def test_what_was_deleted_is_not_in_it(talk: Team, export: Export) -> None:
    gone = talk.send(talk.ann, PUBLIC, "oh no")
    reaction_actions.add(talk.store, talk.bob, gone, TADA)
    delete_actions.delete(talk.store, talk.olga, gone)
    made = export()
    assert made.texts == EVERYTHING
    assert made.tables["zerver_reaction"] == []


def test_what_is_somebodys_own(talk: Team, export: Export) -> None:
    topic_actions.choose(talk.store, talk.ann, talk.channel_id(PUBLIC), "lunch", Policy.MUTED)
    mute_actions.mute(talk.store, talk.ann, talk.bob.id)
    made = export()
    topic = made.one("zerver_usertopic", user_profile=talk.ann.id, stream=talk.channel_id(PUBLIC))
    assert (topic["topic_name"], topic["visibility_policy"]) == ("lunch", Policy.MUTED)
    assert made.one("zerver_muteduser")["muted_user"] == talk.bob.id


def test_groups(team: Team, export: Export) -> None:
    """Who may manage it is a person: for Zulip, a group without a name."""
    group_id = group_actions.create(team.store, team.ann, Wanted("cooks", "They cook", [team.bob.id]))
    made = export()
    group = made.one("zerver_namedusergroup", name="cooks")
    assert (group["id"], group["creator"]) == (group_id, team.ann.id)
    assert made.one("zerver_usergroupmembership", user_group=group_id)["user_profile"] == team.bob.id
    manages = made.one("zerver_usergroupmembership", user_group=group["can_manage_group"])
    assert manages["user_profile"] == team.ann.id
    owners = made.one("zerver_namedusergroup", name="role:owners")["id"]
    assert made.one("zerver_usergroupmembership", user_group=owners)["user_profile"] == team.olga.id


def test_who_left_keeps_their_place(talk: Team, export: Export) -> None:
    talk.leave(PUBLIC, talk.bob)
    deactivation.deactivate(talk.store, talk.again(talk.erin))
    made = export()
    recipient = made.one("zerver_stream", name=PUBLIC)["recipient"]
    assert not made.one("zerver_subscription", recipient=recipient, user_profile=talk.bob.id)["active"]
    assert not made.one("zerver_userprofile", id=talk.erin.id)["is_active"]
    assert not any(
        row["is_user_active"] for row in made.some("zerver_subscription", user_profile=talk.erin.id)
    )


@pytest.mark.parametrize("kind", Kind)
def test_no_secrets(talk: Team, export: Export, kind: Kind) -> None:
    named: dict[str, Any] = {"email": "paul@example.org", "full_name": "Paul", "role": Role.MEMBER}
    allow(talk, user_actions.create(talk.store, **named, password="correct horse battery"))
    wanted = bot_actions.Wanted("Robot", "robot", OUTGOING_WEBHOOK, "https://robot.example.org/hook")
    bot_actions.create(talk.store, talk.ann, wanted, "example.org")
    allow(talk, talk.ann)
    sessions.begin(talk.store, talk.ann)
    content = b"".join(export(kind).files.values())
    assert secrets_of(talk.store)
    assert [secret for secret in secrets_of(talk.store) if secret in content] == []


def secrets_of(store: Store) -> list[bytes]:
    with store.read() as reader:
        rows = reader.rows(
            "SELECT api_key FROM user UNION SELECT password FROM user WHERE password IS NOT NULL"
            " UNION SELECT token FROM bot_service UNION SELECT uuid FROM realm"
            " UNION SELECT lower(hex(token_hash)) FROM session"
        )
    return [value.encode() for (value,) in rows]


# What people have not consented to stays where it is.


@pytest.mark.parametrize(
    ("kind", "consenting", "texts"),
    [
        (Kind.PUBLIC, "ann bob olga erin gwen", {"in public"}),
        (Kind.CONSENTED, "", {"in public"}),
        (Kind.CONSENTED, "gwen", {"in public"}),
        (Kind.CONSENTED, "olga", {"in public", "olga to herself"}),
        (Kind.CONSENTED, "erin", {"in public", "three of them"}),
        (Kind.CONSENTED, "bob", EVERYTHING - {"olga to herself"}),
        (Kind.FULL, "", EVERYTHING),
    ],
)
def test_whose_messages(talk: Team, export: Export, kind: Kind, consenting: str, texts: set[str]) -> None:
    for name in consenting.split():
        allow(talk, getattr(talk, name))
    made = export(kind)
    assert made.texts == texts
    shown = {row["message"] for row in made.tables["zerver_usermessage"]}
    assert shown <= {row["id"] for row in made.tables["zerver_message"]}


def test_a_protected_channel_shows_what_was_received(talk: Team, export: Export) -> None:
    """Erin came later, and Bob has left."""
    allow(talk, talk.erin)
    allow(talk, talk.bob)
    talk.join(PROTECTED, talk.erin)
    talk.leave(PROTECTED, talk.bob)
    talk.leave(PRIVATE, talk.bob)
    talk.send(talk.ann, PROTECTED, "hello Erin")
    assert export(Kind.CONSENTED).texts == {
        "in public", "hello Erin", "ann to bob", "bob to ann", "three of them",
    }  # fmt: skip


@pytest.mark.parametrize("kind", [Kind.PUBLIC, Kind.CONSENTED])
def test_nothing_of_who_did_not_consent(talk: Team, export: Export, kind: Kind) -> None:
    public = talk.send(talk.ann, PUBLIC, "@**Bob** look")
    flag_actions.update(talk.store, talk.bob, [public], "add", "starred")
    topic_actions.choose(talk.store, talk.bob, talk.channel_id(PUBLIC), "lunch", Policy.MUTED)
    mute_actions.mute(talk.store, talk.bob, talk.gwen.id)
    setting_actions.change(talk.store, talk.bob, {"enter_sends": True})
    allow(talk, talk.olga)
    made = export(kind)
    tables = ("zerver_usertopic", "zerver_muteduser", "zerver_useractivity", "zerver_service")
    assert [row for table in tables for row in made.some(table, user_profile=talk.bob.id)] == []
    masks = [
        row["flags_mask"] for row in made.some("zerver_usermessage", user_profile=talk.bob.id, message=public)
    ]
    assert masks == ([8] if kind == Kind.PUBLIC else [])
    [bob] = [row for table in PEOPLE_TABLES for row in made.some(table, id=talk.bob.id)]
    assert bob["enter_sends"] is False


PEOPLE_TABLES = ("zerver_userprofile", "zerver_userprofile_mirrordummy")


def test_who_did_not_consent_has_no_account_in_it(talk: Team, export: Export) -> None:
    allow(talk, talk.olga)
    made = export(Kind.CONSENTED)
    assert [row["full_name"] for row in made.tables["zerver_userprofile"]] == ["Olga"]
    dummy = made.one("zerver_userprofile_mirrordummy", id=talk.ann.id)
    assert (dummy["is_active"], dummy["is_mirror_dummy"]) == (False, True)
    assert all(row["is_active"] for row in export(Kind.PUBLIC).tables["zerver_userprofile"])


@pytest.mark.parametrize("kind", [Kind.PUBLIC, Kind.CONSENTED])
def test_an_address_that_nobody_may_see(talk: Team, export: Export, kind: Kind) -> None:
    setting_actions.change(talk.store, talk.ann, {"email_address_visibility": 4})
    made = export(kind)
    assert b"ann@example.org" not in b"".join(made.files.values())
    assert made.one("zerver_userprofile_mirrordummy", id=talk.ann.id)["delivery_email"].endswith(".invalid")


def test_a_bot_does_as_its_owner(talk: Team, export: Export) -> None:
    wanted = bot_actions.Wanted("Robot", "robot", OUTGOING_WEBHOOK, "https://robot.example.org/hook")
    robot = bot_actions.create(talk.store, talk.ann, wanted, "example.org")
    assert b"robot.example.org" not in b"".join(export(Kind.CONSENTED).files.values())
    allow(talk, talk.ann)
    assert export(Kind.CONSENTED).one("zerver_service", user_profile=robot.id)["token"] == ""


# Size

MANY = 50_000
MOST_MEMORY = 24 << 20


def test_no_more_than_a_file_of_messages_is_in_memory(
    team: Team, store: Store, clock: MovableClock, tmp_path: Path
) -> None:
    first = team.send(team.ann, PUBLIC, "the first")
    fill(store, first, MANY)
    tracemalloc.start()
    try:
        whole.write(store, tmp_path / "big.tar.gz", Kind.FULL, NOW, nothing)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY
    assert len(Exported.read(tmp_path / "big.tar.gz").tables["zerver_message"]) == MANY + 1


def fill(store: Store, like: int, number: int) -> None:
    """Copies of a message, and of its rows; half a kilobyte each."""

    def write(transaction: Transaction) -> None:
        numbers: Any = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)"
        transaction.execute(
            f"{numbers} INSERT INTO message(sender_id, recipient_id, topic, topic_key, content,"
            " rendered_content, time, client) SELECT sender_id, recipient_id, topic, topic_key,"
            " hex(randomblob(120)), hex(randomblob(130)), time, client FROM n, message WHERE id = ?1",
            like,
            number,
        )
        transaction.execute(
            f"{numbers} INSERT INTO user_message SELECT ?1 + i, user_id, flags FROM n, user_message"
            " WHERE message_id = ?1",
            like,
            number,
        )

    store.write(write)
