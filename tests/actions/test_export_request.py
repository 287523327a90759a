"""Who may ask for exports, how often, and who hears of them."""

from pathlib import Path
from typing import Any

import pytest

from appliance.actions.export import request
from appliance.actions.user import setting as setting_actions
from appliance.base.errors import ApiError
from appliance.model import export as export_model
from appliance.model.export import Export, Kind
from appliance.model.user import Role, User
from appliance.store import job as jobs
from appliance.store import realm_export
from appliance.store.store import Store
from tests.actions.conftest import PUBLIC, Team, Told
from tests.conftest import MakeUser, MovableClock

URL = "https://chat.test"
DAY = 86_400


@pytest.fixture
def exports(team: Team) -> "Exports":
    return Exports(team)


class Exports:
    """What administrators do."""

    def __init__(self, team: Team) -> None:
        self._team, self._store = team, team.store

    def ask(self, user: User | None = None, kind: int = Kind.PUBLIC) -> int:
        return request.ask(self._store, user or self._team.olga, kind, URL)

    def get(self, export_id: int) -> Export:
        with self._store.read() as reader:
            found = realm_export.get(reader, export_id)
        assert found is not None
        return found

    def made(self) -> Export:
        """With a file of three bytes."""
        export = request.begin(self._store, self.ask(), URL)
        assert export is not None
        path = request.path(self._store, export)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"tgz")
        request.succeed(self._store, export, 3, URL)
        return self.get(export.id)

    def listed(self) -> list[dict[str, Any]]:
        return request.listed(self._store, self._team.olga, URL)

    def delete(self, export_id: int) -> None:
        request.delete(self._store, self._team.olga, export_id, URL)


def refused(text: str) -> Any:
    return pytest.raises(ApiError, match=text)


# Asking


def test_a_request_is_a_row_and_a_job(team: Team, exports: Exports, clock: MovableClock) -> None:
    export_id = exports.ask()
    [shown] = exports.listed()
    assert shown == {
        "id": export_id,
        "acting_user_id": team.olga.id,
        "export_time": int(clock.now()),
        "export_type": 1,
        "export_url": None,
        "pending": True,
        "failed_timestamp": None,
        "deleted_timestamp": None,
    }
    with team.store.read() as reader:
        [job_id] = [job_id for job_id, queue, _ in jobs.waiting(reader) if queue == request.QUEUE]
        job = jobs.get(reader, job_id)
    assert job is not None
    assert job.event() == {"realm_export_id": export_id, "user_profile_id": team.olga.id}


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.MEMBER, Role.GUEST])
def test_only_administrators(team: Team, exports: Exports, make_user: MakeUser, role: Role) -> None:
    other, export = make_user("Otto", role=role), exports.made()
    message = "Must be an organization administrator"
    with refused(message):
        exports.ask(other)
    with refused(message):
        request.listed(team.store, other, URL)
    with refused(message):
        request.consents(team.store, other)
    with refused(message):
        request.delete(team.store, other, export.id, URL)
    assert request.find(team.store, other, export.token, export.name) is None


def test_an_administrator(team: Team, exports: Exports, make_user: MakeUser) -> None:
    assert exports.ask(make_user("Ada", role=Role.ADMIN))


@pytest.mark.parametrize("kind", [0, Kind.FULL, 4])
def test_kinds_that_are_not_to_be_had(exports: Exports, kind: int) -> None:
    """An administrator is not shown what others write to each other."""
    with refused("Invalid export_type"):
        exports.ask(kind=kind)


def test_no_more_than_five_a_week(exports: Exports, clock: MovableClock) -> None:
    exports.delete(exports.made().id)  # that it is gone changes nothing
    for _ in range(4):
        exports.ask()
    clock.advance(7 * DAY - 1)
    with refused("Exceeded rate limit."):
        exports.ask()
    clock.advance(1)
    assert exports.ask()


def test_too_many_messages(team: Team, exports: Exports, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "MOST_MESSAGES", 1)
    team.send(team.ann, PUBLIC)
    assert exports.ask()
    team.send(team.ann, PUBLIC)
    with refused("Please request a manual export"):
        exports.ask()


def test_an_owner_must_consent(team: Team, exports: Exports) -> None:
    with refused("Make sure at least one Organization Owner is consenting to the export"):
        exports.ask(kind=Kind.CONSENTED)
    setting_actions.change(team.store, team.olga, {"allow_private_data_export": True})
    assert exports.ask(kind=Kind.CONSENTED)


def test_an_owner_must_have_an_address(team: Team, exports: Exports) -> None:
    setting_actions.change(team.store, team.olga, {"email_address_visibility": 4})
    with refused("allows other Administrators to see their email address"):
        exports.ask()


