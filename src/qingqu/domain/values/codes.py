"""Identity numbers, credit codes, division codes: judged by form and check digit, never by a list of places.

Sources: GB 11643 (ID numbers), GB 32100 (credit codes); the check digits are python-stdnum's. Its validators are not
used: the place list of `ric` knows neither historic nor demonstration places, and `uscc` refuses every rural
collective's code (they begin with N).

Nothing here ever repeats a number in a message."""

import re
from datetime import date

from stdnum.cn import ric, uscc

from qingqu.domain.values.text import narrow, packed
from qingqu.domain.values.unclean import Unclean

_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_ID_15 = re.compile(r"[1-9][0-9]{14}")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]*)?E\+?[0-9]{1,2}")
_ROUNDED = re.compile(r"[0-9]{15}000")
_CREDIT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_EIGHTEEN = re.compile(r"[0-9A-Z]{18}")
_NEVER_IN_CREDIT = frozenset("IOSVZ")
_DIVISION = re.compile(r"([1-9][0-9]{5}(?:[0-9]{3}){0,2})(?:\.0+)?")
# 青石镇(990101002000), 990101002000青石镇: a name beside the code changes nothing.
_NAMED_DIVISION = re.compile(r"^[一-鿿]{2,20}[-:/(]?(?=[0-9])|(?<=[0-9])[-:/()]?[一-鿿]{0,20}\)?$")
# The first generation's numbers kept these orders for people born before 1900, whom "19" would make a century younger.
_CENTENARIANS = frozenset({"996", "997", "998", "999"})

_RUINED_FIX = "Excel 只认 15 位数字；请把这一列设为文本，再从原件重填。"
_ID_FIX = "请对照身份证，看是否抄错、漏了一位。"
_CREDIT_FIX = "请对照营业执照或登记证，看是否抄错、漏了一位。"


def _ruined(code: str, message: str) -> Unclean:
    return Unclean(code, f"被 Excel 改坏了：{message}", _RUINED_FIX)


def _refuse_scientific(plain: str, kind: str) -> None:
    if _SCIENTIFIC.fullmatch(plain):
        raise _ruined(f"{kind}_ruined_by_excel", "变成了科学计数，后几位已丢失")


def _real_day(digits: str) -> bool:
    try:
        return 1850 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2199
    except ValueError:
        return False


def id_number(raw: str) -> str:
    """An 18-character ID number (the last may be X); a 15-digit one is completed to 18.

    A number that ends in 000 and fails its check was rounded by Excel and is said to be so. One that ends in 000 and
    holds is a real number (eight in ten thousand people have one), although one rounded number in eleven holds too:
    an importer that sees the first kind in a column should distrust the second there (`looks_rounded`)."""
    plain = packed(raw)
    _refuse_scientific(plain, "id")
    if _ID_15.fullmatch(plain):
        return _completed(plain)
    if not _ID.fullmatch(plain):
        raise Unclean("id_form", _id_form(plain), "身份证号应为 18 位；请把该列设为文本后重新填写。")
    if ric.calc_check_digit(plain) != plain[17]:
        if _ROUNDED.fullmatch(plain):
            raise _ruined("id_ruined_by_excel", "末三位变成了 000")
        raise Unclean("id_check_digit", "身份证号的校验码不对", _ID_FIX)
    if not _real_day(plain[6:14]):
        raise Unclean("id_birth_date", "身份证号里的出生日期不存在", _ID_FIX)
    return plain


def _id_form(plain: str) -> str:
    if len(plain) != 18:
        return f"身份证号有 {len(plain)} 位，应为 18 位"
    return "身份证号里有不该有的字符"


def _completed(plain: str) -> str:
    if plain[12:] in _CENTENARIANS:
        raise Unclean("id_15_century", "15 位旧号，看不出生在哪个世纪", "请填 18 位身份证号。")
    seventeen = f"{plain[:6]}19{plain[6:]}"
    if not _real_day(seventeen[6:14]):
        raise Unclean("id_birth_date", "身份证号里的出生日期不存在", _ID_FIX)
    return seventeen + ric.calc_check_digit(f"{seventeen}0")


def looks_rounded(raw: str) -> bool:
    """Whether a number of 18 digits ends in 000, as Excel leaves long numbers; true for a few real ones too."""
    return _ROUNDED.fullmatch(packed(raw)) is not None


def credit_code(raw: str) -> str:
    """An 18-character unified social credit code; collectives' codes (N…) are as good as companies'."""
    plain = packed(raw)
    _refuse_scientific(plain, "credit_code")
    if _EIGHTEEN.fullmatch(plain) and _NEVER_IN_CREDIT & set(plain):
        raise Unclean(
            "credit_code_letters",
            "统一社会信用代码里不会有字母 I、O、S、V、Z",
            "请核对：常把 0 看成 O、1 看成 I、2 看成 Z。",
        )
    if not _CREDIT.fullmatch(plain):
        raise Unclean(
            "credit_code_form", _credit_form(plain), "请对照营业执照或登记证，填 18 位统一社会信用代码。"
        )
    if uscc.calc_check_digit(plain[:17]) != plain[17]:
        if _ROUNDED.fullmatch(plain):
            raise _ruined("credit_code_ruined_by_excel", "末三位变成了 000")
        raise Unclean("credit_code_check", "统一社会信用代码的校验码不对", _CREDIT_FIX)
    return plain


def _credit_form(plain: str) -> str:
    if len(plain) == 15 and plain.isdigit():
        return "是 15 位旧注册号，不是统一社会信用代码"
    if len(plain) != 18:
        return f"统一社会信用代码有 {len(plain)} 位，应为 18 位"
    return "统一社会信用代码的格式不对"


def id_or_credit_code(raw: str) -> str:
    """An ID number or a credit code, told apart by form.

    Eighteen digits with a possible birth date are judged as an ID number only: else one mistyped ID number in
    thirty-one would pass as some company's. (One mistyped in its birth date still can: nothing tells it apart.) A 15-digit number is refused: it may be an old ID or an old registration."""
    plain = packed(raw)
    _refuse_scientific(plain, "id_or_credit_code")
    if _ID_15.fullmatch(plain):
        raise Unclean("id_or_credit_code_15", "15 位的旧号，分不清是身份证号还是注册号", "请填 18 位的号码。")
    if _ID_SHAPE.fullmatch(plain) and _real_day(plain[6:14]):
        return id_number(plain)
    if _ROUNDED.fullmatch(plain) and uscc.calc_check_digit(plain[:17]) != plain[17]:
        raise _ruined("id_or_credit_code_ruined_by_excel", "末三位变成了 000")
    if len(plain) != 18:
        raise Unclean(
            "id_or_credit_code_form", f"有 {len(plain)} 位，不是身份证号，也不是统一社会信用代码",
            "个人填 18 位身份证号，单位填 18 位统一社会信用代码。",
        )  # fmt: skip
    return credit_code(plain)


def division_code(raw: str) -> str:
    """A 12-digit division code; one of 6 (county) or 9 digits (township) is completed with noughts, a name
    beside it is left out."""
    plain = narrow(raw)
    if _SCIENTIFIC.fullmatch(plain.upper()):
        raise _ruined("division_code_ruined_by_excel", "变成了科学计数")
    match = _DIVISION.fullmatch(_NAMED_DIVISION.sub("", plain))
    if match is None:
        raise Unclean(
            "division_code_form", "行政区划代码应为 6、9 或 12 位数字", "请从区划代码表复制，整列设为文本。"
        )
    return match[1].ljust(12, "0")
