"""Who is to be mailed because of a message, and why.

Two tables decide: the triggers in the order of their precedence, and the rule of who is away. Runs on the
fan-out thread with the lock of the event queues held: no I/O, nothing slow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appliance.model.concern import Concern
from appliance.store.transaction import Notice

MAILS = "missedmessage_emails"


@dataclass(frozen=True, slots=True)
class Case:
    """One message and one person whom it was sent to; `flags`: the names of what it is to them."""

    event: dict[str, Any]
    user_id: int
    flags: list[str]


Rule = Callable[[Case], bool]

# The first that applies is the only one: nobody is told twice of a message, or for two reasons.
EMAIL_TRIGGERS: tuple[tuple[str, Rule], ...] = (
    ("direct_message", lambda case: case.event["message"]["type"] == "private"),
    ("mentioned", lambda case: "mentioned" in case.flags),
)


def decide(notice: Notice, has_message_client: Callable[[int], bool]) -> list[Concern]:
    """Whom the notice concerns enough to be told elsewhere: at once who is away, the others if none of their
    clients ever fetches it.

    `has_message_client` tells whether some client of a person is connected and wants messages.
    """
    event = notice.event
    if event["type"] != "message" or "presence_idle_user_ids" not in event:
        return []  # of the messages that nobody is to be told of, the action gives no facts
    idle = set(event["presence_idle_user_ids"])
    never = {event["message"]["sender_id"], *event["all_bot_user_ids"]}
    never.update(event["dm_mention_email_disabled_user_ids"])
    concerns = []
    for case in (_case(event, user) for user in notice.users):
        trigger = None if case.user_id in never else _trigger(case)
        if trigger:
            away = case.user_id in idle or not has_message_client(case.user_id)
            concerns.append(Concern(case.user_id, away, [(MAILS, _order(case, trigger))]))
    return concerns


def _case(event: dict[str, Any], user: Any) -> Case:
    """A notice lists a recipient as an id, or with the flags that the message has for them."""
    return Case(event, user, []) if isinstance(user, int) else Case(event, user["id"], user["flags"])


def _trigger(case: Case) -> str | None:
    return next((trigger for trigger, applies in EMAIL_TRIGGERS if applies(case)), None)


def _order(case: Case, trigger: str) -> dict[str, Any]:
    return {
        "user_profile_id": case.user_id,
        "message_id": case.event["message"]["id"],
        "trigger": trigger,
        "mentioned_user_group_id": None,
    }
