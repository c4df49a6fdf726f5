"""SQL for spellings that need no cleaning: whether a cell is one, and its stored value.

Held to `domain.values` by a property test: what passes here is exactly what `clean` would have made of it."""

from dataclasses import dataclass
from fractions import Fraction

from qingqu.domain import values
from qingqu.exchange.cell import REFERENCES, placeholders
from qingqu.exchange.contracts import Field
from qingqu.exchange.lake import among, column_type, literal
from qingqu.reading import header

MONEY_DIGITS = 15
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100


@dataclass(frozen=True)
class Easy:
    """`condition` (never NULL for a filled cell, never true of a placeholder) and `value` (which never raises, on
    whatever it is tried), both SQL of the cell. `same`: the value is the cell. `dear`: the condition costs more than
    finding the distinct cells."""

    condition: str
    value: str
    same: bool
    dear: bool = False


def easy(one: Field, column: str, factor: int | Fraction = 1) -> Easy | None:
    """The easy spellings of a field in a column (SQL) that is counted in `factor` of its unit; None: there are none."""
    if one.codes is not None:
        own = [term for term in one.codes.values if one.codes.spelling.get(header.plain(term)) == term]
        return Easy(among(column, own), column, same=True) if own else None
    if factor != 1:
        return _scaled_money(column, factor) if one.type == "money" else None
    if one.type in _CHECKED:
        return Easy(f"coalesce({_CHECKED[one.type](column)}, false)", column, same=True, dear=True)
    pattern = values.canonical_pattern(one.type)
    if pattern is None:
        return None
    condition = f"regexp_full_match({column}, {literal(pattern)})"
    if one.type in {"text", "code"}:  # Excel's error texts match too; they are told, never stored
        condition += f" AND NOT starts_with({column}, '#') AND NOT {_nothing(one, column)}"
        if one.name.endswith(REFERENCES):  # 1.10101E+17
            condition += f" AND NOT contains({column}, '+')"
    value = f"replace({column}, 'T', ' ')" if one.type == "datetime" else column
    stored = column_type(one.type)
    if one.type in {"date", "datetime"}:  # a day that the calendar lacks does not cast
        condition += f" AND TRY_CAST({value} AS {stored}) IS NOT NULL"
    return Easy(
        condition,
        f"TRY_CAST({value} AS {stored})" if stored != "VARCHAR" else value,
        same=stored == "VARCHAR",
    )


def _nothing(one: Field, column: str) -> str:
    """Whether a cell is a placeholder, looked at closely only when it is short enough."""
    words = placeholders(one)
    longest = max(len(word.encode()) for word in words)
    return f"CASE WHEN strlen({column}) > {longest} THEN false ELSE {among(column, words)} END"


def _scaled_money(column: str, factor: int | Fraction) -> Easy | None:
    """A plain number in 万元 and the like that comes out in whole cents."""
    noughts = len(str(factor)) - 1
    if factor != 10**noughts:
        return None
    pattern = f"-?[0-9]{{1,{MONEY_DIGITS - noughts}}}(\\.[0-9]{{1,{2 + noughts}}})?"
    wide = f"TRY_CAST({column} AS DECIMAL(38,{2 + noughts}))"
    return Easy(
        f"regexp_full_match({column}, '{pattern}')",
        f"TRY_CAST({wide} * {factor} AS DECIMAL(18,2))",
        same=False,
    )


def _id_number(column: str) -> str:
    """Form, a day that exists, and the check digit of GB 11643."""
    number = f"TRY_CAST(left({column}, 17) AS BIGINT)"
    summed = " + ".join(
        f"{number} // {10 ** (16 - place)} % 10 * {weight}" for place, weight in enumerate(ID_WEIGHTS)
    )
    day = f"TRY_CAST({column}[7:10] || '-' || {column}[11:12] || '-' || {column}[13:14] AS DATE)"
    return (
        f"regexp_full_match({column}, '[1-9][0-9]{{16}}[0-9X]')"
        f" AND {day} BETWEEN DATE '1850-01-01' AND DATE '2199-12-31'"
        f" AND substr('10X98765432', 1 + CAST(({summed}) % 11 AS INTEGER), 1) = {column}[18:18]"
    )


def _credit_code(column: str) -> str:
    """Form and the check sign of GB 32100."""
    summed = " + ".join(
        f"(instr('{CREDIT_SIGNS}', {column}[{place + 1}:{place + 1}]) - 1) * {3**place % 31}"
        for place in range(17)
    )
    return (
        f"regexp_full_match({column}, '[0-9A-HJ-NPQRTUWXY]{{2}}[0-9]{{6}}[0-9A-HJ-NPQRTUWXY]{{10}}')"
        f" AND substr('{CREDIT_SIGNS}', 1 + (31 - ({summed}) % 31) % 31, 1) = {column}[18:18]"
    )


def _id_or_credit_code(column: str) -> str:
    """Either, if its form leaves no doubt which."""
    either = f"regexp_full_match({column}, '[0-9]{{17}}[0-9X]')"
    return f"CASE WHEN {either} THEN {_id_number(column)} ELSE {_credit_code(column)} END"


_CHECKED = {"id_number": _id_number, "credit_code": _credit_code, "id_or_credit_code": _id_or_credit_code}
