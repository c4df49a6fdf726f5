"""Dataclasses as JSON and back by their type hints, for what crosses from the reading process to ours.

Plain data only: what comes back can be wrong, but it cannot be code. Functions (`Sheet.rows`) stay behind."""

import json
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
EXACT = {Fraction: "fraction", Decimal: "decimal"}


class GarbledError(ValueError):
    """What came over is not what was agreed."""


def dumps(value: object) -> str:
    """JSON of a dataclass, or of lists, tuples, mappings and plain values of them."""
    return json.dumps(_plain(value), ensure_ascii=False)


def loads(kind: type[T], text: str | bytes) -> T:
    """The value of the kind that `dumps` wrote; `GarbledError` when the text does not hold one."""
    try:
        made: T = _made(kind, json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, ZeroDivisionError, RecursionError) as error:
        raise GarbledError(kind.__name__) from error
    return made


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {
            one.name: _plain(told) for one in fields(value) if not callable(told := getattr(value, one.name))
        }
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(told)] for key, told in value.items()]
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if type(value) in EXACT:
        return {"exact": EXACT[type(value)], "value": str(value)}
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(type(value).__name__)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _made(kind: Any, told: Any) -> Any:
    origin, inside = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{
            one.name: _left_behind if _is_function(hints[one.name]) else _made(hints[one.name], told[one.name])
            for one in fields(kind)
        })  # fmt: skip
    if origin in {Union, types.UnionType}:
        return _one_of(inside, told)
    if origin is tuple and not (len(inside) == 2 and inside[1] is Ellipsis):
        return tuple(_made(part, one) for part, one in zip(inside, told, strict=True))
    if origin in {tuple, list, Sequence, frozenset, set}:
        found = [_made(inside[0], one) for one in _listed(told)]
        return found if origin is list else (tuple if origin is Sequence else origin)(found)
    if origin in {dict, Mapping}:
        return {_made(inside[0], key): _made(inside[1], value) for key, value in _listed(told)}
    if kind in EXACT:
        if told["exact"] != EXACT[kind]:
            raise GarbledError
        return kind(told["value"])
    if kind is Any or type(told) is kind or (kind in {type(None), None} and told is None):
        return told
    raise GarbledError


def _listed(told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise GarbledError
    return told


def _one_of(kinds: Sequence[Any], told: Any) -> Any:
    for kind in kinds:
        try:
            return _made(kind, told)
        except (GarbledError, TypeError, KeyError):
            continue
    raise GarbledError


def _is_function(hint: Any) -> bool:
    return (
        get_origin(hint) is Callable or hint is Callable or str(hint).startswith("collections.abc.Callable")
    )


def _left_behind(*_: object) -> Any:
    raise LookupError("the rows of a sheet are read by another process")
