"""Other wordings of a header that follow from those that a contract lists: 承包人信用代码 is also written 承包人统一社会信用代码,
承租方 also 承租方名称, 签订日期 also 签订时间. Whoever writes a contract lists the roles; the endings come from here."""

from collections.abc import Iterator

NUMBERS = (
    "身份证号",
    "身份证号码",
    "公民身份号码",
    "公民身份证号码",
    "居民身份证号",
    "居民身份证号码",
    "身份证",
    "证件号码",
    "证件号",
)
CODES = ("信用代码", "统一社会信用代码", "社会信用代码", "统一信用代码")
NAMES = ("名称", "姓名", "全称", "单位名称")
DATES = ("日期", "时间")
ENDINGS: dict[str, tuple[str, ...]] = {
    "id_number": NUMBERS, "credit_code": CODES, "id_or_credit_code": (*NUMBERS, *CODES, "证件号码或信用代码", "证件号码/信用代码"),
    "date": DATES, "datetime": DATES, "text": NAMES,
}  # fmt: skip


def following(kind: str, words: tuple[str, ...]) -> Iterator[str]:
    """Wordings that follow from a field's own words; a text field has them only if one of its words is a name's."""
    endings = ENDINGS.get(kind, ())
    longest = sorted(endings, key=len, reverse=True)
    heads = dict.fromkeys(_head(word, longest) for word in words)
    if kind == "text":
        if not any(word != _head(word, longest) for word in words):
            return
    else:  # only words that have such an ending tell whose number or which day it is
        heads = dict.fromkeys(_head(word, longest) for word in words if word != _head(word, longest))
    for head in heads:
        for ending in endings:
            if head and head + ending not in words:
                yield head + ending


def _head(word: str, endings: list[str]) -> str:
    return next((word.removesuffix(ending) for ending in endings if word.endswith(ending)), word)
