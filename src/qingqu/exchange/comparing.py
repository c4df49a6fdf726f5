"""Checked rows against what is stored of the same department: what is new, changed, unchanged, gone; and, when a file
arrives for a day in the past, what later files had already said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from qingqu.base.errors import Refusal
from qingqu.exchange import lake
from qingqu.exchange.contracts import Contract
from qingqu.exchange.history import History, of
from qingqu.exchange.lake import Bench, columns, quoted
from qingqu.exchange.models import Snapshot


@dataclass(frozen=True)
class Delivery:
    """Where rows come from and from when they count. `full`: the department's whole roster (of the period, if any)."""

    department: str
    import_ref: str
    file_name: str
    known_at: datetime
    full: bool = False
    period: str = ""


@dataclass(frozen=True)
class Compared:
    """How the good rows stand to what is stored."""

    inserted: int
    updated: int
    unchanged: int
    removed: int
    emptied: int

    @property
    def changed(self) -> int:
        """Rows that a commit would write."""
        return self.inserted + self.updated + self.removed


def stored(made: Bench, contract: Contract, before: History, delivery: Delivery) -> None:
    """`prev`: the department's rows as known at the delivery's moment."""
    made.run(
        f"CREATE OR REPLACE TABLE prev AS SELECT * FROM ({before.relation(contract)}) WHERE _department = $department",  # noqa: S608 - names from a checked contract
        {"department": delivery.department},
    )


def refuse_strangers(made: Bench, contract: Contract, imports: Sequence[str]) -> int:
    """Moves rows whose stored row came with one of these imports (another sender's) from `good` to `problems`."""
    if not imports:
        return 0
    key = columns(contract.key)
    made.run(
        f"INSERT INTO problems SELECT g._sheet, g._row, '{contract.key[0]}', CAST(g.{quoted(contract.key[0])} AS VARCHAR),"  # noqa: S608 - checked names
        " 'other_sender', '这一行是别的单位报送的，不能改', '请删去这一行，只报本单位的。'"
        f" FROM good g JOIN prev p USING ({key}) WHERE list_contains($imports, p._import)",
        {"imports": list(imports)},
    )
    made.run("DELETE FROM good WHERE (_sheet, _row) IN (SELECT (_sheet, _row) FROM problems)")
    return made.number("SELECT count(DISTINCT (_sheet, _row)) FROM problems")


def compare(
    made: Bench, contract: Contract, delivery: Delivery, sheets: Sequence[str], absent: Sequence[str]
) -> Compared:
    """Fills `changes` and `confirmed` (keys said again unchanged) from `good` and `prev`. `absent`: fields without a
    column in the file."""
    fields, key = list(contract.by_name), columns(contract.key)
    differs = " OR ".join(f"g.{quoted(name)} IS DISTINCT FROM p.{quoted(name)}" for name in fields)
    made.run("CREATE OR REPLACE TABLE sheets AS SELECT unnest($n) AS number, unnest($s) AS name",
             {"n": list(range(len(sheets))), "s": list(sheets)})  # fmt: skip
    made.run(
        f"CREATE OR REPLACE TABLE changes AS SELECT {columns(fields, 'g')}, $department AS _department,"  # noqa: S608 - checked names
        " '' AS _snapshot, $import AS _import, $file AS _file, sheets.name AS _sheet, g._row AS _row,"
        " CAST($known AS TIMESTAMP) AS _known_at, CASE WHEN p._change IS NULL THEN 'insert' ELSE 'update' END AS _change"
        f" FROM good g JOIN sheets ON sheets.number = g._sheet LEFT JOIN prev p USING ({key})"
        f" WHERE p._change IS NULL OR {differs}",
        {"department": delivery.department, "import": delivery.import_ref, "file": delivery.file_name,
         "known": lake.wall(delivery.known_at)},
    )  # fmt: skip
    made.run(f"CREATE OR REPLACE TABLE confirmed AS SELECT {columns(contract.key, 'g')} FROM good g"  # noqa: S608 - checked names
             f" JOIN prev p USING ({key}) ANTI JOIN changes USING ({key})")  # fmt: skip
    if delivery.full:
        _close(made, contract, delivery)
    by_kind = dict(made.run("SELECT _change, count(*) FROM changes GROUP BY 1").fetchall())
    return Compared(
        by_kind.get("insert", 0), by_kind.get("update", 0), made.number("SELECT count(*) FROM confirmed"),
        by_kind.get("close", 0), _emptied(made, contract, absent),
    )  # fmt: skip


def _close(made: Bench, contract: Contract, delivery: Delivery) -> None:
    """The whole roster closes what is not in it. A row that is wrong but whose key can be read is in it."""
    period = _in_period(contract, delivery.period)
    made.run(
        f"INSERT INTO changes SELECT {columns(list(contract.by_name), 'p')}, $department, '', $import, $file, NULL, NULL,"  # noqa: S608 - checked names
        f" CAST($known AS TIMESTAMP), 'close' FROM prev p ANTI JOIN (SELECT {columns(contract.key)} FROM typed) t"
        f" USING ({columns(contract.key)}) WHERE {period}",
        {"department": delivery.department, "import": delivery.import_ref, "file": delivery.file_name,
         "known": lake.wall(delivery.known_at)},
    )  # fmt: skip


