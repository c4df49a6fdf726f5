"""Tables of states: what is possible, what is out of turn, what ends."""

import pytest

from qingqu.domain.lifecycle import THRESHOLD, WARNING, Lifecycle, OutOfTurn


def test_a_warning_is_raised_assigned_and_cleared():
    state = WARNING.after(WARNING.start, "assign")
    assert WARNING.after(WARNING.after(state, "assign"), "clear") == "closed"
    assert WARNING.open == ("raised", "assigned")


def test_nothing_follows_an_end():
    for life in (WARNING, THRESHOLD):
        for state in set(life.states) - set(life.open):
            for step in {step for _, step in life.steps}:
                assert not life.may(state, step)
                with pytest.raises(OutOfTurn, match=state):
                    life.after(state, step)


def test_every_state_can_be_reached():
    for life in (WARNING, THRESHOLD):
        assert set(life.states) == {life.start, *life.steps.values()}


def test_a_table_with_a_stray_state_is_refused():
    with pytest.raises(ValueError, match="lost"):
        Lifecycle("a", ("a",), {("a", "go"): "lost"})
