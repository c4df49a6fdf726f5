"""Departments' files from the disk to committed: seconds, rows a second, peak memory, beside the engine's bare reading.

`--rows N` sets the size of the csv (default 300,000), `--full` runs one and five million rows and says how far memory
grew. Each figure comes from a process of its own on a home of its own; making files and tables is not counted. Peak
memory is that of our process plus that of the reading process, as the system counted them."""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

BOOK = (50_000, 20)
FULL = (1_000_000, 5_000_000)
HEAD = ("支付流水号", "项目代码", "合同编号", "付款单位", "收款人信用代码", "收款人", "收款账号", "款项性质", "支付金额", "支付日期")  # fmt: skip
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Rows are spread by multipliers, so that neither keys nor amounts come in an order that would flatter us.
ROWS = """
SELECT 'ZF' || lpad((i * 7368787 % 9999999967)::VARCHAR, 10, '0'), 'P-' || (i * 7919 % 40000), 'HT-' || (i * 31 % 90000),
 {payer}, codes[1 + i * 131 % len(codes)], {payee}, '6222' || lpad((i * 7919 % 1000000007)::VARCHAR, 15, '0'),
 {kind}, {amount}, {day} FROM range({rows}) t(i), (SELECT {codes} AS codes)
"""
CANONICAL = {
    "payer": "'明山县财政局'",
    "payee": "'明山县第' || (i % 5000) || '工程有限公司'",
    "kind": "['预付款', '进度款', '结算款', '质保金', '其他'][i % 5 + 1]",
    "amount": "printf('%.2f', (i * 7717 % 1000000007) / 100.0)",
    "day": "(DATE '2023-01-01' + (i * 7 % 900)::INTEGER)::VARCHAR",
}
# Of ten columns five are written otherwise in 3 to 15 rows of a hundred: 5 cells of a hundred in all.
ODD = {
    "payer": "CASE WHEN i % 100 < 5 THEN '明山县财政局 ' ELSE '明山县财政局' END",
    "payee": "'明山县第' || (i % 5000) || '工程有限公司' || CASE WHEN i % 100 < 5 THEN '(清算)' ELSE '' END",
    "kind": f"CASE WHEN i % 100 < 10 THEN '工程进度款' ELSE {CANONICAL['kind']} END",
    "amount": f"CASE WHEN i % 100 < 15 THEN format('{{{{:,.2f}}}}元', (i * 7717 % 1000000007) / 100.0)"
    f" ELSE {CANONICAL['amount']} END",
    "day": "CASE WHEN i % 100 < 15 THEN strftime(DATE '2023-01-01' + (i * 7 % 900)::INTEGER, '%Y年%-m月%-d日')"
    f" ELSE {CANONICAL['day']} END",
}


def codes(how_many: int = 20_000) -> list[str]:
    """Credit codes with right check signs."""
    from stdnum.cn import uscc

    begun = (f"91990101MA{number * 7919 % 10**7:07d}" for number in range(how_many))
    return [part + uscc.calc_check_digit(part) for part in begun]


def write_csv(path: Path, rows: int, spelling: dict[str, str]) -> None:
    """A csv of payments."""
    import duckdb

    names = ", ".join(f'"{name}"' for name in HEAD)
    sql = ROWS.format(
        rows=rows, codes=codes(), **{k: v.replace("{{", "{").replace("}}", "}") for k, v in spelling.items()}
    )
    duckdb.execute(f"COPY (SELECT * FROM ({sql}) AS t({names})) TO '{path}' (HEADER, DELIMITER ',')")


def write_book(path: Path) -> None:
    """An xlsx of projects: 16 columns of the contract and four that nobody asked for."""
    import xlsxwriter

    from qingqu.exchange.contracts import load

    rows, columns = BOOK
    fields = load("projects").fields
    code = codes(500)
    kinds: dict[str, Callable[[int], object]] = {
        "money": lambda n: n * 7717 % 10**7 / 100, "date": lambda n: f"20{23 + n % 4}-{1 + n % 12:02d}-{1 + n % 28:02d}",
        "credit_code": lambda n: code[n % len(code)], "division_code": lambda n: f"990101{1 + n % 12:03d}000",
    }  # fmt: skip
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("项目")
        sheet.write_row(
            0, 0, [*(one.zh for one in fields), *(f"附注{n}" for n in range(columns - len(fields)))]
        )
        for number in range(rows):
            row: list[object] = []
            for one in fields:
                text = next(iter(one.codes.values), "道路") if one.codes else f"{one.zh}{number % 3000}"
                text = f"P-{number}" if one.name == "project_id" else text
                row.append(kinds.get(one.type, lambda _, text=text: text)(number))
            sheet.write_row(number + 1, 0, [*row, *("附注" for _ in range(columns - len(fields)))])


def bare(path: Path, folder: Path) -> dict[str, Any]:
    """The engine alone: csv read as text, written as Parquet."""
    import duckdb

    begun = time.perf_counter()
    with duckdb.connect(config={"threads": 2, "memory_limit": "600MB"}) as db:
        db.execute(
            f"COPY (FROM read_csv('{path}', all_varchar = true, header = true, delim = ',', quote = '\"'))"
            f" TO '{folder / 'bare.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
        )
    return {"seconds": time.perf_counter() - begun}


