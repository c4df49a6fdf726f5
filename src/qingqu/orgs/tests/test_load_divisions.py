"""Taking an official list: whole or not at all, again without change, strays, closures, lineage."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from qingqu.base.errors import Refusal
from qingqu.base.packs import BUILT_IN
from qingqu.ledger.models import Content, Entry
from qingqu.orgs.actions import DivisionRow, change_division, load_divisions, system_operator
from qingqu.orgs.division_list import read_list
from qingqu.orgs.models import Division
from tests.cast import NOW, make_cast

ROWS = [
    DivisionRow("990101000000", "明山县"),
    DivisionRow("990101001000", "明山镇"),
    DivisionRow("990101001201", "云溪村", "220"),
    DivisionRow("990101001202", "柳溪村", "220"),
]


def load(rows, **more):
    return load_divisions(rows=rows, source="a" * 64, by=system_operator(), now=NOW, **more)


def counted(**counts):
    return {"rows": 4, "inserted": 0, "updated": 0, "unchanged": 0, "closed": 0, **counts}


@pytest.mark.django_db
def test_a_list_is_taken_once_and_the_second_time_changes_nothing():
    entries = Entry.objects.count()
    assert load(ROWS) == counted(inserted=4)
    assert load(ROWS) == counted(unchanged=4)
    village = Division.objects.get(code="990101001201")
    assert (village.level, village.parent.code, village.parent.parent.code) == (
        "village", "990101001000", "990101000000",
    )  # fmt: skip
    assert village.valid_from is None  # the list does not say since when
    assert (
        list(Entry.objects.order_by("index").values_list("verb", flat=True))[entries:]
        == ["division.loaded"] * 2
    )
    assert "a" * 64 in Content.objects.order_by("index").last().facts


@pytest.mark.django_db
def test_a_new_name_is_an_update_and_a_column_that_is_missing_takes_nothing_away():
    load(ROWS)
    renamed = [*ROWS[:2], DivisionRow("990101001201", "新云溪村"), ROWS[3]]
    assert load(renamed) == counted(updated=1, unchanged=3)
    village = Division.objects.get(code="990101001201")
    assert (village.name, village.rural_class) == ("新云溪村", "220")


@pytest.mark.django_db
def test_a_list_with_one_wrong_row_changes_nothing_at_all():
    load(ROWS[:2])
    entries = Entry.objects.count()
    for wrong in (
        [*ROWS, ROWS[0]], [*ROWS, DivisionRow("990101009209", "孤村")], [*ROWS, DivisionRow("9901", "短")],
        [*ROWS, DivisionRow("990101001203", " ")], [],
    ):  # fmt: skip
        with pytest.raises(Refusal):
            load(wrong)
    assert Division.objects.count() == 2
    assert Entry.objects.count() == entries


@pytest.mark.django_db
def test_a_code_that_vanished_stays_unless_the_list_replaces_the_old_one():
    load([*ROWS, DivisionRow("990102000000", "北川原县")])
    shorter = ROWS[:3]
    assert load(shorter)["closed"] == 0
    assert load(shorter, replaces=True) == {
        "rows": 3,
        "inserted": 0,
        "updated": 0,
        "unchanged": 3,
        "closed": 1,
    }
    gone = Division.objects.get(code="990101001202")
    assert gone.valid_to == NOW.date() - timedelta(days=1)
    assert Division.objects.get(code="990102000000").valid_to is None  # not below the list's top
    assert gone.code not in set(Division.objects.in_force(NOW.date()).values_list("code", flat=True))
    assert load(shorter, replaces=True)["closed"] == 0
    assert load(ROWS)["updated"] == 1  # it came back
    assert Division.objects.get(code="990101001202").valid_to is None


@pytest.mark.django_db
def test_a_division_that_began_today_is_not_closed_before_it_began():
    load([*ROWS[:3], DivisionRow("990101001202", "柳溪村", valid_from=NOW.date())])
    load(ROWS[:3], replaces=True)
    assert Division.objects.get(code="990101001202").valid_to == NOW.date()


@pytest.mark.django_db
def test_a_township_that_arrives_later_takes_its_villages():
    load([ROWS[0]])
    load([ROWS[2]])
    assert Division.objects.get(code="990101001201").parent.code == "990101000000"
    load([ROWS[1]])
    assert Division.objects.get(code="990101001201").parent.code == "990101001000"


@pytest.mark.django_db
def test_the_example_with_a_zone_gives_exact_areas_and_going_home_clears_them():
    rows, sha256 = read_list(BUILT_IN / "divisions" / "example.csv")
    load_divisions(rows=rows, source=sha256, by=system_operator(), now=NOW)
    county, city = Division.objects.get(code="990101000000"), Division.objects.get(code="990100000000")
    assert county.prefixes == ("990101000000", "990101001", "990101002")
    assert "990101400201" not in Division.objects.codes_below(county.code)
    assert "990101400201" in Division.objects.codes_below(city.code)
    for division in Division.objects.all():
        below = set(Division.objects.values_list("code", flat=True))
        assert {code for code in below if code.startswith(division.prefixes)} == Division.objects.codes_below(
            division.code
        )
    home = [
        DivisionRow(row.code, row.name, row.rural_class, "990101000000" if row.parent else "") for row in rows
    ]
    load_divisions(rows=home, source=sha256, by=system_operator(), now=NOW)
    assert not Division.objects.exclude(area="").exists()


@pytest.mark.django_db
def test_a_code_that_nobody_knows_has_nothing_below():
    assert Division.objects.codes_below("990101000000") == set()


@pytest.mark.django_db
def test_a_long_list_costs_no_more_queries_than_its_size_asks_for(django_assert_max_num_queries):
    rows = [ROWS[0]]
    for town in range(1, 31):
        rows.append(DivisionRow(f"990101{town:03d}000", f"{town}镇"))
        rows += [DivisionRow(f"990101{town:03d}{village:03d}", f"{village}村") for village in range(201, 301)]
    with django_assert_max_num_queries(60):
        assert load(rows)["inserted"] == 3031
    with django_assert_max_num_queries(12):
        assert load(rows)["unchanged"] == 3031


@pytest.mark.django_db
def test_whoever_may_not_load_divisions_does_not():
    cast = make_cast()
    for name in ("chen", "mu", "zhou", "mei", "wu"):
        with pytest.raises(PermissionDenied):
            load_divisions(rows=ROWS, source="a" * 64, by=cast[name], now=NOW)
    assert load_divisions(rows=ROWS, source="a" * 64, by=cast["guo"], now=NOW)["rows"] == 4


@pytest.mark.django_db
def test_a_merger_ends_the_old_code_and_points_to_the_new_one():
    load(ROWS)
    old, new = Division.objects.get(code="990101001202"), Division.objects.get(code="990101001201")
    more = {"successor": new, "day": date(2026, 7, 1), "by": system_operator(), "now": NOW}
    change = change_division(predecessor=old, kind="merge", **more)
    old.refresh_from_db()
    assert old.valid_to == date(2026, 6, 30)
    assert list(new.changes_from.all()) == [change]
    assert Entry.objects.order_by("index").last().verb == "division.changed"
    for wrong in (
        {"predecessor": old, "kind": "merge"},
        {"predecessor": new, "kind": "merge"},
        {"predecessor": old, "kind": "x"},
    ):
        with pytest.raises(Refusal):
            change_division(**wrong, **more)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "99010100000X"}, {"code": "990101"}, {"level": "hamlet"},
        {"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 31)},
    ],
)  # fmt: skip
def test_the_database_itself_refuses_a_division_that_is_none(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Division.objects.create(**{"code": "990101000000", "name": "错", "level": "county", **wrong})
