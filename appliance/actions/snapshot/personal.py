"""Small things of one's own, and what people say of themselves."""

from typing import Any

from appliance.actions.message import scheduled as scheduled_message
from appliance.actions.personal import draft, saved_snippet
from appliance.actions.snapshot.moment import Moment
from appliance.actions.user import sight
from appliance.actions.user import status as user_status
from appliance.store import alert_word


def alert_words(moment: Moment) -> dict[str, Any]:
    return {"alert_words": alert_word.of_user(moment.reader, moment.user.id)}


def drafts(moment: Moment) -> dict[str, Any]:
    return {"drafts": draft.listed(moment.reader, moment.user.id)}


def saved_snippets(moment: Moment) -> dict[str, Any]:
    return {"saved_snippets": saved_snippet.listed(moment.reader, moment.user.id)}


def scheduled_messages(moment: Moment) -> dict[str, Any]:
    return {"scheduled_messages": scheduled_message.listed(moment.reader, moment.user.id)}


def statuses(moment: Moment) -> dict[str, Any]:
    """Also of people who are not active any more."""
    known = sight.of(moment.reader, moment.user)
    return {"user_status": user_status.everyone(moment.reader, filter(known.knows, moment.people))}
