"""The five kinds of channels, by who may come in and what newcomers may read.

Privacy(invite_only=True, history_public_to_subscribers=False, is_web_public=False).title
-> "private, protected history"
"""

from typing import NamedTuple

from appliance.base.errors import ApiError


class Privacy(NamedTuple):
    """As the three fields of a channel say it."""

    invite_only: bool
    history_public_to_subscribers: bool
    is_web_public: bool

    @property
    def title(self) -> str:
        return _TITLES[self]


WEB_PUBLIC = Privacy(False, True, True)
PUBLIC = Privacy(False, True, False)
PRIVATE = Privacy(True, True, False)
PROTECTED = Privacy(True, False, False)
# Of imported organizations only; nobody can choose it.
PUBLIC_PROTECTED = Privacy(False, False, False)

CHOICES = (WEB_PUBLIC, PUBLIC, PRIVATE, PROTECTED)
_TITLES = {
    WEB_PUBLIC: "web-public",
    PUBLIC: "public",
    PRIVATE: "private, shared history",
    PROTECTED: "private, protected history",
    PUBLIC_PROTECTED: "public, protected history",
}
# The permission of the organization that one needs to make a channel of the kind, or one into it.
MAKING = {
    WEB_PUBLIC: "can_create_web_public_channel_group",
    PUBLIC: "can_create_public_channel_group",
    PRIVATE: "can_create_private_channel_group",
    PROTECTED: "can_create_private_channel_group",
}


def chosen(
    now: Privacy,
    *,
    invite_only: bool | None = None,
    history_public: bool | None = None,
    web_public: bool | None = None,
) -> Privacy:
    """What `now` becomes by a request, in which None is what was not said. Raises ApiError for a combination
    that there is not.

    What was not said follows from what was: web-public is not private, what becomes private keeps its
    history from newcomers, what becomes public does not.
    """
    private = invite_only if invite_only is not None else now.invite_only and not web_public
    on_the_web = web_public if web_public is not None else now.is_web_public and not private
    turned = private != now.invite_only
    history = history_public if history_public is not None else _history(now, private, turned)
    found = Privacy(private, history, on_the_web)
    if found not in CHOICES and found != now:
        raise ApiError("Invalid parameters")
    return found


def _history(now: Privacy, private: bool, turned: bool) -> bool:
    return not private if turned else now.history_public_to_subscribers
