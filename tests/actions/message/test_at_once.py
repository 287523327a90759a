"""Two people do something at the same moment: each has looked before either writes. One may be refused, but
none is surprised, and what is kept agrees with itself."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any
from unittest import mock

import pytest

from appliance.actions.channel import archive as channel_archive
from appliance.actions.channel import change as channel_change
from appliance.actions.channel import subscription
from appliance.actions.channel.creation import Terms, Wanted
from appliance.actions.file import attachment, avatar
from appliance.actions.group import user_group
from appliance.actions.message import delete as delete_actions
from appliance.actions.message import edit, emoji, reaction
from appliance.actions.personal import alert_word
from appliance.actions.realm import domain as realm_domain
from appliance.actions.realm import emoji as realm_emoji
from appliance.actions.realm import invitation, joining, linkifier, playground
from appliance.actions.realm import setting as realm_setting
from appliance.actions.realm.joining import Newcomer
from appliance.actions.user import change as user_change
from appliance.actions.user import deactivation, login_link, profile_field, setting
from appliance.actions.user.change import Changes
from appliance.actions.user.profile_field import Wish as FieldWish
from appliance.base.errors import ApiError
from appliance.model.invitation import Terms as Invited
from appliance.model.playground import checked
from appliance.model.privacy import PRIVATE as PRIVATE_KIND
from appliance.model.reaction import Emoji
from appliance.model.realm_domain import Domain
from appliance.model.user import Role, User
from appliance.store import channel as channels
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.committer import Committer
from appliance.store.store import Store
from tests import pictures
from tests.actions.conftest import PRIVATE, PUBLIC, Team
from tests.actions.files import received, uploaded
from tests.conftest import MakeUser
from tests.invariants import broken

URL = "https://chat.example.org"
PASSWORD = "correct horse battery"
Deed = Callable[[], object]


@contextmanager
def all_look_first(number: int) -> Iterator[None]:
    """The first write of each of so many threads waits for those of the others."""
    meeting, done, write = threading.Barrier(number), threading.local(), Committer.write

    def writes(self: Committer, *arguments: Any, **named: Any) -> Any:
        if not getattr(done, "once", False):
            done.once = True
            with suppress(threading.BrokenBarrierError):  # somebody was refused before
                meeting.wait(5)
        return write(self, *arguments, **named)

    with mock.patch.object(Committer, "write", writes):
        yield


def at_once(*deeds: Deed) -> list[object]:
    """What they answered, or their refusals."""

    def do(deed: Deed) -> object:
        try:
            return deed()
        except ApiError as refusal:
            return refusal

    with all_look_first(len(deeds)), ThreadPoolExecutor(len(deeds)) as threads:
        return [each.result(60) for each in [threads.submit(do, deed) for deed in deeds]]


def refused(outcomes: list[object]) -> int:
    return sum(isinstance(each, ApiError) for each in outcomes)


@pytest.fixture(autouse=True)
def _all_is_whole(store: Store) -> Iterator[None]:
    yield
    assert broken(store.folder) == []


def token(link: str) -> str:
    return link.rpartition("/")[2]


def people(store: Store) -> list[User]:
    with store.read() as reader:
        return [each for each in users.everyone(reader) if each.is_active and not each.is_bot]


# -- what only one can have

ONE_OF_A_KIND: dict[str, Callable[[Team, User], object]] = {
    "a group": lambda team, who: user_group.create(team.store, who, user_group.Wanted("team", "", [who.id])),
    "a channel's name": lambda team, who: channel_change.change(
        team.store, who, team.channel_id(PUBLIC if who.role == Role.OWNER else PRIVATE),
        channel_change.Wish(name="the same"),
    ),
    "an emoji": lambda team, who: realm_emoji.add(
        team.store, who, "party", received(team.store, pictures.plain(), f"{who.id}.png")
    ),
    "a linkifier": lambda team, who: linkifier.add(team.store, who, "#(?P<id>[0-9]+)", "https://x.org/{id}"),
    "a playground": lambda team, who: playground.add(
        team.store, who, checked("Play", "Python", "https://play.example/?code={code}")
    ),
    "a domain": lambda team, who: realm_domain.add(team.store, who, Domain("example.org", False)),
    "a profile field": lambda team, who: profile_field.create(team.store, who, 1, FieldWish("Job")),
    "an address": lambda team, who: user_change.change(
        team.store, who, who.id, Changes(email="same@example.org")
    ),
    "a name": lambda team, who: user_change.change(team.store, who, who.id, Changes(full_name="The Same")),
}  # fmt: skip


@pytest.mark.parametrize("thing", ONE_OF_A_KIND)
def test_only_one_gets(team: Team, make_user: MakeUser, thing: str) -> None:
    second = make_user("Second", role=Role.OWNER if thing == "a domain" else Role.ADMIN)
    team.join(PRIVATE, second)
    team.set_realm(require_unique_names=True)
    do = ONE_OF_A_KIND[thing]
    assert refused(at_once(lambda: do(team, team.olga), lambda: do(team, second))) == 1


# -- coming


def test_an_invitation_is_accepted_once(team: Team) -> None:
    link = invitation.make_link(team.store, team.olga, Invited(), URL)
    before = len(people(team.store))

    def join(name: str) -> Deed:
        return lambda: joining.join(team.store, token(link), Newcomer(name, PASSWORD, "new@example.org"))

    assert refused(at_once(join("New One"), join("New Two"))) == 1
    assert len(people(team.store)) == before + 1


def test_there_is_one_first_owner(store: Store) -> None:
    link = login_link.make(store, None)

    def found(name: str) -> Deed:
        return lambda: login_link.become_owner(
            store, link, realm_name=name, email=f"{name}@example.org", full_name=name, password=PASSWORD
        )

    assert refused(at_once(found("one"), found("two"))) == 1
    assert len(people(store)) == 1


def test_a_channel_is_made_once(team: Team) -> None:
    def subscribe(who: User) -> Deed:
        return lambda: subscription.subscribe(team.store, who, [Wanted("new")], [who])

    assert refused(at_once(subscribe(team.ann), subscribe(team.bob))) == 0
    with team.store.read() as reader:
        members = subscription.members(reader, team.ann, team.channel_id("new"))
    assert members == [team.ann.id, team.bob.id]


# -- going


@pytest.mark.parametrize("how", ["leave", "are deactivated", "give it up"])
def test_one_owner_stays(team: Team, make_user: MakeUser, how: str) -> None:
    second = make_user("Second", role=Role.OWNER)

    def go(who: User, other: User) -> Deed:
        return {
            "leave": lambda: deactivation.deactivate_self(team.store, who),
            "are deactivated": lambda: deactivation.deactivate_other(team.store, who, other.id, None),
            "give it up": lambda: user_change.change(
                team.store, who, other.id, Changes(role=int(Role.MEMBER))
            ),
        }[how]

    assert refused(at_once(go(team.olga, second), go(second, team.olga))) == 1
    assert [each.role for each in people(team.store)].count(Role.OWNER) == 1


def test_who_goes_twice_has_gone(team: Team) -> None:
    go: Deed = lambda: deactivation.deactivate_self(team.store, team.ann)  # noqa: E731
    at_once(go, go)
    assert team.again(team.ann).is_active is False


def test_the_last_two_leave_a_private_channel(team: Team) -> None:
    def leave(who: User) -> Deed:
        return lambda: subscription.unsubscribe(team.store, who, [PRIVATE], [who])

    at_once(leave(team.ann), leave(team.bob))
    with team.store.read() as reader:
        assert channels.named(reader, PRIVATE) is None


def test_somebody_joins_while_the_last_one_leaves(team: Team) -> None:
    team.leave(PRIVATE, team.bob)
    at_once(
        lambda: subscription.unsubscribe(team.store, team.ann, [PRIVATE], [team.ann]),
        lambda: subscription.subscribe(team.store, team.ann, [Wanted(PRIVATE)], [team.bob]),
    )


# -- messages


def test_a_channel_is_archived_while_somebody_writes_there(team: Team) -> None:
    at_once(
        lambda: channel_archive.archive(team.store, team.olga, team.channel_id(PUBLIC)),
        lambda: team.send(team.ann, PUBLIC),
    )
    with team.store.read() as reader:
        assert channels.named(reader, PUBLIC) is None


def test_a_reaction_comes_once_and_goes_once(team: Team) -> None:
    message_id, thumb = team.send(team.ann, PUBLIC), Emoji("+1", "1f44d", "unicode_emoji")
    add: Deed = lambda: reaction.add(team.store, team.bob, message_id, thumb)  # noqa: E731
    remove: Deed = lambda: reaction.remove(team.store, team.bob, message_id, thumb)  # noqa: E731
    assert (refused(at_once(add, add)), refused(at_once(remove, remove))) == (1, 1)


def test_a_reaction_with_an_emoji_that_goes(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    realm_emoji.add(team.store, team.olga, "party", received(team.store, pictures.plain()))
    party = emoji.named(team.store, "party")
    at_once(
        lambda: reaction.add(team.store, team.bob, message_id, party),
        lambda: realm_emoji.deactivate(team.store, team.olga, "party"),
    )


CHANGES: dict[str, Callable[[Team, int], object]] = {
    "edited": lambda team, which: edit.edit(team.store, team.ann, which, edit.Wish(content="other")),
    "moved": lambda team, which: edit.edit(
        team.store, team.olga, which,
        edit.Wish(topic="plans", channel_id=team.channel_id("general"), mode="change_all"),
    ),
    "renamed": lambda team, which: edit.edit(
        team.store, team.olga, which, edit.Wish(topic="plans", mode="change_all")
    ),
    "deleted": lambda team, which: delete_actions.delete(team.store, team.olga, which),
    "deleted with its topic": lambda team, which: delete_actions.delete_topic(
        team.store, team.olga, team.channel_id(PUBLIC), "lunch"
    ),
    "out of reach": lambda team, which: team.leave(PUBLIC, team.ann),
}  # fmt: skip


@pytest.mark.parametrize("one", CHANGES)
def test_a_message_is_changed_by_two(team: Team, one: str) -> None:
    team.join("general", team.olga)
    for other in CHANGES:
        which = team.send(team.ann, PUBLIC, f"see [a]({uploaded(team.store, team.ann).url})")
        at_once(partial(CHANGES[one], team, which), partial(CHANGES[other], team, which))
        team.join(PUBLIC, team.ann, by=team.olga)


# -- files


def test_files_of_one_name_are_two(team: Team) -> None:
    def upload(content: bytes) -> Deed:
        return lambda: uploaded(team.store, team.ann, content, "a.txt").path_id

    assert len(set(at_once(upload(b"one"), upload(b"two")))) == 2


def test_a_file_goes_while_a_message_claims_it(team: Team) -> None:
    made = uploaded(team.store, team.ann)
    at_once(
        lambda: attachment.remove(team.store, team.ann, made.id),
        lambda: team.send(team.ann, PUBLIC, f"see [a]({made.url})"),
    )


def test_two_pictures_of_one_person(team: Team) -> None:
    def put(name: str) -> Deed:
        return lambda: avatar.put(team.store, team.ann, received(team.store, pictures.plain(), name))

    assert refused(at_once(put("one.png"), put("two.png"))) == 0


# -- settings are kept together: none is lost


def test_two_settings_of_a_person(team: Team) -> None:
    at_once(
        lambda: setting.change(team.store, team.ann, {"web_font_size_px": 20}),
        lambda: setting.change(team.store, team.ann, {"timezone": "Asia/Tokyo"}),
    )
    now = team.again(team.ann)
    assert (now.setting("web_font_size_px"), now.setting("timezone")) == (20, "Asia/Tokyo")


def test_two_settings_of_the_organization(team: Team) -> None:
    at_once(
        lambda: realm_setting.change(team.store, team.olga, {"mandatory_topics": True}),
        lambda: realm_setting.change(team.store, team.olga, {"digest_weekday": 4}),
    )
    with team.store.read() as reader:
        now = realms.get(reader)
    assert (now.setting("mandatory_topics"), now.setting("digest_weekday")) == (True, 4)


def test_two_permissions_of_a_channel(team: Team) -> None:
    def permit(name: str) -> Deed:
        wish = channel_change.Wish(permissions={name: {"new": 3}})
        return lambda: channel_change.change(team.store, team.olga, team.channel_id(PUBLIC), wish)

    at_once(permit("can_subscribe_group"), permit("can_send_message_group"))
    with team.store.read() as reader:
        channel = channels.named(reader, PUBLIC)
    assert channel is not None
    assert (channel.permission("can_subscribe_group"), channel.permission("can_send_message_group")) == (3, 3)


def test_the_same_words(team: Team) -> None:
    add: Deed = lambda: alert_word.add(team.store, team.ann, ["look"])  # noqa: E731
    assert at_once(add, add) == [["look"], ["look"]]


def test_a_channel_closes_while_somebody_comes(team: Team) -> None:
    at_once(
        lambda: team.change(PUBLIC, invite_only=True),
        lambda: subscription.subscribe(
            team.store, team.erin, [Wanted(PUBLIC)], [team.erin], terms=Terms(PRIVATE_KIND), fatal=False
        ),
    )
