"""What belongs to a widget: the first one says what it is, each after that is what somebody did with it."""

from typing import Any, NamedTuple

WIDGET = "widget"  # the only type there is


class Submessage(NamedTuple):
    """`content`: JSON."""

    id: int
    message_id: int
    sender_id: int
    msg_type: str
    content: str

    def public(self) -> dict[str, Any]:
        return self._asdict()
