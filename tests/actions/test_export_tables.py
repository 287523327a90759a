"""Tables of an export that have little to do with messages: what is in them, and whose."""

from pathlib import Path

import pytest

from appliance.actions.export import request
from appliance.actions.user import setting as setting_actions
from appliance.base.errors import ApiError
from appliance.model.export import Kind
from appliance.store import imported
from tests.actions.conftest import PRIVATE, Team
from tests.actions.exported import Exported
from tests.actions.import_zulip import world
from tests.conftest import stored

# Of whoever has consented alone; in Zulip's own tables, and in ours beside them.
OWN = (
    "zerver_alertword", "zerver_botstoragedata", "zerver_draft", "zerver_savedsnippet",
    "zerver_scheduledmessage",
)  # fmt: skip
INVITATIONS = ("zerver_multiuseinvite", "zerver_preregistrationuser")


def made(team: Team, folder: Path, kind: Kind = Kind.FULL) -> Exported:
    world.live(team)
    exported = world.exported(team.store, folder, kind)[1]
    assert exported.mistakes() == []
    return exported


def consent(team: Team) -> None:
    for user in (team.olga, team.bob):
        setting_actions.change(team.store, stored(team.store, user), {"allow_private_data_export": True})


def test_permissions_that_name_people(team: Team, tmp_path: Path) -> None:
    """For Zulip, they are groups without a name."""
    found = made(team, tmp_path)
    group = found.one("zerver_stream", name=PRIVATE)["can_send_message_group"]
    assert [row["user_profile"] for row in found.some("zerver_usergroupmembership", user_group=group)] == [
        team.ann.id
    ]
    assert [row["subgroup"] for row in found.some("zerver_groupgroupmembership", supergroup=group)] == [5]
    assert group not in {row["id"] for row in found.tables["zerver_namedusergroup"]}


def test_the_servers_bot(team: Team, tmp_path: Path) -> None:
    [bot] = made(team, tmp_path).tables["zerver_userprofile_crossrealm"]
    assert bot["email"] == "notification-bot@zulip.com"


def test_files(team: Team, tmp_path: Path) -> None:
    found = made(team, tmp_path)
    assert found.files[f"uploads/{world.PATH}"] == world.CONTENT
    row = found.one("zerver_attachment")
    assert (row["file_name"], row["owner"], row["create_time"]) == ("minutes.pdf", team.ann.id, world.NOW)
    assert found.one("zerver_message", id=row["messages"][0])["has_attachment"]
    ann = found.one("zerver_userprofile", id=team.ann.id)
    assert (ann["avatar_source"], ann["avatar_version"]) == ("U", 3)
    assert {name for name in found.files if name.startswith("avatars/1/")} == {
        f"avatars/1/{team.ann.id}.png", f"avatars/1/{team.ann.id}.original",
    }  # fmt: skip
    assert found.files["emoji/1/emoji/images/party.png"]


@pytest.mark.parametrize(("kind", "count"), [(Kind.PUBLIC, 1), (Kind.CONSENTED, 1), (Kind.FULL, 2)])
def test_whose_files(team: Team, tmp_path: Path, kind: Kind, count: int) -> None:
    """Those in messages that are exported; and of whoever has consented, all."""
    world.live(team)
    consent(team)
    secret = "1/cd/SECRETSECRETSECRETSECRET/secret.txt"
    private = team.send(team.ann, PRIVATE, "for some")
    with team.store.uploads.receive([b"secret"]) as received:
        team.store.uploads.keep(received, team.store.uploads.file(secret))
    row = {"id": 2, "path_id": secret, "owner_id": team.erin.id, "name": "secret.txt",
           "content_type": "text/plain", "size": 6, "created": 0}  # fmt: skip
    team.store.write(lambda transaction: imported.put(transaction, "attachment", [row]))
    if kind == Kind.PUBLIC:
        link = {"attachment_id": 2, "message_id": private}
        team.store.write(lambda transaction: imported.put(transaction, "attachment_message", [link]))
    _, found = world.exported(team.store, tmp_path, kind)
    assert len(found.tables["zerver_attachment"]) == count
    assert (f"uploads/{secret}" in found.files) is (count == 2)
    assert all(row["messages"] != [private] for row in found.tables["zerver_attachment"])


@pytest.mark.parametrize("kind", [Kind.PUBLIC, Kind.CONSENTED])
def test_nothing_that_is_anns_alone(team: Team, tmp_path: Path, kind: Kind) -> None:
    consent(team)
    found = made(team, tmp_path, kind)
    owners = {
        row[name]
        for table in OWN
        for row in found.tables[table]
        for name in ("user_profile", "sender", "bot_profile")
        if name in row
    }
    assert owners == (set() if kind == Kind.PUBLIC else {team.bob.id})
    assert [row for table in INVITATIONS for row in found.tables[table]] == []
    assert [row["status_text"] for row in found.tables["zerver_userstatus"]] == ["at lunch"]
    texts = b"".join(found.files.values())
    assert b"psst" not in texts


def test_invitations_have_no_secret(team: Team, tmp_path: Path) -> None:
    found = made(team, tmp_path)
    assert [row["email"] for row in found.tables["zerver_preregistrationuser"]] == ["new@example.org"]
    for table in INVITATIONS:
        assert not any("token" in name for row in found.tables[table] for name in row)


def test_large_files_are_for_who_runs_the_server(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    world.live(team)
    monkeypatch.setattr(request, "MOST_BYTES", len(world.CONTENT) - 1)
    with pytest.raises(ApiError, match="manual export"):
        request.ask(team.store, team.olga, Kind.PUBLIC, "http://x")
