"""A small team in which anything may happen: each of DEEDS is done by numbers, or refused as it would be."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from appliance.actions import (
    alert_word,
    draft,
    group_member,
    muted_user,
    saved_snippet,
    scheduled_message,
    typing_notice,
    user_status,
    user_topic,
)
from appliance.actions import delete as delete_actions
from appliance.actions import edit as edit_actions
from appliance.actions import flag as flag_actions
from appliance.actions import message as message_actions
from appliance.actions import presence as presence_actions
from appliance.actions import reaction as reaction_actions
from appliance.actions import reading as reading_actions
from appliance.actions import realm as realm_actions
from appliance.actions import setting as setting_actions
from appliance.actions import subscription as subscription_actions
from appliance.actions import user as user_actions
from appliance.actions import user_group as group_actions
from appliance.actions.edit import Wish
from appliance.actions.group_member import Moves
from appliance.actions.message import Draft
from appliance.actions.move import MODES
from appliance.actions.scheduled_message import Wish as Later
from appliance.actions.subscription import Wanted
from appliance.base.errors import ApiError
from appliance.model import reaction
from appliance.model import user_status as user_status_model
from appliance.model.draft import Draft as Begun
from appliance.model.group import SYSTEM_GROUPS
from appliance.model.scheduled_message import Target
from appliance.model.topic import Policy
from appliance.model.user import Role, User
from appliance.store import channel as channels
from appliance.store import message as messages
from appliance.store import user as users
from appliance.store import user_group as groups
from appliance.store.store import Store
from tests.conftest import MovableClock

ROLES = (Role.MEMBER, Role.GUEST, Role.ADMIN, Role.MODERATOR, Role.OWNER)
CHANNELS = ("general", "open", "closed", "vault", "lounge")
TOPICS = ("lunch", "Lunch", "", "plans")
CONTENTS = (
    "hello",
    "@**all** look",
    "@**topic**",
    "@_**Person 2** said",
    "@**Person 1** @**Person 3**",
    "@*Group 1* @_*Group 2*",
)
SETTINGS: tuple[tuple[str, Any], ...] = (
    ("twenty_four_hour_time", True),
    ("timezone", "Asia/Tokyo"),
    ("timezone", "UTC"),
    ("enable_stream_push_notifications", True),
    ("presence_enabled", False),
    ("presence_enabled", True),
    ("enable_drafts_synchronization", False),
    ("enable_drafts_synchronization", True),
    ("default_language", "de"),
    ("web_font_size_px", 20),
    ("automatically_follow_topics_policy", 1),
    ("automatically_follow_topics_policy", 4),
)
PROPERTIES: tuple[tuple[str, Any], ...] = (
    ("is_muted", True),
    ("is_muted", False),
    ("in_home_view", False),
    ("pin_to_top", True),
    ("color", "#A0b"),
    ("push_notifications", True),
    ("wildcard_mentions_notify", False),
)
FLAGS = (("add", "read"), ("remove", "read"), ("add", "starred"), ("remove", "starred"), ("add", "collapsed"))
PAUSES = (1, 60, 150, 3600)  # seconds


class Team:
    """`people` and `channel` take any number: it goes round."""

    def __init__(self, store: Store, clock: MovableClock) -> None:
        self.store, self.clock = store, clock
        self.made = 0
        self.add(Role.OWNER)
        for role in (Role.MEMBER, Role.MEMBER, Role.GUEST, Role.ADMIN):
            self.add(role)

    def do(self, deed: str, *numbers: int) -> None:
        """What is not allowed is not done."""
        with suppress(ApiError):
            DEEDS[deed](self, *numbers)

    def add(self, role: Role, is_bot: bool = False) -> None:
        number, self.made = self.made, self.made + 1
        user_actions.create(
            self.store,
            email=f"p{number}@example.org",
            full_name=f"Person {number}",
            role=role,
            password=None,
            is_bot=is_bot,
        )

    def active(self) -> list[User]:
        with self.store.read() as reader:
            return [each for each in users.everyone(reader) if each.is_active]

    def person(self, number: int) -> User:
        active = self.active()
        return active[number % len(active)]

    def people(self, number: int) -> list[User]:
        """Some, by the bits of `number`; one at least."""
        active = self.active()
        return [each for bit, each in enumerate(active) if number >> bit & 1] or active[:1]

    def channel_id(self, number: int) -> int:
        with self.store.read() as reader:
            found = channels.all_live(reader)
        return found[number % len(found)].id

    def elder(self, number: int) -> User:
        """Somebody who may do more: mostly the first who came."""
        return self.person(number if number % 4 == 0 else 0)

    def group_id(self, number: int) -> int:
        """That of a role if it is divisible by four, or there are no others."""
        with self.store.read() as reader:
            found = groups.everything(reader)
        return found[number % len(found)].id if found and number % 4 else number % len(SYSTEM_GROUPS) + 1

    def message_ids(self, number: int) -> list[int]:
        """Some of the newest, by the bits of `number`."""
        with self.store.read() as reader:
            newest = reader.value("SELECT max(id) FROM message") or 0
        return [newest - bit for bit in range(8) if number >> bit & 1 and newest > bit]


def _come(team: Team, role: int, is_bot: int, _: int) -> None:
    if team.made < 12:
        team.add(ROLES[role % len(ROLES)], is_bot % 4 == 3)


def _go(team: Team, who: int, *_: int) -> None:
    user_actions.deactivate(team.store, team.person(who))


def _new_key(team: Team, who: int, *_: int) -> None:
    user_actions.reset_api_key(team.store, team.person(who))


def _set(team: Team, who: int, what: int, _: int) -> None:
    setting_actions.change(team.store, team.person(who), dict([SETTINGS[what % len(SETTINGS)]]))


def _rename(team: Team, number: int, *_: int) -> None:
    team.store.write(lambda transaction: realm_actions.rename(transaction, f"Team {number}"))


def _draft(team: Team, who: int, content: int) -> Draft:
    return Draft(team.person(who), CONTENTS[content % len(CONTENTS)], "test", read_by_sender=content % 2 == 0)


def _post(team: Team, who: int, where: int, what: int) -> None:
    draft, topic = _draft(team, who, what), TOPICS[what // 5 % len(TOPICS)]
    message_actions.send_to_channel(team.store, draft, team.channel_id(where), topic)


def _write(team: Team, who: int, whom: int, what: int) -> None:
    to = [each.id for each in team.people(whom)]
    message_actions.send_direct(team.store, _draft(team, who, what), to)


def _flag(team: Team, who: int, which: int, how: int) -> None:
    op, name = FLAGS[how % len(FLAGS)]
    flag_actions.update(team.store, team.person(who), team.message_ids(which), op, name)


def _flag_one(team: Team, who: int, which: int, how: int) -> None:
    _flag(team, who, 1 << which % 8, how)


def _newest(team: Team, which: int) -> int:
    """One of the newest messages."""
    return (team.message_ids(1 << which % 8) or [1])[0]


def _edit(team: Team, who: int, which: int, how: int) -> None:
    """Mostly one's own."""
    message_id, wish = _newest(team, which), Wish(content=CONTENTS[how % len(CONTENTS)])
    with team.store.read() as reader:
        found = messages.with_id(reader, 0, message_id)
    editor = next((each for each in team.active() if found and each.id == found.message.sender.id), None)
    edit_actions.edit(team.store, editor if editor and who % 8 else team.person(who), message_id, wish)


