"""Any canonical table of any contract, written in any of the layouts that departments use, comes back equal."""

import csv
import io
import json

import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qingqu.domain.values import clean
from qingqu.exchange import contracts, lake, work
from qingqu.exchange.tests.making import shown, tables
from qingqu.reading.tests.making import sheet, write_ods, write_xls

FORMATS = ("csv", "xlsx", "xls", "ods", "jsonl", "parquet")
STYLES = st.fixed_dictionaries({
    "date": st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y/%m/%d"]), "wan": st.booleans(), "comma": st.booleans(),
    "month": st.sampled_from(["{year}-{month}", "{year}{month}", "{year}年{short}月", "{year}.{month}"]),
})  # fmt: skip
LAYOUTS = st.fixed_dictionaries({
    "encoding": st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), "delimiter": st.sampled_from([",", ";", "\t"]),
    "titles": st.integers(0, 2), "indent": st.integers(0, 2), "two": st.booleans(), "index": st.booleans(), "total": st.booleans(),
    "pages": st.booleans(), "names": st.integers(0, 50), "order": st.randoms(use_true_random=False), "unit_above": st.booleans(),
    "marks": st.booleans(),
})  # fmt: skip


def header_names(contract, layout, style):
    """A name of each field as some department writes it; money columns state 万元 unless a line above does."""
    found = {}
    for one in contract.fields:
        options = [one.zh, *one.synonyms]
        name = options[layout["names"] % len(options)]
        if one.type == "money" and style["wan"] and not layout["unit_above"]:
            name += "（万元）"
        found[one.name] = f"*{name}：" if layout["marks"] and one.required else name
    return found


def grid(contract, rows, layout, style):
    """The table with all that a sender puts around it."""
    names = header_names(contract, layout, style)
    order = list(contract.by_name)
    layout["order"].shuffle(order)
    above = [["明山县报送表"], ["填报单位：某局"]][: layout["titles"]]
    if style["wan"] and layout["unit_above"]:
        above.append(["", "单位：万元"])
    head = [[names[name] for name in order]]
    if layout["two"]:
        half = len(order) // 2
        head = [
            ["基本情况", *[""] * (half - 1), *head[0][half:]] if half else head[0],
            [*head[0][:half], *[""] * (len(order) - half)],
        ]
    if layout["index"] and len(order) > 2:
        head.append([str(number) for number in range(1, len(order) + 1)])
    lines = [[shown(contract.by_name[name], row[name], style) for name in order] for row in rows]
    if layout["pages"]:
        lines = [*lines[:1], head[0], *lines[1:]]
    below = [["合计"], ["制表人：某某", "", "审核人：某某"]] if layout["total"] else []
    pad = [""] * layout["indent"]
    return [[*pad, *row] for row in [*above, *head, *lines, *below]]


def write(path, kind, contract, rows, layout, style):
    """The file in its format."""
    if kind in {"jsonl", "parquet"}:
        names = header_names(contract, layout, style)
        style = {**style, "wan": style["wan"] and not layout["unit_above"]}
        told = [
            {names[name]: shown(contract.by_name[name], value, style) for name, value in row.items()}
            for row in rows
        ]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in told)
        path.write_text(text, encoding="utf-8")
        if kind == "parquet":
            with lake.bench() as made:
                for n, row in enumerate(told):
                    listed = ", ".join(f"$c{at} AS {lake.quoted(name)}" for at, name in enumerate(row))
                    made.run(
                        f"CREATE TABLE t{n} AS SELECT {listed}",
                        {f"c{at}": v for at, v in enumerate(row.values())},
                    )
                union = " UNION ALL BY NAME ".join(f"FROM t{n}" for n in range(len(told)))
                made.run(f"COPY ({union}) TO '{made.folder / 'x.parquet'}' (FORMAT parquet)")
                path.write_bytes((made.folder / "x.parquet").read_bytes())
        return
    table = grid(contract, rows, layout, style)
    if kind == "csv":
        out = io.StringIO()
        csv.writer(out, delimiter=layout["delimiter"]).writerows(table)
        path.write_bytes(out.getvalue().encode(layout["encoding"]))
    elif kind == "xlsx":
        with xlsxwriter.Workbook(str(path)) as book:
            made = book.add_worksheet("表")
            for number, row in enumerate(table):
                made.write_row(number, 0, row)
    elif kind == "xls":
        write_xls(path, {"表": table})
    else:
        write_ods(path, sheet("表", table))


@pytest.mark.parametrize("kind", FORMATS)
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a failing table is small as it is
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), layout=LAYOUTS, style=STYLES, dataset=st.sampled_from(contracts.names()))
def test_any_table_in_any_layout_comes_back_equal(tmp_path, kind, data, layout, style, dataset):
    contract = contracts.load(dataset)
    rows = data.draw(tables(contract))
    path = tmp_path / "报送.txt"
    write(path, kind, contract, rows, layout, style)
    with work.opened(path, contract) as found:
        assert found.errors() == []
        cursor = found.made.run("SELECT * FROM good ORDER BY _sheet, _row")
        names = [item[0] for item in cursor.description]
        got = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    wanted = [
        {name: clean("text", value) if contract.by_name[name].type == "text" and value else value for name, value in row.items()}
        for row in rows
    ]  # fmt: skip
    assert [{name: row[name] for name in contract.by_name} for row in got] == wanted
