"""The closed verbs: which kinds of arguments each takes and which kind it gives. `docs/rules/verbs.md` says what each
means; `engine/duck_verbs.py` says it in SQL, and the conformance table runs every verb.

A missing argument makes the result missing, but for `present`, `absent`, `first_known` and the aggregates, which say
what they do. `all`, `any`, `not`, `every`, `some` are Kleene's: false as soon as one part is false (`all`), true as
soon as one is true (`any`), whatever else is unknown."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["date", "month", "moment", "number", "text", "truth", "words"]
KINDS: tuple[Kind, ...] = ("date", "month", "moment", "number", "text", "truth")
MANY = 99
# How kinds are called where a person reads them.
KIND_WORDS: dict[Kind, str] = {
    "date": "日期", "month": "月份", "moment": "时刻", "number": "数字", "text": "文字", "truth": "是否",
    "words": "词表",
}  # fmt: skip


@dataclass(frozen=True)
class Verb:
    """`forms`: argument kinds → result kind; a form whose last kind repeats is `repeats`."""

    forms: tuple[tuple[tuple[Kind, ...], Kind], ...]
    repeats: bool = False
    aggregate: bool = False

    @property
    def arity(self) -> tuple[int, int]:
        """The fewest and the most arguments."""
        size = len(self.forms[0][0])
        return size, MANY if self.repeats else size

    def result(self, kinds: tuple[Kind, ...]) -> Kind | None:
        """The kind of the result for arguments of these kinds; None when they do not fit."""
        for wanted, result in self.forms:
            full = wanted + wanted[-1:] * (len(kinds) - len(wanted)) if self.repeats else wanted
            if kinds == full:
                return result
        return None


def _same(result: Kind | None, kinds: tuple[Kind, ...] = KINDS) -> tuple[tuple[tuple[Kind, ...], Kind], ...]:
    return tuple(((kind, kind), result or kind) for kind in kinds)


def _each(result: Kind | None, kinds: tuple[Kind, ...] = KINDS) -> tuple[tuple[tuple[Kind, ...], Kind], ...]:
    return tuple(((kind,), result or kind) for kind in kinds)


TIMES: tuple[Kind, ...] = ("date", "month", "moment")
NUMBERS = Verb(((("number", "number"), "truth"),))
SUMS = Verb(((("number", "number"), "number"),))
ORDER = Verb(_same("truth", TIMES))

VERBS: dict[str, Verb] = {
    # truths
    "before": ORDER, "after": ORDER, "on_or_before": ORDER, "on_or_after": ORDER,
    "more_than": NUMBERS, "at_least": NUMBERS, "less_than": NUMBERS, "at_most": NUMBERS,
    "same": Verb(_same("truth")), "differs": Verb(_same("truth")),
    "in": Verb(((("text", "words"), "truth"),)),
    "contains_one_of": Verb(((("text", "words"), "truth"),)),
    "starts_with": Verb(((("text", "text"), "truth"),)),
    "is_person_number": Verb(((("text",), "truth"),)),
    "is_village": Verb(((("text",), "truth"),)),
    "present": Verb(_each("truth")), "absent": Verb(_each("truth")),
    "all": Verb(((("truth",), "truth"),), repeats=True), "any": Verb(((("truth",), "truth"),), repeats=True),
    "not": Verb(((("truth",), "truth"),)),
    # times
    "add_days": Verb(((("date", "number"), "date"),)),
    "add_months": Verb(((("date", "number"), "date"), (("month", "number"), "month"))),
    "month_of": Verb(((("date",), "month"), (("moment",), "month"))),
    "year_of": Verb(((("date",), "number"), (("month",), "number"))),
    "date_of": Verb(((("moment",), "date"),)),
    "first_day": Verb(((("month",), "date"),)), "last_day": Verb(((("month",), "date"),)),
    "months_counted": Verb(((("date", "date"), "number"), (("month", "month"), "number"))),
    "months_full": Verb(((("date", "date"), "number"),)),
    "months_begun": Verb(((("date", "date"), "number"),)),
    "days": Verb(((("date", "date"), "number"),)),
    "hours": Verb(((("moment", "moment"), "number"),)),
    "birth_date": Verb(((("text",), "date"),)),
    # numbers
    "plus": SUMS, "minus": SUMS, "times": SUMS, "divided_by": SUMS, "percent": SUMS,
    # texts
    "joined": Verb(((("text",), "text"),), repeats=True),
    "month_text": Verb(((("month",), "text"),)),
    "without_brackets": Verb(((("text",), "text"),)),
    "prefix": Verb(((("text", "number"), "text"),)),
    # either kind
    "first_known": Verb(_each(None), repeats=True),
    "earlier_of": Verb(_same(None, TIMES)), "later_of": Verb(_same(None, TIMES)),
    "smaller_of": SUMS, "larger_of": SUMS,
    "choose": Verb(tuple((("truth", kind, kind), kind) for kind in KINDS)),
    # aggregates over the rows of a group
    "count": Verb(_each("number"), aggregate=True),
    "count_distinct": Verb(_each("number"), aggregate=True),
    "sum": Verb(((("number",), "number"),), aggregate=True),
    "sum_known": Verb(((("number",), "number"),), aggregate=True),
    "unknowns": Verb(_each("number"), aggregate=True),
    "min": Verb(_each(None), aggregate=True), "max": Verb(_each(None), aggregate=True),
    "only": Verb(_each(None), aggregate=True),
    "some": Verb(((("truth",), "truth"),), aggregate=True),
    "every": Verb(((("truth",), "truth"),), aggregate=True),
    "all_joined": Verb(((("text",), "text"),), aggregate=True),
    "listed": Verb(_each("text", ("text", "month", "date")), aggregate=True),
    "quartile_1": Verb(((("number",), "number"),), aggregate=True),
    "median": Verb(((("number",), "number"),), aggregate=True),
    "quartile_3": Verb(((("number",), "number"),), aggregate=True),
}  # fmt: skip
