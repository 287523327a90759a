"""Uploaded files: who may read them, what their owners hear of them, and when they go."""

from typing import Any

import pytest

from appliance.actions.channel import archive as channel_archive
from appliance.actions.file import attachment as actions
from appliance.actions.file import sweep as upload_sweep
from appliance.actions.file import upload
from appliance.actions.message import delete as delete_actions
from appliance.actions.message import edit as edit_actions
from appliance.actions.message import restore
from appliance.actions.message.directory import FileDirectory
from appliance.actions.message.edit import Wish
from appliance.actions.user import deactivation
from appliance.base.errors import ApiError
from appliance.model.attachment import UNUSED_LIFETIME, Attachment
from appliance.model.user import User
from tests import pictures
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told
from tests.actions.files import received, uploaded
from tests.conftest import MovableClock
from tests.store.test_uploads import age, files


def link(file: Attachment) -> str:
    return f"[{file.name}]({file.url})"


def reads(team: Team, user: User, file: Attachment) -> bool:
    return actions.find(team.store, team.again(user), file.path_id) is not None


def readers(team: Team, file: Attachment) -> set[str]:
    people = (team.olga, team.ann, team.bob, team.erin, team.gwen)
    return {each.full_name for each in people if reads(team, each, file)}


@pytest.fixture
def file(team: Team) -> Attachment:
    """Ann's."""
    return uploaded(team.store, team.ann)


# Who may read


def test_at_first_only_its_owner(team: Team, file: Attachment) -> None:
    assert readers(team, file) == {"Ann"}


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (PUBLIC, {"Olga", "Ann", "Bob", "Erin"}),
        (PRIVATE, {"Ann", "Bob"}),
        (PROTECTED, {"Ann", "Bob"}),
    ],
)
def test_then_who_can_read_a_message_with_it(
    team: Team, file: Attachment, channel: str, expected: set[str]
) -> None:
    team.send(team.ann, channel, link(file))
    assert readers(team, file) == expected


def test_in_a_conversation(team: Team, file: Attachment) -> None:
    team.write_to(team.ann, team.gwen, content=link(file))
    assert readers(team, file) == {"Ann", "Gwen"}


def test_a_guest_in_the_channel(team: Team, file: Attachment) -> None:
    team.send(team.ann, PUBLIC, link(file))
    team.join(PUBLIC, team.gwen)
    assert reads(team, team.gwen, file)


def test_in_an_archived_channel_as_before(team: Team, file: Attachment) -> None:
    team.send(team.ann, PRIVATE, link(file))
    channel_archive.archive(team.store, team.olga, team.channel_id(PRIVATE))
    assert readers(team, file) == {"Ann", "Bob"}


@pytest.mark.parametrize("channel", [PRIVATE, PROTECTED])
def test_not_who_has_left(team: Team, file: Attachment, channel: str) -> None:
    team.send(team.ann, channel, link(file))
    team.leave(channel, team.bob)
    assert not reads(team, team.bob, file)


def test_who_comes_later_reads_the_history_or_not(team: Team, file: Attachment) -> None:
    team.send(team.ann, PROTECTED, link(file))
    team.join(PROTECTED, team.erin)
    assert not reads(team, team.erin, file)
    team.send(team.ann, PRIVATE, link(file))
    team.join(PRIVATE, team.erin)
    assert reads(team, team.erin, file)


def test_one_message_of_many_is_enough(team: Team, file: Attachment) -> None:
    for _ in range(actions.AT_ONCE + 1):
        team.write_to(team.ann, team.bob, content=link(file))
    assert not reads(team, team.erin, file)
    team.write_to(team.ann, team.erin, content=link(file))
    assert reads(team, team.erin, file)


@pytest.mark.parametrize("path_id", ["", "1/ab/secret/a.txt", "../../appliance.db", "\0", "x" * 10_000])
def test_what_is_not_there(team: Team, path_id: str) -> None:
    assert actions.find(team.store, team.olga, path_id) is None


# Whoever links to a file must be able to read it


