"""From a file to checked rows: cells staged as they stand, made canonical set by set, wrong ones told one by one.

Everything stands in tables and views of the bench: `raw` (the file's cells), `staged` (fields as text), `typed` (fields
in their stored types), `problems` (one row a wrong cell), `rejected` (rows with one), `good` (rows without). Views over
Parquet hold nothing in memory; only cells that are not spelled canonically are ever looked at in Python, each distinct
one once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from qingqu.domain.values import show
from qingqu.exchange import staging, units
from qingqu.exchange.cell import BLANKS, CONVERTED, Fix, clean_cell, hidden
from qingqu.exchange.contracts import Contract, Field
from qingqu.exchange.easy import easy
from qingqu.exchange.lake import PARQUET, Bench, Connection, column_type, parquet, quoted
from qingqu.exchange.layout import Plan
from qingqu.exchange.parsing import Parsed
from qingqu.exchange.places import NAMED, Places
from qingqu.exchange.units import Factor
from qingqu.reading.limits import letter

BATCH = 50_000
FIX = dict.fromkeys(Fix._fields, "VARCHAR")  # columns of a table of fixes
TYPED = "typed.parquet"
OTHER_SENDER = "other_sender"
PASS_ROWS = 3_000_000  # keys that are grouped at once, so that their table stays in memory


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


def check(made: Bench, contract: Contract, parsed: Parsed, places: Places) -> Checked:
    """Cleans and judges every row of a file that has been read; leaves tables and views on the bench. `places`:
    those of the sender's area, where a place is written by its name."""
    result = Checked(notes=[hidden(note) for note in parsed.plan.notes], skipped=dict(parsed.counts))
    result.rows = result.skipped.get("d", 0)
    _stage(made, contract, parsed)
    _clean(made, contract, parsed.plan, result, places)
    result.notes[:0] = _shares(made, contract)
    _duplicates(made, contract, result.rows)
    result.notes += _skipped_notes(result.skipped)
    return _judged(made, result)


def lay(
    made: Bench, contract: Contract, parsed: Parsed, notes: list[str], mended: Path | None, wrong: Path
) -> Checked:
    """The same tables and views from a check made before: its mended cells, if any, and its problems."""
    result = Checked(notes=notes, skipped=dict(parsed.counts), rows=parsed.counts.get("d", 0))
    _stage(made, contract, parsed)
    if mended:
        made.run(f"CREATE VIEW typed AS FROM {parquet([mended])}")
    else:
        _type(made, contract, parsed.plan)
    made.run(f"INSERT INTO problems FROM {parquet([wrong])}")
    return _judged(made, result)


def _stage(made: Bench, contract: Contract, parsed: Parsed) -> None:
    staging.raw(made, parsed)
    staging.staged(made, contract, parsed.plan)
    made.run(
        "CREATE TABLE problems (_sheet INTEGER, _row INTEGER, field VARCHAR, value VARCHAR, code VARCHAR,"
        " message VARCHAR, fix VARCHAR)"
    )


def _judged(made: Bench, result: Checked) -> Checked:
    made.run("CREATE TABLE rejected AS SELECT DISTINCT _sheet, _row FROM problems")
    result.problems = made.number("SELECT count(*) FROM problems")
    result.rejected = good(made)
    return result


def good(made: Bench) -> int:
    """`good`: what of `typed` is not in `rejected`; returns how many are."""
    rejected = made.number("SELECT count(*) FROM rejected")
    without = " ANTI JOIN rejected USING (_sheet, _row)" if rejected else ""
    made.run(f"CREATE OR REPLACE VIEW good AS SELECT typed.* FROM typed{without}")  # noqa: S608 - our own names
    return rejected


def _clean(made: Bench, contract: Contract, plan: Plan, result: Checked, places: Places) -> None:
    """`typed`: canonical values in their stored types; what cannot be made canonical goes to `problems`."""
    seen = _census(made, contract, plan)
    mended, emptied = {}, 0
    for position, (name, one) in enumerate(contract.by_name.items()):
        factors, fixes = _factors(plan, name), f"fix_{position}"
        odd, empty = seen[name]
        found = _odd_values(made, one, fixes, factors, places) if odd else Odd()
        emptied += found.emptied
        if found.outside:
            result.notes.append(f"“{one.zh}”有 {found.outside:,} 种写法不在代码表里，原样保留。")
        if found.places:
            result.notes.append(f"“{one.zh}”有 {found.places:,} 种写法是地名，已按区划表换成代码。")
        if found.converted:
            into = units.ZH[one.unit]
            result.notes.append(
                f"“{one.zh}”有 {found.converted:,} 格在数字后面写了别的面积单位（如 25.6亩），已换算成{into}；请核对。"
            )
        if one.required and (empty or found.nothing):
            _tell_missing(made, one, f"JOIN {fixes} f ON {_of_sheet(one, factors)}" if found.nothing else "")
        if found.mended:
            mended[name] = fixes
    if emptied:
        result.notes.append(f"“/”“无”之类的 {emptied:,} 格按空白处理。")
    _type(made, contract, plan, mended)


