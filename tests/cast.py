"""A fixed cast for tests: the same people everywhere, made through the same actions as real ones."""

from datetime import date, datetime

from qingqu.base.clock import SHANGHAI
from qingqu.orgs.actions import (
    DivisionRow,
    add_organisation,
    add_person,
    give_post,
    load_divisions,
    system_operator,
)
from qingqu.orgs.models import Division, Organisation, Person

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=SHANGHAI)
PASSWORD = "for-tests-only"
PLACES = (
    ("990101000000", "明山县"),
    ("990101001000", "明山镇"),
    ("990101002000", "青石镇"),
    ("990102000000", "北川原县"),
)
OFFICES = (
    ("discipline_commission", "明山县纪委监委"), ("development_reform", "明山县发展和改革局"), ("finance", "明山县财政局"),
    ("neighbour", "北川原县纪委监委"), ("audit", "明山县审计局"), ("county_hospital", "县人民医院"), ("town", "明山镇纪委"),
)  # fmt: skip
PEOPLE = (
    ("chen", "discipline_commission", "party_conduct_office", "990101000000"),  # county inspector
    ("mu", "town", "township_discipline", "990101001000"),  # township inspector
    ("zhou", "development_reform", "data_steward", "990101000000"),  # department clerk
    ("luo", "finance", "data_steward", "990101000000"),  # another department's clerk
    ("fan", "county_hospital", "project_owner", "990101000000"),  # project owner
    ("wu", "neighbour", "party_conduct_office", "990102000000"),  # neighbouring county: sees nothing
    ("mei", "audit", "auditor_log", "990101000000"),  # reads the record only
    ("guo", "audit", "sys_admin", "990101000000"),  # system administrator: no business data
)


def make_cast() -> dict[str, Person]:
    """Everybody, by user name."""
    by = system_operator()
    load_divisions(rows=[DivisionRow(*place) for place in PLACES], source="0" * 64, by=by, now=NOW)
    county = Division.objects.get(code="990101000000")
    for code, name in OFFICES:
        add_organisation(code=code, name=name, kind="department", division=county, by=by, now=NOW)
    cast = {}
    for username, office, role, place in PEOPLE:
        person = add_person(username=username, name=username, password=PASSWORD, by=by, now=NOW)
        give_post(
            person=person, organisation=Organisation.objects.get(code=office), role=role,
            division=Division.objects.get(code=place), valid_from=date(2020, 1, 1), by=by, now=NOW,
        )  # fmt: skip
        cast[username] = person
    return cast
