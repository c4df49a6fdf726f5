"""Every shape, run on the engine over small tables: `shapes/<shape>.yml`."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingqu.domain.rules import load
from qingqu.domain.rules.shapes import SHAPES
from qingqu.engine.cases import Dataset, try_cases

FOLDER = Path(__file__).parent / "shapes"
DATASETS = {
    name: Dataset(
        told["schema"], tuple(told["key"]), told.get("event_date"), frozenset(told.get("events", ()))
    )
    for name, told in yaml.safe_load((FOLDER / "datasets.yml").read_text("utf-8")).items()
}
AS_OF = date(2026, 6, 10)


def rule_of(told: dict[str, Any]) -> dict[str, Any]:
    plain = {"code": "X1", "version": 1, "title": "例", "sentence": "例", "message": "例", "unit": "", "basis": "例",
             "levels": [{"level": "red"}]}  # fmt: skip
    return {**plain, **told}


def examples() -> list[tuple[str, int, dict[str, Any]]]:
    return [
        (path.stem, number, told)
        for path in sorted(FOLDER.glob("*.yml")) if path.stem != "datasets"
        for number, told in enumerate(yaml.safe_load(path.read_text("utf-8")))
    ]  # fmt: skip


@pytest.mark.parametrize(("shape", "number", "told"), examples(), ids=str)
def test_a_shape_judges_as_its_cases_say(shape, number, told):
    rule = load(rule_of(told["rule"]))
    assert rule.shape == shape
    failures = try_cases(rule, {"as_of": AS_OF, "cases": told["cases"]}, DATASETS, f"{shape}[{number}]")
    assert not [failure.why for failure in failures if "缺少一个" not in failure.why]


def test_every_shape_has_cases():
    assert {shape for shape, _, _ in examples()} == set(SHAPES)
