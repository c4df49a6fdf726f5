"""The tree: parents by the digits or as given, and areas that are exactly the tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.base.errors import Refusal
from qingqu.orgs import division_tree
from qingqu.orgs.division_list import DivisionRow
from qingqu.orgs.models import subtree


def tree(*rows):
    listed = division_tree.checked([DivisionRow(code, "甲", parent=parent) for code, parent in rows])
    return division_tree.parents(listed, listed.keys())


def test_parents_follow_the_digits():
    codes = ("990000000000", "990100000000", "990101000000", "990101001000", "990101001201")
    assert list(tree(*((code, "") for code in codes)).values()) == ["", *codes[:-1]]


def test_a_county_may_follow_its_province_and_a_city_may_have_townships():
    found = tree(("990000000000", ""), ("990101000000", ""), ("990200000000", ""), ("990200001000", ""))
    assert found["990101000000"] == "990000000000"
    assert found["990200001000"] == "990200000000"


def test_a_slice_needs_nothing_above_its_own_top():
    assert set(tree(("990101001201", ""), ("990101001202", "")).values()) == {""}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("990101000000", ""), ("990101001201", "")], "division_parent"),
        ([("990000000000", ""), ("980101000000", "")], "division_parent"),
        ([("990000000000", ""), ("990101001000", "")], "division_parent"),
        ([("990101000000", ""), ("990101001000", "990102000000")], "division_parent"),
        ([("990101000000", "990101001000"), ("990101001000", "")], "division_parent"),
        ([("990101000000", "990101000000")], "division_parent"),
        ([("990101000000", ""), ("990101000000", "")], "duplicate_code"),
        ([("99010100000X", "")], "division_code"),
        ([("000000000000", "")], "division_code"),
        ([], "empty"),
    ],
)
def test_a_list_that_is_no_tree_is_refused(rows, code):
    with pytest.raises(Refusal) as found:
        tree(*rows)
    assert found.value.code == code


def test_areas_are_empty_where_the_digits_tell_the_tree():
    found = tree(("990100000000", ""), ("990101000000", ""), ("990101001000", ""))
    assert division_tree.areas(found) == {}


def test_a_stray_is_taken_from_the_one_and_given_to_the_other():
    found = division_tree.areas(tree(
        ("990100000000", ""), ("990101000000", ""), ("990101001000", ""), ("990101400000", "990102000000"),
        ("990102000000", ""), ("990102001000", ""),
    ))  # fmt: skip
    assert found["990101000000"] == "990101000000 990101001"
    assert found["990102000000"] == "990102000000 990101400 990102001"
    assert set(found) == {"990100000000", "990101000000", "990102000000"}


@st.composite
def trees(draw):
    """A city of three counties, three towns each, two villages each; some towns run by another county."""
    counties = [f"99010{county}000000" for county in (1, 2, 3)]
    parent_of = {"990100000000": "", **dict.fromkeys(counties, "990100000000")}
    for county in counties:
        for town in (1, 2, 3):
            code = f"{county[:6]}00{town}000"
            parent_of[code] = draw(st.sampled_from([county, county, *counties, "990100000000"]))
            for village in (1, 2):
                parent_of[f"{code[:9]}20{village}"] = draw(
                    st.sampled_from([code, code, code, draw(st.sampled_from(counties))])
                )
    return parent_of


@given(trees())
def test_the_prefixes_of_a_division_cover_its_tree_and_nothing_else(parent_of):
    areas = division_tree.areas(parent_of)
    for code in parent_of:
        prefixes = tuple(areas.get(code, "").split()) or (subtree(code),)
        below = {code}
        while more := {one for one, parent in parent_of.items() if parent in below} - below:
            below |= more
        assert {one for one in parent_of if one.startswith(prefixes)} == below
