"""From a file to checked rows: cells staged as they stand, made canonical set by set, wrong ones told one by one.

Everything stands in tables and views of the bench: `raw` (the file's cells), `staged` (fields as text), `typed` (fields
in their stored types), `problems` (one row a wrong cell), `rejected` (rows with one), `good` (rows without). Views over
Parquet hold nothing in memory; only cells that are not spelled canonically are ever looked at in Python, each distinct
one once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from qingqu.domain import values
from qingqu.domain.values import Unclean, show
from qingqu.exchange import staging
from qingqu.exchange.contracts import Contract, Field
from qingqu.exchange.easy import FORMULA_ERRORS, REFERENCES, easy
from qingqu.exchange.lake import Bench, column_type, parquet, quoted
from qingqu.exchange.layout import Plan
from qingqu.exchange.parsing import Parsed
from qingqu.exchange.units import Factor
from qingqu.reading import header
from qingqu.reading.limits import letter

BATCH = 50_000
LONG_NUMBER = re.compile(r"\d{13,}[0-9Xx]?")
RUINED = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
TYPED = "typed.parquet"
PASS_ROWS = 2_000_000  # keys that are grouped at once, so that their table stays in memory


@dataclass
class Checked:
    """Counts of one file's rows. `skipped`: kind of line → how many."""

    rows: int = 0
    rejected: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: int = 0

    @property
    def accepted(self) -> int:
        """Rows without a problem."""
        return self.rows - self.rejected


def check(made: Bench, contract: Contract, parsed: Parsed) -> Checked:
    """Cleans and judges every row of a file that has been read; leaves tables and views on the bench."""
    result = Checked(notes=list(parsed.plan.notes), skipped=dict(parsed.counts))
    result.rows = result.skipped.get("d", 0)
    staging.raw(made, parsed)
    staging.staged(made, contract, parsed.plan)
    made.run(
        "CREATE TABLE problems (_sheet INTEGER, _row INTEGER, field VARCHAR, value VARCHAR, code VARCHAR,"
        " message VARCHAR, fix VARCHAR)"
    )
    _clean(made, contract, parsed.plan, result)
    _duplicates(made, contract, result.rows)
    made.run("CREATE TABLE rejected AS SELECT DISTINCT _sheet, _row FROM problems")
    result.problems = made.number("SELECT count(*) FROM problems")
    result.rejected = good(made)
    result.notes += _skipped_notes(result.skipped)
    return result


def good(made: Bench) -> int:
    """`good`: what of `typed` is not in `rejected`; returns how many are."""
    rejected = made.number("SELECT count(*) FROM rejected")
    without = " ANTI JOIN rejected USING (_sheet, _row)" if rejected else ""
    made.run(f"CREATE OR REPLACE VIEW good AS SELECT typed.* FROM typed{without}")  # noqa: S608 - our own names
    return rejected


def _clean(made: Bench, contract: Contract, plan: Plan, result: Checked) -> None:
    """`typed`: canonical values in their stored types; what cannot be made canonical goes to `problems`."""
    seen = _census(made, contract, plan)
    if emptied := sum(one.emptied for one in seen.values()):
        result.notes.append(f"“/”“无”之类的 {emptied:,} 格按空白处理。")
    selected, joins = [], []
    for position, (name, one) in enumerate(contract.by_name.items()):
        factors, fixes = _factors(plan, name), f"fix_{position}"
        mended = bool(seen[name].odd) and _odd_values(made, one, fixes, factors, result)
        if one.required and seen[name].empty:
            _tell_missing(made, one)
        if mended:
            joins.append(f"LEFT JOIN {fixes} ON {_of_sheet(fixes, f's.{quoted(name)}', factors)}")
        selected.append(f"{_value(one, fixes if mended else '', factors)} AS {quoted(name)}")
    sql = f"SELECT s._sheet, s._row, {', '.join(selected)} FROM staged s {' '.join(joins)}"  # noqa: S608 - checked names
    if joins:
        made.run(f"COPY ({sql}) TO '{made.folder / TYPED}' (FORMAT parquet, COMPRESSION zstd)")
        sql = f"FROM {parquet([made.folder / TYPED])}"
    made.run(f"CREATE VIEW typed AS {sql}")


