"""Messages that are there: editing, moving, deleting, what is known of them."""

from typing import Annotated

from appliance.actions.message import delete as deletion
from appliance.actions.message import edit as editing
from appliance.actions.message import history as message_history
from appliance.actions.message import move
from appliance.actions.message.directory import FileDirectory
from appliance.actions.message.edit import Wish
from appliance.actions.message.move_notice import Told
from appliance.actions.search import page as search
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.model import markdown
from appliance.model import message as message_model
from appliance.model import narrow as narrows
from appliance.model.parameter import Alias, Boolean, Integers, Json, Text, integer, one_of, text


@patch(
    "/messages/<message_id:int>",
    who="as the organization's permissions and time limits say",
    tells="update_message message delete_message user_topic",
    differs="who could not read the messages where they were is not told where that was",
)
def edit(
    call: Call,
    *,
    message_id: int,
    content: Annotated[str | None, text] = None,
    topic: Annotated[str | None, text, Alias("subject")] = None,
    stream_id: Annotated[int | None, integer] = None,
    propagate_mode: Annotated[str, one_of(*move.MODES)] = move.ONE,
    send_notification_to_old_thread: Boolean = False,
    send_notification_to_new_thread: Boolean = True,
) -> Answer:
    """Change the `content`, or move to another `topic` or channel (`stream_id`): alone, with those after
    it, or with the whole topic (`propagate_mode`)."""
    told = Told(send_notification_to_old_thread, send_notification_to_new_thread)
    wish = Wish(content, topic, stream_id, propagate_mode, told)
    return {"detached_uploads": editing.edit(call.services.store, call.user, message_id, wish)}


@delete(
    "/messages/<message_id:int>",
    who="as the organization's permissions and time limits say",
    tells="delete_message",
)
def remove(call: Call, *, message_id: int) -> Answer:
    """Delete a message."""
    deletion.delete(call.services.store, call.user, message_id)
    return {}


@post("/streams/<channel_id:int>/delete_topic", who="admins", tells="delete_message")
def delete_topic(call: Call, *, channel_id: int, topic_name: Text) -> Answer:
    """Delete a topic; `complete` false: call it again."""
    done = deletion.delete_topic(call.services.store, call.user, channel_id, topic_name)
    return {"complete": done}


@get(
    "/messages/<message_id:int>/history",
    differs="`content_html_diff` is not in it, nor what was before in a channel that one may not read",
)
def changes(call: Call, *, message_id: int, allow_empty_topic_name: Boolean = False) -> Answer:
    """Its versions."""
    found = message_history.changes(
        call.services.store, call.user, message_id, empty_topic_name=allow_empty_topic_name
    )
    return {"message_history": found}


@get("/messages/<message_id:int>/read_receipts")
def read_receipts(call: Call, *, message_id: int) -> Answer:
    """Who has read it."""
    return {"user_ids": message_history.read_by(call.services.store, call.user, message_id)}


@post("/messages/render")
def render(call: Call, *, content: Text) -> Answer:
    """What a text would look like."""
    checked = message_model.check_content(content)
    with call.services.store.read() as reader:
        return {"rendered": markdown.render(checked, FileDirectory(reader, call.user)).html}


@get("/messages/matches_narrow")
def matches_narrow(
    call: Call, *, msg_ids: Integers, narrow: Json, allow_empty_topic_name: Boolean = False
) -> Answer:
    """Which of `msg_ids` are in a narrow, with the words found marked."""
    shape = message_model.Shape(True, allow_empty_topic_name)
    return {
        "messages": search.matching(call.services.store, call.user, narrows.parse(narrow), msg_ids, shape)
    }
