"""Places, offices and people are well formed and invented."""

import re
from datetime import date
from importlib import resources

from qingqu.demo.days import deliveries
from qingqu.demo.generate import SEED
from qingqu.demo.irregularities import CASES
from qingqu.demo.places import firms, members, offices, owner_office, places
from qingqu.demo.projects import projects
from qingqu.demo.words import COUNTY, KINDS, TOWNS
from qingqu.domain.values import clean
from qingqu.orgs.matrix import ROLE_NAMES

STORY = "明山"  # the county's own name is the story's, whatever real names it may share two characters with


def real_counties() -> set[str]:
    """Names of every province, city and county since 1980, without what kind they are, from python-stdnum's list."""
    text = resources.files("stdnum.cn").joinpath("loc.dat").read_text("utf-8")
    names = re.findall(r"\](\w+)", text)
    return {re.sub(r"(自治县|特区|林区|县|市|区|旗|盟|州)$", "", name) for name in names}


def test_twelve_towns_and_a_hundred_and_eighty_villages_with_official_codes():
    every = places()
    assert sum(place.code.endswith("000") and place.code[6:9] != "000" for place in every) == len(TOWNS) == 12
    villages = [place for place in every if not place.code.endswith("000")]
    assert len(villages) == len({place.name for place in villages}) == 180
    assert len({place.code for place in every}) == len(every)
    assert all(clean("division_code", place.code) == place.code for place in every)
    assert {place.rural_class for place in villages} == {"112", "220"}
    seen: set[str] = set()
    for place in every:  # parents before children
        assert place.code.endswith("000000") or place.code[:6] + "000000" in seen
        assert place.code.endswith("000") or place.code[:9] + "000" in seen
        seen.add(place.code)
    for code, name in TOWNS:
        low, high = {"道": (1, 99), "镇": (100, 199), "乡": (200, 399)}[name[-1]]
        assert low <= int(code[6:9]) <= high


def test_no_place_bears_the_name_of_a_real_county():
    real = real_counties()
    assert {"临海", "清河"} <= real, "the list is there"
    for place in places():
        if place.code.endswith("000") and STORY not in place.name:
            bare = re.sub(r"(街道|镇|乡|县)$", "", place.name)
            assert bare not in real
            assert not any(name in place.name for name in real if len(name) > 1)
    assert COUNTY[1] == f"{STORY}县"


def test_credit_codes_are_valid_and_nobody_shares_one():
    codes = [office.credit_code for office in offices() if office.credit_code] + [code for code, _ in firms()]
    assert len(set(codes)) == len(codes) > 40
    assert all(clean("credit_code", code) == code and code[2:8] == "990101" for code in codes)


def test_every_owner_of_a_project_is_an_organisation_with_a_credit_code():
    for one in projects(deliveries(date(2026, 6, 10)), count=866, seed=SEED):
        owner = owner_office(one.owner, one.town)
        assert owner.kind in {"project_owner", "township_government"}
        assert owner.credit_code
    assert all(case.owner in KINDS[case.kind].owners for case in CASES)


def test_the_people_hold_known_roles_at_known_offices_and_places():
    codes, towns = {office.code for office in offices()}, {place.code for place in places()}
    people = members()
    assert len({one.username for one in people}) == len(people)
    assert all(one.office in codes and one.role in ROLE_NAMES and one.place in towns for one in people)
    wanted = {
        "party_conduct_office", "inspection_office", "township_discipline", "approving_leader", "data_steward",
        "project_owner", "village_operator", "auditor_log", "sys_admin", "sec_admin",
    }  # fmt: skip
    assert {one.role for one in people} == wanted
    hospital = CASES[0]
    assert next(one for one in people if one.role == "township_discipline").place == TOWNS[hospital.town][0]
    assert next(one for one in people if one.role == "project_owner").office == hospital.owner
