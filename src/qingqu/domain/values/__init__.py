"""Values as people write them, made canonical: `clean(kind, text)`, or a sentence that says what is wrong.

Never a guess: what could mean two things is refused. No place, no clock, no list of names is asked. Blank cells are
the caller's business (`blank`): every kind refuses them.

| kind | canonical |
|---|---|
| text, code | trimmed, half-width letters and digits, at most 2,000 characters |
| date, datetime, month | `2024-01-05`, `2024-01-05T14:30:00` (wall time in China), `2024-01` |
| money | yuan, exactly two places: `1234.50` |
| quantity, percent, integer | up to four places without trailing noughts; percent from 0 to 100 |
| id_number, credit_code, id_or_credit_code | 18 characters with a right check digit |
| division_code | 12 digits |
| yes_no | 是, 否 |
"""

from collections.abc import Callable, Mapping

from qingqu.domain.values.canonical import canonical_pattern
from qingqu.domain.values.codes import credit_code, division_code, id_number, id_or_credit_code, looks_rounded
from qingqu.domain.values.dates import day, instant, month
from qingqu.domain.values.money import clean_money
from qingqu.domain.values.quantities import integer, percent, quantity, stated_area
from qingqu.domain.values.text import blank, text
from qingqu.domain.values.unclean import Unclean
from qingqu.domain.values.yes_no import yes_no

KINDS: Mapping[str, Callable[[str], str]] = {
    "text": text, "code": text, "date": day, "datetime": instant, "month": month, "money": clean_money,
    "quantity": quantity, "percent": percent, "integer": integer, "id_number": id_number, "credit_code": credit_code,
    "id_or_credit_code": id_or_credit_code, "division_code": division_code, "yes_no": yes_no,
}  # fmt: skip


def clean(kind: str, text: str) -> str:
    """The canonical text of a cell; raises Unclean with what is wrong and what to do. An unknown kind is a KeyError."""
    return KINDS[kind](text)


__all__ = [
    "KINDS", "Unclean", "blank", "canonical_pattern", "clean", "clean_money", "integer", "looks_rounded", "month",
    "percent",    "quantity", "stated_area",
]  # fmt: skip
