"""`record`: one entry, in order, with nothing personal in the leaf."""

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from qingqu.base.errors import Refusal
from qingqu.domain.chain import merkle, note
from qingqu.ledger import keys
from qingqu.ledger.actions import record
from qingqu.ledger.models import Content, Entry, Log
from qingqu.ledger.tests.making import LIN, NOW, drop_guards, sql, write
from qingqu.ledger.verify import verify_ledger

pytestmark = pytest.mark.django_db
WORDS: dict[str, Any] = {
    "verb": "watch.warning_raised",
    "subject": "warning:W-2026-0001",
    "by": LIN,
    "role": "inspector",
    "now": NOW,
}


def test_indices_have_no_gaps_and_each_log_counts_for_itself():
    assert [write(number).index for number in range(3)] == [0, 1, 2]
    assert write(1, log="open").index == 0
    assert write(3).ref == "inner/3"
    assert dict(Log.objects.values_list("name", "size")) == {"inner": 4, "open": 1}
    assert verify_ledger() == []


def test_the_leaf_is_canonical_and_holds_only_the_envelope():
    entry = record(**WORDS, facts={"name": "张三", "amount": "120.00"}, correlation="run:R-2026-0001")
    leaf = json.loads(entry.leaf)
    assert len(leaf.pop("commit")) == 64
    assert leaf == {
        "schema": "qingqu.entry/1",
        "log": "inner",
        "index": 0,
        "at": "2026-03-02T09:30:00+08:00",
        "verb": "watch.warning_raised",
        "subject": "warning:W-2026-0001",
        "role": "inspector",
        "correlation": "run:R-2026-0001",
    }
    assert "张三" not in entry.leaf
    assert LIN not in entry.leaf
    assert (entry.role, entry.correlation, entry.moment) == ("inspector", "run:R-2026-0001", NOW)


def test_the_commitment_opens_with_salt_and_content_and_the_salt_is_new_each_time():
    first, second = record(**WORDS, facts={"n": 1}), record(**WORDS, facts={"n": 1})
    contents = list(Content.objects.order_by("index"))
    for entry, content in zip((first, second), contents, strict=True):
        whole = bytes.fromhex(content.salt) + b'{"actor":"person:P-0001","facts":{"n":1}}'
        assert json.loads(entry.leaf)["commit"] == hashlib.sha256(whole).hexdigest()
        assert content.facts_value == {"n": 1}
    assert contents[0].salt != contents[1].salt
    assert json.loads(first.leaf)["commit"] != json.loads(second.leaf)["commit"]


def test_the_head_is_signed_after_each_entry():
    for number in range(5):
        entry = write(number)
        head = Log.objects.get(name="inner")
        told = note.verify(head.head_note, keys.verifier("inner"))
        assert (told.size, told.root.hex()) == (number + 1, entry.root)
    leaves = [
        bytes.fromhex(text) for text in Entry.objects.order_by("index").values_list("leaf_hash", flat=True)
    ]
    assert merkle.root(leaves).hex() == entry.root


def test_an_instant_of_another_zone_is_written_in_chinas_time():
    entry = record(**{**WORDS, "now": datetime(2026, 3, 1, 16, 0, 5, 999, UTC)}, facts={})
    assert entry.at == "2026-03-02T00:00:05+08:00"


def test_a_transaction_that_is_undone_leaves_no_entry_and_no_gap():
    write(0)
    with transaction.atomic():
        write(1)
        transaction.set_rollback(True)
    assert write(2).index == 1
    assert verify_ledger() == []


