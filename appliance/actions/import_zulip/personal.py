"""What is people's alone: statuses, mutes, topics, alert words, snippets, services, presence."""

from appliance.actions.import_zulip.row import Row
from appliance.actions.import_zulip.target import Made, Target, Values
from appliance.model import alert_word, credential
from appliance.model import reaction as reaction_model
from appliance.model import saved_snippet as snippet_model
from appliance.model import user_status as status_model
from appliance.model.bot import PLAIN, SLACK
from appliance.model.topic import Policy

MAX_URL = 2048
MAX_VALUE = 1 << 20  # characters of what a bot keeps
POLICIES = frozenset(int(each) for each in Policy if each)


def copy(target: Target) -> None:
    for source, table, make in (
        ("zerver_userstatus", "user_status", _status),
        ("zerver_muteduser", "muted_user", _muted),
        ("zerver_usertopic", "user_topic", _topic),
        ("zerver_mutedtopic", "user_topic", _topic),
        ("zerver_alertword", "alert_word", _alert_word),
        ("zerver_savedsnippet", "saved_snippet", _snippet),
        ("zerver_service", "bot_service", _service),
        ("zerver_botstoragedata", "bot_storage", _bot_data),
    ):
        target.copy(source, table, lambda row, make=make: make(target, row))  # type: ignore[misc]
    _presences(target)
    _activity(target)


def _status(target: Target, row: Row) -> Made:
    """Nothing but "away", which older servers kept, is none."""
    emoji = [row.text(name, "", 100) for name in ("emoji_name", "emoji_code", "reaction_type")]
    text = row.text("status_text", "", status_model.MAX_TEXT)
    if not text and not emoji[0]:
        return None
    if not emoji[0]:
        emoji = ["", "", ""]
    elif emoji[2] not in reaction_model.TYPES:
        raise row.wrong("reaction_type", "is not a kind of emoji")
    names = ("emoji_name", "emoji_code", "reaction_type")
    return {
        "user_id": target.person(row, "user_profile"),
        "text": text,
        **dict(zip(names, emoji, strict=True)),
    }


def _muted(target: Target, row: Row) -> Made:
    return {
        "user_id": target.person(row, "user_profile"),
        "muted_user_id": target.person(row, "muted_user"),
        "time": row.time("date_muted"),
    }


def _topic(target: Target, row: Row) -> Made:
    """Once, topics could only be muted."""
    topic = row.text("topic_name", most=1000)
    return {
        "user_id": target.person(row, "user_profile"),
        "channel_id": target.channel(row, "stream"),
        "topic": topic,
        "topic_key": topic.lower(),
        "visibility_policy": row.choice("visibility_policy", POLICIES, int(Policy.MUTED)),
        "last_updated": row.time("last_updated", row.time("date_muted", 0)),
    }


def _alert_word(target: Target, row: Row) -> Made:
    word = row.text("word", most=alert_word.MAX_LENGTH).strip()
    return {"user_id": target.person(row, "user_profile"), "word_key": word.lower(), "word": word}


def _snippet(target: Target, row: Row) -> Made:
    return {
        "id": row.id("id"),
        "user_id": target.person(row, "user_profile"),
        "title": row.text("title", most=snippet_model.MAX_TITLE),
        "content": row.text("content"),
        "created": row.time("date_created"),
    }


def _service(target: Target, row: Row) -> Made:
    return {
        "id": row.id("id"),
        "bot_id": target.person(row, "user_profile"),
        "name": row.text("name", most=100),
        "base_url": row.text("base_url", most=MAX_URL),
        "interface": row.choice("interface", frozenset({PLAIN, SLACK}), PLAIN),
        "token": credential.new_api_key(),
    }


def _bot_data(target: Target, row: Row) -> Made:
    return {
        "bot_id": target.person(row, "bot_profile"),
        "key": row.text("key", most=1000),
        "value": row.text("value", most=MAX_VALUE),
    }


def _presences(target: Target) -> None:
    """Once there was a row for each of somebody's programs."""
    newest: dict[int, tuple[Row, Values]] = {}
    for row in target.tables.rows("zerver_userpresence"):
        user_id = target.person(row, "user_profile")
        connected = row.time("last_connected_time", row.time("timestamp", 0))
        values = {
            "user_id": user_id,
            "last_active": row.maybe_time("last_active_time"),
            "last_connected": connected,
        }
        if user_id not in newest or newest[user_id][1]["last_connected"] < connected:
            newest[user_id] = row, values
    target.put("presence", newest.values())


def _activity(target: Target) -> None:
    clients = target.clients
    target.copy(
        "zerver_useractivity",
        "user_activity",
        lambda row: {
            "user_id": target.person(row, "user_profile"),
            "client": clients.get(row.id("client"), "unknown"),
            "query": row.text("query", most=200),
            "count": row.number("count"),
            "last_visit": row.time("last_visit"),
        },
    )
