"""`qingqu data`: template, datasets, and the marked file of an import."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from qingqu.cli import root
from qingqu.cli.data import register

HEAD = "支付流水号,支付金额,支付日期\n"
register(root)


@pytest.fixture
def run(db):
    def told(*words: str):
        return CliRunner().invoke(root, ["data", *words])

    return told


def test_an_import_with_wrong_rows_names_the_marked_file_and_ends_with_1(run, tmp_path: Path, home: Path):
    path = tmp_path / "资金.csv"
    path.write_text(HEAD + "P-1,100,2026-05-02\nP-2,一百,2026-05-03\n", "utf-8")
    done = run("import", "payments", str(path), "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["rejected"]) == (1, 1)
    assert Path(told["marked_file"]).parent == home / "marked"
    assert load_workbook(told["marked_file"])["数据"]["B3"].comment
    plain = run("import", "payments", str(path))
    assert told["marked_file"] in plain.stderr
    assert (
        json.loads(run("import", "payments", str(path), "--dry-run", "--json").stdout)["marked_file"] is None
    )


def test_a_wrong_month_ends_in_one_line_and_stores_nothing(run, tmp_path: Path):
    from qingqu.base.errors import Refusal

    path = tmp_path / "资金.csv"
    path.write_text(HEAD + "P-1,100,2026-05-02\n", "utf-8")
    done = run("import", "payments", str(path), "--period", "2026-04", "--json")
    assert isinstance(done.exception, Refusal)  # `main` prints it and ends with 2
    assert done.stdout == ""
    assert run("export", "payments", "--json").stdout == ""


def test_the_datasets_are_one_document_with_freshness_and_quality(run, tmp_path: Path):
    path = tmp_path / "资金.csv"
    path.write_text(HEAD + "P-1,100,2026-05-02\n", "utf-8")
    run("import", "payments", str(path))
    told = {one["dataset"]: one for one in json.loads(run("datasets", "--json").stdout)}
    assert told["payments"]["freshness"]["data_as_of"] == "2026-05-02"
    assert told["payments"]["quality"]["filled"]["contract_id"] == "0"
    assert told["population"]["freshness"]["age_days"] is None
    assert "资金拨付  payments-000001" in run("datasets").stdout


def test_stored_rows_are_json_lines_with_the_contracts_names(run, tmp_path: Path):
    path = tmp_path / "资金.csv"
    path.write_text(HEAD + "P-1,100,2026.5.2\nP-2,1万元,2026-05-03\n", "utf-8")
    run("import", "payments", str(path), "--known-at", "2026-05-10")
    lines = [json.loads(line) for line in run("export", "payments", "--json").stdout.splitlines()]
    assert [(one["payment_id"], one["amount"], one["paid_date"], one["payer"]) for one in lines] == [
        ("P-1", "100.00", "2026-05-02", None), ("P-2", "10000.00", "2026-05-03", None),
    ]  # fmt: skip
    assert run("export", "payments", "--as-of", "2026-05-09", "--json").stdout == ""


def test_a_template_is_written_where_it_is_asked_for(run, tmp_path: Path):
    path = tmp_path / "空白表.xlsx"
    told = json.loads(run("template", "payments", str(path), "--period", "2026-05", "--json").stdout)
    assert told == {"dataset": "payments", "file": str(path), "rows": 0}
    assert load_workbook(path).worksheets[0]["A1"].value == "支付流水号*"
    from qingqu.base.errors import Refusal

    assert isinstance(run("template", "payments", str(tmp_path / "nowhere" / "a.xlsx")).exception, Refusal)
