"""Contracts are read strictly; the built-in ones are as the standard datasets say."""

import copy

import pytest
import yaml

from qingqu.base import packs
from qingqu.base.errors import Refusal
from qingqu.base.packs import PackError
from qingqu.exchange import contracts

GOOD = {
    "dataset": "things", "title": {"zh": "东西", "en": "Things"}, "departments": ["finance"], "key": ["thing_id"],
    "event_date": "day", "due": {"every": "month", "day": 5},
    "fields": {
        "thing_id": {"zh": "编号", "type": "text", "required": True, "synonyms": ["号码"]},
        "day": {"zh": "日期", "type": "date", "event": True},
        "kind": {"zh": "类别", "type": "code", "codes": {"open": False, "values": {"甲": ["甲类"], "乙": []}}},
    },
}  # fmt: skip


@pytest.fixture
def county(home):
    """Writes a county's own contract file and loads it."""

    def write(change=lambda data: None, name="things"):
        data = copy.deepcopy(GOOD)
        change(data)
        path = home / "packs" / "datasets" / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return contracts.load(name)

    return write


def test_a_contract_tells_its_owner_its_events_and_its_kinds():
    assert contracts.load("payments").owners[0] == "finance"
    assert contracts.load("projects").roster
    assert contracts.load("projects").events == {
        "approved_date", "actual_start", "actual_finish", "acceptance_date", "statistics_date",
    }  # fmt: skip
    assert contracts.load("payments").schema["amount"] == "money"


def test_a_county_file_replaces_ours_and_is_read_again_when_it_changes(county):
    assert county().by_name["kind"].codes.spelling["甲类"] == "甲"
    assert county().title == "东西"
    own = packs.BUILT_IN / "datasets" / "projects.yml"
    data = yaml.safe_load(own.read_text(encoding="utf-8"))
    data["max_age_days"] = 31
    assert county(lambda told: (told.clear(), told.update(data)), "projects").max_age_days == 31


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda d: d.update(colour="red"), "colour"),
        (lambda d: d["fields"]["day"].update(colour="red"), "colour"),
        (lambda d: d["fields"]["day"].update(type="day"), "day"),
        (lambda d: d["fields"]["thing_id"].update(required=False), "thing_id"),
        (lambda d: d.update(key=["nothing"]), "nothing"),
        (lambda d: d.update(key=[]), "key"),
        (lambda d: d.pop("title"), "title"),
        (lambda d: d.update(dataset="other"), "dataset"),
        (lambda d: d.update(event_date="thing_id"), "event_date"),
        (lambda d: d.update(name="nothing"), "name"),
        (lambda d: d.update(due={"every": "week", "day": 1}), "due"),
        (lambda d: d.update(due={"every": "month", "day": 31}), "due"),
        (lambda d: d.update(max_age_days=0), "max_age_days"),
        (lambda d: d.update(age_from="birth"), "age_from"),
        (lambda d: d.update(roster="yes"), "roster"),
        (lambda d: d["fields"]["kind"].pop("codes"), "codes"),
        (lambda d: d["fields"]["kind"]["codes"]["values"].update(乙=["甲 类"]), "重复"),
        (lambda d: d["fields"]["kind"]["codes"].update(values={}), "空"),
        (lambda d: d["fields"]["day"].update(synonyms=["号 码"]), "号 码"),
        (lambda d: d["fields"]["day"].update(weak=["号码"]), "号码"),
        (lambda d: d["fields"]["thing_id"].update(event=True), "event"),
        (lambda d: d["fields"]["thing_id"].update(unit="斤"), "斤"),
        (lambda d: d["fields"].update({"Bad Name": {"zh": "坏", "type": "text"}}), "Bad Name"),
        (lambda d: d.update(fields=[]), "fields"),
        (lambda d: d["title"].update(zh=""), "title.zh"),
        (lambda d: d.update(departments="finance"), "departments"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_place(county, change, word):
    with pytest.raises(PackError) as caught:
        county(change)
    assert "things.yml" in caught.value.sentence
    assert word in caught.value.sentence


@pytest.mark.parametrize("name", ["nothing", "../projects", "Projects", "", "项目"])
def test_an_unknown_dataset_is_refused_in_one_sentence(name):
    with pytest.raises(Refusal):
        contracts.load(name)
