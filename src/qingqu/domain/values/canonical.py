"""Spellings that need no cleaning, so that an importer can pass a whole column in one step and clean only the rest.

The patterns are RE2 syntax and must match the whole cell (`regexp_full_match` in SQL). For a cell that matches, the
cheap conversion beside its kind gives exactly what `clean` gives; where the conversion can fail (a day that the
calendar lacks), `clean` refuses too. A property test holds both to this.

| kind | cheap conversion of a matching cell |
|---|---|
| text, code, month, yes_no, division_code | as it is |
| date | as it is, if a cast to DATE works (else refused) |
| datetime | the blank becomes T; if a cast to TIMESTAMP works (else refused) |
| money | cast to DECIMAL(18,2) |
| quantity, percent | cast to DECIMAL(18,4), trailing noughts dropped |
| integer | cast to BIGINT |

ID numbers and credit codes have no cheap spelling: their check digits are reckoned. A money column in 万元 and a
quantity column are cheap as well, the first times its factor only where that leaves two places."""

_YEAR = "(19|20|21)[0-9]{2}"
_MONTH = "(0[1-9]|1[0-2])"
_DAY = "(0[1-9]|[12][0-9]|3[01])"

_PATTERNS = {
    # Common characters without blanks and brackets; no underscore or 锟, the signs of broken exports.
    "text": r"^[0-9A-Za-z\-./#:+一-锞锠-鿿、。，；：《》〔〕【】“”·]{1,500}$",
    "date": f"^{_YEAR}-{_MONTH}-{_DAY}$",
    "datetime": f"^{_YEAR}-{_MONTH}-{_DAY}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$",
    "month": f"^{_YEAR}-{_MONTH}$",
    "money": r"^-?[0-9]{1,15}(\.[0-9]{1,2})?$",
    "quantity": r"^-?[0-9]{1,12}(\.[0-9]{1,4})?$",
    "percent": r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)$",
    "integer": r"^-?[0-9]{1,15}$",
    "division_code": r"^[1-9][0-9]{11}$",
    "yes_no": r"^[是否]$",
}
_PATTERNS["code"] = _PATTERNS["text"]


def canonical_pattern(kind: str) -> str | None:
    """The RE2 pattern of a kind's easy spellings; None where every cell must be cleaned."""
    return _PATTERNS.get(kind)
