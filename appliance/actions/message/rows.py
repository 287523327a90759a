"""The rows of a new message, and what its text asks for: a widget, files, cards of pages."""

from dataclasses import dataclass

from appliance.actions.file import attachment
from appliance.actions.message import link_card, rendering
from appliance.model import widget
from appliance.model.markdown import Rendered
from appliance.model.message import Message, Person
from appliance.model.submessage import Submessage
from appliance.model.user import User
from appliance.store import message as messages
from appliance.store import submessage as submessages
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Written:
    """`widget`: JSON; None: none but what the text asks for."""

    sender: User
    content: str
    rendered: Rendered
    client: str
    widget: str | None = None


def add(
    transaction: Transaction, written: Written, recipient_id: int, topic: str, flags: dict[int, int]
) -> Message:
    """`flags`: what it is to each recipient."""
    sender, content, rendered = written.sender, written.content, written.rendered
    now = int(transaction.now())
    message_id = messages.add(
        transaction,
        sender_id=sender.id,
        recipient_id=recipient_id,
        topic=topic,
        content=content,
        rendered_content=rendered.html,
        time=now,
        client=written.client,
        holds=rendering.holds(transaction, rendered),
    )
    messages.deliver(transaction, message_id, flags)
    attachment.claim(transaction, sender, message_id, rendered.upload_paths)
    link_card.order(transaction, message_id, content, rendered, by_bot=sender.is_bot)
    return Message(
        message_id,
        Person(sender.id, sender.email, sender.full_name),
        recipient_id,
        topic,
        content,
        rendered.html,
        now,
        written.client,
        submessages=_widget(transaction, message_id, written),
        topic_links=messages.topic_links(transaction, [topic])[topic],
    )


def _widget(transaction: Transaction, message_id: int, written: Written) -> tuple[Submessage, ...]:
    found = written.widget or widget.of_text(written.content)
    return (submessages.add(transaction, message_id, written.sender.id, found),) if found else ()