def keys_unreadable(made: Bench, contract: Contract) -> bool:
    """Whether some row's key could not be read: then nobody knows whom a whole roster would close."""
    filled = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in contract.key)
    return bool(made.number(f"SELECT count(*) FROM typed WHERE NOT ({filled})"))  # noqa: S608 - checked names


def _in_period(contract: Contract, period: str) -> str:
    if not period:
        return "true"
    name = contract.period_field
    if name is None:
        raise Refusal(f"“{contract.title}”没有按月份的日期，不能按月整份替换；请去掉月份。", code="period")
    column = f"p.{quoted(name)}"
    text = column if contract.by_name[name].type == "month" else f"strftime({column}, '%Y-%m')"
    return f"{text} = '{period}'"


def _emptied(made: Bench, contract: Contract, absent: Sequence[str]) -> int:
    """Stored values that would become blank only because the file has no such column."""
    if not absent:
        return 0
    told = " + ".join(f"count(p.{quoted(name)})" for name in absent)
    key = columns(contract.key)
    return made.number(f"SELECT {told} FROM prev p JOIN changes c USING ({key}) WHERE c._change = 'update'")  # noqa: S608 - checked names


def totals(made: Bench, contract: Contract) -> dict[str, str]:
    """Control totals of the good rows: money field → yuan with two places; fields without a value left out."""
    if not contract.money:
        return {}
    row = made.one(f"SELECT {', '.join(f'sum({quoted(name)})' for name in contract.money)} FROM good")  # noqa: S608 - checked names
    return {
        name: f"{Decimal(value):.2f}"
        for name, value in zip(contract.money, row, strict=True)
        if value is not None
    }


@dataclass(frozen=True)
class Restatement:
    """What has to be said again at a later snapshot's moment, in a table of the bench."""

    table: str
    like: Snapshot
    rows: int


def restate(
    made: Bench, contract: Contract, delivery: Delivery, every: Sequence[Snapshot]
) -> list[Restatement]:
    """Later files of the same department may have confirmed, or by a whole roster closed, rows that this back-dated
    delivery changes. What they said stands: it is said again at their moment. Call after `compare`."""
    later = sorted(
        (one for one in every if one.department == delivery.department and one.known_at > delivery.known_at),
        key=lambda one: (one.known_at, one.sequence),
    )
    key, found = columns(contract.key), []
    if later:
        made.run(f"CREATE OR REPLACE TABLE open_keys AS SELECT {key}, _change FROM changes")  # noqa: S608 - checked names
    for number, one in enumerate(later):
        folder = lake.root() / one.path
        told, same = lake.parquet([folder / lake.CHANGES]), _same(contract, "open_keys", "c")
        made.run(f"DELETE FROM open_keys USING {told} c WHERE {same}")  # noqa: S608 - checked names
        table = f"again_{number}"
        made.run(
            f"CREATE TABLE {table} AS SELECT s.* REPLACE ('update' AS _change, CAST($known AS TIMESTAMP) AS _known_at)"  # noqa: S608 - checked names
            f" FROM ({of(every, one.known_at).relation(contract)}) s JOIN open_keys o USING ({key})"
            f" SEMI JOIN {lake.parquet([folder / lake.CONFIRMED])} c USING ({key}) WHERE s._department = $department",
            {"known": lake.wall(one.known_at), "department": delivery.department},
        )
        if one.full:
            _closed_again(made, contract, table, one)
        made.run(f"DELETE FROM open_keys USING {table} t WHERE {_same(contract, 'open_keys', 't')}")  # noqa: S608 - our own names
        if rows := made.number(f"SELECT count(*) FROM {table}"):  # noqa: S608 - our own name
            found.append(Restatement(table, one, rows))
    return found


def _closed_again(made: Bench, contract: Contract, table: str, one: Snapshot) -> None:
    """Rows that the back-dated file brings but a later whole roster does not hold."""
    key = columns(contract.key)
    period = _in_period(contract, one.period)
    made.run(
        f"INSERT INTO {table} SELECT p.* REPLACE ('close' AS _change, CAST($known AS TIMESTAMP) AS _known_at,"  # noqa: S608 - checked names
        f" NULL AS _row, NULL AS _sheet) FROM changes p SEMI JOIN open_keys o USING ({key})"
        f" ANTI JOIN {lake.parquet([lake.root() / one.path / lake.CONFIRMED])} c USING ({key})"
        f" WHERE p._change <> 'close' AND {period}",
        {"known": lake.wall(one.known_at)},
    )


def _same(contract: Contract, left: str, right: str) -> str:
    return " AND ".join(f"{left}.{quoted(name)} = {right}.{quoted(name)}" for name in contract.key)


def as_counts(compared: Compared) -> Mapping[str, int]:
    """The four counts of INTERFACES section 2."""
    return {
        "inserted": compared.inserted, "updated": compared.updated, "unchanged": compared.unchanged,
        "removed": compared.removed,
    }  # fmt: skip
