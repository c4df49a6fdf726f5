"""Delimited text read by the engine and read row by row: the same lines, of the same kinds, on the same rows."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingqu.exchange import bulk, cells, lake, layout
from qingqu.exchange.contracts import load
from qingqu.exchange.layout import NoTable
from qingqu.reading.errors import Unreadable

HEAD = "支付流水号,收款人,支付金额,支付日期"


def staged(path: Path, folder: Path) -> list[tuple]:
    """Every line that is not blank: (row, kind, cells); or the sentence that refuses the file."""
    for old in folder.glob("*"):
        old.unlink()
    try:
        plan = layout.plan(path, load("payments"))
        lake.confine(folder, (path,), "500MB")
        with lake.bench_in(folder) as made:
            found = cells.stage(made, plan, lambda _: None)
            kinds = folder / cells.KINDS
            sql = lake.raw(found.parts, kinds if kinds.is_file() else None)
            rows = made.run(f"SELECT * EXCLUDE (_sheet, _name) FROM ({sql}) ORDER BY _row").fetchall()
            counts = {kind: many for kind, many in found.counts.items() if kind != "b"}
    except (NoTable, Unreadable) as error:
        return [error.sentence]
    finally:
        lake._confined.clear()
    lines = [(row, kind, tuple(cell or "" for cell in one)) for row, kind, *one in rows]
    assert sum(counts.values()) == len(lines)
    return [(row, kind, "\x1f".join(one).rstrip("\x1f")) for row, kind, one in lines]


@pytest.fixture
def folder(tmp_path):
    """Room for the reading process's files."""
    place = tmp_path / "cells"
    place.mkdir()
    return place


@pytest.fixture
def both(tmp_path, folder, monkeypatch):
    """A text read both ways; small stretches, so that all sizes come into play."""
    path = tmp_path / "支付.csv"

    def read(text: str, stretches=(1 << 62, 400, 120, 60)):
        path.write_bytes(text.encode())
        with monkeypatch.context() as patch:
            patch.setattr(bulk, "STRETCHES", stretches)
            fast = staged(path, folder)
            patch.setattr(bulk, "text_of", lambda _: None)
            return fast, staged(path, folder)

    return read


CELL = st.one_of(
    st.text(alphabet='甲乙ab12 "\n\r,;.-', max_size=6), st.sampled_from(["P-1", "合计", "12.5", "2024-01-05", "支付流水号", "", "", "x" * 70])
)  # fmt: skip
ROW = st.one_of(
    st.tuples(st.integers(1, 99).map(lambda n: f"P-{n}"), st.sampled_from(["甲", ""]), st.just("12.50"), st.just("2024-01-05")).map(list),
    st.lists(CELL, max_size=6), st.just([]), st.just(["", "", "", ""]), st.just(HEAD.split(",")),
    st.sampled_from([["合计", "", "12.50"], ["制表人：甲"], ["小计", "", "1", ""], ["-1-"]]),
)  # fmt: skip


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(ROW, min_size=1, max_size=25), end=st.sampled_from(["\n", "\r\n", "\r"]), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    titles=st.sampled_from(["", "明山县支付表\n单位：元\n", "说明：\n\n"]), last=st.booleans(),
)  # fmt: skip
def test_any_table_is_read_alike(both, rows, end, quoting, titles, last):
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator=end).writerows([HEAD.split(","), *rows])
    text = titles + (out.getvalue() if last else out.getvalue().removesuffix(end))
    fast, slow = both(text)
    assert fast == slow


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet='P1甲"", \n\r,,-', max_size=160))
def test_any_text_below_a_header_is_read_alike(both, text):
    fast, slow = both(f"{HEAD}\nP-1,甲,1,2024-01-05\n{text}")
    assert fast == slow


@pytest.mark.parametrize(
    "text",
    [
        'P-1, "甲",1,2024-01-05\n', 'P-1,"甲" ,1,2024-01-05\n', 'P-1,甲"乙,1,2024-01-05\n', "P-1,甲,1,2024-01-05\n\nP-2,乙,2,2024-01-06\n",
        "P-1,甲,1,2024-01-05\r\nP-2,乙,2,2024-01-06\n", "P-1,甲,1,2024-01-05,多,余\nP-2\n", '"P-1","甲\n乙",1,2024-01-05\n', "\\N,NULL,#,2024\n",
        f"P-1,{'长' * 40_000},1,2024-01-05\n", "P-1,甲,1,2024-01-05\n合计,,1,\n\n\n制表人：甲\n", '"P-1,甲,1\n', "P-1,\ufeff甲,1,2024-01-05",
    ],
    ids=range(12),
)  # fmt: skip
def test_what_engines_like_to_read_in_their_own_way(both, text):
    fast, slow = both(f"{HEAD}\n{text}")
    assert fast == slow


def test_rows_of_a_regular_file_never_pass_through_python(tmp_path, folder, monkeypatch):
    path = tmp_path / "支付.csv"
    path.write_text("\n".join([HEAD, *(f"P-{n},甲,{n}.00,2024-01-05" for n in range(5000))]), "utf-8")
    seen = []
    parse = bulk.parse

    def watched(lines, delimiter, before=0):
        for row in parse(lines, delimiter, before):
            seen.append(row)
            yield row

    monkeypatch.setattr(bulk, "parse", watched)
    assert len(staged(path, folder)) == 5001
    assert len(seen) == 1