def _value(one: Field, fixes: str, factors: Mapping[Factor, list[int]]) -> str:
    """SQL of a field's stored value. `fixes`: the table of those that are not as easy as their column's rest."""
    column, stored = f"s.{quoted(one.name)}", column_type(one.type)
    cases, same = [], True
    for factor, sheets in factors.items():
        if plain := easy(one, column, factor):
            here = f"s._sheet IN ({', '.join(map(str, sheets))})"
            cases.append(f"WHEN {here} AND ({plain.condition if fixes else 'true'}) THEN {plain.value}")
            same = same and plain.same
    if fixes:
        return (
            f"CASE {' '.join(cases)} ELSE CAST({fixes}.canonical AS {stored}) END"
            if cases
            else f"CAST({fixes}.canonical AS {stored})"
        )
    if not cases or same:
        return f"CAST({column} AS {stored})" if stored == "VARCHAR" else f"CAST(NULL AS {stored})"
    return f"CASE {' '.join(cases)} END"


@dataclass(frozen=True)
class _Seen:
    """Of a field's cells: how many are odd (filled, but not easy), empty, or held a placeholder."""

    odd: int
    empty: int
    emptied: int


def _census(made: Bench, contract: Contract, plan: Plan) -> dict[str, _Seen]:
    """All fields' cells counted in one pass."""
    counted = []
    for name, one in contract.by_name.items():
        column = quoted(name)
        nothing = staging.nothing(contract, name)
        hard = _hard(one, _factors(plan, name))
        counted += [
            f"count(*) FILTER (WHERE {column} <> '' AND {hard} AND NOT {nothing})",
            f"count(*) FILTER (WHERE coalesce({column}, '') = '')", f"count(*) FILTER (WHERE {nothing})",
        ]  # fmt: skip
    row = made.one(f"SELECT {', '.join(counted)} FROM trimmed")  # noqa: S608 - checked names
    return {
        name: _Seen(odd, empty + emptied, emptied)
        for name, odd, empty, emptied in zip(contract.by_name, row[::3], row[1::3], row[2::3], strict=True)
    }


def _hard(one: Field, factors: Mapping[Factor, list[int]]) -> str:
    """SQL: whether a filled cell needs cleaning."""
    told = []
    for factor, sheets in factors.items():
        plain = easy(one, quoted(one.name), factor)
        here = "" if len(factors) == 1 else f"_sheet IN ({', '.join(map(str, sheets))}) AND "
        told.append(f"({here}{f'NOT ({plain.condition})' if plain else 'true'})")
    return f"({' OR '.join(told)})"


def _factors(plan: Plan, name: str) -> dict[Factor, list[int]]:
    """Factor of a field → numbers of the sheets where it holds."""
    found: dict[Factor, list[int]] = {}
    for number, sheet in enumerate(plan.sheets):
        found.setdefault(sheet.factors.get(name, 1), []).append(number)
    return found


def _of_sheet(fixes: str, column: str, factors: Mapping[Factor, list[int]]) -> str:
    """SQL: whether a fix is that of a cell of `s`."""
    same = f"{fixes}.value = {column}"
    return same if len(factors) == 1 else f"{same} AND list_contains({fixes}.sheets, s._sheet)"


