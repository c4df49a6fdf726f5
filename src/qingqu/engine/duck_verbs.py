"""The verbs in DuckDB's SQL. A template speaks of its arguments as `a`, `b`, `c`; a key `verb:kind` holds where the
first argument is of that kind. Month arithmetic, division and quartiles are spelled out, because engines disagree about
theirs. `tests/verbs.yml` runs every verb."""

from functools import cache

import sqlglot
from sqlglot import exp

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SCALED = "CAST(CAST({0} AS DECIMAL(38, 4)) * 10000 AS HUGEINT)"
# Half away from zero, four places: integers throughout, since DuckDB divides decimals as floats.
_DIVIDED = (
    "CAST(CASE WHEN ({n} < 0) = ({d} < 0) THEN 1 ELSE -1 END * ((2 * abs({n}) * {f} + abs({d})) //"
    " nullif(2 * abs({d}), 0)) AS DECIMAL(34, 0)) * CAST('0.0001' AS DECIMAL(4, 4))"
)
_NUMBER = "year({0}) * 12 + month({0})"
_APART = f"(({_NUMBER.format('b')}) - ({_NUMBER.format('a')}))"
_APART_NEXT = f"(({_NUMBER.format('(b + 1)')}) - ({_NUMBER.format('a')}))"
_PERSON = " + ".join(f"TRY_CAST(substr(a, {n}, 1) AS INT) * {w}" for n, w in enumerate(WEIGHTS, 1))


def _divided(first: str, second: str, factor: int) -> str:
    return _DIVIDED.format(n=_SCALED.format(first), d=_SCALED.format(second), f=factor)


def _shifted(months: str) -> str:
    return f"CAST(CAST(a AS DATE) + to_months(CAST({months} AS INT)) AS DATE)"


def _quartile(factor: int, offset: int) -> str:
    """Type 8 of Hyndman and Fan: h = (n + 1/3) p + 1/3, between neighbours in proportion; here in twelfths of a step."""
    values = "list_sort(list(a) FILTER (WHERE NOT a IS NULL))"
    size = "count(a)"
    place = f"(({factor} * {size} + {offset}) // 12)"
    rest = f"(({factor} * {size} + {offset}) % 12)"

    def at(shift: int) -> str:
        return f"list_extract({values}, greatest(1, least({size}, {place} + {shift})))"

    return _divided(f"({at(0)} * (12 - {rest}) + {at(1)} * {rest})", "12", 10000)


TEMPLATES: dict[str, str] = {
    "before": "a < b", "after": "a > b", "on_or_before": "a <= b", "on_or_after": "a >= b",
    "more_than": "a > b", "at_least": "a >= b", "less_than": "a < b", "at_most": "a <= b",
    "same": "a = b", "differs": "a <> b",
    "starts_with": "starts_with(a, b)",
    "is_person_number": (
        "CASE WHEN a IS NULL THEN NULL WHEN regexp_full_match(a, '[0-9]{6}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])"
        f"(0[1-9]|[12][0-9]|3[01])[0-9]{{3}}[0-9X]') THEN substr('10X98765432', ({_PERSON}) % 11 + 1, 1) = right(a, 1)"
        " ELSE FALSE END"
    ),
    "is_village": "length(a) = 12 AND right(a, 3) <> '000'",
    "present": "NOT a IS NULL", "absent": "a IS NULL", "not": "NOT a",
    "add_days": "a + CAST(b AS INT)",
    "add_months": _shifted("b"),
    "add_months:month": "strftime(CAST(a || '-01' AS DATE) + to_months(CAST(b AS INT)), '%Y-%m')",
    "month_of": "strftime(a, '%Y-%m')",
    "year_of": "year(a)", "year_of:month": "CAST(substr(a, 1, 4) AS INT)",
    "date_of": "CAST(a AS DATE)",
    "first_day": "CAST(a || '-01' AS DATE)", "last_day": "last_day(CAST(a || '-01' AS DATE))",
    "months_counted": f"{_APART} + 1",
    "months_counted:month": (
        "(CAST(substr(b, 1, 4) AS INT) * 12 + CAST(substr(b, 6, 2) AS INT))"
        " - (CAST(substr(a, 1, 4) AS INT) * 12 + CAST(substr(a, 6, 2) AS INT)) + 1"
    ),
    "months_full": f"{_APART} - CASE WHEN {_shifted(_APART)} > b THEN 1 ELSE 0 END",
    "months_begun": f"{_APART_NEXT} + CASE WHEN {_shifted(_APART_NEXT)} < b + 1 THEN 1 ELSE 0 END",
    "days": "CAST(b AS DATE) - CAST(a AS DATE)",
    "hours": _divided("(epoch_ms(b) - epoch_ms(a))", "3600000", 10000),
    "birth_date": "TRY_CAST(substr(a, 7, 4) || '-' || substr(a, 11, 2) || '-' || substr(a, 13, 2) AS DATE)",
    "plus": "a + b", "minus": "a - b", "times": "CAST(a AS DECIMAL(38, 4)) * CAST(b AS DECIMAL(38, 4))",
    "divided_by": _divided("a", "b", 10000), "percent": _divided("a", "b", 1000000),
    "month_text": "a",
    "without_brackets": (
        "trim(regexp_replace(a, '[(（\\[【〔［][^)）\\]】〕］]*[)）\\]】〕］]', '', 'g'))"
    ),
    "prefix": "substr(a, 1, CAST(b AS INT))",
    "earlier_of": "CASE WHEN a <= b THEN a WHEN b < a THEN b END",
    "later_of": "CASE WHEN a >= b THEN a WHEN b > a THEN b END",
    "smaller_of": "CASE WHEN a <= b THEN a WHEN b < a THEN b END",
    "larger_of": "CASE WHEN a >= b THEN a WHEN b > a THEN b END",
    "choose": "CASE WHEN a THEN b WHEN NOT a THEN c END",
    "count": "count(a)", "count:truth": "count(CASE WHEN a THEN 1 END)",
    "count_distinct": "count(DISTINCT a)",
    "sum": "CASE WHEN count(*) = count(a) THEN sum(a) END", "sum_known": "sum(a)",
    "unknowns": "count(*) - count(a)",
    "min": "min(a)", "max": "max(a)",
    "only": "CASE WHEN min(a) = max(a) THEN min(a) END",
    "some": "CASE WHEN bool_or(a) THEN TRUE WHEN count(*) > count(a) THEN NULL ELSE FALSE END",
    "every": "CASE WHEN NOT bool_and(a) THEN FALSE WHEN count(*) > count(a) THEN NULL ELSE TRUE END",
    "all_joined": "array_to_string(list_sort(list(DISTINCT a)), '+')",
    "listed": "array_to_string(list_sort(list(DISTINCT CAST(a AS TEXT)) FILTER (WHERE NOT a IS NULL)), '、')",
    "quartile_1": _quartile(3, 5), "median": _quartile(6, 6), "quartile_3": _quartile(9, 7),
}  # fmt: skip


@cache
def _parsed(template: str) -> exp.Expr:
    return sqlglot.parse_one(template, read="duckdb")


def filled(verb: str, kind: str, args: list[exp.Expr]) -> exp.Expr:
    """The SQL of a verb whose first argument is of the kind, in brackets."""
    template = TEMPLATES.get(f"{verb}:{kind}") or TEMPLATES[verb]
    given = dict(zip("abc", args, strict=False))

    def replaced(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and not node.this.quoted and node.name in given:
            return given[node.name].copy()
        return node

    return exp.paren(_parsed(template).copy().transform(replaced, copy=False), copy=False)
