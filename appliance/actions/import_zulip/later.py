"""Messages that are not sent yet: drafts, and those that have their time."""

from appliance.actions.import_zulip.channels import Places
from appliance.actions.import_zulip.row import Row
from appliance.actions.import_zulip.target import Made, Target
from appliance.model import draft as drafts
from appliance.model.scheduled_message import Scheduled
from appliance.model.scheduled_message import Target as Addressee
from appliance.store import scheduled_message

SEND_LATER = 1  # the other kind of Zulip's is a reminder


def copy(target: Target, places: Places) -> None:
    target.copy("zerver_draft", "draft", lambda row: _draft(target, places, row))
    for row in target.tables.rows("zerver_scheduledmessage"):
        if row.flag("delivered", False):
            continue
        if row.number("delivery_type", SEND_LATER) != SEND_LATER:
            target.notes.add("reminders")
            continue
        scheduled_message.add(target.transaction, _scheduled(target, places, row))


def _draft(target: Target, places: Places, row: Row) -> Made:
    """Without a recipient it is to nobody yet."""
    kind, to = "", list[int]()
    if row.has("recipient"):
        channel_id, people = places.addressees(row, "recipient")
        kind, to = (drafts.PEOPLE, people) if channel_id is None else (drafts.CHANNEL, [channel_id])
    return {
        "id": row.id("id"),
        "user_id": target.person(row, "user_profile"),
        "type": kind,
        "recipients": target.json(to),
        "topic": row.text("topic", "", 200),
        "content": row.text("content"),
        "edited": row.time("last_edit_time"),
    }


def _scheduled(target: Target, places: Places, row: Row) -> Scheduled:
    channel_id, people = places.addressees(row, "recipient")
    failure = row.text("failure_message", "", 1000) if row.flag("failed", False) else None
    return Scheduled(
        0,
        target.person(row, "sender"),
        Addressee(channel_id, tuple(people), row.text("subject", "", 200) if channel_id else ""),
        row.text("content"),
        target.clean(row.text("rendered_content", "")),
        target.clients.get(row.maybe_id("sending_client") or 0, "unknown"),
        row.flag("read_by_sender", True),
        row.time("scheduled_timestamp"),
        failure,
    )