def _odd_values(
    made: Bench, one: Field, fixes: str, factors: Mapping[Factor, list[int]], result: Checked
) -> bool:
    """`fix_<n>`: each distinct value that is not easy, with its canonical text or what is wrong with it. Tells the
    wrong ones; returns whether any is stored otherwise than it stands."""
    made.run(
        f"CREATE TABLE {fixes} (value VARCHAR, sheets INTEGER[], canonical VARCHAR, code VARCHAR, message VARCHAR,"
        " fix VARCHAR)"
    )
    column, outside = quoted(one.name), 0
    for factor, sheets in factors.items():
        cursor = made.con.cursor()
        cursor.execute(
            f"SELECT DISTINCT {column} FROM staged WHERE {column} IS NOT NULL AND list_contains($sheets, _sheet)"  # noqa: S608 - checked names
            f" AND {_hard(one, {factor: sheets})}",
            {"sheets": sheets},
        )
        while batch := cursor.fetchmany(BATCH):
            rows = [_cleaned(one, str(value), factor) for (value,) in batch]
            outside += sum(row[1] is not None and row[5] for row in rows)
            told: list[list[str | None]] = [[row[i] for row in rows] for i in range(5)]  # type: ignore[misc]
            made.run(
                f"INSERT INTO {fixes} SELECT unnest($v), $sheets, unnest($c), unnest($e), unnest($m), unnest($f)",
                {"v": told[0], "sheets": sheets, "c": told[1], "e": told[2], "m": told[3], "f": told[4]},
            )
    if outside:
        result.notes.append(f"“{one.zh}”有 {outside:,} 种写法不在代码表里，原样保留。")
    if made.number(f"SELECT count(*) FROM {fixes} WHERE code IS NOT NULL"):  # noqa: S608 - our own name
        _tell(made, one, fixes, factors)
    if column_type(one.type) != "VARCHAR":
        return True
    return bool(made.number(f"SELECT count(*) FROM {fixes} WHERE canonical IS DISTINCT FROM value"))  # noqa: S608 - our own name


def _cleaned(
    one: Field, value: str, factor: Factor
) -> tuple[str, str | None, str | None, str | None, str | None, bool]:
    """(value, canonical, code, message, fix, outside an open code list)."""
    if value in FORMULA_ERRORS:
        fix = "请在 Excel 里改好公式，或改成数值后重新交。"
        return value, None, "formula_error", f"“{one.zh}”的公式没有结果", fix, False
    if one.type == "text" and one.name.endswith(REFERENCES) and RUINED.fullmatch(value):
        # A long number that Excel has shortened: the last digits are gone.
        message, fix = (
            f"“{one.zh}”被 Excel 改成了科学计数，末几位已丢失",
            "请把这一列设为文本，再从原件重填。",
        )
        return value, None, "ruined_by_excel", message, fix, False
    try:
        if one.codes is not None:
            return _coded(one, value)
        if one.type == "money":
            return value, values.clean_money(value, factor=int(factor)), None, None, None, False
        if one.type == "quantity":
            return (
                value,
                values.quantity(value, unit=one.unit or None, factor=factor),
                None,
                None,
                None,
                False,
            )
        if one.type == "month" and factor != 1:  # the year that the table states
            return value, values.month(value, year=int(factor)), None, None, None, False
        return value, values.clean(one.type, value), None, None, None, False
    except Unclean as error:
        return value, None, error.code, f"“{one.zh}”{error.message}", error.fix, False


def _coded(one: Field, value: str) -> tuple[str, str | None, str | None, str | None, str | None, bool]:
    codes = one.codes
    assert codes is not None  # noqa: S101 - the caller has looked
    term = codes.spelling.get(header.plain(value))
    if term is not None:
        return value, term, None, None, None, False
    if codes.open:
        return value, values.clean("text", value), None, None, None, True
    allowed = "、".join(codes.values)
    return value, None, "code_unknown", f"“{one.zh}”里没有这个词", f"请填其中之一：{allowed}。", False


def _tell(made: Bench, one: Field, fixes: str, factors: Mapping[Factor, list[int]]) -> None:
    column = f"s.{quoted(one.name)}"
    made.run(
        f"INSERT INTO problems SELECT s._sheet, s._row, '{one.name}', {column}, {fixes}.code, {fixes}.message,"  # noqa: S608 - checked names
        f" {fixes}.fix FROM staged s JOIN {fixes} ON {_of_sheet(fixes, column, factors)} WHERE {fixes}.code IS NOT NULL"
    )


def _tell_missing(made: Bench, one: Field) -> None:
    made.run(
        f"INSERT INTO problems SELECT _sheet, _row, '{one.name}', '', 'required', $message, $fix"  # noqa: S608 - checked names
        f" FROM staged WHERE {quoted(one.name)} IS NULL",
        {"message": f"“{one.zh}”没有填", "fix": f"请补上“{one.zh}”。"},
    )


