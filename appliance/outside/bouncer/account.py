"""Who this server is at the push service: an id and a key, from the configuration or the data folder.

DATA/bouncer.secret has two lines, the id (a UUID) and the key. `appliance push register` makes it.
"""

import secrets
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from appliance.base import files
from appliance.base.config import Config
from appliance.base.errors import ConfigError, DataFolderError
from appliance.base.options import PUSH_BOUNCER, PUSH_BOUNCER_ORG_ID, PUSH_BOUNCER_ORG_KEY

FILE_NAME = "bouncer.secret"
KEY_LENGTH = 64  # characters, as the service demands
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Account:
    """`url`: of the push service, without a slash at its end."""

    url: str
    org_id: str
    org_key: str = field(repr=False)


def configured(config: Config, folder: Path) -> Account | None:
    """None: there is none yet. `folder`: the data folder. Raises ConfigError, DataFolderError."""
    _check_encrypted(config.get(PUSH_BOUNCER))
    org_id, org_key = config.get(PUSH_BOUNCER_ORG_ID), config.get(PUSH_BOUNCER_ORG_KEY)
    if bool(org_id) != bool(org_key):
        raise ConfigError(["push.bouncer_org_id and push.bouncer_org_key must both be set, or neither"])
    found = (org_id, org_key) if org_id else _read(folder / FILE_NAME)
    return Account(config.get(PUSH_BOUNCER), *found) if found else None


def provide(config: Config, folder: Path) -> Account:
    """The account, with a new id and key, kept in the folder, if there is none. Raises as `configured`."""
    found = configured(config, folder)
    if found is None:
        found = Account(config.get(PUSH_BOUNCER), str(uuid.uuid4()), secrets.token_hex(KEY_LENGTH // 2))
        files.replace(folder / FILE_NAME, f"{found.org_id}\n{found.org_key}\n".encode())
    return found


def forget(folder: Path) -> None:
    (folder / FILE_NAME).unlink(missing_ok=True)


def _check_encrypted(url: str) -> None:
    """What stays on this machine may do without."""
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ConfigError(["push.bouncer must be https://…: else all on the way could read the key"])


def _read(path: Path) -> tuple[str, str] | None:
    try:
        org_id, org_key = path.read_text("ascii").split()
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise DataFolderError(
            f"{path} does not hold an id and a key: restore it, or delete it and register anew"
        ) from None
    return org_id, org_key