def _shares(made: Bench, contract: Contract) -> Iterator[str]:
    """One sentence a percent column of nothing but values up to 1, fractions among them: they may be shares. Cells that
    say % themselves leave no doubt."""
    for one in contract.fields:
        if one.type != "percent":
            continue
        name = quoted(one.name)
        many, most = made.one(f"SELECT count({name}), max({name}) FROM typed")  # noqa: S608 - checked name
        if not many or most > 1:
            continue
        doubtful = made.number(
            f"SELECT count(*) FROM typed t JOIN staged s USING (_sheet, _row) WHERE t.{name} <> trunc(t.{name})"  # noqa: S608 - checked name
            f" AND NOT regexp_matches(s.{name}, '[%％]')"
        )
        if doubtful:
            yield (
                f"请核对：“{one.zh}”这一列的 {many:,} 个数都在 0 到 1 之间，按百分之零点几读（0.35 就是 0.35%）；"
                "如果 0.35 是 35%，请改成 35 或 35% 后重新交。"
            )


def _type(
    made: Bench, contract: Contract, plan: Plan, mended: Mapping[str, str] = MappingProxyType({})
) -> None:
    """`typed`, with the fixes of mended fields: name → table."""
    selected, joins = [], []
    for name, one in contract.by_name.items():
        factors, fixes = _factors(plan, name), mended.get(name, "")
        selected.append(f"{_value(one, fixes, factors)} AS {quoted(name)}")
        if fixes:
            joins.append(f"LEFT JOIN {fixes} ON {_of_sheet(one, factors, fixes)}")
    sql = f"SELECT s._sheet, s._row, {', '.join(selected)} FROM staged s {' '.join(joins)}"  # noqa: S608 - checked names
    if joins:
        made.run(f"COPY ({sql}) TO '{made.folder / TYPED}' ({PARQUET})")
        sql = f"FROM {parquet([made.folder / TYPED])}"
    made.run(f"CREATE VIEW typed AS {sql}")


def _value(one: Field, fixes: str, factors: Mapping[Factor, list[int]]) -> str:
    """SQL of a field's stored value: by its fix; a filled cell without one is easy."""
    column, stored = f"s.{quoted(one.name)}", column_type(one.type)
    rest = column if stored == "VARCHAR" else f"CAST(NULL AS {stored})"
    cases = [f"WHEN {fixes}.value IS NOT NULL THEN CAST({fixes}.canonical AS {stored})"] if fixes else []
    for factor, sheets in factors.items():
        plain = easy(one, column, factor)
        if plain and len(factors) == 1:
            rest = plain.value
        elif plain:
            cases.append(f"WHEN {_on('s._sheet', sheets)} THEN {plain.value}")
    return f"CASE {' '.join(cases)} ELSE {rest} END" if cases else rest


def _census(made: Bench, contract: Contract, plan: Plan) -> dict[str, tuple[int, int]]:
    """All fields in one pass: how many filled cells may need cleaning, how many cells are empty."""
    counted = []
    for name, one in contract.by_name.items():
        column, hard = quoted(name), []
        for factor, sheets in _factors(plan, name).items():
            plain = easy(one, column, factor)
            odd = f" AND NOT ({plain.condition})" if plain and not plain.dear else ""
            hard.append(f"({_on('_sheet', sheets)}{odd})")
        counted += [f"count({column}) FILTER (WHERE {' OR '.join(hard)})", f"count(*) - count({column})"]
    row = made.one(f"SELECT {', '.join(counted)} FROM staged")  # noqa: S608 - checked names
    return dict(zip(contract.by_name, zip(row[::2], row[1::2], strict=True), strict=True))


def _factors(plan: Plan, name: str) -> dict[Factor, list[int]]:
    """Factor of a field → numbers of the sheets where it holds."""
    found: dict[Factor, list[int]] = {}
    for number, sheet in enumerate(plan.sheets):
        found.setdefault(sheet.factors.get(name, 1), []).append(number)
    return found


def _on(column: str, sheets: list[int]) -> str:
    return f"({' OR '.join(f'{column} = {number}' for number in sheets)})"


def _of_sheet(one: Field, factors: Mapping[Factor, list[int]], fixes: str = "f") -> str:
    """SQL: whether a fix is that of a cell of `s`."""
    same = f"{fixes}.value = s.{quoted(one.name)}"
    return same if len(factors) == 1 else f"{same} AND list_contains({fixes}.sheets, s._sheet)"