def test_consents(team: Team, exports: Exports) -> None:
    setting_actions.change(team.store, team.ann, {"allow_private_data_export": True})
    found = request.consents(team.store, team.olga)
    assert {each["user_id"]: each["consented"] for each in found} == {
        team.olga.id: False, team.ann.id: True, team.bob.id: False, team.erin.id: False, team.gwen.id: False,
    }  # fmt: skip


# What becomes of it


def test_one_that_was_made(team: Team, exports: Exports) -> None:
    export = exports.made()
    [shown] = exports.listed()
    assert shown["export_url"] == f"{URL}/exports/{export.token}/{export.name}"
    assert not shown["pending"]
    found = request.find(team.store, team.olga, export.token, export.name)
    assert found is not None
    assert found.read_bytes() == b"tgz"
    assert export.size == 3


@pytest.mark.parametrize(("token", "name"), [("x", None), (None, "x"), ("", None), (None, "../appliance.db")])
def test_other_addresses(team: Team, exports: Exports, token: str | None, name: str | None) -> None:
    export = exports.made()
    wrong = export.token if token is None else token, export.name if name is None else name
    assert request.find(team.store, team.olga, *wrong) is None


def test_one_that_failed(team: Team, exports: Exports, clock: MovableClock) -> None:
    export = request.begin(team.store, exports.ask(), URL)
    assert export is not None
    clock.advance(60)
    request.fail(team.store, export, "OSError: full", URL)
    [shown] = exports.listed()
    assert (shown["pending"], shown["failed_timestamp"]) == (False, int(clock.now()))
    assert exports.get(export.id).error == "OSError: full"
    assert request.find(team.store, team.olga, export.token, export.name) is None
    with refused("Export failed, nothing to delete"):
        exports.delete(export.id)


def test_who_asked_is_told_how_it_ended(team: Team, exports: Exports) -> None:
    made, failed = exports.made(), request.begin(team.store, exports.ask(), URL)
    assert failed is not None
    request.fail(team.store, failed, "OSError: full", URL)
    with team.store.read() as reader:
        said = reader.rows(
            "SELECT content, user_id FROM message JOIN user_message ON message_id = message.id"
            " JOIN user ON user.id = sender_id WHERE is_system AND user_id <> sender_id ORDER BY message.id"
        )
    ready, broken = said[-2:]
    assert (made.token in ready[0], ready[1], broken[1]) == (True, team.olga.id, team.olga.id)
    assert "full" not in broken[0]


def test_one_that_was_begun_before_has_failed(team: Team, exports: Exports) -> None:
    export_id = exports.ask()
    export = request.begin(team.store, export_id, URL)
    assert export is not None
    (folder := request.path(team.store, export).parent).mkdir()
    request.path(team.store, export).touch()
    assert request.begin(team.store, export_id, URL) is None
    assert exports.listed()[0]["failed_timestamp"]
    assert list(folder.iterdir()) == []
    assert request.begin(team.store, export_id, URL) is None


def test_deleting(team: Team, exports: Exports, clock: MovableClock) -> None:
    export = exports.made()
    exports.delete(export.id)
    [shown] = exports.listed()
    assert (shown["export_url"], shown["deleted_timestamp"]) == (None, int(clock.now()))
    assert not request.path(team.store, export).exists()
    assert request.find(team.store, team.olga, export.token, export.name) is None
    with refused("Export already deleted"):
        exports.delete(export.id)


def test_deleting_what_is_not_there(exports: Exports) -> None:
    with refused("Invalid data export ID"):
        exports.delete(17)
    export_id = exports.ask()
    with refused("Export still in progress"):
        exports.delete(export_id)


def test_deleting_when_somebody_has_taken_the_file_away(team: Team, exports: Exports) -> None:
    export = exports.made()
    request.path(team.store, export).unlink()
    exports.delete(export.id)
    assert exports.get(export.id).deleted


# Who hears of it


def test_administrators_hear_of_each_step(
    team: Team, exports: Exports, make_user: MakeUser, store: Store
) -> None:
    ada = make_user("Ada", role=Role.ADMIN)
    told = Told(store)
    exports.delete(exports.made().id)
    events = [each for each in told.look() if each[0]["type"] == "realm_export"]
    assert {tuple(users) for _, users in events} == {(team.olga.id, ada.id)}
    shown = [event["exports"][-1] for event, _ in events]
    steps = [(each["pending"], bool(each["export_url"]), bool(each["deleted_timestamp"])) for each in shown]
    assert steps == [(True, False, False), (True, False, False), (False, True, False), (False, False, True)]
    assert shown[-1] == export_model.public(exports.get(shown[-1]["id"]), URL)


def test_a_refusal_is_not_told(team: Team, exports: Exports, told: Told) -> None:
    with refused("Invalid export_type"):
        exports.ask(kind=9)
    assert told.look() == []


def test_names_are_never_the_same(tmp_path: Path) -> None:
    names = {request.file_name(0.0) for _ in range(100)}
    assert len(names) == 100
    assert all(name.startswith("zulip-export-19700101-000000-") for name in names)
