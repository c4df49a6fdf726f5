"""Every rule has at least three cases that raise it and three that do not; the cases are data, in `cases/`."""

import dataclasses
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingqu.domain.contracts.case import CHECKS, Known
from qingqu.domain.contracts.judge import Review, review
from qingqu.domain.contracts.references import Reference
from qingqu.domain.contracts.rules import Law, RuleError, load
from qingqu.domain.contracts.tests.given import ON, document, locks, rules

CASES = Path(__file__).parent / "cases"
NUMBERS = {"previous_unit", "tender_price", "siblings_total"}


@cache
def bases() -> dict[str, dict[str, str]]:
    return yaml.safe_load((CASES / "base.yml").read_text("utf-8"))


@cache
def cases() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(CASES.glob("*.yml")):
        if path.name != "base.yml":
            found |= yaml.safe_load(path.read_text("utf-8"))
    return found


def written(base: str, changes: dict[str, Any]) -> str:
    slots = {**bases()[base], **changes}
    clauses = [slots[name] for name in slots if name not in {"title", "parties", "sign"} and slots[name]]
    numbered = [f"第{n}条 {clause}" for n, clause in enumerate(clauses, start=1)]
    return "\n".join([slots["title"], slots["parties"], *numbered, slots["sign"]]) + "\n"


def told(code: str, case: dict[str, Any]) -> Review:
    whole = cases()[code]
    settings = {key: whole[key] for key in ("base", "known", "refs", "rules", "on") if key in whole} | {
        key: case[key] for key in ("base", "known", "refs", "rules", "on") if key in case
    }
    changes = {
        key: value for key, value in case.items() if key not in {"base", "known", "refs", "rules", "on"}
    }
    text = written(settings.get("base", "lease"), changes)
    facts = {
        key: Decimal(str(v)) if key in NUMBERS else tuple(v) if isinstance(v, list) else v
        for key, v in settings.get("known", {}).items()
    }
    used = dict(rules())
    for name, parts in settings.get("rules", {}).items():
        used[name] = dataclasses.replace(used[name], local=tuple(parts["local"]))
    references = [
        Reference(
            r["place"],
            r["object_class"],
            r["unit"],
            Decimal(r["low"]),
            Decimal(r["high"]) if "high" in r else None,
            r.get("count"),
            r["source"],
        )
        for r in settings.get("refs", [])
    ]
    return review(
        document(text),
        used,
        on=settings.get("on", ON),
        references=references if "refs" in settings else None,
        known=Known(**facts),
    )


def each(kind: str) -> list[Any]:
    return [
        pytest.param(code, case, id=f"{code}-{n}")
        for code, whole in sorted(cases().items())
        for n, case in enumerate(whole[kind], start=1)
    ]


def test_there_are_68_rules_each_with_a_check_and_cases():
    assert len(rules()) == 68
    assert set(CHECKS) == set(rules()) == set(cases())
    assert not [code for code, whole in cases().items() if len(whole["hit"]) < 3 or len(whole["miss"]) < 3]


@pytest.mark.parametrize(("code", "case"), each("hit"))
def test_the_rule_is_raised(code, case):
    risks = [risk for risk in told(code, case).risks if risk.code == code]
    assert risks
    assert all(risk.law and risk.remedy and risk.hit.message.endswith("。") for risk in risks)


@pytest.mark.parametrize(("code", "case"), each("miss"))
def test_the_rule_is_silent(code, case):
    assert [risk.hit.message for risk in told(code, case).risks if risk.code == code] == []


@pytest.mark.parametrize("base", ["lease", "contracting", "family", "transfer", "land", "works"])
def test_a_lawful_contract_is_not_locked(base):
    assert locks(written(base, {})) == set()


def test_a_lawful_lease_with_comparable_rents_is_clear():
    reference = Reference("柳林村", "farmland", "元/亩/年", Decimal(450), Decimal(700), 9, "县台账")
    found = review(document(written("lease", {})), rules(), on=ON, references=[reference])
    assert (found.verdict, [r.code for r in found.risks if r.level != "info"]) == ("clear", [])


def test_without_references_nobody_calls_a_rent_clear():
    assert review(document(written("lease", {})), rules(), on=ON).verdict == "needs_person"


def test_the_law_of_the_day_of_signing_counts():
    old = written(
        "lease",
        {
            "term": "租赁期限30年，自2005年1月1日起至2034年12月31日止。",
            "sign": "甲方（盖章）：\n签订日期：2004年12月10日",
        },
    )
    (risk,) = [r for r in review(document(old), rules(), on=ON).risks if r.code == "T01"]
    assert risk.law == "合同法 第二百一十四条"


def test_nothing_is_judged_by_a_law_that_came_later():
    early = dataclasses.replace(rules()["T01"], laws=(Law("民法典", date(2021, 1, 1)),))
    old = written(
        "lease",
        {
            "term": "租赁期限30年，自2005年1月1日起至2034年12月31日止。",
            "sign": "甲方（盖章）：\n签订日期：2004年12月10日",
        },
    )
    assert not [r for r in review(document(old), {"T01": early}, on=ON).risks if r.code == "T01"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"level": "red"}, "level"),
        ({"remedy": None, "colour": 1}, "colour"),
        ({"applies": {"planet": ["mars"]}}, "planet"),
        ({"laws": [{"text": "x", "from": "soon"}]}, "soon"),
    ],
)
def test_a_wrong_rule_is_named(change, named):
    row = {
        "code": "T99",
        "title": "x",
        "level": "lock",
        "release": "never",
        "remedy": "x",
        "laws": [{"text": "x"}],
    }
    with pytest.raises(RuleError, match=named):
        load([row | change])
