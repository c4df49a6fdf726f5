"""`ranges evaluate`: a line an item, no database, wrong files named with their line."""

import json

import pytest
from click.testing import CliRunner

from qingqu.base.errors import Refusal
from qingqu.cli.ranges import ranges

ITEM = {
    "item_id": "a", "kind": "farmland_rent_per_mu_year", "place": "990101002003", "date": "2026-03-01",
    "unit": "yuan/mu/year", "value": "400", "quantity": None, "tainted": False,
}  # fmt: skip
LIMIT = {
    "kind": "farmland_rent_per_mu_year", "place": "990101000000", "low": "600", "high": None, "from": "2025-01-01",
    "to": None, "source": "县农业农村局指导价",
}  # fmt: skip


def run(*words):
    return CliRunner().invoke(ranges, ["evaluate", *map(str, words)], catch_exceptions=False)


def lines(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def test_one_line_an_item_in_their_order(tmp_path):
    items = lines(tmp_path / "items.jsonl", ITEM, ITEM | {"item_id": "b", "value": 700})
    done = run("--items", items, "--policy", lines(tmp_path / "policy.jsonl", LIMIT), "--json")
    first, second = map(json.loads, done.output.splitlines())
    assert first == {
        "item_id": "a", "low": "600.00", "high": None, "position": "low", "basis": "policy", "n": 0, "scope": "county",
        "percentile": None, "sentence": "400.00 元/亩/年，低于合理范围 不低于 600.00 元/亩/年；依据：县农业农村局指导价。",
    }  # fmt: skip
    assert (second["item_id"], second["position"]) == ("b", "in")


@pytest.mark.parametrize("content", ["{", "[1]", '{"item_id": "a"}', "\x00", '{"value": NaN}', "[" * 100_000])
def test_a_wrong_line_is_named(tmp_path, content):
    path = tmp_path / "items.jsonl"
    path.write_text(json.dumps(ITEM) + "\n" + content + "\n", "utf-8")
    with pytest.raises(Refusal, match="第 2 行"):
        run("--items", path)


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path):
    with pytest.raises(Refusal, match="读不了"):
        run("--items", tmp_path / "none.jsonl")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(Refusal, match="UTF-8"):
        run("--items", tmp_path / "bytes")


def test_no_item_is_no_line(tmp_path):
    (tmp_path / "empty").write_text("", "utf-8")
    assert run("--items", tmp_path / "empty", "--json").output == ""
