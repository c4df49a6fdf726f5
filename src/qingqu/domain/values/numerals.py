"""Numbers as people write them in contracts and tables: Arabic, small and capital Chinese numerals, mixed, the clerk's grid, 廿 and 卅.

`number` gives an exact Decimal or None; nothing that could be read two ways is a number."""

import re
from decimal import Decimal, InvalidOperation

import cn2an

_ARABIC = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_MIXED = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?[百千万亿])+(?:[0-9]+)?")
_POSITIONAL = re.compile(r"[零〇一二三四五六七八九]{2,}")
_SMALL = {"壹": "一", "贰": "二", "叁": "三", "肆": "四", "伍": "五", "陆": "六", "柒": "七", "捌": "八", "玖": "九", "拾": "十", "佰": "百", "仟": "千", "两": "二", "〇": "零"}  # fmt: skip
_TO_SMALL = str.maketrans(_SMALL)
_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "亿": 10**8}
_GRID = re.compile(r"(?:([零一二三四五六七八九])([千百十万亿]))+[零一二三四五六七八九]?")

ARABIC = r"[0-9]+(?:\.[0-9]+)?(?:[万千百亿](?:[0-9]+(?:\.[0-9]+)?[千百])*)?"
CHINESE = r"[零〇一二三四五六七八九十百千两廿卅壹贰叁肆伍陆柒捌玖拾佰仟万亿]+(?:点[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖]+)?"
NUM = rf"(?:{ARABIC}|{CHINESE})"


def number(text: str) -> Decimal | None:
    """The exact value of a numeral, or None."""
    plain = text.strip()
    if _ARABIC.fullmatch(plain):
        try:
            return Decimal(plain)
        except InvalidOperation:
            return None
    if _MIXED.fullmatch(plain):
        return _mixed(plain)
    return _chinese(plain)


def _mixed(plain: str) -> Decimal | None:
    total = Decimal(0)
    last = 10**12
    for digits, unit in re.findall(r"([0-9]+(?:\.[0-9]+)?)([百千万亿]?)", plain):
        size = _UNITS.get(unit, 1)
        if size >= last:
            return None
        total += Decimal(digits) * size
        last = size
    return total


def _chinese(plain: str) -> Decimal | None:
    small = plain.translate(_TO_SMALL).replace("廿", "二十").replace("卅", "三十")
    small = small.replace("二十十", "二十").replace("三十十", "三十")
    if (
        not small
        or (small in "十百千万亿" and small != "十")
        or small.count("万") > 1
        or small.count("亿") > 1
    ):
        return None
    if _POSITIONAL.fullmatch(small):  # 二零二四; two small digits alone (二三) mean "two or three"
        return Decimal("".join(str(_DIGITS[sign]) for sign in small)) if len(small) == 4 else None
    try:
        return Decimal(str(cn2an.cn2an(small, "normal")))
    except ValueError:
        return _grid(small)


def _grid(small: str) -> Decimal | None:
    """贰万零仟肆佰捌拾: one digit before each unit, noughts too; and 二百零三十, which people say."""
    if not _GRID.fullmatch(small):
        loose = re.sub("零(?=[一二三四五六七八九][十百千])", "", small)
        loose = re.sub("零+", "零", loose)
        if loose == small:
            return None
        try:
            return Decimal(str(cn2an.cn2an(loose, "normal")))
        except ValueError:
            return None
    total, last, section = 0, 10**9, 0
    for digit, unit in re.findall(r"([零一二三四五六七八九])([千百十万亿]?)", small):
        size = _UNITS.get(unit, 1)
        if size >= 10000:
            total, section, last = (total + section + _DIGITS[digit]) * size, 0, 10000
            continue
        if size >= last:
            return None
        section += _DIGITS[digit] * size
        last = size
    return Decimal(total + section)


def money_words(text: str) -> Decimal | None:
    """Yuan behind words such as 贰万零肆佰捌拾元伍角整 or 壹佰元零伍分."""
    plain = re.sub("[整正]$", "", text.replace("圆", "元").replace("块", "元"))
    match = re.fullmatch(r"([^元角分]*)(?:元)?(?:零?([^元角分])角)?(?:零?([^元角分])分)?", plain)
    if match is None or not match[1]:
        return None
    whole = number(match[1])
    if whole is None:
        return None
    for part, share in ((match[2], Decimal("0.1")), (match[3], Decimal("0.01"))):
        if part is not None:
            small = number(part)
            if small is None or small > 9:
                return None
            whole += small * share
    return whole
