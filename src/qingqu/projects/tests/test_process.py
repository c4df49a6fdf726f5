"""What comes next on a project's way."""

from datetime import date

import pytest

from qingqu.projects.process import next_step, process
from qingqu.projects.strip import step_of


def test_after_the_award_comes_the_contract_within_thirty_days():
    done = {"approval": date(2026, 1, 5), "tender": date(2026, 3, 2), "award": date(2026, 4, 7)}
    told = next_step(process(), done, {})
    assert told is not None
    assert (told.step.step, told.due, told.planned, told.untold) == ("contract", date(2026, 5, 7), None, ())
    assert "三十日" in told.step.note


def test_steps_of_which_nobody_told_are_named_and_not_taken_for_done():
    told = next_step(
        process(),
        {"approval": date(2026, 1, 5), "start": date(2026, 6, 1)},
        {"completion": date(2026, 12, 1)},
    )
    assert told is not None
    assert (told.step.step, told.planned) == ("completion", date(2026, 12, 1))
    assert [one.step for one in told.untold] == ["tender", "award", "contract"]


def test_a_time_that_runs_into_a_year_without_days_off_is_not_guessed():
    told = next_step(process(), {"award": date(2026, 12, 20)}, {})
    assert told is not None
    assert told.due is None


def test_nothing_comes_after_the_last_step():
    assert next_step(process(), {"settlement": date(2026, 1, 1)}, {}) is None


@pytest.mark.parametrize(
    ("judged", "step"),
    [({"planned_start", "kind"}, "start"), ({"planned_finish", "acceptance_date"}, "completion"), ({"amount"}, ""),
     ({"billed_qty", "unit_price"}, "settlement"), ({"signed_date", "award_date"}, "contract")],
)  # fmt: skip
def test_a_rule_is_about_the_step_whose_fields_it_judges_by(judged, step):
    assert step_of(judged) == step
