"""Event queues: register, poll, delete."""

import logging
from dataclasses import replace
from typing import Annotated

import bottle

from appliance.actions import queue as queue_actions
from appliance.actions.register import register as register_queue
from appliance.actions.snapshot import Wishes
from appliance.base.errors import ApiError, BadEventQueueId
from appliance.events.descriptor import DEFAULT_QUEUE_TIMEOUT, ClientDescriptor, shared, supports_pronouns
from appliance.events.parameter import Capabilities, EventTypes, Lifespan, QueueNarrow
from appliance.events.sharding import port_of, redirect
from appliance.events.waiting import Park
from appliance.http import cors
from appliance.http.again import Headers, Serve
from appliance.http.browser import IDENTIFYING, caller
from appliance.http.endpoint import Answer, Call, delete, get, post
from appliance.model.parameter import Boolean, Text, integer, natural, optional, text

log = logging.getLogger(__name__)


def _of_caller(call: Call, asked: ClientDescriptor) -> ClientDescriptor:
    """What they `asked` for, with what is known of them. Raises ApiError for what a guest may not have."""
    if asked.all_public_streams and call.user.is_guest:
        raise ApiError("User not authorized for this query")
    client = replace(
        asked,
        is_guest=call.user.is_guest,
        pronouns_field_type_supported=supports_pronouns(call.environ.get("HTTP_USER_AGENT", "")),
    )
    return shared(client)


@post("/register", differs="`last_event_id` is always -1")
def register(
    call: Call,
    *,
    apply_markdown: Boolean = False,
    client_gravatar: Boolean = True,
    slim_presence: Boolean = False,
    presence_history_limit_days: Annotated[int | None, optional(natural)] = None,
    all_public_streams: Boolean = False,
    include_subscribers: Boolean = False,
    client_capabilities: Capabilities = {},  # noqa: B006 (never changed)
    event_types: EventTypes = None,
    fetch_event_types: EventTypes = None,
    narrow: QueueNarrow = (),
    queue_lifespan_secs: Lifespan = DEFAULT_QUEUE_TIMEOUT,
) -> Answer:
    """A new event queue and the state at its beginning."""
    asked = ClientDescriptor(
        client_type_name=call.client_name,
        event_types=event_types,
        narrow=narrow,
        all_public_streams=all_public_streams,
        apply_markdown=apply_markdown,
        client_gravatar=client_gravatar,
        slim_presence=slim_presence,
        queue_timeout=queue_lifespan_secs,
        **client_capabilities,
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
        _of_caller(call, asked),
        wishes,
        public_url=services.public_url,
        server=services.server,
        now=services.clock.now(),
    )


@get("/events", polls=True)
def events(
    call: Call,
    *,
    queue_id: Annotated[str | None, text] = None,
    last_event_id: Annotated[int | None, integer] = None,
    dont_block: Boolean = False,
    apply_markdown: Boolean = False,
    client_gravatar: Boolean = False,
    slim_presence: Boolean = False,
    all_public_streams: Boolean = False,
    client_capabilities: Capabilities = {},  # noqa: B006 (never changed)
    event_types: EventTypes = None,
    narrow: QueueNarrow = (),
    lifespan_secs: Lifespan = DEFAULT_QUEUE_TIMEOUT,
) -> Answer:
    """Long poll: wait for events. With `dont_block` and without `queue_id`, make a queue, without a snapshot:
    the parameters from `apply_markdown` on are about that.

    Without events the request is parked, and this returns nothing yet.
    """
    elsewhere = _elsewhere(call)
    if elsewhere is not None:
        return _send_on(call, elsewhere)
    if queue_id is None and dont_block:
        asked = ClientDescriptor(
            client_type_name=call.client_name,
            event_types=event_types,
            narrow=narrow,
            all_public_streams=all_public_streams,
            apply_markdown=apply_markdown,
            client_gravatar=client_gravatar,
            slim_presence=slim_presence,
            queue_timeout=lifespan_secs,
            **client_capabilities,
        )
        return {"events": [], "queue_id": _create(call, _of_caller(call, asked))}
    if queue_id is None:
        raise ApiError("Missing 'queue_id' argument")
    if last_event_id is None:
        raise ApiError("Missing 'last_event_id' argument")
    if not dont_block:
        call.environ["appliance.again"](_again(call, queue_id))
    answer = call.services.polling.poll(
        queue_id, call.user.id, last_event_id, dont_block=dont_block, park=call.environ["appliance.park"]
    )
    return answer or b""


def _again(call: Call, queue_id: str) -> Serve:
    """Serves the next polls of this queue on the same connection, with the same headers."""
    services = call.services
    credentials = {name: call.environ[name] for name in IDENTIFYING if name in call.environ}
    usual = [("Content-Type", "application/json"), *cors.headers(call.environ, services.cors_origins)]

    def serve(last_event_id: int, park: Park) -> tuple[Headers, bytes]:
        user = caller(services, credentials, notes=False)
        verdict = services.per_user_polls.spend(str(user.id))
        services.requests.add(kind="poll")
        headers = [*usual, *(verdict.headers.items() if verdict else ())]
        answer = services.polling.poll(queue_id, user.id, last_event_id, dont_block=False, park=park)
        return headers, answer or b""

    return serve


@delete("/events", polls=True)
def delete_queue(call: Call, *, queue_id: Text) -> Answer:
    """Drop a queue; who waits for it is told at once.

    What removes the queue is a notice to its shard. So at the port of another, which cannot know better,
    every id is taken.
    """
    try:
        call.services.registry.delete(queue_id, call.user.id)
    except BadEventQueueId:
        if _elsewhere(call) is None:
            raise
        log.info("user %d deletes an event queue that is unknown or not theirs", call.user.id)
    return {}


def _elsewhere(call: Call) -> int | None:
    """The port of the caller's shard, if the request came to that of another one."""
    arrived, ports = call.environ["appliance.port"], call.services.shard_ports
    if arrived not in ports:  # the main one, where all are served
        return None
    right = port_of(call.user.id, ports)
    return right if right != arrived else None


def _send_on(call: Call, port: int) -> bytes:
    """An empty answer by which the proxy in front knows whom to ask instead."""
    query = call.environ.get("QUERY_STRING", "")
    path = call.environ["PATH_INFO"] + (f"?{query}" if query else "")
    bottle.response.set_header("X-Accel-Redirect", redirect(port, path))
    return b""


def _create(call: Call, client: ClientDescriptor) -> str:
    """Counted as POST /register is, not as a poll."""
    services = call.services
    services.per_user.spend(str(call.user.id))
    return queue_actions.create(services.store, services.registry, call.user, client)
