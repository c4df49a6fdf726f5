"""Words of an upload."""

import re

from django import forms
from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _


class Upload(forms.Form):
    """A file, the month it is for, and whether it is the department's whole list."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.csv,.txt"}),
        allow_empty_file=True, max_length=255,
    )  # fmt: skip
    period = forms.CharField(
        label=_("Month (may be left empty)"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "2026-03", "inputmode": "numeric"}),
    )  # fmt: skip
    full = forms.BooleanField(
        label=_("This file is the whole list: rows that are not in it are closed (history is kept)"), required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip

    def __init__(self, *args: object, roster: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not roster:
            del self.fields["full"]

    def clean_file(self) -> File[bytes]:
        """Not larger than we take."""
        file: File[bytes] = self.cleaned_data["file"]
        if file.size and file.size > settings.QINGQU_UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 512 MB. Split it by month."))
        return file

    def clean_period(self) -> str:
        """YYYY-MM or nothing."""
        period: str = self.cleaned_data["period"].strip()
        if period and not re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", period):
            raise forms.ValidationError(_("Write the month as 2026-03."))
        return period