def committed(path: Path, dataset: str) -> dict[str, Any]:
    """A file committed as the command line does it."""
    import django

    django.setup()
    from qingqu.base.clock import SHANGHAI
    from qingqu.exchange.actions import import_file
    from qingqu.exchange.contracts import load
    from qingqu.exchange.work import Wish
    from qingqu.orgs.actions import system_operator

    by, now = system_operator(), datetime(2026, 11, 25, 9, tzinfo=SHANGHAI)
    wish = Wish(dataset, load(dataset).owners[0], path.name)
    begun = time.perf_counter()
    told = import_file(path=path, wish=wish, by=by, now=now)
    seconds = time.perf_counter() - begun
    if told["state"] != "committed" or told["inserted"] != told["rows"]:
        raise SystemExit(f"not committed: {told['errors'][:3]} {told['notes']}")
    return {"seconds": seconds, "rows": told["rows"]}


def previewed(path: Path, dataset: str) -> dict[str, Any]:
    """A file uploaded, previewed as the worker does it, then committed as the page does it."""
    import django

    django.setup()
    from qingqu.base.clock import SHANGHAI
    from qingqu.exchange.actions import commit_import, file_chunks, preview_import, receive_file
    from qingqu.exchange.contracts import load
    from qingqu.exchange.work import Wish
    from qingqu.orgs.actions import system_operator

    by, now = system_operator(), datetime(2026, 11, 25, 9, tzinfo=SHANGHAI)
    row = receive_file(
        chunks=file_chunks(path), wish=Wish(dataset, load(dataset).owners[0], path.name), by=by, now=now
    )
    begun = time.perf_counter()
    row = preview_import(ref=row.ref, now=now)
    seen = time.perf_counter()
    row = commit_import(row=row, by=by, now=now)
    return {"seconds": seen - begun, "rows": row.count("rows"), "commit": time.perf_counter() - seen}


def one(what: str, path: Path, dataset: str, home: Path) -> None:
    """Runs one figure in this process and prints it."""
    found = {"bare": lambda: bare(path, home), "committed": lambda: committed(path, dataset),
             "previewed": lambda: previewed(path, dataset)}[what]()  # fmt: skip
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    found |= {"memory": sum(peaks) / 1024, "cpu": sum(one.ru_utime + one.ru_stime for one in used)}
    print(json.dumps(found))


class Runs:
    """Figures in processes of their own, each on a fresh copy of a home that is ready."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ready = folder, folder / "ready"
        self.ready.mkdir()
        self._python("-m", "django", "migrate", "-v0", home=self.ready)

    def _python(self, *words: str, home: Path) -> str:
        environment = {**os.environ, "QINGQU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "qingqu.settings"}
        return subprocess.run(
            [sys.executable, *words], env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def __call__(self, what: str, path: Path, dataset: str) -> dict[str, Any]:
        """One figure."""
        home = self.folder / "home"
        shutil.copytree(self.ready, home)
        try:
            told: dict[str, Any] = json.loads(
                self._python(__file__, "--one", what, str(path), dataset, home=home).splitlines()[-1]
            )
        finally:
            shutil.rmtree(home)
        return told


def show(name: str, told: dict[str, Any], base: dict[str, Any] | None = None) -> None:
    """One line of the table."""
    rate = f", {told['rows'] / told['seconds']:,.0f} rows/s" if "rows" in told else ""
    ratio = f", {told['seconds'] / base['seconds']:.1f} × bare reading" if base else ""
    print(
        f"{name}: {told['seconds']:.2f} s{rate}{ratio}; peak memory {told['memory']:.0f} MB; {told['cpu']:.1f} s of processor"
    )


def main() -> None:
    """Prints the table."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingqu.settings")
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=300_000)
    words.add_argument("--full", action="store_true")
    words.add_argument("--one", nargs=3, metavar=("WHAT", "PATH", "DATASET"), help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.one:
        one(asked.one[0], Path(asked.one[1]), asked.one[2], Path(os.environ["QINGQU_HOME"]))
        return
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    print(f"{platform.machine()}, {os.cpu_count()} cores, load before {load}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = Runs(folder)
        peaks = [csv_figures(runs, folder, rows) for rows in (FULL if asked.full else (asked.rows,))]
        if len(peaks) > 1:
            print(f"peak memory of {FULL[1]:,} rows: {peaks[1] / peaks[0]:.2f} × that of {FULL[0]:,}")
        book = folder / "项目.xlsx"
        write_book(book)
        size = f"xlsx {BOOK[0]:,} × {BOOK[1]}"
        show(f"{size}, file to committed", runs("committed", book, "projects"))
        told = runs("previewed", book, "projects")
        show(f"{size}, preview in the worker", told)
        print(f"{size}, commit of what was previewed: {told['commit']:.2f} s")


def csv_figures(runs: Runs, folder: Path, rows: int) -> float:
    """Canonical and odd csv of a size; returns the canonical one's peak memory."""
    path, told = folder / "支付.csv", {}
    for name, spelling in (("canonical", CANONICAL), ("5 % odd cells", ODD)):
        write_csv(path, rows, spelling)
        print(f"csv {rows:,} × {len(HEAD)}, {name}, {path.stat().st_size / 1e6:.0f} MB")
        base = runs("bare", path, "payments")
        show("  read_csv to Parquet by the engine alone", base)
        told[name] = runs("committed", path, "payments")
        show("  file to committed", told[name], base)
    return float(told["canonical"]["memory"])


if __name__ == "__main__":
    main()