def _rename_topic(team: Team, who: int, which: int, how: int) -> None:
    wish = Wish(topic=TOPICS[how % len(TOPICS)], mode=MODES[how // 5 % len(MODES)])
    edit_actions.edit(team.store, team.person(who), _newest(team, which), wish)


def _move(team: Team, who: int, which: int, where: int) -> None:
    topic = TOPICS[where // 15 % len(TOPICS)] if where % 2 else None
    wish = Wish(topic=topic, channel_id=team.channel_id(where), mode=MODES[where // 5 % len(MODES)])
    edit_actions.edit(team.store, team.person(who), _newest(team, which), wish)


def _delete(team: Team, who: int, which: int, _: int) -> None:
    delete_actions.delete(team.store, team.person(who), _newest(team, which))


def _delete_topic(team: Team, who: int, where: int, what: int) -> None:
    topic = TOPICS[what % len(TOPICS)]
    delete_actions.delete_topic(team.store, team.person(who), team.channel_id(where), topic)


def _mark_read(team: Team, who: int, where: int, what: int) -> None:
    person = team.person(who)
    if what % 3 == 0:
        reading_actions.mark_all(team.store, person)
    elif what % 3 == 1:
        reading_actions.mark_channel(team.store, person, team.channel_id(where))
    else:
        reading_actions.mark_topic(team.store, person, team.channel_id(where), TOPICS[what % len(TOPICS)])


def _subscribe(team: Team, who: int, whom: int, where: int) -> None:
    """A new channel is private by its number, with or without the history before one came."""
    subscription_actions.subscribe(
        team.store,
        team.person(who),
        [Wanted(CHANNELS[where % len(CHANNELS)])],
        team.people(whom),
        invite_only=where % 5 in (2, 3),
        history_public=where % 5 != 3,
        fatal=True,
    )


def _join(team: Team, who: int, where: int, _: int) -> None:
    person = team.person(who)
    channel = [Wanted(CHANNELS[where % len(CHANNELS)])]
    subscription_actions.subscribe(
        team.store, person, channel, [person], invite_only=False, history_public=None, fatal=False
    )


def _unsubscribe(team: Team, who: int, whom: int, where: int) -> None:
    names = [CHANNELS[where % len(CHANNELS)]]
    subscription_actions.unsubscribe(team.store, team.person(who), names, team.people(whom))


def _leave(team: Team, who: int, where: int, _: int) -> None:
    person = team.person(who)
    subscription_actions.unsubscribe(team.store, person, [CHANNELS[where % len(CHANNELS)]], [person])


def _set_property(team: Team, who: int, where: int, what: int) -> None:
    change = (team.channel_id(where), *PROPERTIES[what % len(PROPERTIES)])
    subscription_actions.set_properties(team.store, team.person(who), [change])


def _set_topic(team: Team, who: int, where: int, what: int) -> None:
    topic, policy = TOPICS[what % len(TOPICS)], Policy(what // len(TOPICS) % len(Policy))
    user_topic.choose(team.store, team.person(who), team.channel_id(where), topic, policy)


def _mute(team: Team, who: int, whom: int, _: int) -> None:
    muted_user.mute(team.store, team.person(who), team.person(whom).id)


def _unmute(team: Team, who: int, whom: int, _: int) -> None:
    muted_user.unmute(team.store, team.person(who), team.person(whom).id)


def _make_group(team: Team, who: int, whom: int, which: int) -> None:
    members, inside = [each.id for each in team.people(whom)], [team.group_id(which)]
    wanted = group_actions.Wanted(f"Group {which % 5}", "", members, inside if which % 2 else [])
    group_actions.create(team.store, team.person(who), wanted)


def _change_group(team: Team, who: int, which: int, how: int) -> None:
    named = {"direct_members": [team.person(how).id], "direct_subgroups": [team.group_id(how)]}
    changes: tuple[dict[str, Any], ...] = (
        {"name": f"Group {how % 7}"},
        {"description": f"They are {how}"},
        {"settings": {"can_manage_group": {"new": named}}},
        {"settings": {"can_join_group": {"new": how % 8 + 1}, "can_mention_group": {"new": named}}},
    )
    group_actions.change(team.store, team.elder(who), team.group_id(which), **changes[how % len(changes)])


def _move_in_group(team: Team, who: int, which: int, how: int) -> None:
    one, other = team.person(how), team.group_id(how)
    moves = (
        Moves(add=[one.id]),
        Moves(delete=[one.id]),
        Moves(add_subgroups=[other]),
        Moves(delete_subgroups=[other]),
    )
    group_member.change(team.store, team.elder(who), team.group_id(which), moves[how % len(moves)])


def _join_group(team: Team, who: int, which: int, _: int) -> None:
    person = team.person(who)
    group_member.change(team.store, person, team.group_id(which), Moves(add=[person.id]))


def _retire_group(team: Team, who: int, which: int, _: int) -> None:
    group_actions.deactivate(team.store, team.elder(who), team.group_id(which))


def _react(team: Team, who: int, which: int, how: int) -> None:
    emoji = reaction.named(("thumbs_up", "+1", "zulip", "tada")[how % 4])
    do = reaction_actions.remove if how % 3 == 0 else reaction_actions.add
    for message_id in team.message_ids(1 << which % 8):
        do(team.store, team.person(who), message_id, emoji)


def _be_here(team: Team, who: int, idle: int, _: int) -> None:
    status = "idle" if idle % 3 == 0 else "active"
    presence_actions.report(team.store, team.person(who), status, team.clock.now())


def _say(team: Team, who: int, how: int, _: int) -> None:
    emoji = user_status_model.emoji(*(((None,) * 3, ("tada", None, None), ("", None, None))[how % 3]))
    away = (None, True, False)[how // 3 % 3]
    change = user_status_model.check(("", "busy", None)[how // 9 % 3], emoji, away)
    user_status.change(team.store, team.person(who), change)


def _want_words(team: Team, who: int, which: int, how: int) -> None:
    do = alert_word.remove if how % 3 == 0 else alert_word.add
    do(team.store, team.person(who), [("look", "Hello", "HELLO", "said")[which % 4]])


def _keep_snippet(team: Team, who: int, which: int, how: int) -> None:
    person, snippet_id, text = team.person(who), which % 8, f"text {how}"
    deeds: tuple[Callable[[], object], ...] = (
        lambda: saved_snippet.add(team.store, person, "title", text),
        lambda: saved_snippet.change(team.store, person, snippet_id, None, text),
        lambda: saved_snippet.remove(team.store, person, snippet_id),
    )
    deeds[how % len(deeds)]()


def _keep_draft(team: Team, who: int, which: int, how: int) -> None:
    person, draft_id = team.person(who), which % 8
    given = (
        Begun("stream", (team.channel_id(which),), "lunch", f"text {how}", how if how % 2 else None),
        Begun("private", (team.person(which).id,), "", "text", None),
        Begun("", (), "", "text", None),
    )[which % 3]
    deeds: tuple[Callable[[], object], ...] = (
        lambda: draft.add(team.store, person, [given, given]),
        lambda: draft.change(team.store, person, draft_id, given),
        lambda: draft.remove(team.store, person, draft_id),
    )
    draft.check_kept(person)
    deeds[how % len(deeds)]()


def _schedule(team: Team, who: int, which: int, how: int) -> None:
    person, message_id, due = team.person(who), which % 8, int(team.clock.now()) + PAUSES[how % len(PAUSES)]
    places = (Target(team.channel_id(which), (), "lunch"), Target(None, (team.person(which).id,)))
    message = Draft(person, f"text {how}", "test", read_by_sender=True)
    to = [team.person(which).id]
    deeds: tuple[Callable[[], object], ...] = (
        lambda: scheduled_message.add(team.store, message, places[which % 2], due),
        lambda: scheduled_message.change(team.store, person, message_id, Later(content="other", due=due)),
        lambda: scheduled_message.change(team.store, person, message_id, Later(False, to)),
        lambda: scheduled_message.remove(team.store, person, message_id),
    )
    deeds[how // len(PAUSES) % len(deeds)]()


def _type(team: Team, who: int, where: int, how: int) -> None:
    person, op = team.person(who), ("start", "stop")[how % 2]
    if how % 4 < 2:
        typing_notice.tell_people(team.store, person, op, [each.id for each in team.people(where)])
    else:
        typing_notice.tell_channel(team.store, person, op, team.channel_id(where), TOPICS[how % len(TOPICS)])


def _wait(team: Team, how_long: int, *_: int) -> None:
    team.clock.advance(PAUSES[how_long % len(PAUSES)])


Deed = Callable[[Team, int, int, int], None]

DEEDS: dict[str, Deed] = {
    "come": _come,
    "go": _go,
    "get a new key": _new_key,
    "set": _set,
    "rename": _rename,
    "post": _post,
    "write": _write,
    "flag": _flag,
    "flag one": _flag_one,
    "edit": _edit,
    "rename a topic": _rename_topic,
    "move": _move,
    "delete": _delete,
    "delete a topic": _delete_topic,
    "mark read": _mark_read,
    "subscribe": _subscribe,
    "join": _join,
    "unsubscribe": _unsubscribe,
    "leave": _leave,
    "set a property": _set_property,
    "set a topic": _set_topic,
    "mute": _mute,
    "unmute": _unmute,
    "react": _react,
    "make a group": _make_group,
    "change a group": _change_group,
    "move in a group": _move_in_group,
    "join a group": _join_group,
    "retire a group": _retire_group,
    "be here": _be_here,
    "say": _say,
    "want words": _want_words,
    "keep a snippet": _keep_snippet,
    "keep a draft": _keep_draft,
    "schedule": _schedule,
    "type": _type,
    "wait": _wait,
}
