"""Signs that recognition takes for one another, settled by what stands beside them; a digit in doubt stays doubtful.

Nothing is corrected by what would make sense of the contract: only by the kind of the neighbours, and what was changed
keeps at most `CHANGED` confidence, so that a person looks.
"""

import re
from statistics import median

from qingqu.reading.ocr import Read

CHANGED = 0.5
PAIRS = {
    "(": "（",
    ")": "）",
    ":": "：",
    ";": "；",
    ",": "，",
    "!": "！",
    "?": "？",
}  # half width beside Chinese: full
DASHES = set("-—－–─一~～")
DIGIT_LIKE = {
    "O": "0",
    "o": "0",
    "l": "1",
    "I": "1",
    "|": "1",
    "Z": "2",
    "S": "5",
    "B": "8",
    "〇": "0",
    "。": ".",
}
UNIT_LIKE = {"苗": "亩", "宙": "亩", "无": "元", "兀": "元", "目": "日", "曰": "日", "午": "年", "干": "千"}
# Forms that the model takes over from other scripts' print; in a line without any other traditional sign they are the
# simplified one. 0 to 1 sign of a line may be such a slip.
TRADITIONAL = dict(zip(
    "電話約訂貳參陸萬億畝圓產業權務員號證與為於關係體農場東車長門馬間開閉關國際無條萬單價總額幣萬貸貨費賃資質贖購還達運過進遠違這邊連選適遷鄉鄰村組織級納紙細結給統經維編線練縣罰義習聯聲職處術裝製複見規視覽親觀計訊記許設該認議護變讓負財責販買賣賠",
    "电话约订贰叁陆万亿亩圆产业权务员号证与为于关系体农场东车长门马间开闭关国际无条万单价总额币万贷货费赁资质赎购还达运过进远违这边连选适迁乡邻村组织级纳纸细结给统经维编线练县罚义习联声职处术装制复见规视览亲观计讯记许设该认议护变让负财责贩买卖赔",
    strict=True,
))  # fmt: skip
FEW = 0.12
NUMBER = re.compile(r"[0-9][0-9.,]*[0-9]")
UNSURE_POINT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?![0-9.,])|.*,(?![0-9]{3}(?![0-9])).*|.*\..*[.,].*")
LOST = 1.55  # digits this much further apart than the others: one between them may have been lost

SAME = (set("(（"), set(")）"), set(":："), set(";；"), set(",，"), set("-—－–─"), set("~～"), set("!！"), set("?？"),
        {" ", ""}, set(".．"))  # fmt: skip


def settled(read: Read) -> Read:
    """The line with look-alikes settled, and without the thin gaps that typesetting puts between Chinese and digits."""
    signs, scores = list(read.signs), list(read.scores)
    for index, sign in enumerate(read.signs):
        rival, chance = read.rivals[index]
        if any(sign in group and rival in group for group in SAME):
            scores[index] = min(1.0, scores[index] + chance)
        before = signs[index - 1] if index else ""
        after = read.signs[index + 1] if index + 1 < len(signs) else ""
        new = _neighbourly(sign, before, after)
        if new != sign:
            signs[index] = new
            if sign not in PAIRS and not (sign in DASHES and new == "-"):
                scores[index] = min(scores[index], CHANGED)
    _simplify(signs, scores)
    _doubt_numbers(signs, scores, read.middles)
    kept = [index for index in range(len(signs)) if not _thin(signs, index)]
    return Read(
        tuple(signs[index] for index in kept),
        tuple(scores[index] for index in kept),
        tuple(read.middles[index] for index in kept),
        tuple(read.rivals[index] for index in kept),
    )


def _thin(signs: list[str], index: int) -> bool:
    if signs[index] != " " or not 0 < index < len(signs) - 1:
        return False
    before, after = signs[index - 1], signs[index + 1]
    return (_chinese(before) and after.isascii() and after.isalnum()) or (
        _chinese(after) and before.isascii() and before.isalnum()
    )


def _neighbourly(sign: str, before: str, after: str) -> str:
    if (
        sign in PAIRS
        and (_chinese(before) or _chinese(after))
        and not (sign in ",:" and _digit(before) and _digit(after))
    ):
        return PAIRS[sign]
    if sign == "，" and _digit(before) and _digit(after):
        return ","
    if sign in DASHES and sign not in "~～" and _digit(before) and _digit(after):
        return "-"
    if sign in "-—－–─" and before == "第":
        return "一"
    if sign in DIGIT_LIKE and _digit(before) and (_digit(after) or after in "年月日亩元%.．"):
        return DIGIT_LIKE[sign]
    if sign in UNIT_LIKE and _digit(before):
        return UNIT_LIKE[sign]
    return sign


def _digit(sign: str) -> bool:
    return sign.isdigit() and sign.isascii()


def _chinese(sign: str) -> bool:
    return bool(sign) and ("\u3400" <= sign <= "\u9fff" or sign in "，。；：、（）《》“”")


def _simplify(signs: list[str], scores: list[float]) -> None:
    """A single traditional sign in a simplified line becomes the simplified one, in doubt where it is a numeral."""
    slips = [index for index, sign in enumerate(signs) if TRADITIONAL.get(sign, sign) != sign]
    if slips and len(slips) <= max(1, FEW * len(signs)) and len(signs) > 4:
        for index in slips:
            numeral = signs[index] in "貳參陸萬億圓畝"
            signs[index] = TRADITIONAL[signs[index]]
            scores[index] = min(scores[index], CHANGED if numeral else scores[index])


def _doubt_numbers(signs: list[str], scores: list[float], middles: tuple[float, ...]) -> None:
    """Doubt for numbers that may have lost a digit, and for points and commas that may be each other."""
    text = "".join(sign if len(sign) == 1 else " " for sign in signs)
    steps = [
        middles[at] - middles[at - 1]
        for at in range(1, len(text))
        if _digit(text[at]) and _digit(text[at - 1])
    ]
    usual = median(steps) if len(steps) >= 3 else 0.0
    for match in NUMBER.finditer(text):
        start, end = match.span()
        for at in range(start + 1, end):
            if (
                usual
                and _digit(text[at])
                and _digit(text[at - 1])
                and middles[at] - middles[at - 1] > LOST * usual
            ):
                scores[at - 1], scores[at] = min(scores[at - 1], CHANGED), min(scores[at], CHANGED)
        if UNSURE_POINT.fullmatch(match.group()):
            for at in range(start, end):
                if text[at] in ".,":
                    scores[at] = min(scores[at], CHANGED)
