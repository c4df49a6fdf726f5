"""Which terms a dataset's field carries: for choices on a page."""

from qingqu.exchange import lake
from qingqu.exchange.contracts import load
from qingqu.exchange.history import history
from qingqu.exchange.lake import quoted

LIMIT = 100


def terms(dataset: str, field: str) -> list[str]:
    """The distinct stored values of a field with those of its code list, sorted; at most `LIMIT` stored ones."""
    contract = load(dataset)
    codes = contract.by_name[field].codes
    told = set(codes.values) if codes else set()
    known = history(dataset)
    if known.snapshots:
        column = quoted(field)
        sql = (
            f"SELECT DISTINCT CAST({column} AS VARCHAR) FROM ({known.relation(contract)})"  # noqa: S608 - checked name
            f" WHERE {column} IS NOT NULL ORDER BY 1 LIMIT {LIMIT}"
        )
        with lake.bench() as made:
            told |= {row[0] for row in made.run(sql, {}).fetchall()}
    return sorted(told)
