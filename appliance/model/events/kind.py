"""What is said of one kind of event."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from appliance.model.events.types import WHOLE, Fields, Object, OneOf, noted


@dataclass(frozen=True, slots=True)
class Form:
    """One of the forms that events of a kind have. `clients`: those that get it."""

    fields: Fields
    clients: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """Events of one type, or of one op of a type. `who` gets them, and `when`, are a phrase each; `clients`:
    which of somebody's clients, if not all; `served`: this version sends them."""

    name: str  # "type" or "type/op"
    who: str
    when: str
    forms: tuple[Form, ...]
    clients: str
    served: bool
    objects: tuple[Object, ...] = field(init=False, repr=False)  # the whole event, one for each form

    def __post_init__(self) -> None:
        object.__setattr__(self, "objects", tuple(self._whole(form) for form in self.forms))

    @property
    def type(self) -> str:
        return self.name.partition("/")[0]

    @property
    def op(self) -> str:
        """Empty for a type without."""
        return self.name.partition("/")[2]

    def _whole(self, form: Form) -> Object:
        op = {"op": OneOf((self.op,))} if self.op else {}
        return Object({"type": OneOf((self.type,)), **op, **form.fields, "id": noted(WHOLE, "in this queue")})

    def mistakes(self, event: dict[str, Any]) -> Iterator[str]:
        """Those of the nearest form."""
        yield from min((list(each.mistakes(event, "")) for each in self.objects), key=len)


def kind(
    name: str, who: str, when: str, *forms: Form | Fields, clients: str = "", served: bool = False
) -> Kind:
    """In the order of the document: what it is called, who gets it and when, and its fields."""
    told = tuple(each if isinstance(each, Form) else Form(each) for each in forms)
    return Kind(name, who, when, told, clients, served)