def test_a_stranger_does_not_learn_how_large_a_picture_is(team: Team) -> None:
    picture = uploaded(team.store, team.ann, pictures.plain(), "a.png", "image/png")

    def shows(user: User) -> bool:
        with team.store.read() as reader:
            return FileDirectory(reader, user).upload(picture.path_id) is not None

    assert shows(team.ann)
    assert not shows(team.bob)


def test_a_stranger_cannot_claim_a_file(team: Team, file: Attachment) -> None:
    """Though somebody has told Erin the address."""
    team.send(team.erin, PUBLIC, link(file))
    assert readers(team, file) == {"Ann"}


def test_a_reader_can_pass_it_on(team: Team, file: Attachment) -> None:
    team.write_to(team.ann, team.bob, content=link(file))
    team.write_to(team.bob, team.erin, content=link(file))
    assert readers(team, file) == {"Ann", "Bob", "Erin"}


def test_an_edit_of_a_stranger_claims_nothing(team: Team, file: Attachment) -> None:
    message_id = team.send(team.erin, PUBLIC, "hello")
    edit_actions.edit(team.store, team.erin, message_id, Wish(content=link(file)))
    assert readers(team, file) == {"Ann"}


# What the owner hears


def test_uploading_is_told_to_the_owner(team: Team, told: Told) -> None:
    made = uploaded(team.store, team.ann, b"12345", "my notes.txt", "text/plain")
    event, people = told.one("attachment")
    assert people == [team.ann.id]
    assert event == {
        "type": "attachment",
        "op": "add",
        "attachment": {
            "id": made.id,
            "name": "my notes.txt",
            "path_id": made.path_id,
            "size": 5,
            "create_time": 1_700_000_000_000,
            "messages": [],
        },
        "upload_space_used": 5,
    }


def test_a_message_is_told_to_the_owner_whoever_sent_it(team: Team, file: Attachment, told: Told) -> None:
    first = team.write_to(team.ann, team.bob, content=link(file))
    told.look()
    second = team.write_to(team.bob, team.erin, content=link(file))
    [event, people] = told.one("attachment")
    assert (event["op"], people) == ("update", [team.ann.id])
    assert [each["id"] for each in event["attachment"]["messages"]] == [first, second]


def test_linking_twice_in_a_message_is_told_once(team: Team, file: Attachment, told: Told) -> None:
    team.send(team.ann, PUBLIC, link(file) * 2)
    told.one("attachment")


def listed(team: Team, user: User) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = actions.listing(team.store, user)["attachments"]
    return found


def test_one_lists_ones_own(team: Team, file: Attachment) -> None:
    other = uploaded(team.store, team.ann, b"12", "b.txt")
    uploaded(team.store, team.bob, b"345", "c.txt")
    message_id = team.send(team.ann, PUBLIC, link(file))
    answer = actions.listing(team.store, team.ann)
    assert [each["id"] for each in answer["attachments"]] == [other.id, file.id]
    assert answer["attachments"][1]["messages"] == [{"id": message_id, "date_sent": 1_700_000_000_000}]
    assert answer["upload_space_used"] == 10


# Edits


def test_an_edit_takes_a_file_away(team: Team, file: Attachment, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC, link(file))
    told.look()
    detached = edit_actions.edit(team.store, team.ann, message_id, Wish(content="without"))
    assert [each["id"] for each in detached] == [file.id]
    assert detached[0]["messages"] == []
    event, people = told.one("attachment")
    assert (event["op"], event["attachment"]["messages"], people) == ("update", [], [team.ann.id])
    assert readers(team, file) == {"Ann"}


def test_not_if_another_message_has_it(team: Team, file: Attachment) -> None:
    team.write_to(team.ann, team.bob, content=link(file))
    message_id = team.send(team.ann, PUBLIC, link(file))
    assert edit_actions.edit(team.store, team.ann, message_id, Wish(content="without")) == []
    assert readers(team, file) == {"Ann", "Bob"}


