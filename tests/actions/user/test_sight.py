"""What guests know of others where the organization restricts them. Each test has those who must not see."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.channel import subscription
from appliance.actions.message import access as history
from appliance.actions.message import reaction
from appliance.actions.message import send as message_actions
from appliance.actions.message.directory import FileDirectory
from appliance.actions.message.send import Draft
from appliance.actions.personal import draft, muted_user, typing_notice
from appliance.actions.search import narrow
from appliance.actions.search import page as search
from appliance.actions.user import deactivation, people, presence, sight
from appliance.actions.user import role as role_actions
from appliance.actions.user import setting as setting_actions
from appliance.actions.user import status as user_status
from appliance.base.errors import ApiError
from appliance.model import markdown
from appliance.model import user_status as user_status_model
from appliance.model.draft import Draft as DraftToSee
from appliance.model.group import ID
from appliance.model.message import Shape
from appliance.model.narrow import Term
from appliance.model.reaction import Emoji
from appliance.model.user import HIDDEN_DOMAIN, Role, User
from tests.actions.conftest import PUBLIC, Team, Told
from tests.conftest import MakeUser, MovableClock


@pytest.fixture
def guest(team: Team) -> User:
    """Gwen, in one channel with Ann and Bob; she knows neither Olga nor Erin."""
    team.set_realm(can_access_all_users_group=ID["role:members"])
    team.join(PUBLIC, team.gwen)
    return team.gwen


@pytest.fixture
def news(guest: User, told: Told) -> Told:
    told.look()
    return told


def names(team: Team, viewer: User) -> set[str]:
    with team.store.read() as reader:
        return {each["full_name"] for each in people.listed(reader, viewer, None, profiles=False)}


def events(told: Told, user: User, kind: str = "realm_user") -> list[dict[str, Any]]:
    return [event for event, users in told.look() if event["type"] == kind and user.id in users]


def test_where_nothing_is_restricted_guests_know_everybody(team: Team) -> None:
    assert names(team, team.gwen) == {"Olga", "Ann", "Bob", "Erin", "Gwen"}


def test_a_guest_knows_those_in_the_same_channels(team: Team, guest: User) -> None:
    assert names(team, guest) == {"Ann", "Bob", "Gwen"}
    assert names(team, team.erin) == {"Olga", "Ann", "Bob", "Erin", "Gwen"}


def test_others_look_nonexistent(team: Team, guest: User) -> None:
    with team.store.read() as reader:
        for ask in (
            lambda: people.with_id(reader, guest, team.erin.id),
            lambda: people.with_email(reader, guest, team.erin.email, "chat.test"),
            lambda: people.with_email(reader, guest, f"user{team.erin.id}@chat.test", "chat.test"),
            lambda: user_status.of_user(reader, guest, team.erin.id),
            lambda: presence.of_one(reader, guest, team.erin, "5", 0),
            lambda: people.with_id(reader, guest, 99_999),
        ):
            with pytest.raises(ApiError, match=r"^No such user$"):
                ask()
        assert people.with_id(reader, guest, team.ann.id).full_name == "Ann"


def test_bots_are_known_to_all(team: Team, guest: User, make_user: MakeUser) -> None:
    make_user("Robot", is_bot=True)
    assert "Robot" in names(team, guest)


def test_whoever_writes_becomes_known_before_the_message(team: Team, guest: User, news: Told) -> None:
    team.write_to(team.erin, guest)
    told = [event for event, users in news.look() if guest.id in users]
    assert [each["type"] for each in told] == ["realm_user", "message"]
    assert (told[0]["op"], told[0]["person"]["full_name"]) == ("add", "Erin")
    assert "Erin" in names(team, guest)
    team.write_to(team.erin, guest)
    assert events(news, guest) == []


def test_guests_write_to_those_whom_they_know(team: Team, guest: User) -> None:
    team.write_to(guest, team.ann)
    with pytest.raises(ApiError, match=f"^Invalid user ID {team.erin.id}$"):
        team.write_to(guest, team.erin)
    with pytest.raises(ApiError, match=f"^Invalid user ID {team.erin.id}$"):
        typing_notice.tell_people(team.store, guest, "start", [team.erin.id])


def test_whoever_comes_into_the_channel_becomes_known_and_who_leaves_does_not_stay_so(
    team: Team, guest: User, news: Told
) -> None:
    team.join(PUBLIC, team.erin)
    [come] = events(news, guest)
    assert (come["op"], come["person"]["user_id"]) == ("add", team.erin.id)
    team.leave(PUBLIC, team.erin)
    assert events(news, guest) == [
        {
            "type": "realm_user",
            "op": "remove",
            "person": {"user_id": team.erin.id, "full_name": "Unknown user"},
        }
    ]


def test_a_guest_who_leaves_knows_nobody_any_more(team: Team, guest: User, news: Told) -> None:
    team.leave(PUBLIC, guest)
    assert [each["person"]["user_id"] for each in events(news, guest)] == [team.ann.id, team.bob.id]
    assert names(team, guest) == {"Gwen"}


def test_of_a_newcomer_a_guest_hears_that_there_is_somebody(
    guest: User, news: Told, make_user: MakeUser
) -> None:
    make_user("Newcomer")
    [added] = events(news, guest)
    assert added["inaccessible_user"]
    assert added["person"]["full_name"] == "Unknown user"


def test_changes_of_others_are_not_told(team: Team, guest: User, news: Told, clock: MovableClock) -> None:
    for person, seen in ((team.erin, False), (team.ann, True)):
        setting_actions.change(team.store, person, {"timezone": "Asia/Tokyo"})
        assert bool(events(news, guest)) is seen
        said = user_status_model.check("busy", None, None)
        user_status.change(team.store, person, said)
        assert bool(events(news, guest, "user_status")) is seen
        presence.report(team.store, person, "active", clock.now())
        assert bool(events(news, guest, "presence")) is seen
        deactivation.deactivate(team.store, person)
        assert bool(events(news, guest)) is seen


def test_snapshots_of_presence_and_status_leave_others_out(
    team: Team, guest: User, clock: MovableClock
) -> None:
    for person in (team.erin, team.ann):
        presence.report(team.store, person, "active", clock.now())
    with team.store.read() as reader:
        assert presence.everyone(reader, guest, clock.now(), slim=True).keys() == {str(team.ann.id)}
        assert len(presence.everyone(reader, team.bob, clock.now(), slim=True)) == 2


def test_messages_of_others_are_from_nobody(team: Team, guest: User, news: Told) -> None:
    message_id = team.send(team.erin, PUBLIC)
    event, _ = news.one("message")
    assert event["user_ids_without_access_to_sender"] == [guest.id]
    shape = Shape(apply_markdown=False, empty_topic_name=True)
    for viewer, name in ((guest, "Unknown user"), (team.ann, "Erin")):
        shown = history.fetch_one(team.store, viewer, message_id, shape)["message"]
        assert shown["sender_full_name"] == name
        [listed] = search.fetch_ids(team.store, viewer, [], [message_id], shape)["messages"]
        assert listed["sender_full_name"] == name
    assert "erin" not in str(history.fetch_one(team.store, guest, message_id, shape)).lower()


def test_reactions_of_others_are_from_nobody(team: Team, guest: User, told: Told) -> None:
    message_id = team.send(team.ann, PUBLIC)
    told.look()
    reaction.add(team.store, team.erin, message_id, Emoji("tada", "1f389", "unicode_emoji"))
    [(event, users)] = told.raw("reaction")
    [own] = [each for each in users if isinstance(each, dict)]
    assert event["user"]["full_name"] == "Erin"
    assert (own["id"], own["user"]) == (
        guest.id,
        {
            "user_id": team.erin.id,
            "email": f"user{team.erin.id}@{HIDDEN_DOMAIN}",
            "full_name": "Unknown user",
        },
    )
    shape = Shape(apply_markdown=False, empty_topic_name=True)
    for viewer, name in ((guest, "Unknown user"), (team.ann, "Erin")):
        [listed] = search.fetch_ids(team.store, viewer, [], [message_id], shape)["messages"]
        for shown in (listed, history.fetch_one(team.store, viewer, message_id, shape)["message"]):
            [made] = shown["reactions"]
            assert (made["user_id"], made["user"]["full_name"]) == (team.erin.id, name)
            assert ("erin" in str(made).lower()) is (viewer is team.ann)


def test_typing_of_others_is_not_told(team: Team, guest: User, news: Told) -> None:
    for person, seen in ((team.erin, False), (team.ann, True)):
        typing_notice.tell_channel(team.store, person, "start", team.channel_id(PUBLIC), "lunch")
        assert bool(events(news, guest, "typing")) is seen


@pytest.mark.parametrize(("others", "seen"), [(["ann"], True), (["erin"], False), (["ann", "erin"], False)])
def test_nor_of_whom_they_do_not_know_in_a_conversation(
    team: Team, guest: User, news: Told, others: list[str], seen: bool
) -> None:
    """The event has everybody's address."""
    writer, *more = [getattr(team, each) for each in others]
    typing_notice.tell_people(team.store, writer, "start", [guest.id, *(each.id for each in more)])
    assert bool(events(news, guest, "typing")) is seen


