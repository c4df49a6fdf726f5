"""`erase`: lawful deletion removes the content for good, says so, and the tree stays whole."""

import json

import pytest

from qingqu.base.errors import Refusal
from qingqu.ledger.actions import erase
from qingqu.ledger.models import Content, Entry, Erasure
from qingqu.ledger.proofs import prove
from qingqu.ledger.tests.making import LIN, NOW, write
from qingqu.ledger.verify import verify_ledger

pytestmark = pytest.mark.django_db


def erased(entry: Entry, reason: str = "个人信息保护法第四十七条") -> Entry:
    return erase(entry=entry, by=LIN, role="data_operator", reason=reason, now=NOW)


@pytest.mark.parametrize("log", ["inner", "open"])
def test_the_content_goes_the_leaf_stays_and_one_entry_says_so(log):
    entry = write(1, log=log)
    leaf, written = entry.leaf, Entry.objects.count()
    said = erased(entry)
    assert Entry.objects.count() == written + 1
    assert (said.log, said.verb, said.subject) == ("inner", "ledger.content_erased", f"entry:{log}.0")
    assert not Content.objects.filter(log=log, index=0).exists()
    assert Entry.objects.get(log=log, index=0).leaf == leaf
    assert Erasure.objects.get().recorded_index == said.index
    facts = Content.objects.get(log="inner", index=said.index).facts_value
    assert facts == {"log": log, "index": 0, "reason": "个人信息保护法第四十七条"}
    assert verify_ledger() == []


def test_an_erased_entry_can_still_be_proved_without_its_content():
    entry = write(1)
    erased(entry)
    proof = prove(entry.ref)
    assert (proof["content"], proof["salt"]) == (None, None)
    assert json.loads(str(proof["leaf"]))["subject"] == entry.subject


def test_the_record_of_an_erasure_can_itself_be_erased():
    said = erased(write(1))
    again = erased(said)
    assert again.subject == f"entry:inner.{said.index}"
    assert verify_ledger() == []


def test_a_second_erasure_is_refused_and_writes_nothing():
    entry = write(1)
    erased(entry)
    with pytest.raises(Refusal, match="inner/0"):
        erased(entry)
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("reason", ["", " \n"])
def test_an_erasure_without_a_ground_is_refused(reason):
    with pytest.raises(Refusal, match="依据"):
        erased(write(1), reason)
    assert Content.objects.count() == 1
