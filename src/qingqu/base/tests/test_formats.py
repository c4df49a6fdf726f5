"""Dates look the same in every language of the screen, and what people type is read."""

from datetime import date, datetime

import pytest
from django import forms
from django.utils import formats, translation

from qingqu.base.clock import SHANGHAI


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_date_is_written_year_month_day(language):
    with translation.override(language):
        assert formats.date_format(date(2026, 3, 1)) == "2026-03-01"
        at = datetime(2026, 3, 1, 9, 5, tzinfo=SHANGHAI)
        assert formats.date_format(at, "DATETIME_FORMAT") == "2026-03-01 09:05"


@pytest.mark.parametrize("typed", ["2026-03-01", "2026.3.1", "2026/3/1", "2026年3月1日", "20260301"])
def test_a_date_may_be_typed_as_offices_write_it(typed):
    with translation.override("zh-hans"):
        assert forms.DateField().clean(typed) == date(2026, 3, 1)


def test_what_is_no_date_is_refused():
    with translation.override("zh-hans"), pytest.raises(forms.ValidationError):
        forms.DateField().clean("2026-13-01")
