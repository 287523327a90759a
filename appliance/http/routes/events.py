"""Event queues: register, poll, delete."""

from typing import Annotated, Any

from appliance.actions.register import register as register_queue
from appliance.actions.snapshot import Wishes
from appliance.base.errors import ApiError
from appliance.events.descriptor import ClientDescriptor, queue_timeout
from appliance.http.endpoint import Answer, Call, delete, get, post
from appliance.model.narrow import event_predicate
from appliance.model.parameter import (
    Alias,
    Boolean,
    JsonObject,
    Text,
    integer,
    json_list,
    natural,
    optional,
    strings,
    text,
    word,
)

CAPABILITIES = frozenset(
    {
        "archived_channels",
        "bulk_message_deletion",
        "empty_topic_name",
        "include_deactivated_groups",
        "linkifier_url_template",
        "notification_settings_null",
        "stream_typing_notifications",
        "user_avatar_url_field_optional",
        "user_list_incomplete",
        "user_settings_object",
    }
)


def _lifespan(name: str, given: str) -> int | str:
    """Seconds, or the word mobile."""
    return "mobile" if word(name, given) == "mobile" else natural(name, given)


Types = Annotated[list[str] | None, optional(strings)]


@post("/register")
def register(
    call: Call,
    *,
    apply_markdown: Boolean = False,
    client_gravatar: Boolean = True,
    slim_presence: Boolean = False,
    presence_history_limit_days: Annotated[int | None, optional(natural)] = None,
    all_public_streams: Boolean = False,
    include_subscribers: Boolean = False,
    client_capabilities: JsonObject = {},  # noqa: B006 (never changed)
    event_types: Types = None,
    fetch_event_types: Types = None,
    narrow: Annotated[list[Any], json_list] = [],  # noqa: B006
    queue_lifespan_secs: Annotated[int | str, _lifespan, Alias("idle_queue_timeout")] = 0,
) -> Answer:
    if all_public_streams and call.user.is_guest:
        raise ApiError("User not authorized for this query")
    client = ClientDescriptor(
        client_type_name=call.client_name,
        event_types=None if event_types is None else tuple(event_types),
        narrow=_pairs(narrow),
        all_public_streams=all_public_streams,
        is_guest=call.user.is_guest,
        apply_markdown=apply_markdown,
        client_gravatar=client_gravatar,
        slim_presence=slim_presence,
        queue_timeout=queue_timeout(queue_lifespan_secs),
        **_capabilities(client_capabilities),
    )
    fetched = event_types if fetch_event_types is None else fetch_event_types
    wishes = Wishes(
        None if fetched is None else frozenset(fetched), include_subscribers, presence_history_limit_days
    )
    services = call.services
    return register_queue(
        services.store,
        services.registry,
        call.user,
        client,
        wishes,
        public_url=services.public_url,
        server=services.server,
        now=services.clock.now(),
    )


def _pairs(narrow: list[Any]) -> tuple[tuple[str, str], ...]:
    """Raises ApiError for what an event queue cannot be narrowed to."""
    for position, term in enumerate(narrow):
        if not isinstance(term, list) or len(term) != 2 or not all(isinstance(each, str) for each in term):
            raise ApiError(f"narrow[{position}] is not a string pair")
    event_predicate(narrow)
    return tuple((operator, operand) for operator, operand in narrow)


def _capabilities(given: dict[str, Any]) -> dict[str, bool]:
    """Unknown ones are those of newer clients: left out."""
    known = {name: value for name, value in given.items() if name in CAPABILITIES}
    for name, value in known.items():
        if not isinstance(value, bool):
            raise ApiError(f'client_capabilities["{name}"] is not a boolean')
    return known


@get("/events", polls=True)
def events(
    call: Call,
    *,
    queue_id: Annotated[str | None, text] = None,
    last_event_id: Annotated[int | None, integer] = None,
    dont_block: Boolean = False,
) -> Answer:
    """Long poll: without events the request is parked, and this returns nothing yet."""
    if queue_id is None:
        raise ApiError("Missing 'queue_id' argument")
    if last_event_id is None:
        raise ApiError("Missing 'last_event_id' argument")
    answer = call.services.polling.poll(
        queue_id, call.user.id, last_event_id, dont_block=dont_block, park=call.environ["appliance.park"]
    )
    return answer or b""


@delete("/events", polls=True)
def delete_queue(call: Call, *, queue_id: Text) -> Answer:
    call.services.registry.delete(queue_id, call.user.id)
    return {}