def test_whom_they_do_not_know_is_like_nobody_wherever_they_ask(team: Team, guest: User) -> None:
    def narrowed(email: str) -> None:
        with team.store.read() as reader:
            narrow.conditions(reader, guest, [Term("sender", email)])

    asked: dict[str, tuple[Callable[[User], object], Callable[[], object]]] = {
        "sender": (lambda one: narrowed(one.email), lambda: narrowed("nobody@example.org")),
        "mute": (
            lambda one: muted_user.mute(team.store, guest, one.id),
            lambda: muted_user.mute(team.store, guest, 99_999),
        ),
        "unmute": (
            lambda one: muted_user.unmute(team.store, guest, one.id),
            lambda: muted_user.unmute(team.store, guest, 99_999),
        ),
        "draft": (lambda one: draft_to(team, guest, one.id), lambda: draft_to(team, guest, 99_999)),
        "subscription": (lambda one: is_in(team, guest, one.id), lambda: is_in(team, guest, 99_999)),
    }
    for name, (of_somebody, of_nobody) in asked.items():
        with pytest.raises(ApiError) as hidden:
            of_somebody(team.erin)
        with pytest.raises(ApiError) as missing:
            of_nobody()
        nobody = str(missing.value).replace("nobody@", "erin@").replace("99999", str(team.erin.id))
        assert str(hidden.value) == nobody, name
    narrowed(team.ann.email)
    draft_to(team, guest, team.ann.id)
    assert is_in(team, guest, team.ann.id)


