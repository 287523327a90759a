"""Why somebody is told of a message, as a sentence."""

from collections.abc import Collection

from appliance.notify.language import Language, msgid

# Instead of "mentioned", for who was so only as one of a group.
GROUP_MENTIONED = "user_group_mentioned"
UNNAMED = msgid("A group that you are in was mentioned.")

# The first that applies is told; of a direct message nobody needs to be told why it came.
REASONS = {
    "mentioned": msgid("You were mentioned."),
    GROUP_MENTIONED: msgid("@{group} was mentioned, a group that you are in."),
    "topic_wildcard_mentioned_in_followed_topic": msgid(
        "Everyone in the topic was mentioned, and you follow it."
    ),
    "stream_wildcard_mentioned_in_followed_topic": msgid(
        "Everyone in the channel was mentioned, in a topic that you follow."
    ),
    "topic_wildcard_mentioned": msgid("Everyone in the topic was mentioned."),
    "stream_wildcard_mentioned": msgid("Everyone in the channel was mentioned."),
    "followed_topic_email_notify": msgid("You follow the topic."),
    "stream_email_notify": msgid("You have chosen to get mails of the channel."),
}


def trigger(raised: str, mentioned_user_group_id: int | None) -> str:
    """Of REASONS, for a trigger as jobs have it."""
    return raised if mentioned_user_group_id is None else GROUP_MENTIONED


def reason(triggers: Collection[str], group: str, language: Language) -> str:
    """Empty if there is none. `group`: the name of the one that was mentioned; empty if it is not to be told,
    or gone."""
    found = next((name for name in REASONS if name in triggers), None)
    if found is None:
        return ""
    if found == GROUP_MENTIONED and not group:
        return language.say(UNNAMED)
    return language.say(REASONS[found], group=group)
