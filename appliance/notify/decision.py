"""Who is to be told of a message by mail or push, why, and when.

The facts are in the notice: the sets of user ids of interest.py, and each recipient's flags. The tables here
say what counts as a reason, in the order of precedence. Runs on the fan-out thread with the lock of the event
queues held: no I/O, nothing slow.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from appliance.model.concern import MAILS, PUSHES, Concern, JobOrder
from appliance.store.transaction import Notice

Ids = frozenset[int]
HasClient = Callable[[int], bool]  # is some client of a person connected that wants messages?


@dataclass(frozen=True, slots=True)
class Reason:
    """It holds for those who are in the set `among`, and for whom the message has `flag`. `personal`: not for
    those who want no road to tell them what concerns them personally."""

    trigger: str
    flag: str | None = None
    among: str | None = None
    personal: bool = True


@dataclass(frozen=True, slots=True)
class Road:
    """`off`: the set of those who want nothing personal by it; `closed`: of those whom it does not reach;
    `online`: of those who want it at once, though they are here; `more`: what its jobs say besides. The first
    reason that holds is the only one."""

    queue: str
    off: str
    closed: str
    online: str
    more: dict[str, Any]
    in_channel: tuple[Reason, ...]


DIRECT = (Reason("direct_message"),)
MENTIONS = (
    Reason("mentioned", "mentioned"),
    *(
        Reason(f"{who}_mentioned{where}", f"{who}_mentioned", f"{who}_mention{where}_user_ids")
        for where in ("_in_followed_topic", "")
        for who in ("topic_wildcard", "stream_wildcard")
    ),
)


def _in_channel(kind: str) -> tuple[Reason, ...]:
    chosen = (
        Reason(f"{what}_{kind}_notify", among=f"{what}_{kind}_user_ids", personal=False)
        for what in ("followed_topic", "stream")
    )
    return (*MENTIONS, *chosen)


MAIL = Road(MAILS, "dm_mention_email_disabled_user_ids", "", "", {}, _in_channel("email"))
PUSH = Road(
    PUSHES,
    "dm_mention_push_disabled_user_ids",
    "without_device_user_ids",
    "online_push_user_ids",
    {"type": "add"},
    _in_channel("push"),
)
ROADS = (MAIL, PUSH)

# Outsiders have the message, but are not in the channel: they have left it, or are bots that were called.
NEVER = ("all_bot_user_ids", "muted_sender_user_ids", "outsider_user_ids")
# They were told of the message when it came; an edit tells those who are mentioned only by it.
TOLD_BEFORE = (
    "prior_mention_user_ids",
    "stream_push_user_ids",
    "stream_email_user_ids",
    "followed_topic_push_user_ids",
    "followed_topic_email_user_ids",
)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a notice is about. `reasons`: by road those that count, in their order; `sets`: its user ids;
    `never`: those who are not told of it, for any reason."""

    message_id: int
    reasons: tuple[tuple[Road, tuple[Reason, ...]], ...]
    sets: dict[str, Ids]
    never: Ids

    def ids(self, name: str) -> Ids:
        return self.sets.get(name, frozenset())


def decide(notice: Notice, has_message_client: HasClient) -> list[Concern]:
    """Whom the notice concerns enough to be told elsewhere: at once who is away, the others if none of their
    clients ever fetches it; at once also who wants pushes while they are here."""
    matter = _matter(notice.event)
    if matter is None:
        return []
    orders = _orders(matter, notice.users)
    return [_concern(matter, user_id, each, has_message_client) for user_id, each in orders]


def trigger_now(road: Road, sets: Mapping[str, Iterable[int]], person: dict[str, Any]) -> str | None:
    """Why one person would be told of a message in a channel by that road; None: for nothing. `person`: their
    id and flags, as a notice lists them."""
    matter = Matter(0, (), _sets(sets), frozenset())
    [(_, reasons)] = _possible(((road, road.in_channel),), matter.sets)
    return _trigger(matter, road, reasons, person)


def _matter(event: dict[str, Any]) -> Matter | None:
    """None: nobody is to be told. Of messages of which that is clear the action gives no facts."""
    if "presence_idle_user_ids" not in event or event.get("disable_external_notifications"):
        return None
    if event["type"] == "message":
        return _new_message(event, event["message"])
    if event["type"] == "update_message":
        return _edit(event)
    return None


def _new_message(event: dict[str, Any], message: dict[str, Any]) -> Matter:
    sets = _sets(event)
    reasons = tuple((road, DIRECT if message["type"] == "private" else road.in_channel) for road in ROADS)
    return Matter(message["id"], _possible(reasons, sets), sets, _never(sets, NEVER, message["sender_id"]))


def _edit(event: dict[str, Any]) -> Matter | None:
    """Of the text, in a channel. Moving a message, or showing its previews, tells nobody."""
    if event["rendering_only"] or "orig_content" not in event or "stream_id" not in event:
        return None
    sets = _sets(event)
    reasons = _possible(tuple((road, MENTIONS) for road in ROADS), sets)
    return Matter(event["message_id"], reasons, sets, _never(sets, NEVER + TOLD_BEFORE, event["user_id"]))


def _sets(event: Mapping[str, Any]) -> dict[str, Ids]:
    return {name: frozenset(ids) for name, ids in event.items() if name.endswith("_user_ids")}


def _never(sets: dict[str, Ids], names: tuple[str, ...], acting_user_id: int) -> Ids:
    return frozenset((acting_user_id,)).union(*(sets.get(name, ()) for name in names))


def _possible(
    reasons: tuple[tuple[Road, tuple[Reason, ...]], ...], sets: dict[str, Ids]
) -> tuple[tuple[Road, tuple[Reason, ...]], ...]:
    """Without those that can hold for nobody: most messages have one or two left."""
    return tuple(
        (road, tuple(each for each in listed if each.among is None or sets.get(each.among)))
        for road, listed in reasons
    )


Orders = list[tuple[Road, JobOrder]]


def _orders(matter: Matter, users: list[Any]) -> Iterator[tuple[int, Orders]]:
    """Of everybody who has a reason to be told, one for each road."""
    for user in users:
        person: dict[str, Any] = {"id": user, "flags": ()} if isinstance(user, int) else user
        if person["id"] not in matter.never:
            found = [
                (road, (road.queue, _order(matter, person, trigger, road)))
                for road, reasons in matter.reasons
                if person["id"] not in matter.ids(road.closed)
                and (trigger := _trigger(matter, road, reasons, person))
            ]
            if found:
                yield person["id"], found


def _trigger(matter: Matter, road: Road, reasons: tuple[Reason, ...], person: dict[str, Any]) -> str | None:
    user_id, flags = person["id"], person["flags"]
    for each in reasons:
        if (
            (each.flag is None or each.flag in flags)
            and (each.among is None or user_id in matter.sets[each.among])
            and not (each.personal and user_id in matter.ids(road.off))
        ):
            return each.trigger
    return None


def _order(matter: Matter, person: dict[str, Any], trigger: str, road: Road) -> dict[str, Any]:
    return {
        "user_profile_id": person["id"],
        "message_id": matter.message_id,
        "trigger": trigger,
        "mentioned_user_group_id": person.get("mentioned_user_group_id"),
        **road.more,
    }


def _concern(matter: Matter, user_id: int, orders: Orders, has_message_client: HasClient) -> Concern:
    away = user_id in matter.ids("presence_idle_user_ids") or not has_message_client(user_id)
    concern = Concern(user_id, [], [])
    for road, order in orders:
        at_once = away or user_id in matter.ids(road.online)
        (concern.now if at_once else concern.if_missed).append(order)
    return concern
