"""What the page was told, and the events since, make what a new page is told: each noun, whatever is done."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from appliance.actions.realm import organization as realm_actions
from appliance.actions.register import register
from appliance.actions.snapshot import Wishes
from appliance.events.descriptor import CAPABILITIES, ClientDescriptor
from appliance.model.realm_section import ServerFacts
from appliance.store.store import Store
from tests.actions.deeds import DEEDS, Team
from tests.conftest import MovableClock
from tests.events.conftest import EventSystem
from tests.web.modules import Modules

ABLE: dict[str, Any] = {**dict.fromkeys(CAPABILITIES, True), "user_avatar_url_field_optional": False}
ASKED: dict[str, Any] = {**ABLE, "client_gravatar": False, "slim_presence": True}
SERVER = ServerFacts(1, 25)
# Sections that have modules of their own, and what is of the queue, for older clients, or says when it was.
ELSEWHERE = {
    "realm_users", "realm_non_active_users", "cross_realm_bots", "realm_user_groups", "streams",
    "subscriptions", "unsubscribed", "never_subscribed", "user_topics", "unread_msgs",
    "recent_private_conversations", "starred_messages", "presences", "user_status", "muted_users",
    "muted_topics", "alert_words",
    "realm_linkifiers", "realm_playgrounds", "custom_profile_fields", "realm_bots", "drafts",
    "saved_snippets", "scheduled_messages", "realm_emoji", "push_devices",
    "queue_id", "last_event_id", "server_timestamp", "presence_last_update_id", "max_message_id",
    "email", "delivery_email", "full_name", "avatar_url", "avatar_url_medium", "avatar_source", "is_owner",
    "is_admin", "is_moderator", "is_guest", "can_create_streams", "can_create_public_streams",
    "can_create_private_streams", "can_create_web_public_streams", "can_subscribe_other_users",
    "can_invite_others_to_realm", "user_settings",
}  # fmt: skip
# Of a channel that one is not in, nobody is told what it was to one; nor how much is written in any.
ROW = "(({stream_weekly_traffic: _, ...row}) => row)"
LEFT = (
    "(({stream_weekly_traffic: _, color, email_address, is_muted, in_home_view, pin_to_top,"
    " desktop_notifications, audible_notifications, push_notifications, email_notifications,"
    " wildcard_mentions_notify, ...row}) => row)"
)
BY = "sort((one, other) => one.{0} - other.{0})"
PROBES = {
    "told": "given.keys.map((key) => [key, it.told(key)])",
    "users": f"it.all().{BY.format('user_id')}",
    "groups": f"it.all().{BY.format('id')}",
    "me": (
        "[it.id(), it.row(), it.isGuest(), it.isModerator(), it.isAdmin(), it.may('can_invite_users_group')]"
    ),
    "channels": f"[it.subscribed().map({ROW}), it.all().filter((each) => !each.subscribed).map({LEFT})]",
    "topics": "it.all().map((each) => [each.stream_id, each.topic_name, each.visibility_policy]).sort()",
    "unread": (
        "[it.total(), it.directs(), given.channels.map((id) => [it.ofChannel(id),"
        " it.topics(id).map(({topic, count, max_id}) => [topic.toLowerCase(), count, max_id])])]"
    ),
    "conversations": "it.directs().filter((each) => !given.deleted)",
    "starred": "it.count()",
    "presence": "given.people.map((id) => it.lastSeen(id) > 0)",
    "statuses": "given.people.map(it.of)",
    "muted": "it.all().sort()",
    "alert_words": "it.all().toSorted()",
    "linkifiers": "it.all()",
    "playgrounds": "it.all().toSorted((one, other) => one.id - other.id)",
    "profile_fields": "it.all()",
    "bots": f"it.all().{BY.format('user_id')}",
    "scheduled": "it.all().toSorted((one, other) => one.scheduled_message_id - other.scheduled_message_id)",
    "snippets": "it.all().toSorted((one, other) => one.id - other.id)",
}  # fmt: skip
SETTINGS = "given.settings.map((name) => [name, it.setting(name)])"


class Story:
    """A small team, and the events that one of it hears."""

    def __init__(self, folder: Path) -> None:
        self.clock = MovableClock()
        self.store = Store(folder, self.clock, durable=False)
        realm_actions.prepare(self.store)
        self.team = Team(self.store, self.clock)
        self.system = EventSystem(self.store, self.clock)

    def told(self, user_id: int) -> dict[str, Any]:
        user = next(each for each in self.team.active() if each.id == user_id)
        known = {name: value for name, value in ASKED.items() if name in ClientDescriptor.__annotations__}
        answer = register(
            self.store,
            self.system.registry,
            user,
            ClientDescriptor(**known, event_types=None, is_guest=user.is_guest),
            Wishes(None, False),
            public_url="https://chat.example.org",
            server=SERVER,
            now=self.clock.now(),
        )
        found: dict[str, Any] = orjson.loads(orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS))
        return found

    def begin(self, chance: random.Random) -> dict[str, Any]:
        """Somebody comes who may not see and do everything."""
        return self.told(chance.choice(self.team.active()[1:4]).id)

    def hears(self, queue_id: str) -> bool:
        self.system.apply()
        return any(each.id == queue_id and not each.closed for each in self.system.queues.all())


@contextmanager
def a_story() -> Iterator[Story]:
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder))
        try:
            yield story
        finally:
            story.store.close()


def _shown(modules: Modules, given: dict[str, Any]) -> dict[str, Any]:
    found = {name: modules.ask(f"state/{name}.js", probe, given) for name, probe in PROBES.items()}
    return {**found, "settings": modules.ask("state/told.js", SETTINGS, given)}


def _given(told: dict[str, Any], events: list[dict[str, Any]]) -> dict[str, Any]:
    """What the probes need to know."""
    people = [*told["realm_users"], *told["realm_non_active_users"], *told["cross_realm_bots"]]
    return {
        "keys": sorted(told.keys() - ELSEWHERE),
        "settings": sorted(told["user_settings"]),
        "people": [each["user_id"] for each in people],
        "channels": [each["stream_id"] for each in told["streams"]],
        # nobody is told what was before a direct message that was deleted: the page asks
        "deleted": any(
            each["type"] == "delete_message" and each["message_type"] == "private" for each in events
        ),
    }


@pytest.mark.parametrize("seed", range(8))
def test_told_and_the_events_since_are_told_anew(seed: int, modules: Modules) -> None:
    chance = random.Random(seed)
    with a_story() as story:
        first = story.begin(chance)
        for _ in range(150):
            story.team.do(chance.choice(list(DEEDS)), *(chance.randrange(256) for _ in range(3)))
            if not story.hears(first["queue_id"]):  # of who was deactivated, or has a new key
                first = story.begin(chance)
        events, last = story.system.events(first["queue_id"]), story.told(first["user_id"])
    given = _given(last, events)
    modules.load(first)
    modules.apply(*events)
    kept = _shown(modules, given)
    modules.load(last)
    anew = _shown(modules, given)
    assert {name: (kept[name], anew[name]) for name in kept if kept[name] != anew[name]} == {}
