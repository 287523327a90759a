"""What is pushed to one person, before it gets the form of a road."""

from dataclasses import dataclass
from typing import Any, Literal

TIME_TO_LIVE = 86_400  # seconds for which a push service keeps what it cannot deliver
LONGEST_TITLE = 300  # characters that services are given: a group's has all their names
MOST_REMOVED = 200  # messages that one push takes back, the newest


@dataclass(frozen=True, slots=True)
class Notification:
    """`add`: of a message; `remove`: take back what was pushed of `message_ids` (ascending, MOST_REMOVED at
    most); `test`: somebody wants to see that it works.

    `common`: the fields of the reference that all payloads of Zulip's own apps have (server, realm_id,
    user_id, …; of an `add`, sender_id, time, recipient_type and where it was said, too). `title`, `subtitle`
    and `body` are what a person sees, in their language; `link` is where it leads, a URL; `tag` what it
    belongs to: a conversation (hexadecimal digits that say nothing), so that a screen shows it together.
    """

    kind: Literal["add", "remove", "test"]
    user_id: int
    realm_uuid: str
    common: dict[str, Any]
    message_ids: tuple[int, ...] = ()
    title: str = ""
    subtitle: str = ""
    body: str = ""
    truncated: bool = False
    sender_full_name: str = ""
    sender_avatar_url: str = ""
    link: str = ""
    tag: str = ""
    language: str = "en"
