"""Which queue gets which form of a notice's event: a processor for each type.

An event that several queues get in the same form is serialised once. Called with the lock of `Queues` held.
"""

from collections.abc import Callable, Iterator

from appliance.events.processors import forms
from appliance.events.processors.message import process_message
from appliance.events.processors.variants import Delivery, Form, Variants
from appliance.events.queues import Queues
from appliance.store.transaction import Notice

__all__ = ["PROCESSORS", "Delivery", "deliveries"]

Processor = Callable[[Notice, Queues], Iterator[Delivery]]

# Events of other types are the same for every client that accepts them.
PROCESSORS: dict[str, Processor] = {
    "custom_profile_fields": Variants(Form("pronouns_field_type_supported", False, forms.pronouns_as_text)),
    "delete_message": Variants(
        Form("empty_topic_name", False, forms.naming("topic")),
        Form("bulk_message_deletion", False, forms.one_by_one),
    ),
    "message": process_message,
    "presence": Variants(
        Form("simplified_presence_events", True, forms.simplified_presence),
        Form("simplified_presence_events", False, forms.without("presences")),
        Form("slim_presence", True, forms.without("email")),
    ),
    "stream": Variants(Form("archived_channels", False, forms.without_archived("create", "streams"))),
    "subscription": Variants(
        Form("archived_channels", False, forms.without_archived("add", "subscriptions"))
    ),
    "typing": Variants(Form("empty_topic_name", False, forms.naming("topic"))),
    "typing_edit_message": Variants(Form("empty_topic_name", False, forms.naming_in_recipient)),
    "update_message": Variants(
        Form(None, True, forms.with_one_wildcard),
        Form("empty_topic_name", False, forms.naming("orig_subject", "subject")),
    ),
    "update_message_flags": Variants(Form("empty_topic_name", False, forms.naming_in_details)),
    "user_topic": Variants(Form("empty_topic_name", False, forms.naming("topic_name"))),
}
SAME_FOR_ALL = Variants()


def deliveries(notice: Notice, queues: Queues) -> Iterator[Delivery]:
    """What `notice` puts into which queue, leaving out those whose snapshot has it already."""
    process = PROCESSORS.get(notice.event["type"], SAME_FOR_ALL)
    return ((queue, event) for queue, event in process(notice, queues) if queue.born < notice.id)