def _duplicates(made: Bench, contract: Contract, rows: int) -> None:
    """Rows of the same key: equal ones are told but for the first, different ones all, for nobody knows which is right."""
    key = ", ".join(quoted(name) for name in contract.key)
    everything = ", ".join(quoted(name) for name in contract.by_name)
    filled = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in contract.key)
    if not _suspects(made, key, filled, rows):
        return
    made.run(
        f"CREATE TABLE doubles AS SELECT {key}, count(*) AS times, count(DISTINCT hash({everything})) AS kinds,"  # noqa: S608 - checked names
        " min((_sheet, _row)) AS first_one, list(_row ORDER BY _sheet, _row)[:6] AS places"
        f" FROM typed SEMI JOIN suspects ON hash({key}) = suspects.mark WHERE {filled}"
        f" GROUP BY {key} HAVING count(*) > 1"
    )
    names = "、".join(contract.by_name[name].zh for name in contract.key)
    made.run(
        f"INSERT INTO problems SELECT t._sheet, t._row, '{contract.key[0]}', CAST(t.{quoted(contract.key[0])} AS VARCHAR),"  # noqa: S608 - checked names
        " CASE WHEN d.kinds = 1 THEN 'duplicate_row' ELSE 'duplicate_key' END,"
        " $names || '与第 ' || array_to_string(list_filter(d.places, lambda p: p <> t._row), '、') || ' 行相同'"
        " || CASE WHEN d.kinds = 1 THEN '，内容也一样' ELSE '，内容却不一样' END,"
        " CASE WHEN d.kinds = 1 THEN '请删去重复的这一行。' ELSE '请核对哪一行是对的，删去其他行。' END"
        f" FROM typed t JOIN doubles d USING ({key}) WHERE d.kinds > 1 OR (t._sheet, t._row) <> d.first_one",
        {"names": names},
    )


def _suspects(made: Bench, key: str, filled: str, rows: int) -> int:
    """`suspects`: hashes that more than one key has, found in passes so that memory does not grow with the file; how
    many there are."""
    made.run("CREATE TABLE suspects (mark UBIGINT)")
    passes = 1 + rows // PASS_ROWS
    for number in range(passes):
        made.run(
            f"INSERT INTO suspects SELECT mark FROM (SELECT hash({key}) AS mark FROM typed WHERE {filled})"  # noqa: S608 - checked names
            f" WHERE mark % {passes} = {number} GROUP BY mark HAVING count(*) > 1"
        )
    return made.number("SELECT count(*) FROM suspects")


def problems(made: Bench, contract: Contract, plan: Plan, limit: int) -> list[dict[str, object]]:
    """The wrong cells in the order of the file, as INTERFACES section 2 shows them; personal numbers are masked."""
    order = {name: position for position, name in enumerate(contract.by_name)}
    cursor = made.run(
        "SELECT _sheet, _row, field, value, code, message, fix FROM problems"
        " ORDER BY _sheet, _row, list_position($order, field), code LIMIT $limit",
        {"order": list(order), "limit": limit},
    )
    told = []
    for sheet, row, name, value, code, message, fix in cursor.fetchall():
        made_for = plan.sheets[sheet]
        column = made_for.header.fields.get(name)
        told.append({
            "sheet": made_for.sheet.name, "row": row, "column": letter(column.index) if column else "",
            "header": column.header if column else contract.by_name[name].zh, "field": name,
            "value": shown(contract, name, value), "code": code, "message": message, "fix": fix,
        })  # fmt: skip
    return told


def shown(contract: Contract, name: str, value: str | None) -> str:
    """A cell's text as an error may carry it: personal fields and anything like an ID number or account masked."""
    text = (value or "")[:200]
    if contract.by_name[name].personal:
        return show.masked_id(text) if contract.by_name[name].type != "text" else show.masked_account(text)
    return text if name in contract.key else LONG_NUMBER.sub(lambda found: show.masked_id(found[0]), text)


def _skipped_notes(skipped: Mapping[str, int]) -> Iterator[str]:
    words = {
        "t": "表头以上的标题行",
        "r": "重复的表头",
        "f": "合计、制表人、说明等非数据行",
        "s": "分组标题",
        "b": "空白行",
    }
    for kind, told in words.items():
        if skipped.get(kind):
            yield f"跳过{told} {skipped[kind]:,} 行。"
