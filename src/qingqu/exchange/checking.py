"""From a plan to checked rows: cells staged as they stand, made canonical set by set, wrong ones told one by one.

Everything happens in tables of the bench: `raw` (the file's cells), `staged` (fields as text), `typed` (fields in
their stored types), `problems` (one row a wrong cell), `good` (rows without a problem)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from qingqu.domain import values
from qingqu.domain.values import Unclean, show
from qingqu.exchange import staging
from qingqu.exchange.contracts import Contract, Field
from qingqu.exchange.lake import Bench, column_type, quoted
from qingqu.exchange.layout import Plan
from qingqu.exchange.units import Factor
from qingqu.reading import header
from qingqu.reading.limits import letter

BATCH = 50_000
FORMULA_ERRORS = (
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#公式未计算",
)  # fmt: skip
LONG_NUMBER = re.compile(r"\d{13,}[0-9Xx]?")

# Fields whose text is a reference: a number in it must be whole.
REFERENCES = ("_id", "_no", "_account")


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


def check(made: Bench, contract: Contract, plan: Plan) -> Checked:
    """Stages, cleans and judges every row of the plan; leaves the tables on the bench."""
    result = Checked(notes=list(plan.notes))
    result.skipped = staging.stage(made, plan)
    result.rows = made.number("SELECT count(*) FROM raw WHERE _kind = 'd'")
    if emptied := staging.fields(made, contract, plan):
        result.notes.append(f"“/”“无”之类的 {emptied:,} 格按空白处理。")
    made.run(
        "CREATE TABLE problems (_sheet INTEGER, _row INTEGER, field VARCHAR, value VARCHAR, code VARCHAR,"
        " message VARCHAR, fix VARCHAR)"
    )
    _clean(made, contract, plan, result)
    _duplicates(made, contract)
    made.run("CREATE TABLE rejected AS SELECT DISTINCT _sheet, _row FROM problems")
    made.run("CREATE TABLE good AS SELECT typed.* FROM typed ANTI JOIN rejected USING (_sheet, _row)")
    result.rejected = made.number("SELECT count(*) FROM rejected")
    result.problems = made.number("SELECT count(*) FROM problems")
    result.notes += _skipped_notes(result.skipped)
    return result


def _clean(made: Bench, contract: Contract, plan: Plan, result: Checked) -> None:
    """`typed`: canonical values in their stored types; what cannot be made canonical goes to `problems`."""
    odd, missing = _census(made, contract, plan)
    selected, joins = [], []
    for position, (name, one) in enumerate(contract.by_name.items()):
        column, fixes, easy = f"s.{quoted(name)}", f"fix_{position}", _easy(one)
        expression = "NULL"
        if easy:
            expression = f"CASE WHEN {easy.condition.format(v=column)} THEN {easy.value.format(v=column)} END"
        if odd[name]:
            _odd_values(made, one, fixes, easy, _factors(plan, name), result)
            _tell(made, one, fixes)
            joins.append(
                f"LEFT JOIN {fixes} ON {fixes}.value = {column} AND list_contains({fixes}.sheets, s._sheet)"
            )
            expression = f"CASE WHEN {fixes}.value IS NULL THEN {expression} ELSE {fixes}.canonical END"
        if one.required and missing[name]:
            _tell_missing(made, one)
        if one.type == "text" and name.endswith(REFERENCES):
            _tell_ruined(made, one)
        selected.append(f"CAST({expression} AS {column_type(one.type)}) AS {quoted(name)}")
    sql = f"CREATE TABLE typed AS SELECT s._sheet, s._row, {', '.join(selected)} FROM staged s {' '.join(joins)}"  # noqa: S608 - checked names
    made.run(sql, {"errors": list(FORMULA_ERRORS)} if "$errors" in sql else None)


def _census(made: Bench, contract: Contract, plan: Plan) -> tuple[dict[str, int], dict[str, int]]:
    """In one pass: field → cells that are not easy, field → empty cells."""
    counted = []
    for name, one in contract.by_name.items():
        column, easy = quoted(name), _easy(one)
        plain_factor = list(_factors(plan, name)) == [1]
        hard = f"NOT ({easy.condition.format(v=column)})" if easy and plain_factor else "true"
        counted += [f"count(*) FILTER (WHERE {column} IS NOT NULL AND {hard})", f"count(*) - count({column})"]
    sql = f"SELECT {', '.join(counted)} FROM staged"  # noqa: S608 - checked names
    row = made.one(sql, {"errors": list(FORMULA_ERRORS)} if "$errors" in sql else None)
    names = list(contract.by_name)
    return dict(zip(names, row[::2], strict=True)), dict(zip(names, row[1::2], strict=True))


def _factors(plan: Plan, name: str) -> dict[Factor, list[int]]:
    """Factor of a field → numbers of the sheets where it holds."""
    found: dict[Factor, list[int]] = {}
    for number, sheet in enumerate(plan.sheets):
        found.setdefault(sheet.factors.get(name, 1), []).append(number)
    return found


@dataclass(frozen=True)
class Easy:
    """SQL for spellings that need no cleaning: a condition and the value, both with {v} for the cell."""

    condition: str
    value: str


def _easy(one: Field) -> Easy | None:
    """How a kind's easy spellings are told and taken, after `values.canonical_pattern`; None: clean every value."""
    pattern = values.canonical_pattern(one.type)
    if pattern is None or one.codes is not None:
        return None
    escaped = pattern.replace("'", "''").replace("{", "{{").replace("}", "}}")
    condition, value = f"regexp_full_match({{v}}, '{escaped}')", "{v}"
    if one.type == "text":  # Excel's error texts match too; they are told, never stored
        condition += " AND NOT list_contains($errors, {v})"
    if one.type == "datetime":
        value = "replace({v}, 'T', ' ')"
    if one.type in {"date", "datetime"}:  # a day that the calendar lacks does not cast
        condition += f" AND TRY_CAST({value} AS {column_type(one.type)}) IS NOT NULL"
    return Easy(condition, value)


