"""`qingqu contract`: contracts read and judged; needs no database."""

import csv
import hashlib
import io
import json
import multiprocessing
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from qingqu.base import clock, packs
from qingqu.base.errors import Refusal
from qingqu.domain.contracts import judge
from qingqu.domain.contracts.references import CLASSES, Reference, unit_parts
from qingqu.domain.contracts.rules import Rule, RuleError, load
from qingqu.domain.values import Unclean, clean
from qingqu.reading.document import read_document
from qingqu.reading.errors import Unreadable

PICTURES = {".png", ".jpg", ".jpeg"}
PAPERS = {".docx", ".pdf", ".txt", ".docm", ".ofd"}
HEADERS = {
    "place": ("place", "地方", "地点", "区划"), "object_class": ("object_class", "类别", "标的类别"), "unit": ("unit", "单位"),
    "low": ("low", "最低", "下限", "最低价"), "high": ("high", "最高", "上限"), "count": ("count", "份数", "数量"),
    "source": ("source", "来源"), "date": ("date", "日期"),
}  # fmt: skip


@click.group()
def contract() -> None:
    """Contracts, read and judged."""


@contract.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--references", type=click.Path(path_type=Path), help="csv of reference rents.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="Contracts at a time (folders).")
@click.option("--on", help="The day by whose law a contract without date is judged (default: today).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document, JSON lines for several contracts.")
def review(
    *, files: tuple[Path, ...], references: Path | None, jobs: int, on: str | None, as_json: bool
) -> None:
    """Review contracts: elements, risks, verdict."""
    work = Work(rules(), read_references(references) if references else None, _day(on))
    failed = False
    for answer in _answers(list(_contracts(files)), work, jobs):
        if isinstance(answer, str):
            failed = True
            click.echo(f"qingqu: {answer}", err=True)
        else:
            click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _said(answer))
    if failed:
        sys.exit(2)


@dataclass(frozen=True, slots=True)
class Work:
    """What every contract is judged with."""

    rules: dict[str, Rule]
    references: list[Reference] | None
    on: date


_work: Work | None = None


def rules() -> dict[str, Rule]:
    """The rules of the pack, the county's own files before ours."""
    try:
        return load(row for path in packs.listing("contract_rules") for row in packs.read(path) or ())
    except RuleError as error:
        raise Refusal(f"packs/contract_rules：{error}", code="contract_rules") from None


def _day(text: str | None) -> date:
    if text is None:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"--on {text[:20]}：请写成 2026-03-01 这样的日期。", code="date") from None


def _contracts(files: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    """Each file a contract, a folder's files too; several pictures are the pages of one."""
    pictures = tuple(path for path in files if path.suffix.lower() in PICTURES)
    if pictures:
        yield pictures
    for path in files:
        if path.is_dir():
            inside = sorted(item for item in path.iterdir() if item.is_file())
            found = [item for item in inside if item.suffix.lower() in PAPERS]
            if not found:
                raise Refusal(f"{path}：文件夹里没有 docx、pdf 或 txt 合同。", code="empty_folder")
            yield from ((item,) for item in found)
        elif path.suffix.lower() not in PICTURES:
            yield (path,)


def _answers(contracts: list[tuple[Path, ...]], work: Work, jobs: int) -> Iterable[dict[str, Any] | str]:
    if jobs == 1 or len(contracts) == 1:
        return (_one(paths, work) for paths in contracts)
    return _parallel(contracts, work, min(jobs, len(contracts)))


def _parallel(contracts: list[tuple[Path, ...]], work: Work, jobs: int) -> Iterator[dict[str, Any] | str]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(work,)) as pool:
        yield from pool.map(_next, contracts, chunksize=4)


def _begin(work: Work) -> None:
    global _work
    _work = work


def _next(paths: tuple[Path, ...]) -> dict[str, Any] | str:
    return _one(paths, _work) if _work else f"{paths[0]}：没有读成，请重试。"


