"""Places by name instead of code."""

import pytest

from qingqu.exchange.actions import import_file
from qingqu.exchange.tests.helpers import wish
from qingqu.orgs.models import Division


@pytest.fixture
def taken(cast, projects, now):
    """Imports one project at a place, dry; (errors, notes, accepted)."""
    county, town = Division.objects.get(code="990101000000"), Division.objects.get(code="990101003000")
    other = Division.objects.create(code="990101004000", name="白水镇", level="township", parent=county)
    for code, name, parent in (
        ("990101003201", "仙游村村民委员会", town), ("990101003202", "新村村民委员会", town), ("990101004201", "新村村民委员会", other),
        ("990101004202", "岐山村民委员会", other),
    ):  # fmt: skip
        Division.objects.create(code=code, name=name, level="village", parent=parent)

    def take(place):
        path = projects(f"A-1,路,局,{place},2026-01-05,1,2026-03-01,2026-12-31,")
        return import_file(path=path, wish=wish(path), by=cast.operator, now=now, dry_run=True)

    return take


@pytest.mark.parametrize(
    "place", ["青石镇", "明山县青石镇", "青石镇人民政府", "仙游村", "仙游村委会", "青石镇仙游村", "明山县青石镇仙游村", "白水镇新村", "岐山村", " 白水镇 "],
)  # fmt: skip
def test_a_name_that_is_unique_in_the_senders_area_becomes_its_code_and_that_is_said(taken, place):
    told = taken(place)
    assert (told["rejected"], told["unmatched_divisions"]) == (0, 0)
    assert any("地名" in note for note in told["notes"])


@pytest.mark.parametrize(
    ("place", "code", "word"),
    [
        ("新村", "place_ambiguous", "2 个同名"),
        ("邻山县", "place_unknown", "找不到"),
        ("某某镇", "place_unknown", "找不到"),
        ("99010", "division_code_form", "6、9 或 12"),
    ],
)
def test_a_name_that_says_too_little_is_refused_in_a_sentence(taken, place, code, word):
    (error,) = taken(place)["errors"]
    assert error["code"] == code
    assert word in error["message"]