def draft_to(team: Team, user: User, user_id: int) -> None:
    draft.add(team.store, user, [DraftToSee("private", (user_id,), "", "x", None)])


def is_in(team: Team, user: User, user_id: int) -> bool:
    with team.store.read() as reader:
        return subscription.is_in(reader, user, user_id, team.channel_id(PUBLIC))


def test_whom_they_muted_they_can_hear_again(team: Team, guest: User) -> None:
    muted_user.mute(team.store, guest, team.bob.id)
    team.leave(PUBLIC, team.bob)
    muted_user.unmute(team.store, guest, team.bob.id)


def test_guests_mention_those_whom_they_know(team: Team, guest: User) -> None:
    text = f"@**Erin** @**Erin|{team.erin.id}** @**Ann**"
    with team.store.read() as reader:
        rendered = markdown.render(text, FileDirectory(reader, guest))
    assert rendered.mentioned_user_ids == {team.ann.id}
    assert str(team.erin.id) not in rendered.html.replace(f"|{team.erin.id}", "")


def test_who_becomes_a_guest_forgets_others_and_who_is_none_any_more_learns_of_them(
    team: Team, guest: User, news: Told
) -> None:
    def give(user: User, role: Role) -> None:
        team.store.write(lambda t: role_actions.change(t, team.olga, team.again(user), role))

    give(team.erin, Role.GUEST)
    removed = [each["person"]["user_id"] for each in events(news, team.erin) if each["op"] == "remove"]
    assert removed == [team.olga.id, team.ann.id, team.bob.id, guest.id]
    give(guest, Role.MEMBER)
    added = [each["person"]["full_name"] for each in events(news, guest) if each["op"] == "add"]
    assert added == ["Olga", "Erin"]


def test_addresses_that_are_hidden_open_nothing(team: Team, make_user: MakeUser) -> None:
    shy = make_user("Shy", email_address_visibility=4)
    assert shy.email == f"user{shy.id}@{HIDDEN_DOMAIN}"
    draft = Draft(team.ann, "hello", "test", False)
    with pytest.raises(ApiError, match=f"Invalid email '{shy.delivery_email}'"):
        message_actions.send_direct(team.store, draft, [shy.delivery_email])
    message_actions.send_direct(team.store, draft, [shy.email])
    with team.store.read() as reader, pytest.raises(ApiError, match="No such user"):
        people.with_email(reader, team.olga, shy.delivery_email, "chat.test")


def test_who_is_told_of_a_person(team: Team, guest: User) -> None:
    with team.store.read() as reader:
        assert guest.id not in sight.audience(reader, team.erin)
        assert guest.id in sight.audience(reader, team.ann)
        assert sight.strangers(reader, team.erin, [guest.id, team.ann.id]) == [guest.id]
