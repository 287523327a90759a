"""A small team in which anything may happen: each of DEEDS is done by numbers, or refused as it would be."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from appliance.actions.bot import account as bot
from appliance.actions.channel import activity as channel_activity
from appliance.actions.channel import archive as channel_archive
from appliance.actions.channel import change as channel_change
from appliance.actions.channel import subscription as subscription_actions
from appliance.actions.channel import subscription_property
from appliance.actions.channel.change import Wish as ChannelWish
from appliance.actions.channel.creation import Terms, Wanted
from appliance.actions.file import avatar
from appliance.actions.group import member as group_member
from appliance.actions.group import user_group as group_actions
from appliance.actions.group.member import Moves
from appliance.actions.message import delete as delete_actions
from appliance.actions.message import edit as edit_actions
from appliance.actions.message import emoji, rendering, restore, retention, widget
from appliance.actions.message import flag as flag_actions
from appliance.actions.message import reaction as reaction_actions
from appliance.actions.message import reading as reading_actions
from appliance.actions.message import scheduled as scheduled_message
from appliance.actions.message import send as message_actions
from appliance.actions.message.edit import Wish
from appliance.actions.message.move import MODES
from appliance.actions.message.move_notice import Told
from appliance.actions.message.scheduled import Wish as Later
from appliance.actions.message.send import Draft
from appliance.actions.personal import (
    alert_word,
    device,
    draft,
    muted_user,
    saved_snippet,
    typing_notice,
    user_topic,
)
from appliance.actions.realm import domain as realm_domain
from appliance.actions.realm import emoji as realm_emoji
from appliance.actions.realm import invitation, joining, linkifier, playground
from appliance.actions.realm import organization as realm_actions
from appliance.actions.realm import picture as realm_picture
from appliance.actions.realm import setting as realm_setting
from appliance.actions.realm.joining import Newcomer
from appliance.actions.user import api_key, deactivation, full_member, profile, profile_field
from appliance.actions.user import change as user_change
from appliance.actions.user import creation as user_actions
from appliance.actions.user import default as user_default
from appliance.actions.user import presence as presence_actions
from appliance.actions.user import setting as setting_actions
from appliance.actions.user import status as user_status
from appliance.actions.user.change import Changes as PersonChanges
from appliance.actions.user.profile_field import Wish as FieldWish
from appliance.base.errors import ApiError
from appliance.model import reaction
from appliance.model import user_status as user_status_model
from appliance.model.draft import Draft as Begun
from appliance.model.group import SYSTEM_GROUPS
from appliance.model.invitation import Terms as Invited
from appliance.model.linkifier import Linkifier
from appliance.model.markdown import Card
from appliance.model.playground import checked as check_playground
from appliance.model.privacy import CHOICES as KINDS
from appliance.model.realm_domain import Domain
from appliance.model.realm_picture import PLACES
from appliance.model.scheduled_message import Target
from appliance.model.topic import Policy
from appliance.model.user import Role, User
from appliance.store import channel as channels
from appliance.store import draft as drafts
from appliance.store import message as messages
from appliance.store import muted_user as muted_users
from appliance.store import saved_snippet as snippets
from appliance.store import scheduled_message as scheduled
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store import user_group as groups
from appliance.store.store import Store
from tests import pictures
from tests.actions.files import received, uploaded
from tests.conftest import MovableClock

ROLES = (Role.MEMBER, Role.GUEST, Role.ADMIN, Role.MODERATOR, Role.OWNER)
CHANNELS = ("general", "open", "closed", "vault", "lounge")
TOPICS = ("lunch", "Lunch", "", "plans", "✔ lunch")
CONTENTS = (
    "hello",
    "@**all** look",
    "@**topic**",
    "@_**Person 2** said",
    "@**Person 1** @**Person 3**",
    "@*Group 1* @_*Group 2*",
    "/poll Lunch?\n- Soup",
    "see https://page.example.org #7",
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
    ("email_address_visibility", 1),
    ("email_address_visibility", 2),
    ("email_address_visibility", 4),
    ("automatically_follow_topics_policy", 1),
    ("automatically_follow_topics_policy", 4),
)
DEFAULTS: tuple[tuple[str, Any], ...] = (
    ("email_address_visibility", 3),
    ("twenty_four_hour_time", True),
    ("presence_enabled", False),
    ("presence_enabled", True),
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
PAUSES = (1, 60, 150, 3600, 86_400)  # seconds
PICTURE = pictures.plain()


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
        return found[number % len(found)].id if found else 0

    def elder(self, number: int) -> User:
        """Mostly somebody who may do everything."""
        owners = [each for each in self.active() if each.role == Role.OWNER and not each.is_bot]
        return self.person(number) if number % 4 == 0 else owners[number % len(owners)]

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


def _keep_bot(team: Team, who: int, which: int, how: int) -> None:
    person = team.elder(who)
    with team.store.read() as reader:
        bots = [each.id for each in users.everyone(reader) if each.is_bot and each.is_active]
    bot_id = _one_of(bots, which)
    made = bot.Wanted(f"Bot {which}", f"bot{which}", (1, 3)[which % 2], "https://bot.example.org/")
    deeds: tuple[Callable[[], object], ...] = (
        lambda: bot.create(team.store, person, made, "example.org"),
        lambda: bot.change(team.store, person, bot_id, bot.Changes(full_name=f"Bot {how}")),
        lambda: bot.change(team.store, person, bot_id, bot.Changes(owner_id=team.person(how // 4).id)),
        lambda: bot.change(team.store, person, bot_id, bot.Changes(payload_url=f"https://{how}.example.org/")),
    )
    deeds[how % len(deeds)]()


def _get_device(team: Team, who: int, which: int, how: int) -> None:
    """Which the push service accepts at once, or refuses."""
    person, account_id, error = team.person(who), which % 4, "INVALID" if how % 2 else None
    device.register_encrypted(team.store, person, account_id, "fcm", "key", {})
    team.store.write(lambda t: device.settle_registration(t, person.id, account_id, 7, error))


def _go(team: Team, who: int, *_: int) -> None:
    deactivation.deactivate(team.store, team.person(who))


def _new_key(team: Team, who: int, *_: int) -> None:
    api_key.reset(team.store, team.person(who))


def _come_back(team: Team, who: int, whom: int, _: int) -> None:
    with team.store.read() as reader:
        gone = [each.id for each in users.everyone(reader) if not each.is_active]
    if gone:
        deactivation.reactivate(team.store, team.elder(who), gone[whom % len(gone)])


def _change_person(team: Team, who: int, whom: int, how: int) -> None:
    role, email = ROLES[how // 4 % len(ROLES)], f"new{how}@example.org"
    changes = (PersonChanges(role=role), PersonChanges(full_name=f"Person {how}"), PersonChanges(email=email))
    wish = changes[(how % 4) % len(changes)]
    user_change.change(team.store, team.elder(who), team.person(whom).id, wish)


def _promote(team: Team, *_: int) -> None:
    full_member.keep(team.store, team.clock)


def _set_default(team: Team, who: int, what: int, _: int) -> None:
    user_default.change(team.store, team.elder(who), dict([DEFAULTS[what % len(DEFAULTS)]]))


def _keep_profile_field(team: Team, who: int, which: int, how: int) -> None:
    person, field_id = team.elder(who), which % 6
    choices = {str(each): {"text": f"choice {each}", "order": str(each)} for each in range(1 + how % 3)}
    wish = FieldWish(f"Field {which % 8}", data=choices, in_summary=how % 2 == 0)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: profile_field.create(team.store, person, (1, 3, 8)[which % 3], wish),
        lambda: profile_field.change(team.store, person, field_id, wish),
        lambda: profile_field.drop(team.store, person, field_id),
        lambda: profile_field.reorder(team.store, person, [2, 1]),
    )
    deeds[(how // 4) % len(deeds)]()


def _say_in_profile(team: Team, who: int, which: int, how: int) -> None:
    value = (str(how % 3), "*me*", None)[how // 3 % 3]
    profile.change(team.store, team.person(who), [{"id": which % 6, "value": value}])


def _set(team: Team, who: int, what: int, _: int) -> None:
    setting_actions.change(team.store, team.person(who), dict([SETTINGS[what % len(SETTINGS)]]))


def _rename(team: Team, number: int, *_: int) -> None:
    team.store.write(lambda transaction: realm_actions.rename(transaction, f"Team {number}"))


def _told(number: int) -> Told:
    return Told(old=number & 1 == 1, new=number & 2 == 2)


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
    wish = Wish(topic=TOPICS[how % len(TOPICS)], mode=MODES[how // 5 % len(MODES)], told=_told(how))
    edit_actions.edit(team.store, team.person(who), _newest(team, which), wish)


def _move(team: Team, who: int, which: int, where: int) -> None:
    topic = TOPICS[where // 15 % len(TOPICS)] if where % 2 else None
    mode, told = MODES[where // 5 % len(MODES)], _told(where)
    wish = Wish(topic=topic, channel_id=team.channel_id(where), mode=mode, told=told)
    edit_actions.edit(team.store, team.person(who), _newest(team, which), wish)


def _delete(team: Team, who: int, which: int, _: int) -> None:
    delete_actions.delete(team.store, team.person(who), _newest(team, which))


def _delete_topic(team: Team, who: int, where: int, what: int) -> None:
    topic = TOPICS[what % len(TOPICS)]
    delete_actions.delete_topic(team.store, team.elder(who), team.channel_id(where), topic)


def _forget_old(team: Team, *_: int) -> None:
    retention.expire(team.store, team.clock)


def _restore(team: Team, which: int, *_: int) -> None:
    deleted = restore.listed(team.store, 8)
    if deleted:
        restore.restore(team.store, [deleted[which % len(deleted)].id])


def _mark_read(team: Team, who: int, where: int, what: int) -> None:
    person = team.person(who)
    if what % 3 == 0:
        reading_actions.mark_all(team.store, person)
    elif what % 3 == 1:
        reading_actions.mark_channel(team.store, person, team.channel_id(where))
    else:
        reading_actions.mark_topic(team.store, person, team.channel_id(where), TOPICS[what % len(TOPICS)])


def _subscribe(team: Team, who: int, whom: int, where: int) -> None:
    """A new channel is of a kind by its number."""
    subscription_actions.subscribe(
        team.store,
        team.person(who),
        [Wanted(CHANNELS[where % len(CHANNELS)])],
        team.people(whom),
        terms=Terms(KINDS[where % len(KINDS)], is_default=where % 16 == 15),
    )


def _join(team: Team, who: int, where: int, _: int) -> None:
    person = team.person(who)
    channel = [Wanted(CHANNELS[where % len(CHANNELS)])]
    subscription_actions.subscribe(team.store, person, channel, [person], fatal=False)


def _unsubscribe(team: Team, who: int, whom: int, where: int) -> None:
    names = [CHANNELS[where % len(CHANNELS)]]
    subscription_actions.unsubscribe(team.store, team.elder(who), names, team.people(whom))
    _read_what_is_archived(team)


def _leave(team: Team, who: int, where: int, _: int) -> None:
    person = team.person(who)
    subscription_actions.unsubscribe(team.store, person, [CHANNELS[where % len(CHANNELS)]], [person])
    _read_what_is_archived(team)


def _read_what_is_archived(team: Team) -> None:
    """As the worker of deferred work does, sooner or later."""
    with team.store.read() as reader:
        found = [each for each in channels.everything(reader) if each.is_archived]
    for each in found:
        channel_archive.mark_read(team.store, each.recipient_id)


def _change_channel(team: Team, who: int, where: int, how: int) -> None:
    with team.store.read() as reader:
        known = channels.everything(reader)
    named = {"direct_members": [team.person(how).id], "direct_subgroups": [team.group_id(how)]}
    wishes = (
        ChannelWish(name=CHANNELS[how % len(CHANNELS)]),
        ChannelWish(description=f"for *{how}*"),
        ChannelWish(invite_only=how % 2 == 0),
        ChannelWish(invite_only=True, history_public=how % 2 == 0),
        ChannelWish(web_public=how % 2 == 0),
        ChannelWish(is_default=how % 2 == 0),
        ChannelWish(is_archived=False),
        ChannelWish(retention="unlimited" if how % 2 else how + 1),
        ChannelWish(permissions={"can_subscribe_group": {"new": named}}),
        ChannelWish(permissions={"can_administer_channel_group": {"new": named}}),
        ChannelWish(permissions={"can_add_subscribers_group": {"new": how % 8 + 1}}),
        ChannelWish(permissions={"can_send_message_group": {"new": how % 8 + 1}}),
        ChannelWish(name="den", description="", invite_only=False, is_default=True),
    )
    wish, channel = wishes[how % len(wishes)], known[where % len(known)]
    channel_change.change(team.store, team.elder(who), channel.id, wish)


def _archive_channel(team: Team, who: int, where: int, _: int) -> None:
    channel_archive.archive(team.store, team.elder(who), team.channel_id(where))
    _read_what_is_archived(team)


def _bring_back(team: Team, who: int, where: int, _: int) -> None:
    with team.store.read() as reader:
        archived = [each.id for each in channels.everything(reader) if each.is_archived]
    if archived:
        wish = ChannelWish(is_archived=False)
        channel_change.change(team.store, team.elder(who), archived[where % len(archived)], wish)


def _look_at_activity(team: Team, *_: int) -> None:
    channel_activity.refresh(team.store, team.clock)


def _set_property(team: Team, who: int, where: int, what: int) -> None:
    """Of a channel that one is in, or was."""
    person = team.person(who)
    with team.store.read() as reader:
        own = [each.channel_id for each in subscriptions.of_user(reader, person.id)]
    if own:
        change = (own[where % len(own)], *PROPERTIES[what % len(PROPERTIES)])
        subscription_property.change(team.store, person, [change])


def _set_topic(team: Team, who: int, where: int, what: int) -> None:
    topic, policy = TOPICS[what % len(TOPICS)], Policy(what // len(TOPICS) % len(Policy))
    user_topic.choose(team.store, team.person(who), team.channel_id(where), topic, policy)


def _mute(team: Team, who: int, whom: int, _: int) -> None:
    muted_user.mute(team.store, team.person(who), team.person(whom).id)


def _unmute(team: Team, who: int, whom: int, _: int) -> None:
    person = team.person(who)
    with team.store.read() as reader:
        muted = muted_users.of_user(reader, person.id)
    if muted:
        muted_user.unmute(team.store, person, muted[whom % len(muted)][0])


def _make_group(team: Team, who: int, whom: int, which: int) -> None:
    members, inside = [each.id for each in team.people(whom)], [team.group_id(which)]
    wanted = group_actions.Wanted(f"Group {which % 12}", "", members, inside if which % 2 else [])
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
    group_member.change(team.store, team.elder(who), team.group_id(which * 4 + 1), moves[how % len(moves)])


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
    asked = ((None,) * 3, ("tada", None, None), ("", None, None))[how % 3]
    emoji = user_status_model.emoji(*asked, reaction.named)
    away = (None, True, False)[how // 3 % 3]
    change = user_status_model.check(("", "busy", None)[how // 9 % 3], emoji, away)
    user_status.change(team.store, team.person(who), change)


def _want_words(team: Team, who: int, which: int, how: int) -> None:
    do = alert_word.remove if how % 3 == 0 else alert_word.add
    do(team.store, team.person(who), [("look", "Hello", "HELLO", "said")[which % 4]])


def _one_of(ids: list[int], number: int) -> int:
    """Or one that there is not."""
    return ids[number % len(ids)] if ids else 0


def _keep_snippet(team: Team, who: int, which: int, how: int) -> None:
    person, text = team.person(who), f"text {how}"
    with team.store.read() as reader:
        snippet_id = _one_of([each.id for each in snippets.of_user(reader, person.id)], which)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: saved_snippet.add(team.store, person, "title", text),
        lambda: saved_snippet.change(team.store, person, snippet_id, None, text),
        lambda: saved_snippet.remove(team.store, person, snippet_id),
    )
    deeds[how % len(deeds)]()


def _keep_draft(team: Team, who: int, which: int, how: int) -> None:
    person = team.person(who)
    with team.store.read() as reader:
        draft_id = _one_of(drafts.ids_of_user(reader, person.id), which)
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
    person, due = team.person(who), int(team.clock.now()) + 600 + PAUSES[how % len(PAUSES)]
    with team.store.read() as reader:
        message_id = _one_of([each.id for each in scheduled.of_user(reader, person.id)], which)
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


def _edit_slowly(team: Team, who: int, which: int, how: int) -> None:
    typing_notice.tell_of_edit(team.store, team.person(who), ("start", "stop")[how % 2], _newest(team, which))


def _vote(team: Team, who: int, which: int, how: int) -> None:
    entries = (
        '{"type": "vote", "key": "canned,0", "vote": 1}',
        '{"type": "new_option", "option": "Bread", "idx": 1}',
        '{"type": "question", "question": "Dinner?"}',
        '{"widget_type": "poll", "extra_data": {}}',
    )
    widget.add(team.store, team.person(who), _newest(team, which), "widget", entries[how % len(entries)])


def _show_card(team: Team, _: int, which: int, how: int) -> None:
    card = Card(title=f"Page {how}", image="https://page.example.org/i.png")
    found = rendering.again(team.store, _newest(team, which), {"https://page.example.org": card})
    if found is not None:
        team.store.write(lambda transaction: rendering.show(transaction, *found))


def _wait(team: Team, how_long: int, *_: int) -> None:
    team.clock.advance(PAUSES[how_long % len(PAUSES)])


REALM_CHANGES: tuple[dict[str, Any], ...] = (
    {"mandatory_topics": True},
    {"mandatory_topics": False},
    {"message_content_edit_limit_seconds": "unlimited"},
    {"message_edit_history_visibility_policy": 3},
    {"can_mention_many_users_group": {"new": 2}},
    {"can_create_private_channel_group": {"new": 6, "old": 3}},
    {"direct_message_permission_group": {"new": 8}},
    {"direct_message_initiator_group": {"new": {"direct_members": [1], "direct_subgroups": [5]}}},
    {"emails_restricted_to_domains": True},
    {"waiting_period_threshold": 3},
    {"org_type": 10, "digest_weekday": 4, "default_code_block_language": "python"},
    {"can_access_all_users_group": {"new": 3}},
    {"can_access_all_users_group": {"new": 2}},
    {"direct_message_permission_group": {"new": 2}, "direct_message_initiator_group": {"new": 2}},
    {"emails_restricted_to_domains": False},
    {"message_retention_days": 2},
    {"message_retention_days": "unlimited"},
)


def _set_realm(team: Team, who: int, what: int, _: int) -> None:
    changes = REALM_CHANGES[what % len(REALM_CHANGES)]
    realm_setting.change(team.store, team.elder(who), changes)


def _describe_realm(team: Team, who: int, how: int, where: int) -> None:
    channel = team.channel_id(where) if how % 2 else -1
    changes = {"signup_announcements_stream_id": channel}
    text = f"It is {how}"
    realm_setting.change(team.store, team.elder(who), changes, name=f"Team {how % 3}", description=text)


def _keep_linkifier(team: Team, who: int, which: int, how: int) -> None:
    person, linkifier_id = team.elder(who), which % 6
    pattern, template = f"#{which % 4}-(?P<id>[0-9]+)", f"https://bugs.example/{how % 3}/{{id}}"
    deeds: tuple[Callable[[], object], ...] = (
        lambda: linkifier.add(team.store, person, pattern, template),
        lambda: linkifier.change(team.store, person, Linkifier(linkifier_id, pattern, template)),
        lambda: linkifier.remove(team.store, person, linkifier_id),
        lambda: linkifier.reorder(team.store, person, [2, 1]),
    )
    deeds[how % len(deeds)]()


def _keep_playground(team: Team, who: int, which: int, how: int) -> None:
    made = check_playground(f"No. {which % 4}", "Python", "https://play.example/?code={code}")
    if how % 3:
        playground.add(team.store, team.elder(who), made)
    else:
        playground.remove(team.store, team.elder(who), which % 6)


def _keep_domain(team: Team, who: int, which: int, how: int) -> None:
    person, domain = team.elder(who), Domain(f"d{which % 3}.example.org", how % 2 == 0)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: realm_domain.add(team.store, person, domain),
        lambda: realm_domain.change(team.store, person, domain),
        lambda: realm_domain.remove(team.store, person, domain.domain),
    )
    deeds[how % len(deeds)]()


def _invite(team: Team, who: int, where: int, how: int) -> None:
    """Somebody, who may come at once."""
    if team.made >= 14:
        return
    terms = Invited(ROLES[how % len(ROLES)], channel_ids=[team.channel_id(where)], defaults=how % 2 == 0)
    made = invitation.make_link(team.store, team.elder(who), terms, "https://chat.example.org")
    number, team.made = team.made, team.made + 1
    newcomer = Newcomer(f"Person {number}", "a long password", f"p{number}@example.org")
    joining.join(team.store, made.rpartition("/")[2], newcomer)


def _upload(team: Team, who: int, where: int, how: int) -> None:
    """A file, which a message may show."""
    person = team.person(who)
    made = uploaded(team.store, person, b"hello" if how % 2 else PICTURE, "a.png")
    if how % 3:
        draft = Draft(person, f"[a]({made.url})", "test", read_by_sender=True)
        message_actions.send_to_channel(team.store, draft, CHANNELS[where % len(CHANNELS)], "lunch")


def _picture(team: Team, who: int, what: int, how: int) -> None:
    person, place = team.elder(who) if what % 2 else team.person(who), PLACES[how % len(PLACES)]
    file, url = received(team.store, PICTURE), "https://chat.example.org"
    deeds: tuple[Callable[[], object], ...] = (
        lambda: avatar.put(team.store, person, file),
        lambda: realm_picture.put(team.store, person, place, file, url),
        lambda: avatar.drop(team.store, person),
        lambda: realm_picture.drop(team.store, person, place, url),
    )
    deeds[what % len(deeds)]()


def _keep_emoji(team: Team, who: int, which: int, how: int) -> None:
    person, name = team.person(who), ("party", "blob")[which % 2]
    deeds: tuple[Callable[[], object], ...] = (
        lambda: realm_emoji.add(team.store, person, name, received(team.store, PICTURE)),
        lambda: realm_emoji.deactivate(team.store, person, name),
        lambda: reaction_actions.add(team.store, person, _newest(team, how), emoji.named(team.store, name)),
    )
    deeds[how % len(deeds)]()


Deed = Callable[[Team, int, int, int], None]

DEEDS: dict[str, Deed] = {
    "come": _come,
    "go": _go,
    "come back": _come_back,
    "keep a bot": _keep_bot,
    "get a device": _get_device,
    "change a person": _change_person,
    "promote": _promote,
    "set a default": _set_default,
    "keep a profile field": _keep_profile_field,
    "say in the profile": _say_in_profile,
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
    "forget what is old": _forget_old,
    "restore": _restore,
    "mark read": _mark_read,
    "subscribe": _subscribe,
    "join": _join,
    "unsubscribe": _unsubscribe,
    "leave": _leave,
    "change a channel": _change_channel,
    "archive a channel": _archive_channel,
    "bring back a channel": _bring_back,
    "look at activity": _look_at_activity,
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
    "edit slowly": _edit_slowly,
    "vote": _vote,
    "show a card": _show_card,
    "set the realm": _set_realm,
    "describe the realm": _describe_realm,
    "keep a linkifier": _keep_linkifier,
    "keep a playground": _keep_playground,
    "keep a domain": _keep_domain,
    "invite": _invite,
    "upload": _upload,
    "set a picture": _picture,
    "keep an emoji": _keep_emoji,
    "wait": _wait,
}
