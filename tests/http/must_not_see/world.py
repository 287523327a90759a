"""A team with a secret of every kind, and people who may know none of them.

Each secret has a word of its own in it. Ann and Bob keep them; the watchers try to learn them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from appliance.actions.user import creation as user_actions
from appliance.base.options import REQUESTS_PER_MINUTE
from appliance.model.attachment import Attachment
from appliance.model.group import ID
from appliance.model.user import Role, User
from appliance.store import session as sessions
from appliance.store import user as users
from tests.actions.files import uploaded
from tests.conftest import until
from tests.http.site import Site
from tests.process.client import Person, Poller

ROLES = {
    "stranger": Role.MEMBER,
    "removed": Role.MEMBER,
    "guest": Role.GUEST,
    "limited": Role.GUEST,
    "removed guest": Role.GUEST,
}
GUESTS = frozenset({"guest", "limited", "removed guest"})
REMOVED = frozenset({"removed", "removed guest"})
EVERYONE = frozenset(ROLES)
# By word, the watchers who may know it.
WORDS: dict[str, frozenset[str]] = {
    # said in a private channel, in one with protected history, in an archived one, to one person, to several
    **dict.fromkeys(("zqshared", "zqprotected", "zqarchived", "zqdirect", "zqgroup"), frozenset()),
    # topics, texts before they were edited, files and their content, options of polls
    **dict.fromkeys(("zqtopic", "zqbefore", "zqfile", "zqoption"), frozenset()),
    # of Ann alone
    **dict.fromkeys(("zqdraft", "zqlater", "zqsnippet", "zqalert", "zqdevice", "zqbrowser"), frozenset()),
    # addresses: of Ann, of somebody invited, of a bot's service
    **dict.fromkeys(("zqaddress", "zqinvited", "zqservice"), frozenset()),
    "zqnamed": REMOVED,  # private channels: whoever was in one was told its name
    "zqpublic": EVERYONE - GUESTS,
    # Ann's name, profile and status: the guests share nothing with her but what she writes in the lobby;
    # whom she had put into a channel was told her name
    "zqann": EVERYONE - {"guest", "limited"},
    **dict.fromkeys(("zqprofile", "zqstatus"), EVERYONE - GUESTS),
    "bob@example.org": EVERYONE - {"limited"},
}


@dataclass(frozen=True)
class Ids:
    """Of somebody else's things; or of nothing at all."""

    user: int = 10**6 + 1
    email: str = "zqnobody@example.org"
    channel: int = 10**6 + 2
    channel_name: str = "room zqnone"
    message: int = 10**6 + 3
    bot: int = 10**6 + 4
    draft: int = 10**6 + 5
    snippet: int = 10**6 + 6
    scheduled: int = 10**6 + 7
    attachment: int = 10**6 + 8
    path: str = "2/zz/zqnowhere/zqnone.txt"
    invitation: int = 10**6 + 9
    link: int = 10**6 + 10
    device: int = 10**6 + 11
    queue: str = "00000000-0000-4000-8000-000000000000"
    export: int = 10**6 + 12
    session: int = 10**6 + 13
    topic: str = "zqnone"


NOWHERE = Ids()


@dataclass
class World:
    site: Site
    olga: Person
    ann: Person
    bob: Person
    watchers: dict[str, Person]
    gone: Person  # is deactivated in the end
    channels: dict[str, int] = field(default_factory=dict)  # shared, protected, archived, lobby, plaza
    messages: dict[str, int] = field(default_factory=dict)
    files: list[Attachment] = field(default_factory=list)
    hidden: Ids = NOWHERE
    secrets: list[str] = field(default_factory=list)  # keys and links; nobody may know them
    queues: dict[str, Poller] = field(default_factory=dict)
    published: int = 0  # a message that was in a private channel, and is in a public one

    def forbidden(self, name: str, text: str) -> list[str]:
        """What the watcher may not know of all that stands in a text."""
        words = [word for word, knowing in WORDS.items() if name not in knowing]
        lower = text.lower()
        return [each for each in [*words, *self.secrets] if each.lower() in lower]

    def each_message(self) -> Iterator[Ids]:
        for message_id in self.messages.values():
            yield replace(self.hidden, message=message_id)

    def each_channel(self) -> Iterator[Ids]:
        for kind in ("shared", "protected", "archived"):
            yield replace(self.hidden, channel=self.channels[kind], channel_name=f"{kind} zqnamed")

    def upload(self, owner: Person, name: str) -> str:
        """Markdown that links to a new file."""
        with self.site.store.read() as reader:
            user = users.with_id(reader, owner.user_id)
        assert user is not None
        self.files.append(uploaded(self.site.store, user, b"zqfile", f"{name} zqfile.txt"))
        return f"[file]({self.files[-1].url})"

    def say(self, kind: str, topic: str = "zqtopic", content: str = "") -> int:
        word = f"zq{kind}"
        sent = self.ann.ask(
            "POST",
            "/messages",
            type="channel",
            to=self.channels[kind],
            topic=topic,
            content=f"{content} {word} needle https://example.org/{word}",
        )
        return int(sent["id"])

    def write(self, kind: str, *others: Person, content: str = "") -> int:
        to = [each.user_id for each in others]
        text = f"{content} zq{kind} needle"
        return int(self.ann.ask("POST", "/messages", type="direct", to=to, content=text)["id"])


