"""Signs that recognition takes for one another, settled by what stands beside them; a digit in doubt stays doubtful.

Nothing is corrected by what would make sense of the contract: only by the kind of the neighbours, and what was changed
keeps at most `CHANGED` confidence, so that a person looks.
"""

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
