"""Messages: the newest, those with a star, conversations, and (in unread.py) what is not read yet."""

from typing import Any

from appliance.actions.snapshot.moment import Moment
from appliance.store import message as messages
from appliance.store import recipient as recipients

MAX_CONVERSATIONS = 1000


def newest(moment: Moment) -> dict[str, Any]:
    return {"max_message_id": messages.newest_id(moment.reader, moment.user.id)}


def starred(moment: Moment) -> dict[str, Any]:
    return {"starred_messages": messages.starred_ids(moment.reader, moment.user.id)}


def recent_conversations(moment: Moment) -> dict[str, Any]:
    me = moment.user.id
    recent = recipients.recent(moment.reader, me, MAX_CONVERSATIONS)
    return {
        "recent_private_conversations": [
            {"user_ids": [each for each in people if each != me], "max_message_id": newest}
            for people, newest in recent
        ]
    }