def build(folder: Path) -> World:
    site = Site(folder, {REQUESTS_PER_MINUTE: 0})
    olga = _person(site, "Olga", Role.OWNER)
    ann, bob = _person(site, "Ann Zqann", email="zqaddress@example.org"), _person(site, "Bob")
    watchers = {name: _person(site, name.capitalize(), role) for name, role in ROLES.items()}
    world = World(site, olga, ann, bob, watchers, _person(site, "Gone"))
    olga.ask("PATCH", "/realm", can_access_all_users_group={"new": ID["role:members"]})
    for each in (ann, bob, *watchers.values()):
        each.call("DELETE", "/users/me/subscriptions", subscriptions=["general"])
    ann.ask("PATCH", "/settings", email_address_visibility=4)
    _make_channels(world)
    _say_secrets(world)
    _own_secrets(world)
    _organization(world)
    _remove(world)
    _listen(world)
    return world


def _person(site: Site, name: str, role: Role = Role.MEMBER, email: str = "") -> Person:
    address = email or f"{name.replace(' ', '.').lower()}@example.org"
    made: User = user_actions.create(site.store, email=address, full_name=name, role=role, password=None)
    return Person(site.runtime.port, made.id, made.email, made.api_key)


def _make_channels(world: World) -> None:
    removed = [world.watchers[name] for name in sorted(REMOVED)]
    _make(world, "shared", [world.ann, world.bob, *removed], private=True)
    _make(world, "protected", [world.ann, world.bob, *removed], private=True, history_public=False)
    _make(world, "archived", [world.ann, world.bob, world.gone], private=True)
    _make(world, "plaza", [world.ann, world.bob, world.watchers["stranger"]])
    _make(world, "lobby", [world.bob, world.watchers["guest"]], by=world.bob)


def _make(
    world: World,
    kind: str,
    people: list[Person],
    by: Person | None = None,
    *,
    private: bool = False,
    history_public: bool = True,
) -> None:
    """Guests may know the lobby only."""
    actor, word = by or world.ann, "zqnamed" if private else "zqpublic"
    name = kind if kind == "lobby" else f"{kind} {word}"
    terms = {"invite_only": private, "history_public_to_subscribers": history_public}
    wanted = [{"name": name, "description": f"for {name}"}]
    principals = [each.user_id for each in people]
    actor.ask("POST", "/users/me/subscriptions", subscriptions=wanted, principals=principals, **terms)
    world.channels[kind] = actor.ask("GET", "/get_stream_id", stream=name)["stream_id"]


def _say_secrets(world: World) -> None:
    removed = [world.watchers[name] for name in sorted(REMOVED)]
    at_removed = " ".join(f"@**{each.capitalize()}**" for each in sorted(REMOVED))
    for kind in ("shared", "protected", "archived"):
        file = world.upload(world.ann, kind)
        world.messages[kind] = world.say(kind, content=f"zqbefore @**all** {at_removed} {file}")
        edited = f"zq{kind} changed {file}"
        world.ann.ask("PATCH", f"/messages/{world.messages[kind]}", content=edited)
        world.bob.ask("POST", f"/messages/{world.messages[kind]}/reactions", emoji_name="tada")
    for each in removed:
        starred = [world.messages["shared"], world.messages["protected"]]
        each.ask("POST", "/messages/flags", messages=starred, op="add", flag="starred")
    world.messages["poll"] = world.say("shared", content="/poll zqoption\nzqoption\n")
    file = world.upload(world.ann, "direct")
    world.messages["direct"] = world.write("direct", world.bob, content=f"@**Bob** {file}")
    world.messages["group"] = world.write("group", world.bob, world.olga)
    sent = {"type": "channel", "to": world.channels["plaza"], "topic": "open", "content": "zqpublic needle"}
    world.ann.ask("POST", "/messages", **sent)


