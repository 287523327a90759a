"""What topics and people are to the one who registers."""

from typing import Any

from appliance.actions.personal import muted_user
from appliance.actions.personal import user_topic as user_topic_actions
from appliance.actions.snapshot.moment import Moment
from appliance.model.message import shown_topic
from appliance.store import user_topic


def topics(moment: Moment) -> dict[str, Any]:
    capable = moment.client.empty_topic_name
    return {
        "user_topics": [
            {
                "stream_id": channel_id,
                "topic_name": shown_topic(topic, capable),
                "last_updated": time,
                "visibility_policy": policy,
            }
            for channel_id, topic, policy, time in user_topic.of_user(moment.reader, moment.user.id)
        ]
    }


def muted_topics(moment: Moment) -> dict[str, Any]:
    return {"muted_topics": user_topic_actions.muted(moment.reader, moment.user.id)}


def muted_users(moment: Moment) -> dict[str, Any]:
    return {"muted_users": muted_user.listed(moment.reader, moment.user.id)}
