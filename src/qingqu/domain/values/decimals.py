"""The exact reading of a decimal that money and quantities share. Never a float.

A number may carry thousands commas (in threes), a sign, full-width digits. It may not carry a blank or a line break
between two digits: two values in one cell look exactly like that."""

import re
from decimal import Context, Decimal

from qingqu.domain.values.unclean import Unclean

PLAIN = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|[+-]?\.[0-9]+")
# Our own context: nobody else's settings round our sums, and 2,000 digits cost nothing.
EXACT = Context(prec=60, Emax=999_999, Emin=-999_999, traps=[])
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]+")


def decimal(plain: str, kind: str) -> Decimal:
    """An exact decimal from narrowed text; Unclean codes begin with `kind`."""
    if PLAIN.fullmatch(plain):
        return Decimal(plain.replace(",", ""))
    if _SCIENTIFIC.fullmatch(plain):
        raise Unclean(
            f"{kind}_scientific",
            "被 Excel 改成了科学计数",
            "请把这一列设为“数值”格式，看到全部数字后再导出。",
        )
    if " " in plain:
        raise Unclean(
            f"{kind}_two_values", "数字中间有空格或换行，像是两个数", "请一格只填一个数，数字之间不留空格。"
        )
    raise Unclean(f"{kind}_unreadable", "不是数字", "请只填数字，如 1234.5；没有的请清空这一格。")


def plain_text(value: Decimal) -> str:
    """A decimal without exponent, trailing zeros or a minus before zero."""
    written = f"{value:f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written == "-0" else written
