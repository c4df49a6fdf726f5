"""The pack proves itself: every rule's cases, and silence on the clean baseline."""

from pathlib import Path

import pytest
import yaml

from qingqu.base import packs
from qingqu.watch.rule_pages import FOLDER, pages
from qingqu.watch.rule_tests import test_pack as tried

pytestmark = pytest.mark.django_db


def test_every_rule_of_the_county_pack_comes_out_as_its_cases_say():
    tested = tried("county")
    assert tested.rules == 36
    assert tested.cases >= 100
    assert tested.baseline_rows >= 80
    assert not tested.failures


def test_a_case_that_comes_out_otherwise_fails_the_pack(settings, tmp_path):
    settings.QINGQU_HOME = tmp_path
    told = packs.read("rules/county/cases/P54.yml")
    told["cases"][0]["expect"][0]["level"] = "red"
    place = tmp_path / "packs/rules/county/cases"
    place.mkdir(parents=True)
    (place / "P54.yml").write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    (failure,) = tried("county").failures
    assert (failure.rule, failure.case) == ("P54", told["cases"][0]["name"])
    assert "应为 red，却是 yellow" in failure.why


def test_a_rule_without_cases_fails_the_pack(settings, tmp_path):
    settings.QINGQU_HOME = tmp_path
    place = tmp_path / "packs/rules/county/cases"
    place.mkdir(parents=True)
    (place / "P54.yml").write_text("as_of: 2026-06-10\ncases: []\n", "utf-8")
    assert {failure.rule for failure in tried("county").failures} == {"P54"}


def test_the_rules_pages_say_what_their_files_say():
    folder = Path(__file__).resolve().parents[4] / FOLDER
    assert {path.name: path.read_text("utf-8") for path in folder.glob("*.md")} == pages()
