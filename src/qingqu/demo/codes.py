"""Credit codes of invented organisations: well formed, with both check digits, under the demo county's own digits."""

from stdnum.cn import uscc

AREA = "990101"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714


def credit_code(nature: str, number: int) -> str:
    """A unified social credit code (GB 32100). `nature`: its first two characters, such as 11 for an office, 12 for a
    public institution, 91 for a firm; `number`: up to eight digits, one an organisation."""
    body = f"{number:08d}"
    bare = f"{nature}{AREA}{body}{_body_check(body)}"
    return bare + str(uscc.calc_check_digit(bare))


def _body_check(body: str) -> str:
    """The check digit of the organisation's own nine characters (10 is written X)."""
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))
