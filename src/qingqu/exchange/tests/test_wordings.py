"""Headers that follow from the listed ones."""

import pytest

from qingqu.exchange.contracts import load, names
from qingqu.reading import header


@pytest.mark.parametrize(
    ("dataset", "word", "field"),
    [
        ("contracts", "承包人统一社会信用代码", "party_b_id"), ("contracts", "承包人名称", "party_b_name"),
        ("contracts", "承租人公民身份号码", "party_b_id"), ("contracts", "发包人名称", "party_a_name"),
        ("contracts", "签订时间", "signed_date"), ("bids", "投标单位名称", "bidder_name"),
        ("payments", "收款单位名称", "payee_name"), ("payments", "收款方统一社会信用代码", "payee_id"),
        ("companies", "法人代表证件号码", "legal_rep_id"), ("tenders", "成交供应商统一社会信用代码", "winner_id"),
        ("vehicles", "车主居民身份证号码", "owner_id"), ("village_cadres", "任职开始时间", "start_date"),
    ],
)  # fmt: skip
def test_a_role_may_stand_with_any_ending_of_its_kind(dataset, word, field):
    assert load(dataset).headers[header.plain(word)][0] == field


def test_what_could_be_two_fields_follows_for_neither():
    contract = load("kinship")
    assert contract.headers[header.plain("干部公民身份号码")][0] == "person_id"
    assert contract.headers[header.plain("亲属居民身份证号")][0] == "relative_id"


@pytest.mark.parametrize("dataset", names())
def test_a_listed_word_keeps_its_field(dataset):
    contract = load(dataset)
    for one in contract.fields:
        for word in (one.zh, *one.synonyms):
            assert contract.headers[header.plain(word)][0] == one.name
