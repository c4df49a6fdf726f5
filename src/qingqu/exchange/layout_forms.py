"""Words of the page on which columns are matched to fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from qingqu.exchange.contracts import Contract
from qingqu.exchange.suggesting import Question, Unknown


class Columns(forms.Form):
    """A choice of a field for each column; what the column's name says, or may mean, is chosen beforehand."""

    def __init__(self, *args: Any, contract: Contract, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        must = _("(required)")
        required = [(one.name, one.zh + must) for one in contract.fields if one.required]
        others = [(one.name, one.zh) for one in contract.fields if not one.required]
        choices: list[Any] = [("", _("not used")), (_("Required"), required)]
        choices += [(_("May be left out"), others)] if others else []
        for number, column in enumerate(question.columns):
            self.fields[f"c{number}"] = forms.ChoiceField(
                label=f"{column.letter} {column.header}", choices=choices, required=False,
                initial=column.field or column.chosen, widget=forms.Select(attrs={"class": "form-select"}),
            )  # fmt: skip

    @property
    def said(self) -> dict[str, str]:
        """Column key → field, "" for one that is not used."""
        return {
            column.key: str(self.cleaned_data[f"c{number}"])
            for number, column in enumerate(self.question.columns)
        }

    def lines(self) -> list[dict[str, Any]]:
        """Each column with its choice, unknown ones first, in the order of the file."""
        told = [
            {"column": column, "field": self[f"c{number}"], "kind": _kind(column)}
            for number, column in enumerate(self.question.columns)
        ]
        return sorted(told, key=lambda line: line["kind"] == "known")


def _kind(column: Unknown) -> str:
    if column.field:
        return "known"
    return "suggested" if column.chosen else "unknown"
