"""The snapshot has what real clients insist on, of one moment, and nothing that its owner must not see."""

from typing import Any

import pytest

from appliance.actions import register as module
from appliance.actions.channel import subscription_property
from appliance.actions.message import flag as flag_actions
from appliance.actions.personal import device as device_actions
from appliance.actions.snapshot import Moment, Wishes
from appliance.actions.snapshot.sections import Section
from appliance.actions.user import deactivation
from appliance.actions.user import presence as presence_actions
from appliance.actions.user import setting as setting_actions
from appliance.base.errors import Unauthorized
from appliance.events.descriptor import ClientDescriptor
from appliance.model.realm_section import ServerFacts
from appliance.model.user import Role, User
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team
from tests.conftest import MakeUser, MovableClock
from tests.events.conftest import EventSystem

# The keys without which the client does not start.
BOTH = [
    "cross_realm_bots",
    "custom_profile_fields",
    "last_event_id",
    "presences",
    "queue_id",
    "realm_emoji",
    "realm_name",
    "realm_user_groups",
    "realm_users",
    "starred_messages",
    "subscriptions",
    "unread_msgs",
    "zulip_version",
    "max_stream_name_length",
    "max_topic_length",
    "realm_allow_message_editing",
    "user_settings",
    "zulip_feature_level",
]
FLUTTER = [
    *BOTH,
    "server_presence_offline_threshold_seconds",
    "server_presence_ping_interval_seconds",
    "alert_words",
    "event_queue_longpoll_timeout_seconds",
    "max_file_upload_size_mib",
    "muted_users",
    "realm_default_external_accounts",
    "realm_enable_read_receipts",
    "realm_icon_url",
    "realm_non_active_users",
    "realm_presence_disabled",
    "realm_waiting_period_threshold",
    "realm_wildcard_mention_policy",
    "recent_private_conversations",
    "server_emoji_data_url",
    "streams",
    "user_status",
    "user_topics",
    "zulip_merge_base",
    "realm_can_delete_own_message_group",
    "realm_can_delete_any_message_group",
    "saved_snippets",
    "realm_empty_topic_display_name",
    "realm_mandatory_topics",
]
TERMINAL = [
    *BOTH,
    "email",
    "full_name",
    "max_message_id",
    "muted_topics",
    "realm_message_retention_days",
    "user_id",
    "realm_message_content_edit_limit_seconds",
    "realm_allow_edit_history",
    "max_message_length",
]
TERMINAL_SECTIONS = [
    "realm",
    "presence",
    "subscription",
    "message",
    "starred_messages",
    "update_message_flags",
    "muted_topics",
    "realm_user",
    "realm_user_groups",
    "update_global_notifications",
    "update_display_settings",
    "user_settings",
    "realm_emoji",
    "custom_profile_fields",
    "zulip_version",
]


class Register:
    def __init__(self, team: Team, clock: MovableClock) -> None:
        self._team, self._clock = team, clock
        self._system = EventSystem(team.store, clock)
        self.queues = self._system.queues

    def __call__(self, user: User, types: list[str] | None = None, **options: Any) -> dict[str, Any]:
        shaping = ("include_subscribers", "presence_history_days")
        wishes = {name: options.pop(name) for name in shaping if name in options}
        return module.register(
            self._team.store,
            self._system.registry,
            user,
            ClientDescriptor(**options),
            Wishes(None if types is None else frozenset(types), **wishes),
            public_url="https://chat.example.org",
            server=ServerFacts(1_700_000_000, 25),
            now=self._clock.now(),
        )


@pytest.fixture
def register(team: Team, clock: MovableClock) -> Register:
    return Register(team, clock)


# -- what clients insist on


@pytest.mark.parametrize("key", FLUTTER)
def test_what_flutter_needs(team: Team, register: Register, key: str) -> None:
    told = register(team.bob, slim_presence=True, user_settings_object=True, notification_settings_null=True)
    assert told[key] is not None


@pytest.mark.parametrize("key", TERMINAL)
def test_what_zulip_terminal_needs(team: Team, register: Register, key: str) -> None:
    assert register(team.bob, TERMINAL_SECTIONS, include_subscribers=True)[key] is not None


def test_the_queue_begins_with_the_answer(team: Team, register: Register) -> None:
    told = register(team.bob)
    [queue] = register.queues.all()
    assert (told["queue_id"], told["last_event_id"]) == (queue.id, -1)
    assert (told["zulip_feature_level"], told["zulip_version"]) == (372, "10.1")


