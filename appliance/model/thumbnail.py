"""The small pictures that messages show of large ones.

/user_uploads/thumbnail/<path_id>/840x560.webp
"""

from typing import Any, NamedTuple

from appliance.model import picture
from appliance.model.attachment import Attachment


class Format(NamedTuple):
    """`animated`: for animations only, one itself."""

    max_width: int
    max_height: int
    animated: bool = False

    @property
    def name(self) -> str:
        return f"{self.max_width}x{self.max_height}{'-anim' if self.animated else ''}.webp"

    def public(self) -> dict[str, Any]:
        """As POST /register lists it."""
        return {**self._asdict(), "name": self.name, "format": "webp"}


STILL, MOVING = Format(840, 560), Format(840, 560, animated=True)
FORMATS = (STILL, MOVING)
BY_NAME = {each.name: each for each in FORMATS}


def formats() -> list[dict[str, Any]]:
    """`server_thumbnail_formats`: none where nothing can make them."""
    return [each.public() for each in FORMATS] if picture.AVAILABLE else []


def of(attachment: Attachment) -> list[Format]:
    """Those that there are, or will be, of a file."""
    if attachment.width is None:
        return []
    return [each for each in FORMATS if attachment.moves or not each.animated]


def shown(attachment: Attachment) -> str:
    """The name of the one in messages; "": there is none."""
    return of(attachment)[-1].name if of(attachment) else ""
