"""Words of an upload."""

import re

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class Upload(forms.Form):
    """A file, the month it is for, and whether it is the whole list."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(attrs={"class": "form-control"}),
        allow_empty_file=True,
    )
    period = forms.CharField(
        label=_("Month (may be left empty)"), required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "2026-03"}),
    )  # fmt: skip

    def clean_file(self) -> "UploadedFile[bytes]":
        """Not larger than we take."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size and file.size > settings.QINGQU_UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 512 MB. Split it by month."))
        return file

    def clean_period(self) -> str:
        """YYYY-MM or nothing."""
        period: str = self.cleaned_data["period"].strip()
        if period and not re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", period):
            raise forms.ValidationError(_("Write the month as 2026-03."))
        return period
