"""The lease of the third story: fifty years, never a rise, less in the last twenty."""

from qingqu.domain.contracts.tests.given import judged, locks, text_of


def test_the_lease_of_the_story_is_locked_for_its_three_faults():
    assert locks(text_of("story3")) == {"T01", "R01", "R02"}


def test_each_lock_tells_law_remedy_measure_and_place():
    found = judged(text_of("story3")).as_json()
    risks = {risk["code"]: risk for risk in found["risks"] if risk["level"] == "lock"}
    assert found["verdict"] == "locked"
    assert (risks["T01"]["law"], risks["T01"]["measured"], risks["T01"]["threshold"]) == (
        "民法典 第七百零五条",
        "600",
        "240",
    )
    for risk in risks.values():
        assert risk["remedy"]
        assert risk["law"]
        assert risk["spans"]
    assert found["term"] == {"start": "2024-01-01", "end": "2073-12-31", "months": 600, "stated_months": 600}


def test_the_rent_falls_due_by_contract_year():
    schedule = judged(text_of("story3")).as_json()["rent"]["schedule"]
    assert len(schedule) == 50
    assert [row["amount"] for row in (schedule[0], schedule[29], schedule[30], schedule[49])] == [
        "20480.00",
        "20480.00",
        "15360.00",
        "15360.00",
    ]
    assert (schedule[30]["from"], schedule[30]["to"]) == ("2054-01-01", "2054-12-31")


def test_every_value_keeps_its_words_and_place():
    text = text_of("story3")
    fields = judged(text).as_json()["fields"]
    for path, words in (
        ("term.start", "2024年1月1日"),
        ("term.end", "2073年12月31日"),
        ("lessee.name", "李大山"),
    ):
        span = fields[path]["span"]
        assert fields[path]["text"] == words == text[span["start"] : span["end"]]
        assert span["page"] == 1
