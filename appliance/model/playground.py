"""Playgrounds: sites where code of one language can be tried, by a link at each block of it."""

import re
from dataclasses import dataclass
from typing import Any

from appliance.base.errors import ApiError
from appliance.model.linkifier import check_template, variables

MOST = 100  # in an organization
MAX_NAME, MAX_LANGUAGE = 40, 40  # characters
_LANGUAGE = re.compile(r"[-A-Za-z0-9 +#.*]+")  # the names that Pygments gives to its lexers


@dataclass(frozen=True, slots=True)
class Playground:
    """`url_template` (RFC 6570) has the one variable `code`."""

    id: int
    name: str
    pygments_language: str
    url_template: str


def public(playground: Playground) -> dict[str, Any]:
    return {
        "id": playground.id,
        "name": playground.name,
        "pygments_language": playground.pygments_language,
        "url_template": playground.url_template,
    }


def checked(name: str, pygments_language: str, url_template: str) -> Playground:
    """A new one, without an id. Raises ApiError."""
    name, language = name.strip(), pygments_language.strip()
    if not 0 < len(name) <= MAX_NAME:
        raise ApiError(f"name must have 1 to {MAX_NAME} characters")
    if len(language) > MAX_LANGUAGE or not _LANGUAGE.fullmatch(language):
        raise ApiError("Invalid characters in pygments language")
    check_template(url_template)
    if variables(url_template) != ["code"]:
        raise ApiError('the URL template needs the variable "code", and takes no other')
    return Playground(0, name, language, url_template)
