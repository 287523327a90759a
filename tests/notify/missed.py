"""What somebody missed, for tests of mails: people, messages, and conversations of every kind."""

from dataclasses import replace

from appliance.model.markdown import render
from appliance.model.message import Message, Person
from appliance.model.realm import Realm
from appliance.model.user import Role, User
from appliance.notify.language import codes
from appliance.notify.mail import Missed, Site
from appliance.notify.reason import GROUP_MENTIONED, REASONS
from tests.notify.test_content import Names

URL = "https://chat.example.org"
NOW = 1_700_000_600.5
REALM = Realm("6a1c", "Bees & Co", "", 1_600_000_000, {})
SITE = Site(REALM, URL, "5ec2e7")
ME = User(
    7, "me@example.org", "Me Myself", Role.MEMBER, True, None, None, False, "key", None, 1_600_000_000, {}
)
MYSELF = Person(7, "me@example.org", "Me Myself")
ANN, BOB, CYD, DAN, EVE = (
    Person(number, f"{name.lower()}@example.org", f"{name} Miller")
    for number, name in enumerate(("Ann", "Bob", "Cyd", "Dan", "Eve"), 11)
)
HIDING = {"message_content_in_email_notifications": False}


def direct(number: int, sender: Person, content: str, *others: Person) -> Message:
    """To me and `others`, and the sender."""
    people = tuple(sorted({MYSELF, sender, *others}, key=lambda each: each.id))
    html = render(content, Names()).html
    recipient_id = 4 if others else 3
    return Message(number, sender, recipient_id, "", content, html, 1_700_000_000, "website", people=people)


def in_channel(number: int, sender: Person, content: str, topic: str = "lunch plans") -> Message:
    html = render(content, Names()).html
    return Message(number, sender, 5, topic, content, html, 1_700_000_000, "website", 2, "general chat")


def missed(
    *messages: Message,
    user: User = ME,
    context: tuple[Message, ...] = (),
    triggers: str = "",
    group: str = "",
) -> Missed:
    """`triggers`: separated by blanks; the usual one if there is none."""
    usual = "direct_message" if messages[0].is_direct else "mentioned"
    return Missed(user, list(messages), list(context), frozenset((triggers or usual).split()), group)


DIRECT = missed(
    direct(101, ANN, "Are you there?"),
    direct(102, ANN, "See [the plan](/user_uploads/2/plan.pdf) :smile:\n\n> quoted\n\n- one\n- two"),
)
GROUP = missed(
    direct(201, ANN, "first", BOB),
    direct(202, ANN, "second", BOB),
    direct(203, BOB, "```py\nif x < 1:\n    pass\n```", ANN),
)
MENTION = missed(
    in_channel(303, BOB, "@**Me Myself** what do you say to #**general chat>lunch plans**?"),
    in_channel(304, BOB, "```spoiler the menu\nhoney\n```"),
    context=(in_channel(301, ANN, "We could go to the *Hive*."), in_channel(302, BOB, "a < b & c")),
)
HIDDEN = missed(direct(401, ANN, "secret"), user=replace(ME, settings=HIDING))
HIDDEN_GROUP = missed(
    in_channel(411, ANN, "@*bees* secret"),
    user=replace(ME, settings=HIDING),
    triggers=GROUP_MENTIONED,
    group="bees",
)
RICH = missed(
    in_channel(500, ANN, "# Plan\n| what | who |\n|---|:-:|\n| honey | Ann |"),
    in_channel(501, ANN, "1. one\n2. two\n\n---\n`x < 1`"),
    in_channel(502, BOB, "[](/user_uploads/2/hive.png)"),
    in_channel(503, BOB, "$$x^2$$ :honey_pot: 🐝 #**general chat** <time:2023-11-14T22:13:20Z>"),
    in_channel(504, ANN, "> said\n> > before\n\n~~no~~ **yes**"),
    triggers="followed_topic_email_notify",
)
EVIL = "<img src=x onerror=alert(1)>\r\nBcc: all@example.org\u202e{0}{name} &amp; 🐝"
NASTY = missed(
    replace(
        in_channel(601, Person(11, "ann@example.org", EVIL), "<script>1</script> {0} \u202eevil", EVIL),
        channel_name=EVIL,
    ),
    triggers=GROUP_MENTIONED,
    group=EVIL,
)


def speaking(code: str, user: User) -> User:
    return replace(user, settings={**user.settings, "default_language": code})


IN_LANGUAGES = {
    f"{kind}_{code}": replace(about, user=speaking(code, about.user))
    for kind, about in (("group", GROUP), ("channel_mention", MENTION), ("hidden", HIDDEN))
    for code in sorted(codes())
}
BY_REASON = {
    f"reason_{trigger}": missed(in_channel(701, ANN, "hello"), triggers=trigger, group="bees")
    for trigger in REASONS
}
MAILS = {
    "direct": DIRECT,
    "group": GROUP,
    "channel_mention": MENTION,
    "hidden": HIDDEN,
    "hidden_group_mention": HIDDEN_GROUP,
    "rich": RICH,
    "nasty": NASTY,
    **IN_LANGUAGES,
    **BY_REASON,
}
