"""The reading process's cells as views on the bench: `raw` as they stand, `staged` as one text column a field."""

from qingqu.exchange import lake
from qingqu.exchange.contracts import Contract
from qingqu.exchange.lake import Bench, literal, quoted
from qingqu.exchange.layout import Plan
from qingqu.exchange.parsing import Parsed


def raw(made: Bench, parsed: Parsed) -> None:
    """`raw`: every line that is not blank, with its kind and its cells `c0`, `c1`, …"""
    made.run(f"CREATE VIEW raw AS {lake.raw(parsed.parts, parsed.kinds)}")


def staged(made: Bench, contract: Contract, plan: Plan) -> None:
    """`staged`: the rows of data, one text column a field, as it stands; NULL for an empty cell."""
    parts = []
    for number, sheet in enumerate(plan.sheets):
        columns = sheet.header.fields
        told = ", ".join(
            f"c{columns[name].index} AS {quoted(name)}" if name in columns
            else f"CAST({literal(said) if (said := sheet.spoken.get(name)) else 'NULL'} AS VARCHAR) AS {quoted(name)}"
            for name in contract.by_name
        )  # fmt: skip
        parts.append(f"SELECT _sheet, _row, {told} FROM raw WHERE _kind = 'd' AND _sheet = {number}")  # noqa: S608 - checked names
    made.run(f"CREATE VIEW staged AS {' UNION ALL '.join(parts)}")
