"""JSON Schema of what a parameter takes: of the type that its parser returns, and what the parser adds."""

from collections.abc import Callable
from dataclasses import is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from appliance.http.declared import Parameter
from appliance.model.parameter import SCHEMAS, Schema

SCALARS = frozenset({"string", "integer", "number", "boolean"})


def of_parameter(parameter: Parameter) -> Schema:
    said = SCHEMAS.get(parameter.parse, {})
    schema = of_type(parameter.type) | {word: value for word, value in said.items() if word != "nullable"}
    if said.get("nullable"):
        schema = {"anyOf": [schema, {"type": "null"}]}
    if len(parameter.names) > 1:
        schema["description"] = f"Also called {' or '.join(f'`{name}`' for name in parameter.names[1:])}."
    if _is_plain(parameter.default):
        schema["default"] = parameter.default
    return schema


def is_scalar(schema: Schema) -> bool:
    """Its text is the value itself, not JSON."""
    kinds = {each.get("type") for each in schema.get("anyOf", [schema])} - {"null"}
    return kinds <= SCALARS and len(kinds) == 1


def of_type(hint: Any) -> Schema:
    make = _MAKERS.get(get_origin(hint) or hint)
    return make(*get_args(hint)) if make else _of_class(hint)


def _of_class(hint: Any) -> Schema:
    if isinstance(hint, type) and issubclass(hint, Enum):
        values = [each.value for each in hint]
        return of_type(type(values[0])) | {"enum": values}
    return {"type": "object"} if is_dataclass(hint) or hasattr(hint, "_fields") else {}


def _array(each: Any = Any, *others: Any) -> Schema:
    return {"type": "array", "items": of_type(each)}


def _union(*hints: Any) -> Schema:
    """None stands for a parameter that is not there."""
    schemas = [of_type(each) for each in hints if each is not NoneType]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


_MAKERS: dict[Any, Callable[..., Schema]] = {
    str: lambda: {"type": "string"},
    int: lambda: {"type": "integer"},
    float: lambda: {"type": "number"},
    bool: lambda: {"type": "boolean"},
    dict: lambda *each: {"type": "object"},
    list: _array,
    tuple: _array,
    frozenset: _array,
    Union: _union,
    UnionType: _union,
    Literal: lambda *choices: {"enum": list(choices)},
}


def _is_plain(default: Any) -> bool:
    return type(default) in (str, int, bool)
