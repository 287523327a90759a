"""Texts that one keeps to use them again."""

from typing import Annotated

from appliance.actions.personal import saved_snippet as actions
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.model.parameter import Text, text

MaybeText = Annotated[str | None, text]


@get("/saved_snippets")
def listed(call: Call) -> Answer:
    """The texts that one keeps, up to 500."""
    with call.services.store.read() as reader:
        return {"saved_snippets": actions.listed(reader, call.user.id)}


@post("/saved_snippets", tells="saved_snippets/add")
def add(call: Call, *, title: Text, content: Text) -> Answer:
    """One more."""
    return {"saved_snippet_id": actions.add(call.services.store, call.user, title, content)}


@patch(
    "/saved_snippets/<saved_snippet_id:int>", tells="saved_snippets/update", differs="not described there"
)
def change(
    call: Call, *, saved_snippet_id: int, title: MaybeText = None, content: MaybeText = None
) -> Answer:
    """Another title or text."""
    actions.change(call.services.store, call.user, saved_snippet_id, title, content)
    return {}


@delete("/saved_snippets/<saved_snippet_id:int>", tells="saved_snippets/remove")
def remove(call: Call, *, saved_snippet_id: int) -> Answer:
    """One less."""
    actions.remove(call.services.store, call.user, saved_snippet_id)
    return {}
