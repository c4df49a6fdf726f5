"""Figures that are read with a note: shares among percents, areas with a unit of their own."""

from decimal import Decimal

import pytest

from qingqu.base.errors import Refusal
from qingqu.exchange import work
from qingqu.exchange.contracts import load


def read(folder, text, dataset, field):
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    with work.opened(path, load(dataset)) as found:
        values = [row[0] for row in found.made.run(f"SELECT {field} FROM good ORDER BY _row").fetchall()]
        return values, " ".join(found.notes())


@pytest.mark.parametrize(
    ("cells", "doubt"),
    [(("0.35", "1"), True), (("0.35", "0"), True), (("0.35", "35"), False), (("1", "0"), False), (("0.35%", "0.5%"), False)],
)  # fmt: skip
def test_a_percent_column_that_may_hold_shares_is_named_and_not_changed(tmp_path, cells, doubt):
    lines = [f"A-{n},2026-03,2026-04-02,{cell}" for n, cell in enumerate(cells)]
    text = "\n".join(["项目代码,填报月份,填报时间,形象进度", *lines])
    values, notes = read(tmp_path, text, "progress_reports", "physical_percent")
    assert values == [Decimal(cell.rstrip("%")) for cell in cells]
    assert ("“形象进度(%)”这一列的 2 个数都在 0 到 1 之间" in notes) is doubt


def test_areas_with_a_unit_of_their_own_are_converted_and_counted(tmp_path):
    lines = [
        "Z-1,房屋,990101003000,闲置,3亩",
        "Z-2,房屋,990101003000,闲置,3亩",
        "Z-3,房屋,990101003000,闲置,120平方米",
        "Z-4,房屋,990101003000,闲置,7",
    ]
    text = "\n".join(["资产编号,资产类别,行政区划代码,使用状态,面积", *lines])
    values, notes = read(tmp_path, text, "assets", "area_m2")
    assert values == [Decimal(2000), Decimal(2000), Decimal(120), Decimal(7)]
    assert "有 2 格在数字后面写了别的面积单位" in notes


@pytest.mark.parametrize(
    "note", ["注：金额单位为万元", "注：本表以万元为单位", "单位：万元", "制表人：某某    单位：万元"]
)
def test_a_unit_below_the_table_counts_as_one_above(tmp_path, note):
    text = f"项目代码,变更单号,批准日期,变更金额\nA-1,B-1,2026-03-01,12.5\n{note},,,\n"
    values, notes = read(tmp_path, text, "change_orders", "amount")
    assert values == [Decimal(125_000)]
    assert "表格下面注明了单位" in notes


def test_units_above_and_below_that_differ_are_refused(tmp_path):
    text = (
        "单位：元,,,\n项目代码,变更单号,批准日期,变更金额\nA-1,B-1,2026-03-01,12.5\n注：金额单位为万元,,,\n"
    )
    with pytest.raises(Refusal, match="不同的单位"):
        read(tmp_path, text, "change_orders", "amount")