def test_somebody_elses_file_is_not_ones_to_delete(team: Team, file: Attachment) -> None:
    first = team.write_to(team.ann, team.bob, content=link(file))
    message_id = team.send(team.bob, PUBLIC, link(file))
    delete_actions.delete(team.store, team.ann, first)
    assert edit_actions.edit(team.store, team.bob, message_id, Wish(content="without")) == []


def test_an_edit_that_keeps_a_file_tells_nothing(team: Team, file: Attachment, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC, link(file))
    told.look()
    assert edit_actions.edit(team.store, team.ann, message_id, Wish(content=f"see {link(file)}")) == []
    assert [kind for kind, _ in told.kinds() if kind.startswith("attachment")] == []


def test_an_edit_adds_a_file(team: Team, file: Attachment) -> None:
    message_id = team.send(team.ann, PUBLIC, "hello")
    edit_actions.edit(team.store, team.ann, message_id, Wish(content=link(file)))
    assert reads(team, team.bob, file)


# Deleting messages, and files


def test_a_file_goes_with_its_last_message(team: Team, file: Attachment, told: Told) -> None:
    first, second = (team.send(team.ann, PUBLIC, link(file)) for _ in range(2))
    told.look()
    delete_actions.delete(team.store, team.ann, first)
    event, _ = told.one("attachment")
    assert (event["op"], [each["id"] for each in event["attachment"]["messages"]]) == ("update", [second])
    delete_actions.delete(team.store, team.ann, second)
    event, people = told.one("attachment")
    assert (event["op"], event["attachment"], people) == ("remove", {"id": file.id}, [team.ann.id])
    assert readers(team, file) == set()
    assert listed(team, team.ann) == []
    assert team.store.uploads.file(file.path_id).exists()  # until the message is forgotten for good


def test_it_comes_back_with_a_message(team: Team, file: Attachment, told: Told) -> None:
    first, second = team.send(team.ann, PUBLIC, link(file)), team.send(team.ann, PRIVATE, link(file))
    for each in (first, second):
        delete_actions.delete(team.store, team.ann, each)
    told.look()
    restore.restore(team.store, [first, second])
    event, people = told.one("attachment")
    assert (event["op"], event["attachment"]["id"], people) == ("add", file.id, [team.ann.id])
    assert [each["id"] for each in event["attachment"]["messages"]] == [first, second]
    assert reads(team, team.bob, file)


def test_and_cannot_be_claimed_any_more(team: Team, file: Attachment) -> None:
    delete_actions.delete(team.store, team.ann, team.send(team.ann, PUBLIC, link(file)))
    team.send(team.ann, PUBLIC, link(file))
    assert readers(team, file) == set()


def test_it_is_forgotten_with_the_message(team: Team, file: Attachment, clock: MovableClock) -> None:
    message_id = team.send(team.ann, PUBLIC, link(file))
    clock.advance(60)
    delete_actions.delete(team.store, team.ann, message_id)
    clock.advance(delete_actions.KEPT - 60)
    upload_sweep.sweep(team.store, clock)
    assert files(team.store.uploads) == [f"files/{file.path_id}"]
    clock.advance(120)
    delete_actions.prune(team.store, clock)
    upload_sweep.sweep(team.store, clock)
    assert files(team.store.uploads) == []


def test_deleting_a_file(team: Team, file: Attachment, told: Told) -> None:
    team.send(team.ann, PUBLIC, link(file))
    told.look()
    actions.remove(team.store, team.ann, file.id)
    event, people = told.one("attachment")
    assert (event["op"], event["attachment"], people) == ("remove", {"id": file.id}, [team.ann.id])
    assert event["upload_space_used"] == 0
    assert readers(team, file) == set()
    assert files(team.store.uploads) == []


@pytest.mark.parametrize("who", ["olga", "bob", "gwen"])
def test_nobody_else_can_delete_it(team: Team, file: Attachment, who: str) -> None:
    team.send(team.ann, PUBLIC, link(file))
    for attachment_id in (file.id, file.id + 1, 2**62, -1):
        with pytest.raises(ApiError, match="Invalid attachment"):
            actions.remove(team.store, getattr(team, who), attachment_id)
    assert reads(team, team.ann, file)


