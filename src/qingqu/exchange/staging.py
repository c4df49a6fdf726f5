"""The file's cells brought onto the bench: `raw` as they stand, `staged` as one text column a field."""

import csv
from pathlib import Path

from qingqu.exchange.contracts import Contract
from qingqu.exchange.lake import Bench, load_text, quoted
from qingqu.exchange.layout import Plan
from qingqu.reading.limits import MAX_COLUMNS

# What senders write for "nothing"; never a value. For yes/no the word itself decides.
PLACEHOLDERS = (
    "/", "\\", "-", "--", "—", "——", "无", "暂无", "没有", "N/A", "n/a", "NA", "null", "NULL", "None",
)  # fmt: skip
ANSWERS = ("无", "没有")
BLANKS = " \t\r\n\u3000\u00a0"


def stage(made: Bench, plan: Plan) -> dict[str, int]:
    """Brings the file's cells into `raw`, and counts the lines that are no data."""
    counts: dict[str, int] = {}
    with _Writer(made.folder, max(len(sheet.header.columns) for sheet in plan.sheets)) as writer:
        for number, sheet in enumerate(plan.sheets):
            for kind, row, cells in sheet.lines():
                counts[kind] = counts.get(kind, 0) + 1
                if kind != "b":
                    writer.line(number, row, kind, cells)
    declared = ", ".join(f"c{index} VARCHAR" for index in range(writer.width))
    made.run(f"CREATE TABLE raw (_sheet INTEGER, _row INTEGER, _kind VARCHAR, {declared})")
    for path, columns in writer.files:
        names = {"_sheet": "INTEGER", "_row": "INTEGER", "_kind": "VARCHAR"}
        load_text(made, "raw", path, names | {f"c{index}": "VARCHAR" for index in range(columns)})
        path.unlink()
    return counts


class _Writer:
    """Writes rows as csv for the bench; a row wider than all before it starts a new, at least twice as wide file."""

    def __init__(self, folder: Path, width: int) -> None:
        self.folder, self.files = folder, list[tuple[Path, int]]()
        self._begin(width)

    def __enter__(self) -> "_Writer":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _begin(self, width: int) -> None:
        self.width = width
        path = self.folder / f"stage-{len(self.files)}.csv"
        self.files.append((path, width))
        self._file = path.open("w", encoding="utf-8", newline="", errors="replace")
        self._csv = csv.writer(self._file)

    def line(self, sheet: int, row: int, kind: str, cells: list[str]) -> None:
        """One row of the file."""
        if len(cells) > self.width:
            self._file.close()
            self._begin(max(len(cells), min(2 * self.width, MAX_COLUMNS)))
        self._csv.writerow((sheet, row, kind, *cells, *[""] * (self.width - len(cells))))


def fields(made: Bench, contract: Contract, plan: Plan) -> int:
    """`staged`: one text column a field, trimmed, NULL for nothing and its placeholders; returns how many cells held a
    placeholder."""
    parts = []
    for number, sheet in enumerate(plan.sheets):
        columns = sheet.header.fields
        told = ", ".join(
            f"trim(c{columns[name].index}, $blanks) AS {quoted(name)}" if name in columns
            else f"CAST(NULL AS VARCHAR) AS {quoted(name)}"
            for name in contract.by_name
        )  # fmt: skip
        parts.append(f"SELECT _sheet, _row, {told} FROM raw WHERE _kind = 'd' AND _sheet = {number}")  # noqa: S608 - checked names
    selected, counted = [], []
    for name, one in contract.by_name.items():
        column = quoted(name)
        words = "$open_words" if one.type == "yes_no" else "$words"
        nothing = f"list_contains({words}, {column})"
        counted.append(f"count(*) FILTER (WHERE {nothing})")
        selected.append(f"CASE WHEN {column} <> '' AND NOT {nothing} THEN {column} END AS {column}")
    made.run(f"CREATE TABLE trimmed AS {' UNION ALL '.join(parts)}", {"blanks": BLANKS})
    values = {"words": list(PLACEHOLDERS)}
    if any(one.type == "yes_no" for one in contract.fields):
        values["open_words"] = [word for word in PLACEHOLDERS if word not in ANSWERS]
    emptied = made.number(f"SELECT {' + '.join(counted)} FROM trimmed", values)  # noqa: S608 - checked names
    made.run(f"CREATE TABLE staged AS SELECT _sheet, _row, {', '.join(selected)} FROM trimmed", values)  # noqa: S608 - checked names
    made.run("DROP TABLE trimmed")
    return emptied