def _odd_values(
    made: Bench,
    one: Field,
    fixes: str,
    easy: Easy | None,
    factors: Mapping[Factor, list[int]],
    result: Checked,
) -> None:
    """`fix_<n>`: each distinct value that is not easy, with its canonical text or what is wrong with it."""
    made.run(
        f"CREATE TABLE {fixes} (value VARCHAR, sheets INTEGER[], canonical VARCHAR, code VARCHAR, message VARCHAR,"
        " fix VARCHAR)"
    )
    column, outside = quoted(one.name), 0
    for factor, sheets in factors.items():
        hard = f"NOT ({easy.condition.format(v=column)})" if easy and factor == 1 else "true"
        cursor = made.con.cursor()
        cursor.execute(
            f"SELECT DISTINCT {column} FROM staged WHERE {column} IS NOT NULL AND list_contains($sheets, _sheet)"  # noqa: S608 - checked names
            f" AND ({hard})",
            {"sheets": sheets, **({"errors": list(FORMULA_ERRORS)} if "$errors" in hard else {})},
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


def _cleaned(
    one: Field, value: str, factor: Factor
) -> tuple[str, str | None, str | None, str | None, str | None, bool]:
    """(value, canonical, code, message, fix, outside an open code list)."""
    if value in FORMULA_ERRORS:
        fix = "请在 Excel 里改好公式，或改成数值后重新交。"
        return value, None, "formula_error", f"“{one.zh}”的公式没有结果", fix, False
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


def _tell(made: Bench, one: Field, fixes: str) -> None:
    column = quoted(one.name)
    made.run(
        f"INSERT INTO problems SELECT s._sheet, s._row, '{one.name}', s.{column}, f.code, f.message, f.fix"  # noqa: S608 - checked names
        f" FROM staged s JOIN {fixes} f ON f.value = s.{column} AND list_contains(f.sheets, s._sheet)"
        " WHERE f.code IS NOT NULL"
    )


def _tell_missing(made: Bench, one: Field) -> None:
    made.run(
        f"INSERT INTO problems SELECT _sheet, _row, '{one.name}', '', 'required', $message, $fix"  # noqa: S608 - checked names
        f" FROM staged WHERE {quoted(one.name)} IS NULL",
        {"message": f"“{one.zh}”没有填", "fix": f"请补上“{one.zh}”。"},
    )


def _tell_ruined(made: Bench, one: Field) -> None:
    """A reference such as 1.10101E+17 is a long number that Excel has shortened: the last digits are gone."""
    column = quoted(one.name)
    made.run(
        f"INSERT INTO problems SELECT _sheet, _row, '{one.name}', {column}, 'ruined_by_excel', $message, $fix"  # noqa: S608 - checked names
        f" FROM staged WHERE regexp_full_match({column}, '\\d(\\.\\d+)?[Ee]\\+\\d+')",
        {
            "message": f"“{one.zh}”被 Excel 改成了科学计数，末几位已丢失",
            "fix": "请把这一列设为文本，再从原件重填。",
        },
    )


def _duplicates(made: Bench, contract: Contract) -> None:
    """Rows of the same key: equal ones are told but for the first, different ones all, for nobody knows which is right."""
    key = ", ".join(quoted(name) for name in contract.key)
    everything = ", ".join(quoted(name) for name in contract.by_name)
    filled = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in contract.key)
    made.run(
        f"CREATE TABLE doubles AS SELECT {key}, count(*) AS times, count(DISTINCT hash({everything})) AS kinds,"  # noqa: S608 - checked names
        " min((_sheet, _row)) AS first_one, list(_row ORDER BY _sheet, _row)[:6] AS places"
        f" FROM typed WHERE {filled} GROUP BY {key} HAVING count(*) > 1"
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
