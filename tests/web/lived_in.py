"""An organization in which much has happened, with all that is hard to show."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests import pictures
from tests.process import things
from tests.process.client import Person
from tests.process.server import NAMES
from tests.web.window import Site

LONG = "Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaft"  # letters without a gap
LONG_TOPIC = "Why does the nightly build of the harbour crane fail again?"
ARABIC, HEBREW, EMOJI = "محمد بن عبد الله", "שרה לוי", "🦊 Fox 🐾"
GENERAL, DRY_DOCK, ARABIC_CHANNEL = "general", "Dry dock " + "x" * 51, "صيانة الخوادم"
CHANNELS = (DRY_DOCK, ARABIC_CHANNEL, "🚀 launch")
CODE = "x = [" + ", ".join(f'"crane {each}"' for each in range(60)) + "]"
TABLE = (
    "| "
    + " | ".join(f"Column {each}" for each in range(12))
    + " |\n|"
    + "---|" * 12
    + "\n| "
    + " | ".join("something wide" for _ in range(12))
    + " |"
)
CONTENTS = (
    "Good morning! The crane is **late** again, see [the log](https://example.org/log) and `crane.log`.",
    f"```python\n# the plan\ndef lift(load: int) -> str:\n    return f'{{load}} t'\n\n{CODE}\n```",
    TABLE,
    "- one\n- two\n    1. nested\n    2. lists\n\n> quoted\n> words\n\n# A heading\n\n---\n\nafter it",
    "مرحبا، كيف حالك؟ The crane is late. هل تأتي غدا؟",
    "שלום לכולם! `code` **מודגש** https://example.org/a",
    "```spoiler What broke\nThe winch.\n```",
    "$$x^2 + y^2$$ and\n```math\n\\int_0^1 x\\,dx\n```",
    "w" * 400,
    "/me waves at @**hamlet** and @*one* :tada: :octopus:",
    "/poll Where do we eat?\nAt the harbour\nAt home",
    "/todo Before noon\nOil the winch: and the other one\nCall the yard",
    "<time:2026-11-22T15:00:00Z> #**general>lunch** @**iago**",
)
REACTIONS = ("tada", "octopus", "heart", "+1", "smile", "rocket", "eyes", "cat", "dog", "apple", "car")


@dataclass(frozen=True)
class LivedIn:
    """`channel_ids` by name; `group`: the two with whom `iago` has talked; `made`: of what else there is."""

    site: Site
    channel_ids: dict[str, int]
    group: Sequence[int]
    made: things.Ids

    def unread_again(self) -> None:
        """To `iago`, but for what was written first."""
        iago = self.site.person("iago")
        ids = [each["id"] for each in iago.messages()][2:]
        iago.ask("POST", "/messages/flags", messages=ids, op="remove", flag="read")

    def hash(self, channel: str, topic: str = "") -> str:
        return f"#narrow/channel/{self.channel_ids[channel]}" + (f"/topic/{topic}" if topic else "")


def furnish(site: Site) -> LivedIn:
    iago, hamlet, cordelia, othello = (site.person(each) for each in NAMES)
    made = things.make(iago, hamlet, othello)
    ids = [_hire(iago, name) for name in (LONG, ARABIC, HEBREW, EMOJI)]
    people = [hamlet.user_id, cordelia.user_id, *ids]
    _found_channels(iago, people)
    channel_ids = {each["name"]: each["stream_id"] for each in iago.ask("GET", "/streams")["streams"]}
    _talk(iago, hamlet, cordelia)
    group = sorted([hamlet.user_id, cordelia.user_id])
    two = [iago.user_id, cordelia.user_id]
    hamlet.ask("POST", "/messages", type="direct", to=two, content="All well here?")
    cordelia.send(iago, f"{LONG} {ARABIC}")
    return LivedIn(site, channel_ids, group, made)


def _hire(owner: Person, name: str) -> int:
    number = len(owner.ask("GET", "/users")["members"])
    made = {"email": f"p{number}@chat.test", "full_name": name, "password": "correct horse battery"}
    user_id: int = owner.ask("POST", "/users", **made)["user_id"]
    return user_id


def _found_channels(owner: Person, people: list[int]) -> None:
    described = [{"name": each, "description": f"About **{each}**, https://example.org"} for each in CHANNELS]
    owner.ask("POST", "/users/me/subscriptions", subscriptions=described, principals=[owner.user_id, *people])
    private = [{"name": "vault", "description": ""}]
    owner.ask("POST", "/users/me/subscriptions", subscriptions=private, invite_only=True)


def _talk(iago: Person, *others: Person) -> None:
    """In the topic "crane" of all kinds, read up to the last three; elsewhere unread."""
    for number, content in enumerate(CONTENTS):
        last = _say(others[number // 3 % 2], GENERAL, "crane", content)
    for name in REACTIONS:
        others[0].ask("POST", f"/messages/{last}/reactions", emoji_name=name)
    address = things.post_picture(others[0], "/user_uploads", pictures.plain(4000, 3000))["url"]
    _say(others[0], GENERAL, "crane", f"[huge.png]({address})")
    mine = _say(iago, GENERAL, "crane", "I have seen *to* it.")
    iago.ask("POST", f"/messages/{mine}/reactions", emoji_name="tada")
    iago.ask("PATCH", f"/messages/{mine}", content="I have seen to it.")
    iago.ask("POST", "/messages/flags", messages=[last, mine], op="add", flag="starred")
    for channel in CHANNELS:
        for topic in (LONG_TOPIC, ARABIC, ""):
            _say(others[1], channel, topic, f"@**iago** {CONTENTS[0]}")


def _say(who: Person, channel: str, topic: str, content: str) -> int:
    told = who.ask("POST", "/messages", type="channel", to=channel, topic=topic, content=content)
    return int(told["id"])