def _own_secrets(world: World) -> None:
    ann, bob, to = world.ann, world.bob, [world.bob.user_id]
    drafts = [{"type": "private", "to": to, "topic": "", "content": "zqdraft"}]
    draft = ann.ask("POST", "/drafts", drafts=drafts)["ids"][0]
    later = {"type": "direct", "to": to, "content": "zqlater", "scheduled_delivery_timestamp": 4_000_000_000}
    scheduled = ann.ask("POST", "/scheduled_messages", **later)["scheduled_message_id"]
    snippet = ann.ask("POST", "/saved_snippets", title="zqsnippet", content="zqsnippet")["saved_snippet_id"]
    ann.ask("POST", "/users/me/alert_words", alert_words=["zqalert"])
    ann.ask("POST", "/users/me/android_gcm_reg_id", token="zqdevice")
    device = ann.ask("GET", "/appliance/devices")["devices"][0]["id"]
    world.site.store.write(lambda transaction: sessions.add(transaction, "a token", ann.user_id, "zqbrowser"))
    session = ann.ask("GET", "/appliance/sessions")["sessions"][0]["id"]
    ann.ask("POST", "/users/me/status", status_text="zqstatus")
    ann.ask("POST", "/users/me/presence", status="active")
    made = bob.ask(
        "POST",
        "/bots",
        full_name="Robot",
        short_name="robot",
        bot_type=3,
        payload_url='"https://zqservice.example.org"',
        service_name="zqservice",
    )
    world.secrets += [made["api_key"], ann.api_key, bob.api_key, world.olga.api_key]
    world.hidden = replace(
        world.hidden,
        user=ann.user_id,
        email="zqaddress@example.org",
        channel=world.channels["shared"],
        channel_name="shared zqnamed",
        message=world.messages["shared"],
        bot=made["user_id"],
        draft=draft,
        scheduled=scheduled,
        snippet=snippet,
        attachment=world.files[0].id,
        path=world.files[0].path_id,
        device=device,
        session=session,
        queue=ann.register().queue_id,
        topic="zqtopic",
    )


def _organization(world: World) -> None:
    olga = world.olga
    made = olga.ask("POST", "/realm/profile_fields", field_type=1, name="Notes")
    world.ann.ask("PATCH", "/users/me/profile_data", data=[{"id": made["id"], "value": "zqprofile"}])
    olga.ask("POST", "/invites", invitee_emails="zqinvited@example.org", stream_ids=[])
    link = olga.ask("POST", "/invites/multiuse", stream_ids=[])["invite_link"]
    olga.ask("POST", "/export/realm", export_type=1)
    until(lambda: olga.ask("GET", "/export/realm")["exports"][0]["export_url"])
    [export] = olga.ask("GET", "/export/realm")["exports"]
    listed = olga.ask("GET", "/invites")["invites"]
    world.secrets += [link.rpartition("/")[2], export["export_url"].split("/")[-2]]
    ids = {each["is_multiuse"]: each["id"] for each in listed}
    world.hidden = replace(world.hidden, invitation=ids[False], link=ids[True], export=export["id"])


def _remove(world: World) -> None:
    """From here on the removed know no more than others."""
    for kind in ("shared", "protected"):
        people = [world.watchers[name].user_id for name in sorted(REMOVED)]
        named = [f"{kind} zqnamed"]
        world.olga.ask("DELETE", "/users/me/subscriptions", subscriptions=named, principals=people)
    world.olga.ask("DELETE", f"/streams/{world.channels['archived']}")
    world.queues["gone"] = world.gone.register()
    world.olga.ask("DELETE", f"/users/{world.gone.user_id}")
    world.ann.ask("POST", f"/messages/{world.messages['poll']}/reactions", emoji_name="tada")


def _listen(world: World) -> None:
    """To as much as each may."""
    able = {"archived_channels": True, "notification_settings_null": True, "bulk_message_deletion": True}
    for name, person in world.watchers.items():
        more = {} if name in GUESTS else {"all_public_streams": True}
        world.queues[name] = person.register(include_subscribers=True, client_capabilities=able, **more)
