"""Reading official lists: as offices write them, broken, hostile, huge."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.base.errors import Refusal
from qingqu.base.packs import BUILT_IN
from qingqu.orgs.division_list import MAX_BYTES, DivisionRow, parse_list, read_list


def refusal(text):
    raw = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(Refusal) as found:
        parse_list(raw, "名单.csv")
    assert found.value.sentence.startswith("名单.csv")
    return found.value


def test_columns_come_in_any_order_in_both_languages_and_encodings():
    chinese = "名称,统计用区划代码,城乡分类代码\n明山县,990101,\n云溪村,990101001201,220\n"
    english = "code,class,name\n990101,,明山县\n990101001201,220,云溪村\n"
    wanted = [("990101000000", "明山县", ""), ("990101001201", "云溪村", "220")]
    for raw in (
        chinese.encode(),
        chinese.encode("gb18030"),
        b"\xef\xbb\xbf" + english.encode(),
        chinese.replace(",", "\t").encode(),
    ):
        assert [(row.code, row.name, row.rural_class) for row in parse_list(raw, "x")] == wanted


def test_a_title_above_the_header_and_empty_lines_do_no_harm():
    text = "明山县区划名单（2026年）,,\n\n代码,名称,上级代码,启用日期\n990101,明山县,,2020年1月1日\n,,\n990101001,明山镇,990101,\n"
    assert parse_list(text.encode(), "x") == [
        DivisionRow("990101000000", "明山县", "", "", date(2020, 1, 1), 4),
        DivisionRow("990101001000", "明山镇", "", "990101000000", None, 6),
    ]


def test_a_full_width_header_is_read():
    assert parse_list("ｃｏｄｅ,ｎａｍｅ\n990101,明山县\n".encode(), "x")[0].code == "990101000000"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "empty", "空的"),
        ("  \n\n", "empty", "空的"),
        ("a,b\n1,2\n", "header", "第 1 行"),
        ("代码,名称\n", "empty", "只有表头"),
        ("代码,名称\n9901,县\n", "division_code", "第 2 行"),
        ("代码,名称\n99010１,县\n", "division_code", "半角"),
        ("代码,名称\n990101001000.0,镇\n", "division_code", "第 2 行"),
        ("代码,名称\n9.90101E+11,县\n", "division_code", "科学计数法"),
        ("代码,名称\n000000,县\n", "division_code", "第 2 行"),
        ("代码,名称\n990101,\n", "division_name", "缺少名称"),
        ("代码,名称\n990101," + "长" * 61 + "\n", "division_name", "60"),
        ('代码,名称\n990101,"明\n山"\n', "division_name", "换行"),
        ("代码,名称,城乡分类代码\n990101,县,村\n", "division_class", "三位数字"),
        ("代码,名称,启用日期\n990101,县,去年\n", "division_date", "启用日期"),
        ("代码,名称,上级代码\n990101,县,甲\n", "division_code", "上级代码"),
        ('代码,名称\n"990101,县\n', "csv", "另存"),
        (b"PK\x03\x04\x00\x00\x00\x00", "unreadable", "另存为 csv"),
        ("代码,名称\n990101,县\n".encode("utf-16"), "unreadable", "另存为 csv"),
        ("代码,名称\n990101," + "x" * 200_000 + "\n", "csv", "另存"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place_and_the_remedy(text, code, words):
    found = refusal(text)
    assert found.code == code
    assert words in found.sentence


def test_a_missing_file_and_one_far_too_large_are_refused(tmp_path):
    with pytest.raises(Refusal, match="打不开"):
        read_list(tmp_path / "none.csv")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(Refusal, match="超过"):
        read_list(large)


def test_the_example_of_the_packs_is_a_list():
    rows, sha256 = read_list(BUILT_IN / "divisions" / "example.csv")
    assert len(sha256) == 64
    assert {row.code[:4] for row in rows} == {"9901"}
    assert [row for row in rows if row.parent]


@given(st.binary(max_size=400))
def test_no_bytes_make_it_stumble(raw):
    try:
        rows = parse_list(raw, "x")
    except Refusal:
        return
    assert all(len(row.code) == 12 and row.name for row in rows)


names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60)
codes = st.from_regex(r"(?!00)[0-9]{12}", fullmatch=True)


@given(
    st.lists(st.tuples(codes, names), min_size=1, max_size=20),
    st.sampled_from(["utf-8", "gb18030", "utf-8-sig"]),
)
def test_what_is_written_is_read_again(pairs, encoding):
    out = io.StringIO()
    csv.writer(out).writerows([("代码", "名称"), *pairs])
    try:
        raw = out.getvalue().encode(encoding)
    except UnicodeEncodeError:
        raw = out.getvalue().encode()
    assert [(row.code, row.name) for row in parse_list(raw, "x")] == pairs
