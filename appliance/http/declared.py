"""The parameters that an endpoint's function declares, and how they become its arguments."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from appliance.base.errors import MissingParameter
from appliance.model.parameter import Alias, Parse

REQUIRED = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Parameter:
    """`names`: its own and its aliases, as clients may send them; `type`: what `parse` makes of a text."""

    name: str
    names: tuple[str, ...]
    parse: Parse
    type: Any
    default: Any  # REQUIRED: there is none

    @property
    def required(self) -> bool:
        return self.default is REQUIRED


def declared(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    hints = get_type_hints(function, include_extras=True)
    return tuple(
        _parameter(each, *get_args(hints[each.name]))
        for each in inspect.signature(function).parameters.values()
        if get_origin(hints[each.name]) is Annotated
    )


def _parameter(each: inspect.Parameter, type: Any, *notes: Any) -> Parameter:
    aliases = tuple(note.name for note in notes if isinstance(note, Alias))
    parse = next(note for note in notes if not isinstance(note, Alias))
    return Parameter(each.name, (each.name, *aliases), parse, type, each.default)


def arguments(parameters: Iterable[Parameter], given: Mapping[str, str]) -> dict[str, Any]:
    """Raises ApiError."""
    found = {}
    for each in parameters:
        for name in each.names:
            if name in given:
                found[each.name] = each.parse(name, given[name])
                break
        else:
            if each.required:
                raise MissingParameter(each.names[0])
    return found
