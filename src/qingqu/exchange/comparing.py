"""Checked rows against what is stored of the same department: what is new, changed, unchanged, gone; and, when a file
arrives for a day in the past, what later files had already said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from qingqu.base.errors import Refusal
from qingqu.exchange import lake
from qingqu.exchange.checking import OTHER_SENDER, good
from qingqu.exchange.contracts import Contract
from qingqu.exchange.history import History, of
from qingqu.exchange.lake import Bench, columns, literal, quoted
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
        f"CREATE OR REPLACE VIEW prev AS SELECT * FROM ({before.relation(contract)})"  # noqa: S608 - names from a checked contract
        f" WHERE _department = {literal(delivery.department)}"
    )


def refuse_strangers(made: Bench, contract: Contract, imports: Sequence[str]) -> int:
    """Moves rows whose stored row came with one of these imports (another sender's) from `good` to `problems`."""
    if not imports:
        return 0
    key = columns(contract.key)
    made.run(
        f"INSERT INTO problems SELECT g._sheet, g._row, '{contract.key[0]}', CAST(g.{quoted(contract.key[0])} AS VARCHAR),"  # noqa: S608 - checked names
        f" '{OTHER_SENDER}', '这一行是别的单位报送的，不能改', '请删去这一行，只报本单位的。'"
        f" FROM good g JOIN prev p USING ({key}) WHERE list_contains($imports, p._import)",
        {"imports": list(imports)},
    )
    made.run("CREATE OR REPLACE TABLE rejected AS SELECT DISTINCT _sheet, _row FROM problems")
    return good(made)


def compare(
    made: Bench, contract: Contract, delivery: Delivery, sheets: Sequence[str], absent: Sequence[str]
) -> Compared:
    """Makes `changes` and `confirmed` (keys said again unchanged) of `good` and `prev`. `absent`: fields without a
    column in the file."""
    fields, key = list(contract.by_name), columns(contract.key)
    made.run("CREATE OR REPLACE TABLE sheets AS SELECT unnest($n) AS number, unnest($s) AS name",
             {"n": list(range(len(sheets))), "s": list(sheets)})  # fmt: skip
    differs = " OR ".join(f"g.{quoted(name)} IS DISTINCT FROM p.{quoted(name)}" for name in fields)
    made.run(
        f"CREATE OR REPLACE TABLE matched AS SELECT g._sheet, g._row, ({differs}) AS changed"  # noqa: S608 - checked names
        f" FROM good g JOIN prev p USING ({key})"
    )
    same, changed = made.one(
        "SELECT count(*) FILTER (WHERE NOT changed), count(*) FILTER (WHERE changed) FROM matched"
    )
    brought, kind = "good g", "'insert'"
    if same or changed:
        brought += " LEFT JOIN matched m USING (_sheet, _row)"
        kind = "CASE WHEN m.changed THEN 'update' ELSE 'insert' END"
    provenance = _provenance(delivery)
    names = f"CASE g._sheet {' '.join(f'WHEN {n} THEN {literal(name)}' for n, name in enumerate(sheets))} END"
    made.run(
        f"CREATE OR REPLACE VIEW changes AS SELECT {columns(fields, 'g')}, {provenance}, {names} AS _sheet, g._row AS _row,"  # noqa: S608 - checked names
        f" {_known(delivery)} AS _known_at, {kind} AS _change FROM {brought}"
        f"{' WHERE m.changed IS DISTINCT FROM false' if same else ''}{_closing(made, contract, delivery)}"
    )
    made.run(
        f"CREATE OR REPLACE VIEW confirmed AS SELECT {columns(contract.key, 'g')} FROM good g"  # noqa: S608 - checked names
        " SEMI JOIN (FROM matched WHERE NOT changed) USING (_sheet, _row)"
    )
    rows = made.number("SELECT count(*) FROM good")
    removed = made.number("SELECT count(*) FROM closed") if delivery.full else 0
    return Compared(
        rows - same - changed, changed, same, removed, _emptied(made, contract, absent) if changed else 0
    )


def _provenance(delivery: Delivery) -> str:
    return (
        f"{literal(delivery.department)} AS _department, '' AS _snapshot, {literal(delivery.import_ref)} AS _import,"
        f" {literal(delivery.file_name)} AS _file"
    )


def _known(delivery: Delivery) -> str:
    return f"CAST({literal(lake.wall(delivery.known_at).isoformat(sep=' '))} AS TIMESTAMP)"


def _closing(made: Bench, contract: Contract, delivery: Delivery) -> str:
    """SQL to add to the changes: the whole roster closes what is not in it (`closed`). A row that is wrong but whose
    key can be read is in it."""
    if not delivery.full:
        return ""
    names = columns(list(contract.by_name), "p")
    made.run(
        f"CREATE OR REPLACE TABLE closed AS SELECT {names} FROM prev p"  # noqa: S608 - checked names
        f" ANTI JOIN (SELECT {columns(contract.key)} FROM typed) t USING ({columns(contract.key)})"
        f" WHERE {_in_period(contract, delivery.period)}"
    )
    return f" UNION ALL SELECT {names}, {_provenance(delivery)}, NULL, NULL, {_known(delivery)}, 'close' FROM closed p"  # noqa: S608 - checked names


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
    return made.number(
        f"SELECT {told} FROM prev p JOIN (SELECT g.* FROM good g SEMI JOIN (FROM matched WHERE changed)"  # noqa: S608 - checked names
        f" USING (_sheet, _row)) c USING ({columns(contract.key)})"
    )


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