def test_it_refuses_to_stand_alone(monkeypatch):
    monkeypatch.setattr("qingqu.ledger.actions.connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError, match="transaction of the act"):
        record(**WORDS, facts={})


@pytest.mark.parametrize(
    "subject",
    [
        "person:11010519491231002X",
        "person:11010519491231002x",
        "household:P11010519491231002X",
        "household:9911010519491231002X",
        "account:6222020000000000000",
        "card:4111111111111111",
        "warning:张三",
        "warning:",
        "W-2026-0001",
        "Warning:W-1",
        "warning:W 1",
        "warning:W/1",
        "warning:W-1\n",
        "warning:" + "1" * 81,
        "",
    ],
)
def test_a_subject_that_is_no_plain_reference_is_refused_without_repeating_it(subject):
    with pytest.raises(Refusal) as refused:
        record(**{**WORDS, "subject": subject}, facts={})
    key = subject.partition(":")[2].strip()
    assert not key or key not in refused.value.sentence
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "subject",
    [
        "village:990101001001",
        "company:91110000600037341L",
        "company:911100006000373415",
        "project:2026-990101-48-01-123456",
        "file:" + "0123456789abcdef" * 4,
        "person:110105194912310021",
        "person:11010519491331002X",
        "tender:13800000000",
        "contract:HT-2026.001+A_1",
    ],
)
def test_ordinary_references_are_taken(subject):
    assert record(**{**WORDS, "subject": subject}, facts={}).subject == subject


def test_a_correlation_with_a_personal_number_is_refused():
    with pytest.raises(Refusal):
        record(**WORDS, facts={}, correlation="11010519491231002X")
    with pytest.raises(Refusal):
        record(**WORDS, facts={}, correlation="批次 1")


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("verb", "raised"),
        ("verb", "watch.Raised"),
        ("role", "张三"),
        ("role", ""),
        ("by", "张三"),
        ("by", "person:"),
        ("log", "secret"),
        ("now", datetime(2026, 1, 1)),  # noqa: DTZ001 - a naive time is the case
    ],
)
def test_a_word_that_is_not_ours_is_a_programming_error(word, value):
    with pytest.raises(ValueError, match=r"verb is|log is"):
        record(**{**WORDS, "facts": {}, word: value})


@pytest.mark.parametrize("value", [1.5, Decimal("1.00"), NOW, {1: 2}])
def test_facts_without_one_spelling_are_refused_by_their_path(value):
    with pytest.raises(TypeError, match=r"\$\.facts\.amount"):
        record(**WORDS, facts={"amount": value})
    assert not Entry.objects.exists()


def test_facts_beyond_their_size_are_refused_and_the_longest_are_taken():
    room = 65_535 - len(b'{"actor":"person:P-0001","facts":{"t":""}}')
    record(**WORDS, facts={"t": "x" * room})
    with pytest.raises(Refusal, match="65536"):
        record(**WORDS, facts={"t": "x" * (room + 1)})


def test_any_text_survives_in_the_facts():
    hostile = "\x00\x1f\"\\'; DROP TABLE ledger_entry; -- \u2028 ▲ 𠀀"
    record(**WORDS, facts={hostile: [hostile, None, True, -1]})
    assert Content.objects.get().facts_value == {hostile: [hostile, None, True, -1]}
    assert verify_ledger() == []


@pytest.mark.parametrize(
    "facts",
    [
        {"id_number": ""},
        {"rows": [{"Name": "x"}]},
        {"电话": "0"},
        {"a": "证 11010519491231002X 号"},
        {"a": ["手机13800000000"]},
        {"a": 13800000000},
        {"a": {"b": "8613800000000"}},
        {"a": "6217000000000001234"},
        {"11010519491231002X": 1},
        {"a": "4111111111111111"},
    ],
)
def test_the_open_log_takes_nobodys_name_key_or_number(facts):
    with pytest.raises(Refusal) as refused:
        record(**WORDS, facts=facts, log="open")
    assert "1949" not in refused.value.sentence
    assert "138" not in refused.value.sentence


def test_the_open_log_takes_amounts_dates_codes_and_hashes():
    facts = {
        "amount": "13800000.00",
        "date": "2026-03-02",
        "code": "990101001001",
        "hash": "0123456789abcdef" * 4,
    }
    assert record(**WORDS, facts=facts, log="open").log == "open"


def test_it_takes_four_queries(django_assert_num_queries):
    write(0)
    with django_assert_num_queries(4):
        record(**WORDS, facts={})


def test_a_missing_head_is_refused_in_words():
    drop_guards()
    sql("DELETE FROM ledger_log WHERE name = 'open'")
    with pytest.raises(Refusal, match="ledger verify"):
        write(0)
