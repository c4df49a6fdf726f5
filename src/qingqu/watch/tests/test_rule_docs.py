"""The worked example on every shape's page runs as it stands; every verb and shape has its words."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from qingqu.domain.rules import load
from qingqu.domain.rules.shapes import SHAPES
from qingqu.domain.rules.verbs import VERBS
from qingqu.engine.cases import try_cases
from qingqu.watch.rule_tests import datasets

DOCS = Path(__file__).resolve().parents[4] / "docs/rules"
PLAIN = {"code": "X1", "version": 1, "title": "例", "sentence": "例", "message": "例", "unit": "", "basis": "例",
         "levels": [{"level": "red"}]}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_the_worked_example_of_a_shape_runs_as_it_stands(shape):
    page = (DOCS / f"{shape}.md").read_text("utf-8")
    told = yaml.safe_load(page.split("```yaml\n")[1].split("```")[0])
    cases = told.pop("cases")
    rule = load({**PLAIN, **told, "shape": shape})
    failures = try_cases(rule, {"as_of": date(2026, 6, 10), "cases": cases}, datasets(), shape)
    assert not [failure.why for failure in failures if "缺少一个" not in failure.why]


def test_every_verb_and_shape_stands_on_its_page():
    verbs, writing = ((DOCS / name).read_text("utf-8") for name in ("verbs.md", "writing.md"))
    assert not [verb for verb in VERBS if f"`{verb}" not in verbs]
    assert not [shape for shape in SHAPES if f"({shape}.md)" not in writing]


def test_the_pages_of_the_pack_name_every_rule_that_is_written():
    told = (DOCS / "pack.md").read_text("utf-8")
    written = [path.stem for path in (DOCS.parents[1] / "src/qingqu/packs/rules/county").glob("*.yml")]
    assert not [code for code in written if f"{code}" not in told]
