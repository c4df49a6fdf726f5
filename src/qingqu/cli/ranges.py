"""`qingqu ranges`: the reasonable range of values; needs no database."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import click

from qingqu.base import packs
from qingqu.base.errors import Refusal
from qingqu.cli import out
from qingqu.domain.ranges import Evaluator, Item, Limit, RangeError, settings_of

Given = TypeVar("Given")


@click.group()
def ranges() -> None:
    """Reasonable ranges of values."""


@ranges.command()
@click.option("--items", required=True, type=click.Path(path_type=Path), help="JSON lines, one item a line.")
@click.option("--policy", type=click.Path(path_type=Path), help="JSON lines, one set limit a line.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines, one an item.")
def evaluate(*, items: Path, policy: Path | None, as_json: bool) -> None:
    """The reasonable range of each item and where its value stands."""
    given = list(_lines(items, Item.read))
    limits = list(_lines(policy, Limit.read)) if policy else []
    try:
        evaluator = Evaluator(given, limits, settings_of(packs.read("ranges/bands.yml")))
        for item in given:
            found = evaluator.standing(item)
            if as_json:
                out.line(found.as_json())
            else:
                click.echo(f"{found.item_id} {found.position} {found.sentence}")
    except RangeError as error:
        raise Refusal(f"{policy or 'packs/ranges/bands.yml'}：{error}。", code="range") from error


def _lines(path: Path, read: Callable[[Any], Given]) -> Iterator[Given]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _line(path, number, line, read)
    except OSError:
        raise Refusal(f"{path}：读不了这个文件，请检查路径和权限。", code="file") from None
    except UnicodeDecodeError:
        raise Refusal(f"{path}：不是 UTF-8 文字，请另存为 UTF-8。", code="encoding") from None


def _line(path: Path, number: int, line: str, read: Callable[[Any], Given]) -> Given:
    try:
        return read(json.loads(line, parse_float=Decimal, parse_constant=_no_constant))
    except RangeError as error:
        raise Refusal(f"{path} 第 {number} 行：{error}。", code="range") from None
    except (ValueError, RecursionError):
        raise Refusal(f"{path} 第 {number} 行：不是一行完整的 JSON，请检查这一行。", code="json") from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def register(root: click.Group) -> None:
    """Enters the commands."""
    root.add_command(ranges)