# What nobody uses


def test_a_file_that_no_message_has_goes_after_a_week(
    team: Team, file: Attachment, clock: MovableClock, told: Told
) -> None:
    used = uploaded(team.store, team.ann, name="used.txt")
    team.send(team.ann, PUBLIC, link(used))
    clock.advance(UNUSED_LIFETIME)
    upload_sweep.sweep(team.store, clock)
    assert readers(team, file) == {"Ann"}
    told.look()
    clock.advance(1)
    upload_sweep.sweep(team.store, clock)
    event, people = told.one()
    assert (event["op"], event["attachment"], people) == ("remove", {"id": file.id}, [team.ann.id])
    assert [each["id"] for each in listed(team, team.ann)] == [used.id]
    assert files(team.store.uploads) == [f"files/{used.path_id}"]


@pytest.mark.parametrize("table", ["draft", "saved_snippet", "scheduled_message"])
def test_not_if_it_waits_to_be_sent(team: Team, file: Attachment, clock: MovableClock, table: str) -> None:
    team.store.write(lambda transaction: transaction.execute(KEEPING[table], link(file), team.ann.id))
    clock.advance(UNUSED_LIFETIME + 1)
    upload_sweep.sweep(team.store, clock)
    assert readers(team, file) == {"Ann"}


KEEPING = {
    "draft": "INSERT INTO draft(content, user_id, type, recipients, topic, edited)"
    " VALUES (?, ?, '', '[]', '', 0)",
    "saved_snippet": "INSERT INTO saved_snippet(content, user_id, title, created) VALUES (?, ?, '', 0)",
    "scheduled_message": "INSERT INTO scheduled_message(content, sender_id, user_ids, topic,"
    " rendered_content, client, read_by_sender, due) VALUES (?, ?, '[]', '', '', '', 0, 0)",
}


def test_many_unused_files_go_at_once(team: Team, clock: MovableClock) -> None:
    for number in range(upload_sweep.AT_ONCE + 3):
        uploaded(team.store, team.ann, name=f"{number}.txt")
    clock.advance(UNUSED_LIFETIME + 1)
    upload_sweep.sweep(team.store, clock)
    assert files(team.store.uploads) == []


def test_a_sweep_takes_what_a_crash_has_left(team: Team, file: Attachment, clock: MovableClock) -> None:
    """A file without a row, and one that was on its way."""
    uploads = team.store.uploads
    with uploads.receive([b"x"]) as lost:
        uploads.keep(lost, uploads.file("1/ab/lost/a.txt"))
    uploads.put_avatar("1/lost.png", b"x")
    for each in ("files/1/ab/lost/a.txt", "avatars/1/lost.png", f"files/{file.path_id}"):
        age(uploads.folder / each)
    upload_sweep.sweep(team.store, clock)
    assert files(uploads) == [f"files/{file.path_id}"]


def test_a_sweep_of_nothing_writes_nothing(team: Team, file: Attachment, clock: MovableClock) -> None:
    before = team.store.committer.writes
    upload_sweep.sweep(team.store, clock)
    assert team.store.committer.writes == before


# Limits


def test_the_quota(team: Team, file: Attachment) -> None:
    upload.add(team.store, team.bob, received(team.store, bytes((1 << 20) - 5)), 1)
    with pytest.raises(ApiError) as refused:
        upload.add(team.store, team.bob, received(team.store, b"x"), 1)
    assert refused.value.code == "REALM_UPLOAD_QUOTA"
    assert len(files(team.store.uploads)) == 2


def test_an_empty_file(team: Team) -> None:
    assert uploaded(team.store, team.ann, b"").size == 0


def test_files_of_somebody_who_has_gone_stay(team: Team, file: Attachment) -> None:
    team.send(team.ann, PUBLIC, link(file))
    deactivation.deactivate(team.store, team.ann)
    assert reads(team, team.bob, file)
