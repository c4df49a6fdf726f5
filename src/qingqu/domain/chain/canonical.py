"""One spelling for every value that is hashed: RFC 8785 (JCS) without fractional numbers.

Any JCS serialiser of any language writes the same bytes: keys in the order of their UTF-16 code units, no spaces,
UTF-8. Text is kept as it came (no Unicode normalisation: what was stored and what was hashed must be the same
characters, whatever version of the Unicode tables a later reader has)."""

import json
from collections.abc import Mapping
from typing import Any

LEAF_MAX = 65_535
"""A leaf's size in bytes: C2SP tlog-tiles writes an entry's length as an unsigned 16-bit number."""
SAFE_INTEGER = 2**53 - 1
"""Beyond this, JSON readers that keep numbers as doubles would change the value (RFC 8785, RFC 7493)."""
DEPTH_MAX = 32


def canonical(value: object) -> bytes:
    """The canonical bytes of a JSON value made of mappings with text keys, lists, text, whole numbers, booleans
    and None.

    Raises TypeError for anything else (a float, a Decimal, a date: give it as text) and ValueError for a number
    beyond ±(2^53-1), a lone surrogate or nesting deeper than 32; both name the path, never the value."""
    ordered = _ordered(value, "$", 0)
    return json.dumps(ordered, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def parse(data: bytes | str) -> Any:
    """The value of canonical bytes; raises ValueError when they are not JSON or not in the canonical spelling."""
    text = data.decode() if isinstance(data, bytes) else data
    try:
        value = json.loads(text)
        same = canonical(value) == text.encode()
    except (TypeError, RecursionError) as error:
        raise ValueError("not canonical JSON") from error
    if not same:
        raise ValueError("not in the canonical spelling")
    return value


def _ordered(value: object, path: str, depth: int) -> object:
    if depth > DEPTH_MAX:
        raise ValueError(f"{path}: nested deeper than {DEPTH_MAX}")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, int):
        if abs(value) > SAFE_INTEGER:
            raise ValueError(f"{path}: whole number beyond 2^53-1; give it as text")
        return int(value)
    if isinstance(value, Mapping):
        return _mapping(value, path, depth)
    if isinstance(value, list | tuple):
        return [_ordered(item, f"{path}[{place}]", depth + 1) for place, item in enumerate(value)]
    raise TypeError(f"{path}: {type(value).__name__} has no canonical form; give it as text")


def _mapping(value: Mapping[Any, object], path: str, depth: int) -> dict[str, object]:
    for key in value:
        if not isinstance(key, str):
            raise TypeError(f"{path}: a key is {type(key).__name__}, not text")
        _text(key, f"{path} (key)")
    keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
    return {str.__str__(key): _ordered(value[key], f"{path}.{key}", depth + 1) for key in keys}


def _text(value: str, path: str) -> str:
    plain = str.__str__(value)
    try:
        plain.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{path}: text holds half a character (a lone surrogate)") from None
    return plain
