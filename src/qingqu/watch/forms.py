"""Words of a threshold and of a decision on it."""

from collections.abc import Iterable

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qingqu.orgs.models import Division, Person


class Threshold(forms.Form):
    """A value, where it holds, and why. The reason is asked for when it is proposed, not for the preview."""

    value = forms.CharField(label=_("New value"), max_length=40, required=False)
    place = forms.ChoiceField(label=_("Holds in"))
    kind = forms.ChoiceField(label=_("For which kind"), required=False)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why this value: what was seen, which rule of the county it follows. It stays in the history."),
    )  # fmt: skip

    def __init__(
        self,
        *args: object,
        places: Iterable[Division],
        kinds: Iterable[str],
        title: str,
        help_text: str,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(one.code, one.name) for one in places]
        self.fields["place"].choices = choices  # type: ignore[attr-defined]
        told = [(kind, kind) for kind in kinds]
        self.fields["kind"].choices = [("", _("all kinds")), *told]  # type: ignore[attr-defined]
        if not told:
            del self.fields["kind"]
        self.fields["value"].label = title
        self.fields["value"].help_text = help_text

    def clean_value(self) -> str:
        """Digits as people type them."""
        text: str = self.cleaned_data["value"]
        return text.strip().replace("，", "").replace(",", "").replace("。", ".")


class Decision(forms.Form):
    """Why it is sent back."""

    note = forms.CharField(
        label=_("Why it is sent back"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class Assignment(forms.Form):
    """Who verifies."""

    to = forms.ModelChoiceField(
        label=_("Who verifies"),
        queryset=Person.objects.none(),
        to_field_name="ref",
        empty_label=_("choose a person"),
    )

    def __init__(self, *args: object, people: QuerySet[Person], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["to"].queryset = people  # type: ignore[attr-defined]
