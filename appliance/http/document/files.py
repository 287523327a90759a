"""The files of docs/ that are made, as they should be now."""

from pathlib import Path

import orjson

from appliance.http import routes as declared
from appliance.http.document.openapi import description
from appliance.http.document.routes import replaced
from appliance.http.endpoint import ENDPOINTS

assert declared  # imported: it declares the endpoints


def current(folder: Path) -> dict[Path, str]:
    """What belongs into them."""
    api, openapi = folder / "api.md", folder / "openapi.json"
    described = orjson.dumps(description(ENDPOINTS), option=orjson.OPT_INDENT_2).decode()
    return {api: replaced(api.read_text(), ENDPOINTS), openapi: described + "\n"}
