"""Contracts written by hand, of every kind and with the traps of the field: what the review must read in each."""

from itertools import groupby
from typing import Any

import pytest
import yaml

from qingqu.domain.contracts.tests.given import TEXTS, judged, text_of

GOLD: dict[str, dict[str, Any]] = yaml.safe_load((TEXTS / "gold.yml").read_text("utf-8"))
MIXED = {"three_terms"}  # several classes of land in one contract


def test_every_text_has_its_gold():
    assert {path.stem for path in TEXTS.glob("*.txt")} == set(GOLD)
    assert len(GOLD) >= 60


@pytest.mark.parametrize("name", sorted(GOLD))
def test_what_the_contract_says_is_read(name):
    found = judged(text_of(name)).as_json()
    rent = found["rent"]
    rows = [
        f"{len(list(same))}x{amount}" for amount, same in groupby(row["amount"] for row in rent["schedule"])
    ]
    told = {
        "verdict": found["verdict"],
        "kind": found["kind"],
        "nature": found["nature"],
        "class": None if name in MIXED else found["object"]["class"],
        "area_m2": found["object"]["area_m2"],
        "parties": [[party["role"], party["name"], party["identifier"]] for party in found["parties"]],
        "term": [found["term"][key] for key in ("start", "end", "months", "stated_months")],
        "signed": found["signed_date"],
        "delivery": found["delivery_date"],
        "rent": [rent["unit_amount"], rent["unit"], rent["advance_months"], rent["total"]],
        "rows": rows,
        "price": [found["price"]["total"], found["price"]["retention_percent"]],
        "deposit": found["deposit"],
        "locks": sorted({risk["code"] for risk in found["risks"] if risk["level"] == "lock"}),
    }
    assert told == GOLD[name]


@pytest.mark.parametrize("name", sorted(GOLD))
def test_the_same_text_gives_the_same_answer_and_every_field_stands_where_it_says(name):
    text = text_of(name)
    found = judged(text).as_json()
    assert found == judged(text).as_json()
    for field in found["fields"].values():
        span = field["span"]
        assert text[span["start"] : span["end"]].strip("\n") == field["text"].strip("\n")
        assert 0 < field["confidence"] <= 1
