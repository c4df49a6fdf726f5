"""The demo county raises exactly its stated irregularities, through the real doors."""

from datetime import datetime
from pathlib import Path

import pytest

from qingqu.base.clock import SHANGHAI
from qingqu.base.errors import Refusal
from qingqu.demo import county, files
from qingqu.exchange.models import Import
from qingqu.orgs.models import Division
from qingqu.watch.models import Warning

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=SHANGHAI)


@pytest.mark.django_db
def test_the_run_raises_the_stated_irregularities_and_nothing_else(home):
    (home / "keys").mkdir()
    summary = county.build(now=NOW, say=lambda text: None)
    stated = {name: light for name, *_, light in files.STATED if light}
    raised = dict(Warning.objects.values_list("subject_name", "level"))
    assert raised == stated
    assert summary.warnings == {"red": 2, "yellow": 2}
    assert Division.objects.filter(level="village").count() == 180
    assert Import.objects.count() == 5
    again = county.build(now=NOW, say=lambda text: None)
    assert again == summary


@pytest.mark.django_db
def test_it_is_not_built_over_other_data(home):
    (home / "keys").mkdir()
    Division.objects.create(code="110000000000", name="别处", level="province")
    with pytest.raises(Refusal, match="另设 QINGQU_HOME"):
        county.build(now=NOW, say=lambda text: None)


@pytest.mark.parametrize("day", ["2026-01-01", "2026-02-28", "2026-11-24", "2028-02-29"])
def test_the_same_seed_and_day_give_the_same_files_on_any_day(tmp_path: Path, day):
    when = datetime.fromisoformat(day).date()
    for name in ("a", "b"):
        files.write_tenders(tmp_path / name, files.projects(when, 60))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    hospital = files.projects(when, 60)[0]
    assert hospital.planned_start == files.months_before(when, 3)
