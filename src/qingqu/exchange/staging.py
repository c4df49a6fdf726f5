"""The reading process's cells as views on the bench: `raw` as they stand, `staged` as one text column a field."""

from collections.abc import Sequence

from qingqu.exchange import lake
from qingqu.exchange.contracts import Contract
from qingqu.exchange.lake import Bench, literal, quoted
from qingqu.exchange.layout import Plan
from qingqu.exchange.parsing import Parsed

# What senders write for "nothing"; never a value. For yes/no the word itself decides.
PLACEHOLDERS = (
    "/", "\\", "-", "--", "—", "——", "无", "暂无", "没有", "N/A", "n/a", "NA", "null", "NULL", "None",
)  # fmt: skip
ANSWERS = ("无", "没有")
BLANKS = " \t\r\n\u3000\u00a0"


def raw(made: Bench, parsed: Parsed) -> None:
    """`raw`: every line that is not blank, with its kind and its cells `c0`, `c1`, …"""
    made.run(f"CREATE VIEW raw AS {lake.raw(parsed.parts, parsed.kinds)}")


def staged(made: Bench, contract: Contract, plan: Plan) -> None:
    """`trimmed`: one text column a field, without blanks around it; `staged`: the same, NULL for nothing and its
    placeholders."""
    parts = []
    for number, sheet in enumerate(plan.sheets):
        columns = sheet.header.fields
        told = ", ".join(
            f"trim(c{columns[name].index}, {literal(BLANKS)}) AS {quoted(name)}" if name in columns
            else f"CAST(NULL AS VARCHAR) AS {quoted(name)}"
            for name in contract.by_name
        )  # fmt: skip
        parts.append(f"SELECT _sheet, _row, {told} FROM raw WHERE _kind = 'd' AND _sheet = {number}")  # noqa: S608 - checked names
    made.run(f"CREATE VIEW trimmed AS {' UNION ALL '.join(parts)}")
    filled = [
        f"CASE WHEN {quoted(name)} <> '' AND NOT {nothing(contract, name)} THEN {quoted(name)} END AS {quoted(name)}"
        for name in contract.by_name
    ]
    made.run(f"CREATE VIEW staged AS SELECT _sheet, _row, {', '.join(filled)} FROM trimmed")  # noqa: S608 - checked names


def nothing(contract: Contract, name: str) -> str:
    """SQL: whether a field's trimmed cell holds a placeholder."""
    yes_no = contract.by_name[name].type == "yes_no"
    words = [word for word in PLACEHOLDERS if not (yes_no and word in ANSWERS)]
    return f"{quoted(name)} IN ({listed(words)})"


def listed(words: Sequence[str]) -> str:
    """SQL literals with commas."""
    return ", ".join(map(literal, words))
