"""Messages that are there: editing, moving, deleting, what is known of them."""

import html
from typing import Annotated

from appliance.actions import delete as deletion
from appliance.actions import edit as editing
from appliance.actions import message_history, move, search
from appliance.actions.directory import FileDirectory
from appliance.actions.edit import Wish
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.model import markdown
from appliance.model import message as message_model
from appliance.model import narrow as narrows
from appliance.model.parameter import Alias, Boolean, Integers, Json, Text, integer, one_of, text


@patch("/messages/<message_id:int>")
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
    wish = Wish(content, topic, stream_id, propagate_mode)
    editing.edit(call.services.store, call.user, message_id, wish)
    return {"detached_uploads": []}


@delete("/messages/<message_id:int>")
def remove(call: Call, *, message_id: int) -> Answer:
    deletion.delete(call.services.store, call.user, message_id)
    return {}


@post("/streams/<channel_id:int>/delete_topic")
def delete_topic(call: Call, *, channel_id: int, topic_name: Text) -> Answer:
    done = deletion.delete_topic(call.services.store, call.user, channel_id, topic_name)
    return {"complete": done}


@get("/messages/<message_id:int>/history")
def changes(call: Call, *, message_id: int, allow_empty_topic_name: Boolean = False) -> Answer:
    found = message_history.changes(
        call.services.store, call.user, message_id, empty_topic_name=allow_empty_topic_name
    )
    return {"message_history": found}


@get("/messages/<message_id:int>/read_receipts")
def read_receipts(call: Call, *, message_id: int) -> Answer:
    return {"user_ids": message_history.read_by(call.services.store, call.user, message_id)}


@post("/messages/render")
def render(call: Call, *, content: Text) -> Answer:
    checked = message_model.check_content(content)
    with call.services.store.read() as reader:
        return {"rendered": markdown.render(checked, FileDirectory(reader, call.user)).html}


@get("/messages/matches_narrow")
def matches_narrow(call: Call, *, msg_ids: Integers, narrow: Json) -> Answer:
    found = search.matching(call.services.store, call.user, narrows.parse(narrow), msg_ids)
    return {
        "messages": {
            str(each.message.id): {
                "match_content": each.message.rendered_content,
                "match_subject": html.escape(each.message.topic),
            }
            for each in found
        }
    }
