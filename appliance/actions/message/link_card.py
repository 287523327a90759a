"""Cards of the pages that messages link to: ordered with the message, shown once the pages were asked."""

from collections.abc import Callable, Mapping

from appliance.actions.message import rendering
from appliance.model.markdown import Card, Rendered
from appliance.store import realm as realms
from appliance.store.store import Store
from appliance.store.transaction import Transaction

QUEUE = "embed_links"
SETTING = "inline_url_embed_preview"


def order(
    transaction: Transaction, message_id: int, content: str, rendered: Rendered, *, by_bot: bool
) -> None:
    """What bots write has none."""
    if not rendered.preview_urls or by_bot or not realms.get(transaction).setting(SETTING):
        return
    urls = list(rendered.preview_urls)
    transaction.job(QUEUE, {"message_id": message_id, "message_content": content, "urls": urls})


def show(
    store: Store,
    message_id: int,
    content: str,
    cards: Mapping[str, Card],
    acknowledge: Callable[[Transaction], bool],
) -> None:
    """In a message that has still the same text; another one has ordered its own."""
    found = rendering.again(store, message_id, cards)

    def write(transaction: Transaction) -> None:
        if acknowledge(transaction) and found is not None and found[0].content == content:
            rendering.show(transaction, *found)

    store.write(write)