def test_only_wanted_sections_are_told(team: Team, register: Register) -> None:
    told = register(team.bob, ["alert_words"])
    frame = {"queue_id", "last_event_id", "zulip_version", "zulip_merge_base", "zulip_feature_level"}
    assert set(told) == {*frame, "alert_words"}


@pytest.mark.parametrize(
    ("types", "there"),
    [
        (None, True),
        (["message"], False),
        (["update_message_flags"], False),
        (["message", "update_message_flags"], True),
    ],
)
def test_unread_messages_are_told_to_who_can_keep_them_up(
    team: Team, register: Register, types: list[str] | None, there: bool
) -> None:
    assert ("unread_msgs" in register(team.bob, types)) == there


def test_who_registers_is_taken_as_they_are_by_now(team: Team, register: Register) -> None:
    before = team.bob
    setting_actions.change(team.store, team.bob, {"timezone": "Asia/Tokyo"})
    assert register(before)["user_settings"]["timezone"] == "Asia/Tokyo"


def test_who_was_deactivated_meanwhile_gets_no_queue(team: Team, register: Register) -> None:
    deactivation.deactivate(team.store, team.bob)
    with pytest.raises(Unauthorized, match=r"^Account is deactivated$"):
        register(team.bob)
    assert [queue for queue in register.queues.all() if not queue.closed] == []


# -- what capabilities and parameters do


@pytest.mark.parametrize(
    ("client", "modern"),
    [
        ({}, False),
        ({"slim_presence": True}, True),
        ({"simplified_presence_events": True}, True),
    ],
)
def test_forms_of_presence(  # checklist 148, 159
    team: Team, register: Register, clock: MovableClock, client: dict[str, bool], modern: bool
) -> None:
    presence_actions.report(team.store, team.ann, "active", clock.now())
    seen = int(clock.now())
    times = {"active_timestamp": seen, "idle_timestamp": seen}
    older = {"client": "website", "status": "active", "timestamp": seen, "pushable": False}
    assert register(team.bob, **client)["presences"] == (
        {str(team.ann.id): times} if modern else {team.ann.email: {"aggregated": older, "website": older}}
    )


@pytest.mark.parametrize(("days", "listed"), [(None, True), (20, True), (10, True), (1, False), (0, False)])
def test_how_old_presence_may_be(
    team: Team, register: Register, clock: MovableClock, days: int | None, listed: bool
) -> None:
    presence_actions.report(team.store, team.ann, "active", clock.now())
    clock.advance(5 * 86_400)
    assert bool(register(team.bob, presence_history_days=days)["presences"]) == listed


@pytest.mark.parametrize("known", [True, False])
def test_pronouns_are_a_type_for_those_that_know_it(  # checklist 153
    team: Team, register: Register, known: bool
) -> None:
    types = register(team.bob, pronouns_field_type_supported=known)["custom_profile_field_types"]
    assert ("PRONOUNS" in types, len(types)) == (known, 8 if known else 7)


@pytest.mark.parametrize("known", [True, False])
def test_archived_channels_are_for_those_that_know_them(  # checklist 157
    team: Team, register: Register, known: bool
) -> None:
    archived = team.channel_id(PUBLIC)
    team.store.write(lambda t: t.execute("UPDATE channel SET is_archived = 1 WHERE id = ?", archived))
    told = register(team.bob, archived_channels=known)
    for key in ("streams", "subscriptions"):
        assert (PUBLIC in {channel["name"] for channel in told[key]}) == known


@pytest.mark.parametrize(("known", "topic"), [(True, ""), (False, "general chat")])
def test_the_empty_topic_has_a_name_for_those_that_need_one(  # checklist 158
    team: Team, register: Register, known: bool, topic: str
) -> None:
    team.send(team.ann, PUBLIC, topic="")
    [row] = register(team.bob, empty_topic_name=known)["unread_msgs"]["streams"]
    assert row["topic"] == topic


@pytest.mark.parametrize(
    ("types", "told"),
    [
        (None, {"muted_topics", "user_topics"}),
        (["muted_topics"], {"muted_topics"}),
        (["muted_topics", "user_topic"], {"user_topics"}),
    ],
)
def test_muted_topics_in_their_older_form(
    team: Team, register: Register, types: list[str] | None, told: set[str]
) -> None:
    assert register(team.bob, types).keys() & {"muted_topics", "user_topics"} == told