@dataclass(frozen=True)
class Odd:
    """Of a field's odd cells: kinds of values outside an open code list, kinds that name a place, cells that held a placeholder, whether some
    hold nothing, whether some are stored otherwise than they stand."""

    outside: int = 0
    places: int = 0
    emptied: int = 0
    nothing: bool = False
    mended: bool = False
    converted: int = 0


def _odd_values(
    made: Bench, one: Field, fixes: str, factors: Mapping[Factor, list[int]], places: Places
) -> Odd:
    """`fix_<n>`: each distinct value that is not easy, with its canonical text or what is wrong with it. Tells the
    wrong ones."""
    told = ", ".join(f"{name} {kind}" for name, kind in FIX.items())
    made.run(f"CREATE TABLE {fixes} ({told}, sheets INTEGER[])")
    for factor, sheets in factors.items():
        cursor = _distinct(made, one, factor, sheets if len(factors) > 1 else None)
        while batch := cursor.fetchmany(BATCH):
            rows = [clean_cell(one, str(value), factor) for (value,) in batch]
            if one.type == "division_code":
                rows = [places.fix(one, row) for row in rows]
            made.run(
                f"INSERT INTO {fixes} SELECT {', '.join(f'unnest(${name})' for name in FIX)}, $sheets",
                {name: [row[at] for row in rows] for at, name in enumerate(FIX)} | {"sheets": sheets},
            )
    wrong, outside, named, emptied, nothing, mended = made.one(
        f"SELECT count(code), count(*) FILTER (WHERE state = 'outside'), count(*) FILTER (WHERE state = '{NAMED}'), count(*) FILTER (WHERE state = 'placeholder'),"  # noqa: S608 - our own name
        " count(*) FILTER (WHERE state IN ('placeholder', 'blank')),"
        f" count(*) FILTER (WHERE canonical IS DISTINCT FROM value) FROM {fixes}"
    )
    cells = f"FROM staged s JOIN {fixes} f ON {_of_sheet(one, factors)}"
    if wrong:
        made.run(
            f"INSERT INTO problems SELECT s._sheet, s._row, '{one.name}', trim(f.value, $blanks), f.code, f.message,"
            f" f.fix {cells} WHERE f.code IS NOT NULL",
            {"blanks": BLANKS},
        )
    if emptied:
        emptied = made.number(f"SELECT count(*) {cells} WHERE f.state = 'placeholder'")
    converted = 0
    if one.type == "quantity" and one.unit in units.AREAS:
        converted = made.number(f"SELECT count(*) {cells} WHERE f.state = '{CONVERTED}'")
    return Odd(
        outside, named, emptied, bool(nothing), bool(mended) or column_type(one.type) != "VARCHAR", converted
    )


def _distinct(made: Bench, one: Field, factor: Factor, sheets: list[int] | None) -> Connection:
    """A cursor over a field's distinct cells that are not easy."""
    plain, column = easy(one, "value", factor), quoted(one.name)
    hard = f"NOT ({plain.condition})" if plain else "true"
    here = f" AND {_on('_sheet', sheets)}" if sheets else ""
    cells = f"(SELECT {column} AS value FROM staged WHERE {column} IS NOT NULL{here})"  # noqa: S608 - checked names
    if plain and plain.dear:  # in a table first: the engine would put a filter before what makes cells few
        made.run(f"CREATE OR REPLACE TABLE few AS SELECT DISTINCT value FROM {cells}")  # noqa: S608 - checked names
        cells = "few"
    cursor = made.con.cursor()
    return cursor.execute(f"SELECT DISTINCT value FROM {cells} WHERE {hard}")  # noqa: S608 - checked names


def _tell_missing(made: Bench, one: Field, join: str) -> None:
    """Cells of a required field that hold nothing; `join`: with fixes `f` that say so of some."""
    told = {"message": f"“{one.zh}”没有填", "fix": f"请补上“{one.zh}”。"}
    sql = f"INSERT INTO problems SELECT s._sheet, s._row, '{one.name}', '', 'required', $message, $fix FROM staged s"  # noqa: S608 - checked names
    made.run(f"{sql} WHERE s.{quoted(one.name)} IS NULL", told)
    if join:
        made.run(f"{sql} {join} WHERE f.state IN ('placeholder', 'blank')", told)


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
    return text if name in contract.key else hidden(text)


def _skipped_notes(skipped: Mapping[str, int]) -> Iterator[str]:
    words = {
        "t": "表头以上的标题行",
        "r": "重复的表头",
        "f": "合计、制表人、说明等非数据行",
        "s": "分组标题",
        "n": "只填了序号的空行",
        "b": "空白行",
    }
    for kind, told in words.items():
        if skipped.get(kind):
            yield f"跳过{told} {skipped[kind]:,} 行。"
