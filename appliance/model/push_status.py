"""Whether apps get pushes of Zulip's kind; what the push service says of that."""

from dataclasses import dataclass
from typing import Any

# Kept among the settings of the organization, though nobody sets them (actions/realm/push_service.py).
ENABLED, UNTIL = "push_notifications_enabled", "push_notifications_enabled_end_timestamp"


@dataclass(frozen=True, slots=True)
class PushStatus:
    """Whether apps of Zulip's kind get pushes, and until when that is so (Unix seconds; None: no end)."""

    enabled: bool
    until: int | None

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "PushStatus":
        """Those of the organization."""
        return cls(settings.get(ENABLED, False), settings.get(UNTIL))


def parse(found: object) -> PushStatus | None:
    """Of the form in which the push service says it; None: it says nothing that could be understood."""
    if not isinstance(found, dict) or not isinstance(found.get("can_push"), bool):
        return None
    until = found.get("expected_end_timestamp")
    return PushStatus(found["can_push"], until if isinstance(until, int) else None)
