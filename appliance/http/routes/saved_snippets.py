"""Texts that one keeps to use them again."""

from typing import Annotated

from appliance.actions import saved_snippet as actions
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.model.parameter import Text, text

MaybeText = Annotated[str | None, text]


@get("/saved_snippets")
def listed(call: Call) -> Answer:
    with call.services.store.read() as reader:
        return {"saved_snippets": actions.listed(reader, call.user.id)}


@post("/saved_snippets")
def add(call: Call, *, title: Text, content: Text) -> Answer:
    return {"saved_snippet_id": actions.add(call.services.store, call.user, title, content)}


@patch("/saved_snippets/<saved_snippet_id:int>")
def change(
    call: Call, *, saved_snippet_id: int, title: MaybeText = None, content: MaybeText = None
) -> Answer:
    actions.change(call.services.store, call.user, saved_snippet_id, title, content)
    return {}


@delete("/saved_snippets/<saved_snippet_id:int>")
def remove(call: Call, *, saved_snippet_id: int) -> Answer:
    actions.remove(call.services.store, call.user, saved_snippet_id)
    return {}
