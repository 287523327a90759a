"""Pictures that everybody may see, at addresses of their own: of people, of the organization, of emoji.

    /user_avatars/1/5f0c….png?version=2          a person's, 1/5f0c…-medium.png the larger one
    /user_avatars/1/realm/9a3d….png              the organization's icon and logos
    /user_avatars/1/emoji/images/77b1….png       an emoji; …/still/… the first picture of one that moves

A new picture has a new address, so that everybody may keep it for ever.
"""

import re
import secrets

from appliance.model.attachment import REALM_ID

ROUTE = "/user_avatars"
PATH = re.compile(
    r"[0-9]{1,10}/(?:realm/|emoji/images/(?:still/)?)?[A-Za-z0-9_-]{1,64}\.(?:png|gif|jpg|jpeg|webp)"
)


def new_path(folder: str, ending: str) -> str:
    """`folder`: below the organization's: "", "realm/", "emoji/images/"."""
    return f"{REALM_ID}/{folder}{secrets.token_hex(16)}.{ending}"


def medium(path: str) -> str:
    """Of a person's picture, the larger one."""
    stem, dot, ending = path.rpartition(".")
    return f"{stem}-medium{dot}{ending}"
