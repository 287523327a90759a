"""Messages that one has begun to write."""

from typing import Annotated

from appliance.actions.personal import draft as actions
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.model import draft as model
from appliance.model.draft import Draft
from appliance.model.parameter import json, json_list


def _one(name: str, given: str) -> Draft:
    return model.parse(name, json(name, given))


def _several(name: str, given: str) -> list[Draft]:
    return [model.parse(f"{name}[{position}]", each) for position, each in enumerate(json_list(name, given))]


@get("/drafts")
def listed(call: Call) -> Answer:
    """The messages that one has begun to write."""
    actions.check_kept(call.user)
    with call.services.store.read() as reader:
        drafts = actions.listed(reader, call.user.id)
    return {"count": len(drafts), "drafts": drafts}


@post("/drafts", tells="drafts/add")
def add(call: Call, *, drafts: Annotated[list[Draft], _several]) -> Answer:
    """More of them; up to 1000."""
    actions.check_kept(call.user)
    return {"ids": actions.add(call.services.store, call.user, drafts)}


@patch("/drafts/<draft_id:int>", tells="drafts/update")
def change(call: Call, *, draft_id: int, draft: Annotated[Draft, _one]) -> Answer:
    """Another text or place."""
    actions.check_kept(call.user)
    actions.change(call.services.store, call.user, draft_id, draft)
    return {}


@delete("/drafts/<draft_id:int>", tells="drafts/remove")
def remove(call: Call, *, draft_id: int) -> Answer:
    """One less."""
    actions.check_kept(call.user)
    actions.remove(call.services.store, call.user, draft_id)
    return {}
