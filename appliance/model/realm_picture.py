"""The organization's icon and its two logos: for light screens, and for dark ones."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from appliance.model.public_picture import ROUTE

DEFAULT_PATH = "/static/icon.png"
MAX_MIB = 5


class Place(NamedTuple):
    """`unset`: the `source` of one that nobody has set; `width`, `height`: pixels at the most."""

    name: str
    unset: str
    width: int
    height: int


ICON, LOGO, NIGHT_LOGO = (
    Place("icon", "U", 100, 100),
    Place("logo", "D", 800, 100),
    Place("night_logo", "D", 800, 100),
)
PLACES = (ICON, LOGO, NIGHT_LOGO)


def key(place: Place) -> str:
    """Where its file is kept among the settings of the organization."""
    return f"{place.name}_file"


def fields(settings: Mapping[str, Any], place: Place, public_url: str) -> dict[str, str]:
    """As events tell it; `public_url` has no "/" at its end."""
    path = settings.get(key(place))
    return {
        f"{place.name}_source": "U" if path else place.unset,
        f"{place.name}_url": public_url + (f"{ROUTE}/{path}" if path else DEFAULT_PATH),
    }


def section(settings: Mapping[str, Any], public_url: str) -> dict[str, str]:
    """What POST /register says of them."""
    shown = [fields(settings, each, public_url) for each in PLACES]
    return {f"realm_{name}": value for each in shown for name, value in each.items()}