def test_guests_are_not_told_the_default_channels(team: Team, register: Register) -> None:
    assert register(team.bob)["realm_default_streams"] == [team.channel_id("general")]
    assert register(team.gwen)["realm_default_streams"] == []


# -- channels


@pytest.mark.parametrize(
    ("name", "visible", "inside"),
    [
        ("olga", {"general", PUBLIC, PRIVATE, PROTECTED}, set()),
        ("ann", {"general", PUBLIC, PRIVATE, PROTECTED}, {PUBLIC, PRIVATE, PROTECTED}),
        ("erin", {"general", PUBLIC}, set()),
        ("gwen", set(), set()),
    ],
)
def test_channels_that_one_sees(
    team: Team, register: Register, name: str, visible: set[str], inside: set[str]
) -> None:
    told = register(getattr(team, name))
    lists = [told[key] for key in ("subscriptions", "unsubscribed", "never_subscribed")]
    assert {channel["name"] for channel in told["streams"]} == visible
    assert {channel["name"] for channel in lists[0]} == inside
    assert sorted(channel["name"] for each in lists for channel in each) == sorted(visible)


def test_a_private_channel_that_one_has_left_is_not_told(team: Team, register: Register) -> None:
    team.leave(PRIVATE, team.bob)
    team.leave(PUBLIC, team.bob)
    told = register(team.bob)
    assert PRIVATE not in {channel["name"] for channel in told["streams"]}
    assert {channel["name"] for channel in told["unsubscribed"]} == {"general", PUBLIC}


@pytest.mark.parametrize("wanted", [True, False])
def test_subscribers_are_listed_on_request(team: Team, register: Register, wanted: bool) -> None:
    for channel in register(team.bob, include_subscribers=wanted)["subscriptions"]:
        assert channel.get("subscribers") == ([team.ann.id, team.bob.id] if wanted else None)


@pytest.mark.parametrize(("null", "shown"), [(True, None), (False, False)])
def test_a_setting_that_is_inherited(team: Team, register: Register, null: bool, shown: bool | None) -> None:
    for channel in register(team.bob, notification_settings_null=null)["subscriptions"]:
        assert channel["push_notifications"] is shown


# -- people


def test_people_who_are_gone_are_listed_apart(team: Team, register: Register) -> None:
    team.store.write(lambda t: t.execute("UPDATE user SET is_active = 0 WHERE id = ?", team.erin.id))
    told = register(team.bob)
    assert [each["user_id"] for each in told["realm_non_active_users"]] == [team.erin.id]
    assert {each["user_id"] for each in told["realm_users"]} == {
        each.id for each in (team.olga, team.ann, team.bob, team.gwen)
    }


def test_keys_of_bots_are_for_admins(team: Team, register: Register, make_user: MakeUser) -> None:
    robot = make_user("Robot", is_bot=True)
    [shown] = register(team.olga)["realm_bots"]
    assert shown["api_key"] == robot.api_key
    assert register(team.bob)["realm_bots"] == []
    assert robot.api_key not in str(register(team.bob))


@pytest.mark.parametrize("name", ["bob", "gwen", "olga"])
def test_secrets_of_people_are_nowhere(team: Team, register: Register, name: str) -> None:
    told = str(register(getattr(team, name)))
    for person in (team.olga, team.ann, team.bob, team.erin, team.gwen):
        assert person.api_key not in told


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.OWNER, (True, True, False)),
        (Role.ADMIN, (False, True, False)),
        (Role.GUEST, (False, False, True)),
    ],
)
def test_what_one_is(
    register: Register, make_user: MakeUser, role: Role, expected: tuple[bool, bool, bool]
) -> None:
    told = register(make_user("Pat", role=role))
    assert (told["is_owner"], told["is_admin"], told["is_guest"]) == expected


def test_everybody_is_in_the_group_of_their_role(team: Team, register: Register) -> None:
    groups = {each["name"]: each["members"] for each in register(team.bob)["realm_user_groups"]}
    assert groups["role:owners"] == [team.olga.id]
    assert groups["role:everyone"] == [team.gwen.id]
    assert team.bob.id in groups["role:members"]


# -- messages


