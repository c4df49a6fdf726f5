"""The page of the rules names each of them with its level, as the pack has it."""

from pathlib import Path

from qingqu.domain.contracts.tests.given import rules

PAGE = Path(__file__).resolve().parents[5] / "docs/rules/contracts/README.md"


def test_the_page_has_every_rule_as_the_pack_has_it():
    page = PAGE.read_text("utf-8")
    for rule in rules().values():
        assert f"| {rule.code} | {rule.title} | {rule.level} | {rule.release} |" in page
        assert rule.remedy in page
