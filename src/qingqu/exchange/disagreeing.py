"""Where two departments tell the same thing differently: rows of one key whose figures or dates do not agree."""

from datetime import datetime
from typing import Any

from qingqu.exchange import lake
from qingqu.exchange.contracts import Contract, load
from qingqu.exchange.history import history
from qingqu.exchange.lake import columns, quoted

FIGURES = frozenset({"money", "quantity", "percent", "integer", "date"})
LIMIT = 5000  # rows: a county where more disagree has another problem than these


def figures(contract: Contract) -> tuple[str, ...]:
    """The fields that can be compared: amounts, quantities, percents, counts, dates; not the key."""
    return tuple(one.name for one in contract.fields if one.type in FIGURES and one.name not in contract.key)


def disagreements(dataset: str, known_at: datetime) -> list[list[dict[str, Any]]]:
    """For each key on which departments differ: their rows as known at the moment, with provenance columns. A value
    that one of them does not carry is no disagreement. At most `LIMIT` rows."""
    contract = load(dataset)
    known = history(dataset, known_at)
    compared = figures(contract)
    if len({one.department for one in known.snapshots}) < 2 or not compared:
        return []
    key = columns(contract.key)
    differ = " OR ".join(f"count(DISTINCT {quoted(name)}) > 1" for name in compared)
    sql = (
        f"WITH told AS ({known.relation(contract)}), odd AS (SELECT {key} FROM told GROUP BY {key}"  # noqa: S608 - checked names
        f" HAVING count(DISTINCT _department) > 1 AND ({differ}))"
        f" SELECT told.* FROM told JOIN odd USING ({key}) ORDER BY {key}, _department LIMIT {LIMIT}"
    )
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    with lake.bench() as made:
        cursor = made.run(sql, {})
        names = [item[0] for item in cursor.description]
        for values in cursor.fetchall():
            row = dict(zip(names, values, strict=True))
            found.setdefault(tuple(row[name] for name in contract.key), []).append(row)
    return list(found.values())