def test_unread_messages(team: Team, register: Register) -> None:
    lunch = [team.send(team.ann, PUBLIC, "@**Bob**"), team.send(team.ann, PUBLIC)]
    muted = team.send(team.ann, PRIVATE, "@**all**", "")
    direct, group = team.write_to(team.ann, team.bob), team.write_to(team.ann, team.bob, team.erin)
    note = team.write_to(team.bob, team.bob)
    read = team.write_to(team.ann, team.bob)
    flag_actions.update(team.store, team.bob, [read], "add", "read")
    private = team.channel_id(PRIVATE)
    subscription_property.change(team.store, team.bob, [(private, "is_muted", True)])
    told = register(team.bob)["unread_msgs"]
    listed = ",".join(str(each) for each in sorted([team.ann.id, team.bob.id, team.erin.id]))
    assert told == {
        "count": 5,
        "pms": [
            {"other_user_id": team.ann.id, "sender_id": team.ann.id, "unread_message_ids": [direct]},
            {"other_user_id": team.bob.id, "sender_id": team.bob.id, "unread_message_ids": [note]},
        ],
        "huddles": [{"user_ids_string": listed, "unread_message_ids": [group]}],
        "streams": [
            {"stream_id": team.channel_id(PUBLIC), "topic": "lunch", "unread_message_ids": lunch},
            {"stream_id": private, "topic": "general chat", "unread_message_ids": [muted]},
        ],
        "mentions": [lunch[0]],
        "old_unreads_missing": False,
    }


def test_topics_that_differ_by_case_are_one(team: Team, register: Register) -> None:
    ids = [team.send(team.ann, PUBLIC, topic=topic) for topic in ("Lunch", "lunch")]
    [row] = register(team.bob)["unread_msgs"]["streams"]
    assert (row["topic"], row["unread_message_ids"]) == ("Lunch", ids)


def test_what_is_unread_in_a_channel_that_one_has_left_is_not_told(team: Team, register: Register) -> None:
    team.send(team.ann, PUBLIC)
    team.leave(PUBLIC, team.bob)
    assert register(team.bob)["unread_msgs"]["count"] == 0


def test_starred_messages_and_conversations(team: Team, register: Register) -> None:
    first, second = team.write_to(team.ann, team.bob), team.write_to(team.erin, team.bob, team.ann)
    flag_actions.update(team.store, team.bob, [first], "add", "starred")
    told = register(team.bob)
    assert told["starred_messages"] == [first]
    assert told["recent_private_conversations"] == [
        {"user_ids": [team.ann.id, team.erin.id], "max_message_id": second},
        {"user_ids": [team.ann.id], "max_message_id": first},
    ]
    assert told["max_message_id"] == second


def test_the_newest_message_of_somebody_without_any(team: Team, register: Register) -> None:
    assert register(team.gwen)["max_message_id"] == -1


# -- settings


def test_settings_in_both_forms(team: Team, register: Register) -> None:
    setting_actions.change(team.store, team.bob, {"twenty_four_hour_time": True, "timezone": "Asia/Tokyo"})
    modern, legacy = register(team.bob, user_settings_object=True), register(team.bob)
    assert modern["user_settings"]["twenty_four_hour_time"] is True
    assert modern["user_settings"]["timezone"] == "Asia/Tokyo"
    assert legacy["twenty_four_hour_time"] is True
    assert "twenty_four_hour_time" not in modern


def test_a_register_that_fails_leaves_no_queue(
    team: Team, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(moment: Moment) -> dict[str, Any]:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(module, "SECTIONS", (Section((), fail, frozenset()),))
    with pytest.raises(RuntimeError, match="on purpose"):
        register(team.ann)
    assert all(queue.closed for queue in register.queues.all())


@pytest.mark.parametrize(
    ("device_id", "code", "told"),
    [
        (None, None, {"status": "pending"}),
        (77, None, {"status": "active"}),
        (None, "REQUEST_EXPIRED", {"status": "failed", "error_code": "REQUEST_EXPIRED"}),
    ],
)
def test_how_far_encrypted_pushes_are(
    team: Team, register: Register, device_id: int | None, code: str | None, told: dict[str, str]
) -> None:
    device_actions.register_encrypted(team.store, team.bob, 2408, "fcm", "5ec2e7", {})
    if device_id or code:
        team.store.write(
            lambda transaction: device_actions.settle_registration(
                transaction, team.bob.id, 2408, device_id, code
            )
        )
    assert register(team.bob)["push_devices"] == {"2408": told}
