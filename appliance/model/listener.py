"""Somebody to whom a message goes, with all that decides whether they are told of it elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from appliance.model.setting import USER_SETTINGS
from appliance.model.topic import Policy


@dataclass(frozen=True, slots=True)
class Listener:
    """`settings`: what differs from the defaults. Of a channel also: whether it is muted, `own` what is set
    for it alone (None: as the person's setting says), and what the topic is to them."""

    user_id: int
    is_bot: bool
    settings: Mapping[str, Any]
    channel_muted: bool = False
    own: Mapping[str, int | None] = field(default_factory=dict)
    policy: int = Policy.INHERIT

    def setting(self, name: str) -> Any:
        return self.settings.get(name, USER_SETTINGS[name].default)

    def hears(self, own: str, general: str) -> bool:
        """Of messages of the channel, by its own setting or else the general one, and not where it is muted.
        A topic that is followed in a muted channel is muted: only unmuting lifts that."""
        if self.policy == Policy.MUTED or (self.channel_muted and self.policy != Policy.UNMUTED):
            return False
        chosen = self.own.get(own)
        return bool(self.setting(general) if chosen is None else chosen)

    def follows(self, general: str) -> bool:
        """Of messages of topics that they follow, muted channel or not."""
        return self.policy == Policy.FOLLOWED and bool(self.setting(general))
