"""Words into values: a recusal."""

from django import forms
from django.utils.translation import gettext_lazy as _

KINDS = {
    "warning": _("Warning"),
    "project": _("Project"),
    "import": _("Delivered file"),
}
GROUND_NAMES = {
    "respondent": _("I am the one concerned"),
    "kin": _("A close relative is concerned"),
    "interest": _("I or my relatives have an interest in it"),
    "witness": _("I was a witness"),
    "other": _("Another reason that could touch fairness"),
}


class RecusalForm(forms.Form):
    """From what, and why. Whether the thing exists is not asked: that would tell who must not know."""

    kind = forms.ChoiceField(label=_("What is it"), choices=list(KINDS.items()))
    ref = forms.RegexField(
        label=_("Its number"),
        regex=r"^[A-Za-z0-9_.+-]{1,80}$",
        max_length=80,
        help_text=_("As it stands on its page, such as W-2026-0001."),
        error_messages={"invalid": _("Only letters, digits and _ . + - as on its page.")},
    )
    ground = forms.ChoiceField(label=_("Reason"), choices=list(GROUND_NAMES.items()))
    note = forms.CharField(label=_("Note (may stay empty)"), max_length=200, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # passed on as they came
        for name, field in self.fields.items():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if select else "form-control"
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{name}_helptext"

    def subject(self) -> str:
        """`kind:ref` of a valid form."""
        return f"{self.cleaned_data['kind']}:{self.cleaned_data['ref']}"