def _one(paths: tuple[Path, ...], work: Work) -> dict[str, Any] | str:
    """The review of one contract, or a sentence that says why there is none."""
    try:
        document = read_document(paths)
        content = [path.read_bytes() for path in paths]
    except Unreadable as error:
        name = str(paths[0])
        return error.sentence if paths[0].name in error.sentence else f"{name}：{error.sentence}"
    except OSError as error:
        return f"{paths[0]}：读不了这个文件（{error.strerror}），请检查路径和权限。"
    found = judge.review(document, work.rules, on=work.on, references=work.references)
    head: dict[str, Any] = {"file": str(paths[0]), "sha256": hashlib.sha256(b"".join(content)).hexdigest()}
    if len(paths) > 1:
        head["files"] = [str(path) for path in paths]
    return {**head, "pages": len(document.pages), "source": document.source, **found.as_json()}


def _said(answer: dict[str, Any]) -> str:
    words = {"locked": "锁定", "needs_person": "要人审查", "clear": "通过"}
    lines = [f"{answer['file']} {words[answer['verdict']]}"]
    lines += [
        f"  {r['code']} {r['level']} {r['message']}（{r['law']}）{r['remedy']}" for r in answer["risks"]
    ]
    return "\n".join(lines)


def read_references(path: Path) -> list[Reference]:
    """Reference rents from a csv; a wrong row is named by its number and its column."""
    try:
        raw = path.read_bytes()
    except OSError:
        raise Refusal(f"{path}：读不了这个文件，请检查路径和权限。", code="file") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            raise Refusal(f"{path}：不是文字文件，请另存为 UTF-8 的 csv。", code="encoding") from None
    rows = csv.reader(io.StringIO(text))
    try:
        header = [cell.strip() for cell in next(rows, [])]
        columns = _columns(path, header)
        return [
            _reference(path, number, {key: _cell(row, at) for key, at in columns.items()})
            for number, row in enumerate(rows, start=2)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error:
        raise Refusal(f"{path}：不是 csv 表格，请另存为 UTF-8 的 csv。", code="csv") from None


def _cell(row: list[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _columns(path: Path, header: list[str]) -> dict[str, int]:
    found = {key: header.index(name) for key, names in HEADERS.items() for name in names if name in header}
    lacking = [key for key in HEADERS if key not in found and key not in {"high", "count", "source", "date"}]
    if lacking:
        raise Refusal(f"{path}：第 1 行缺少列 {'、'.join(lacking)}。", code="columns")
    return found


def _reference(path: Path, number: int, row: dict[str, str]) -> Reference:
    def wrong(column: str, why: str) -> Refusal:
        return Refusal(f"{path} 第 {number} 行 {column}：{why}。", code="reference")

    def amount(column: str) -> Decimal | None:
        if not row.get(column):
            return None
        try:
            return Decimal(clean("quantity", row[column]))
        except Unclean as error:
            raise wrong(column, error.message) from None

    low, high, count = amount("low"), amount("high"), amount("count")
    kind = CLASSES.get(row["object_class"], row["object_class"])
    if not row["place"]:
        raise wrong("place", "没有填地方")
    if kind not in CLASSES.values():
        raise wrong("object_class", f"不认识“{row['object_class'][:20]}”这一类别")
    if unit_parts(row["unit"]) is None:
        raise wrong("unit", f"不认识单位“{row['unit'][:20]}”，请写成 yuan/mu/year 或 元/亩/年")
    if low is None or (high is not None and high < low):
        raise wrong("low", "没有填最低价，或者最高价低于最低价")
    if count is not None and count != count.to_integral_value():
        raise wrong("count", "应是整数")
    day = None
    if row.get("date"):
        try:
            day = date.fromisoformat(clean("date", row["date"]))
        except Unclean as error:
            raise wrong("date", error.message) from None
    return Reference(
        row["place"],
        kind,
        row["unit"],
        low,
        high,
        int(count) if count is not None else None,
        row.get("source", ""),
        day,
    )


def register(root: click.Group) -> None:
    """Enters the commands."""
    root.add_command(contract)
