"""docs/openapi.json: the API in the form of OpenAPI 3.1."""

import re
from collections.abc import Iterable
from typing import Any

import appliance
from appliance.http.document import schema
from appliance.http.document.words import group, path, summary
from appliance.http.endpoint import PREFIX, Endpoint
from appliance.model.parameter import Schema

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
UPLOAD: Schema = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
IN_QUERY = ("GET", "HEAD")  # methods; those of the others are in the body
PATH_TYPES: dict[str, Schema] = {"int": {"type": "integer"}}  # by bottle's filter

SUCCESS = {
    "type": "object",
    "required": ["result", "msg"],
    "properties": {
        "result": {"const": "success"},
        "msg": {"type": "string"},
        "ignored_parameters_unsupported": {"type": "array", "items": {"type": "string"}},
    },
}
ERROR = {
    "type": "object",
    "required": ["result", "msg", "code"],
    "properties": {"result": {"const": "error"}, "msg": {"type": "string"}, "code": {"type": "string"}},
}


def description(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """Of those that are for clients."""
    paths: dict[str, dict[str, Any]] = {}
    for each in endpoints:
        if (each.signed_in or each.public) and each.prefix == PREFIX:
            paths.setdefault(path(each), {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Zulip's API, as the appliance speaks it",
            "version": appliance.ZULIP_VERSION,
            "description": f"Feature level {appliance.ZULIP_FEATURE_LEVEL}. See api.md.",
        },
        "servers": [{"url": PREFIX}],
        "security": [{"key": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "basic"}},
            "schemas": {"Success": SUCCESS, "Error": ERROR},
            "responses": {
                "Success": _response("Done.", "Success"),
                "Error": _response("Refused; nothing was changed.", "Error"),
            },
        },
    }


def _response(text: str, name: str) -> dict[str, Any]:
    return {"description": text, "content": {JSON: {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    about, taken = endpoint.about, _taken(endpoint)
    required = [each.name for each in endpoint.declared if each.required]
    in_query = endpoint.method in IN_QUERY
    said = [about.who and f"Who: {about.who}.", about.differs and f"Differs from Zulip's: {about.differs}."]
    operation: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{endpoint.method.lower()}{path(endpoint)}").strip("_"),
        "tags": [group(endpoint)],
        "summary": summary(endpoint),
        "description": " ".join(filter(None, said)),
        "parameters": _path_parameters(endpoint) + (_query(taken, required) if in_query else []),
        "responses": {
            "200": {"$ref": "#/components/responses/Success"},
            "4XX": {"$ref": "#/components/responses/Error"},
        },
    }
    if endpoint.takes_file:
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": UPLOAD}}}
    elif taken and not in_query:
        operation["requestBody"] = _body(taken, required)
    if endpoint.public:
        operation["security"] = []
    return {word: value for word, value in operation.items() if value or word == "security"}


def _taken(endpoint: Endpoint) -> dict[str, Schema]:
    """What the parameters are, by name."""
    declared = {each.name: schema.of_parameter(each) for each in endpoint.declared}
    return declared | {name: {} for name in sorted(endpoint.reads)}


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    found = re.findall(r"<(\w+)(?::(\w+))?[^>]*>", endpoint.path)
    return [
        {"name": name, "in": "path", "required": True, "schema": PATH_TYPES.get(kind, {"type": "string"})}
        for name, kind in found
    ]


def _query(taken: dict[str, Schema], required: list[str]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": name in required, **_in_text(each)}
        for name, each in taken.items()
    ]


def _in_text(each: Schema) -> dict[str, Any]:
    return {"schema": each} if schema.is_scalar(each) else {"content": {JSON: {"schema": each}}}


def _body(taken: dict[str, Schema], required: list[str]) -> dict[str, Any]:
    """The same by any of three ways; in a form, what is no text is JSON."""
    fields: Schema = {"type": "object", "properties": taken, "required": required}
    encoding = {name: {"contentType": JSON} for name, each in taken.items() if not schema.is_scalar(each)}
    form = {"schema": fields, **({"encoding": encoding} if encoding else {})}
    return {
        "required": bool(required),
        "content": {FORM: form, JSON: {"schema": fields}},
    }
