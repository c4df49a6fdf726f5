"""Words of an upload, and of a search among past ones."""

import re
from collections.abc import Mapping
from datetime import date

from django import forms
from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from qingqu.exchange.duty import months
from qingqu.exchange.models import ImportQuerySet
from qingqu.exchange.showing import state_words

ACCEPTED = ".xlsx,.xls,.ods,.csv,.txt,.tsv,.parquet,.jsonl,.et"
MONTHS = 24
PERIOD = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")


class Upload(forms.Form):
    """A file and the month that it is for. Whether it is the whole list is asked when the number is known."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ACCEPTED}), allow_empty_file=True, max_length=255,
        error_messages={"required": _("Choose the file first."), "max_length": _("The file's name is too long. Shorten it.")},
    )  # fmt: skip
    period = forms.CharField(label=_("Month (may be left empty)"), required=False, max_length=20)

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        listed = [f"{months(today, -back):%Y-%m}" for back in range(MONTHS)]
        given = self["period"].value() or ""
        if PERIOD.fullmatch(given) and given not in listed:
            listed.append(given)
        choices = [("", _("no particular month")), *((month, month) for month in listed)]
        self.fields["period"].widget = forms.Select(choices=choices)

    def clean_file(self) -> File[bytes]:
        """Not larger than we take."""
        file: File[bytes] = self.cleaned_data["file"]
        if file.size and file.size > settings.QINGQU_UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 512 MB. Split it by month."))
        return file

    def clean_period(self) -> str:
        """YYYY-MM or nothing."""
        period: str = self.cleaned_data["period"].strip()
        if period and not PERIOD.fullmatch(period):
            raise forms.ValidationError(_("Write the month as 2026-03."))
        return period


class Sought(forms.Form):
    """A dataset and a state of past files."""

    dataset = forms.ChoiceField(label=_("Dataset"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: object, titles: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        fields: dict[str, list[tuple[str, object]]] = {
            "dataset": [("", _("all datasets")), *titles.items()], "state": [("", _("all states")), *state_words().items()],
        }  # fmt: skip
        for name, choices in fields.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = choices

    def narrow(self, rows: ImportQuerySet) -> ImportQuerySet:
        """The rows that were asked for."""
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        return rows.filter(**wanted)
