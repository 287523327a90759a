"""Events made from their descriptions: one that fits, and each in which one thing is wrong."""

from collections.abc import Iterator
from typing import Any

from appliance.model.events.types import Either, ListOf, MapOf, Object, OneOf, Plain, Type


def example(type: Type, *, full: bool) -> Any:
    """`full`: with the fields that are only there sometimes."""
    match type:
        case Plain(classes=(made, *_)):
            return made()
        case OneOf((value, *_)):
            return value
        case ListOf(item):
            return [example(item, full=full)]
        case MapOf(value, by_id):
            return {"7" if by_id else "name": example(value, full=full)}
        case Either(types=(first, *_)):
            return example(first, full=full)
        case Object(fields=fields):
            return {
                name: example(field.type, full=full)
                for name, field in fields.items()
                if full or not field.when
            }
    raise NotImplementedError(type)


SPOILT = {"spoilt": True}


def spoilt(type: Type, good: Any) -> Iterator[Any]:
    yield SPOILT
    match type:
        case ListOf(item):
            yield from ([*good, bad] for bad in spoilt(item, good[0]))
        case MapOf(value, by_id):
            [(key, inner)] = good.items()
            yield from ({key: bad} for bad in spoilt(value, inner))
            if by_id:
                yield {"name": inner}
        case Either(types=(first, *_)):
            yield from spoilt(first, good)
        case Object(fields=fields):
            yield {**good, "unheard_of": 1}
            for name, inner in good.items():
                yield from ({**good, name: bad} for bad in spoilt(fields[name].type, inner))
                if not fields[name].when:
                    yield {key: value for key, value in good.items() if key != name}
