"""Each thing that events and jobs were asked to be able to do is proved by a test that names its number.

A test names what it proves in a comment on its line, or the line above: `# checklist 171`, or several numbers
with commas; after a colon or a full stop there may be words.
"""

import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
NAMED = re.compile(r"# checklist (\d+(?:, \d+)*)(?:$|[:.] )")

# Not here, since what does them is not there yet: 30, 51 (push notifications), 31, 64 (outgoing webhooks),
# 36 (a worker that writes down who is active) and 101 (exports).
ROWS = {
    1: "component: events hub: defines event kinds, registers queues, dispatches",
    2: "component: event-queue manager for long-polling clients",
    3: "component: bridge from business logic to event queues (django_api role)",
    4: "component: generic queuing library",
    5: "component: worker base (DB connections, per-request cache, error handling)",
    10: "flow: events are handed to the bridge",
    11: "flow: bridge sends events to event queues",
    12: "flow: bridge enqueues asynchronous tasks",
    13: "flow: event queue manager uses the queue library",
    14: "flow: queue library feeds the two missed-message workers",
    19: "feature: live updates to web, desktop, mobile clients",
    24: "component: RabbitMQ-like durable message queuing, producer–consumer",
    25: "component: web application publishes; workers process, call external services, ack after that",
    26: "component: QueueProcessingWorker abstract base",
    27: "component: LoopQueueProcessingWorker for batches with sleep delay",
    28: "component: email workers (immediate and batched)",
    29: "component: missed message workers with intelligent batching",
    32: "reliability: timeout protection, configurable",
    33: "reliability: error recovery: failed tasks logged and can be retried",
    34: "reliability: health monitoring, statistics and health checks",
    35: "reliability: graceful shutdown, cleanup, signals SIGTERM/SIGINT",
    37: "performance: prefetch control",
    38: "performance: memory management: connections and caches cleaned",
    39: "performance: statistics collection",
    40: "scalability: multi-threading: threaded mode",
    41: "scalability: queue sharding",
    42: "scalability: dynamic worker registration",
    43: "config: queue-specific settings",
    44: "config: timeout configurations",
    45: "config: batch sizes and processing delays",
    46: "config: error handling policies",
    47: "config: statistics collection intervals",
    48: "integration: message system integration",
    49: "integration: user management: notification preferences",
    50: "integration: email system integration",
    52: "monitoring: JSON statistics files on disk",
    53: "monitoring: Sentry-like error tracking and performance monitoring",
    54: "monitoring: detailed logging of activities and errors",
    55: "monitoring: health checks: queue size and worker status",
    56: "errors: exception isolation between events",
    57: "errors: configurable retry for transient failures",
    58: "errors: failed events logged for manual inspection",
    59: "errors: circuit breakers against cascading failures",
    60: "deployment: workers as separate processes",
    61: "deployment: configurable resource limits and timeouts",
    62: "deployment: connection management and cleanup",
    63: "deployment: signal handling",
    65: "flow: client → queue → worker → service → response → acknowledge",
    66: "docs: related documents per worker",
    91: "worker: email_senders immediate sender",
    92: "component: shared email sending base (batch loop)",
    93: "error: retry on DNS error, timeout, not-delivered",
    94: "error: after max retries log event and exception class",
    95: "behaviour: event deep-copied; failed_tries not passed to sender",
    96: "behaviour: legacy format changes handled (to_email, to_user_id)",
    97: "behaviour: realm_id translated to realm; null allowed",
    98: "behaviour: connection kept open, checked, reopened",
    99: "behaviour: stop closes connection first",
    100: "behaviour: constructor arguments threaded, disable_timeout, worker_num on every worker",
    115: "worker: missedmessage_emails with background thread",
    116: "config: poll period 5 s (CHECK_FREQUENCY_SECONDS)",
    117: "behaviour: reuse of existing pending due time per user",
    118: "config: per-user batching period",
    119: "behaviour: row stores user, message, trigger, due time, mentioned group",
    120: "error: insert fails (message gone) → skip with debug log",
    121: "behaviour: condition variable with has_timeout avoids lost wake-up",
    122: "behaviour: staging mode: does nothing",
    123: "error: loop exception → log, back-off 1→30 s doubling, reset on success",
    124: "behaviour: due rows grouped per recipient in one transaction",
    125: "error: failure for one user does not affect others; rows removed",
    126: "tracing: spans for wait and per-user sending",
    138: "attribute: user_profile_id",
    139: "attribute: realm_id",
    140: "attribute: event_queue",
    141: "attribute: event_types filter",
    142: "attribute: narrow",
    143: "attribute: compiled narrow predicate",
    144: "attribute: current_handler_id",
    145: "attribute: queue_timeout",
    146: "capability: apply_markdown",
    147: "capability: client_gravatar",
    148: "capability: slim_presence",
    149: "capability: all_public_streams",
    150: "capability: bulk_message_deletion",
    151: "capability: stream_typing_notifications",
    152: "capability: user_settings_object",
    153: "capability: pronouns_field_type_supported",
    154: "capability: linkifier_url_template",
    155: "capability: user_list_incomplete",
    156: "capability: include_deactivated_groups",
    157: "capability: archived_channels",
    158: "capability: empty_topic_name",
    159: "capability: simplified_presence_events",
    160: "responsibility: event queue management",
    161: "responsibility: connection state tracking",
    162: "responsibility: event filtering",
    163: "responsibility: capability negotiation",
    164: "responsibility: lifecycle: connect, disconnect, cleanup",
    165: "structure: queue (deque of events)",
    166: "structure: next_event_id",
    167: "structure: newest_pruned_id",
    168: "structure: virtual_events map",
    169: "structure: id",
    170: "feature: event storage with sequential ids",
    171: "feature: virtual events compression",
    172: "feature: remove-read is not compressed",
    173: "feature: virtual event resolution on read",
    174: "feature: event pruning by last_event_id",
    175: "feature: serialisation across restart",
    176: "feature: ops of flag events: add/remove, flag, messages, all",
    177: "api: accepts_event / fetch_events / process_notification",
    178: "flow: source → queue → process_notification → route by type",
    179: "processor: message: recipients → notifications → payload per client → deliver",
    180: "processor: recipient discovery (get_client_info_for_message_event)",
    181: "processor: notification data from id sets",
    182: "processor: client-specific payload cached",
    183: "processor: generic event",
    184: "processor: presence (legacy, slim, modern)",
    185: "processor: update_message (content and topic)",
    186: "processor: delete_message (bulk and single)",
    187: "processor: user_group with deactivated filter",
    188: "processor: stream with archived filter",
    189: "filter: event type filter",
    190: "filter: message narrow filter",
    191: "filter: legacy settings events suppressed",
    192: "optimisation: several events in one response",
    193: "optimisation: response carries queue_id",
    194: "optimisation: server-side filtering saves traffic",
    195: "state: disconnected → connected on connect_handler",
    196: "state: connected → waiting when queue empty",
    197: "state: connected → ready when events are available",
    198: "state: waiting → ready on new event",
    199: "state: ready → delivering → disconnected (finish_current_handler)",
    200: "state: disconnect_handler on client close",
    201: "state: cleanup",
    202: "component: global handler table, allocate_handler_id, clear_handler_by_id",
    203: "behaviour: second poll supersedes the first",
    204: "behaviour: heartbeat",
    205: "sharding: user → port mapping",
    206: "sharding: wrong shard → X-Accel-Redirect /internal/tornado/<port><path>",
    207: "sharding: cross-shard notice distribution",
    208: "memory: periodic garbage collection",
    209: "memory: event pruning",
    210: "memory: virtual event consolidation",
    211: "memory: handler cleanup",
    212: "error: access_client_descriptor: unknown or foreign queue",
    213: "error: event id validation: pruned / unknown id",
    214: "error: handler failure cleanup",
    215: "error: failed notice retried ≤3 then logged",
    216: "persistence: dump_event_queues(port) to file",
    217: "persistence: load at start, file renamed to .last",
    218: "persistence: from_dict migrations (client_type → client_type_name, missing keys)",
    219: "persistence: restart and web_reload_client events",
    220: "persistence: corrupt file",
    221: "metric: event processing time per type",
    222: "metric: queue creation/destruction rates",
    223: "metric: handler lifecycle statistics",
    224: "metric: memory usage patterns",
    225: "log: queue operations",
    226: "log: event processing",
    227: "log: handler lifecycle",
    228: "log: performance metrics",
    278: "lib: message cache / finalize payload",
    279: "lib: missed-message hook on last queue collection",
}


def numbers(path: Path) -> Iterator[int]:
    """Those that the file's comments name."""
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            found = NAMED.search(token.string) if token.type == tokenize.COMMENT else None
            yield from map(int, found[1].split(", ")) if found else ()


@pytest.fixture(scope="module")
def named() -> set[int]:
    return {number for path in TESTS.rglob("*.py") for number in numbers(path)}


@pytest.mark.parametrize("row", ROWS.items(), ids=lambda row: str(row[0]))
def test_a_test_names_it(named: set[int], row: tuple[int, str]) -> None:
    number, item = row
    assert number in named, f"no test names {number}, {item}"


def test_comments_that_look_like_it_are_read() -> None:
    """One that is written otherwise would count for nothing."""
    odd = [
        f"{path.relative_to(TESTS)}: {token.string}"
        for path in TESTS.rglob("*.py")
        for token in tokenize.generate_tokens(path.open(encoding="utf-8").readline)
        if token.type == tokenize.COMMENT and "checklist" in token.string and not NAMED.search(token.string)
    ]
    assert odd == []
