"""People."""

from typing import Annotated

from appliance.actions import user as user_actions
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, get, post
from appliance.model import permission
from appliance.model import user as user_model
from appliance.model.parameter import Text, text
from appliance.model.user import Role, User
from appliance.store import message as messages
from appliance.store import user as users


@get("/users")
def everyone(call: Call) -> Answer:
    with call.services.store.read() as reader:
        return {"members": [user_model.public(each) for each in users.everyone(reader)]}


@get("/users/me")
def me(call: Call) -> Answer:
    with call.services.store.read() as reader:
        newest = messages.newest_id(reader, call.user.id)
    return {**user_model.public(call.user), "max_message_id": newest}


@get("/users/<user_id:int>")
def one(call: Call, *, user_id: int) -> Answer:
    with call.services.store.read() as reader:
        return _shown(users.with_id(reader, user_id))


@get("/users/<email:re:[^/]+@[^/]+>")
def one_by_email(call: Call, *, email: str) -> Answer:
    with call.services.store.read() as reader:
        return _shown(users.with_email(reader, email))


def _shown(user: User | None) -> Answer:
    if user is None:
        raise ApiError("No such user")
    return {"user": user_model.public(user)}


@post("/users")
def create(
    call: Call, *, email: Text, full_name: Text, password: Annotated[str | None, text] = None
) -> Answer:
    permission.check_admin(call.user)
    created = user_actions.create(
        call.services.store, email=email, full_name=full_name, role=Role.MEMBER, password=password
    )
    return {"user_id": created.id}
