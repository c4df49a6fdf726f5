"""JSON lines: one object a line, its names are the columns. Numbers stay as they are written: no float comes near."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from qingqu.reading.errors import Unreadable
from qingqu.reading.limits import MAX_COLUMNS, MAX_ROW_TEXT, MAX_ROWS, checked, too_long

HEADER_ROW = 0  # the names stand on no line of the file


class JsonLines:
    """A file of JSON lines. Opening reads it once: every line is proved and every name is known before the first row."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path, self.encoding = path, encoding
        names: dict[str, None] = {}
        for number, told in self._objects():
            names.update(dict.fromkeys(told))
            if len(names) > MAX_COLUMNS:
                raise _wrong(number, f"名称加起来超过 {MAX_COLUMNS} 个", "请确认选对了文件")
        self.names = list(names)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(0, the names), then (line, cells) of each object."""
        yield HEADER_ROW, list(self.names)
        for number, told in self._objects():
            yield number, checked(number, [told.get(name, "") for name in self.names])

    def _objects(self) -> Iterator[tuple[int, dict[str, str]]]:
        number = 0
        with self.path.open(encoding=self.encoding, newline="\n") as file:
            while line := file.readline(MAX_ROW_TEXT + 1):
                number += 1
                if number > MAX_ROWS:
                    raise too_long()
                if len(line) > MAX_ROW_TEXT:
                    raise _wrong(number, "太长", "请一行只写一个对象")
                if line.strip():
                    yield number, _object(number, line)


def _load(line: str) -> Any:
    return json.loads(
        line, parse_float=str, parse_int=str, parse_constant=_constant, object_pairs_hook=_distinct
    )


def _object(number: int, line: str) -> dict[str, str]:
    try:
        told = _load(line)
    except _DoubledError as error:
        raise _wrong(number, f"名称“{str(error)[:40]}”写了两次", "请只留一个") from error
    except (ValueError, RecursionError) as error:
        raise _wrong(number, "不是完整的 JSON", "请一行写一个完整的对象") from error
    if not isinstance(told, dict):
        raise _wrong(number, "不是 JSON 对象", "请一行写一个 {…}")
    return {name: _text(number, name, value) for name, value in told.items()}


def _text(number: int, name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    raise _wrong(number, f"“{name[:40]}”里还套着列表或对象", "请改成一个值")


class _DoubledError(ValueError):
    """A name that stands twice in one object: nobody knows which value counts."""


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    told = dict(pairs)
    if len(told) != len(pairs):
        names = [name for name, _ in pairs]
        raise _DoubledError(next(name for name in names if names.count(name) > 1))
    return told


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


def _wrong(number: int, what: str, remedy: str) -> Unreadable:
    return Unreadable(f"第 {number} 行{what}；{remedy}，再交上来。", code="json_line")
