"""Limits win; comparables leave out the item itself and tainted ones; fewer than eight say nothing; a fifth of wrong
ones changes nothing that matters."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qingqu.domain.ranges import Evaluator, Item, Limit, RangeError, settings_of

BANDS = Path(__file__).resolve().parents[3] / "packs/ranges/bands.yml"
SETTINGS = settings_of(yaml.safe_load(BANDS.read_text("utf-8")))
DAY = date(2026, 6, 1)
SPREAD = ("120", "124", "127", "130", "131", "134", "138", "141")


def item(name, value, **told):
    told = {"kind": "road", "place": "990101002003", "unit": "yuan/m2", "day": DAY, "tainted": False} | told
    return Item(name, told["kind"], told["place"], told["day"], told["unit"], None if value is None else Decimal(value), told["tainted"])  # fmt: skip


def market(*values, **told):
    return [item(f"c{number}", value, **told) for number, value in enumerate(values)]


def standing(one, others, *limits):
    return Evaluator([one, *others], limits, SETTINGS).standing(one)


def limit(**told):
    return Limit.read({"kind": "road", "place": "990101000000", "from": "2026-01-01"} | told)


def test_a_value_far_above_eight_comparables_is_high():
    found = standing(item("x", "185"), market(*SPREAD))
    assert (found.position, found.basis, found.n, found.scope, found.percentile) == (
        "high", "comparables", 8, "village", "100",
    )  # fmt: skip
    assert Decimal(found.low) < 120
    assert 141 < Decimal(found.high) < 185
    assert found.sentence.startswith("185.00 元/平方米，高于合理范围")
    assert "参照本村前后 12 个月内 8 件同类事项" in found.sentence


def test_seven_comparables_say_nothing():
    found = standing(item("x", "185"), market(*SPREAD[:7]))
    assert (found.position, found.basis, found.n, found.low, found.high, found.percentile) == (
        "none", "none", 7, None, None, None,
    )  # fmt: skip
    assert "不足 8 件" in found.sentence


def test_the_item_itself_tainted_ones_other_units_and_unknown_values_do_not_count():
    others = [
        *market(*SPREAD[:7]), item("x", "130"), item("t", "130", tainted=True), item("u", "130", unit="yuan/m"),
        item("n", None), item("k", "130", kind="bridge"),
    ]  # fmt: skip
    assert standing(item("x", "130"), others).n == 7


def test_a_tainted_item_is_judged_all_the_same():
    assert standing(item("x", "185", tainted=True), market(*SPREAD)).position == "high"


def test_near_comes_before_far_in_place_and_then_in_time():
    town = market(*SPREAD, place="990101002009")
    assert standing(item("x", "130"), [*market("130", "131"), *town]).scope == "town"
    county = market(*SPREAD, place="990101005001")
    assert standing(item("x", "130"), county).scope == "county"
    far = market(*SPREAD, place="990202005001")
    assert standing(item("x", "130"), far).scope == "all"
    old = market(*SPREAD, day=DAY - timedelta(days=700))
    told = standing(item("x", "130"), [*old, *county]).sentence
    assert "参照本村前后 24 个月内" in told
    ancient = market(*SPREAD, day=DAY - timedelta(days=9 * 365))
    assert standing(item("x", "130"), ancient).basis == "none"


def test_a_towns_own_item_is_not_compared_with_other_towns_as_if_they_were_its_village():
    assert (
        standing(item("x", "130", place="990101002000"), market(*SPREAD, place="990101002000")).scope
        == "town"
    )


def test_a_fifth_of_wrong_ones_changes_little():
    good = ["98", "99", "100", "101", "102", "97", "103", "100", "99", "101", "102", "98"]
    wrong = ["260", "240", "300"]
    clean, spoilt = (
        standing(item("x", "150"), market(*good)),
        standing(item("x", "150"), market(*good, *wrong)),
    )
    assert clean.position == spoilt.position == "high"
    assert abs(Decimal(clean.high) - Decimal(spoilt.high)) < 5
    assert standing(item("y", "250"), market(*good, *wrong)).position == "high"


def test_equal_prices_leave_a_little_room():
    others = market(*["800"] * 9, unit="yuan/mu/year")
    assert standing(item("x", "805", unit="yuan/mu/year"), others).position == "in"
    assert standing(item("x", "900", unit="yuan/mu/year"), others).position == "high"


def test_a_limit_wins_over_comparables_and_the_nearest_place_over_the_wider():
    county, town = (
        limit(low="100", source="县指导价"),
        limit(place="990101002000", high="120", source="镇指导价"),
    )
    found = standing(item("x", "130"), market(*SPREAD), county, town)
    assert (found.position, found.basis, found.high, found.low, found.scope) == (
        "high", "policy", "120.00", None, "town",
    )  # fmt: skip
    assert found.sentence == "130.00 元/平方米，高于合理范围 不超过 120.00 元/平方米；依据：镇指导价。"
    assert standing(item("x", "99"), market(*SPREAD), county).position == "low"
    assert standing(item("x", "100"), market(*SPREAD), county).position == "in"


def test_a_limit_counts_from_its_first_to_its_last_day():
    past = limit(low="200", to="2026-05-31")
    assert standing(item("x", "130"), market(*SPREAD), past).basis == "comparables"
    assert standing(item("x", "130"), market(*SPREAD), limit(low="200", to="2026-06-01")).position == "low"
    newer = limit(low="90", **{"from": "2026-04-01"})
    assert standing(item("x", "130"), [], limit(low="200"), newer).position == "in"


def test_contradicting_limits_are_refused():
    with pytest.raises(RangeError, match="两条不同的限值"):
        standing(item("x", "130"), [], limit(low="100"), limit(low="110"))


def test_an_unknown_value_has_a_range_and_no_position():
    found = standing(item("x", None), market(*SPREAD))
    assert (found.position, found.basis, found.percentile) == ("none", "comparables", None)
    assert found.sentence.startswith("数值未知，合理范围")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"value": 1.5}, "value"), ({"value": "NaN"}, "value"), ({"value": True}, "value"), ({"place": "99"}, "place"),
        ({"date": "2026-2-1"}, "date"), ({"extra": 1}, "extra"), ({"kind": ""}, "kind"), ({"tainted": "no"}, "tainted"),
        ({"value": "1e400"}, "value"),
    ],
)  # fmt: skip
def test_wrong_items_are_refused_with_the_name_of_the_field(told, why):
    good = {
        "item_id": "a",
        "kind": "k",
        "place": "990101",
        "date": "2026-03-01",
        "unit": "yuan",
        "value": "1",
    }
    assert Item.read(good).place == "990101000000"
    with pytest.raises(RangeError, match=why):
        Item.read(good | told)


@pytest.mark.parametrize("told", [{}, {"low": "2", "high": "1"}, {"low": "1", "to": "2025-12-31"}])
def test_wrong_limits_are_refused(told):
    with pytest.raises(RangeError):
        limit(**told)


prices = st.lists(st.decimals("0.01", "9999", places=2), min_size=8, max_size=40)


@given(prices, st.decimals("0.01", "9999", places=2), st.randoms())
def test_the_order_of_items_and_a_change_of_unit_scale_change_nothing(values, value, random):
    others = market(*values)
    shuffled = others[:]
    random.shuffle(shuffled)
    first, second = standing(item("x", value), others), standing(item("x", value), shuffled)
    assert first == second
    assert Decimal(first.low) <= Decimal(first.high)


@given(prices)
def test_at_least_half_of_the_comparables_lie_inside_their_band(values):
    found = standing(item("x", "1"), market(*values))
    inside = sum(Decimal(found.low) <= value <= Decimal(found.high) for value in values)
    assert 2 * inside >= len(values)
