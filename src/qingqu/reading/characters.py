"""Characters that look like others and are others, as files carry them. One character stays one: offsets hold."""

import re
import unicodedata

# Kangxi and supplementary radicals, compatibility ideographs: PDF writers put ⽉ (U+2F49) where 月 was typed.
_RADICALS = {
    code: folded
    for low, high in ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
    for code in range(low, high + 1)
    if len(folded := unicodedata.normalize("NFKC", chr(code))) == 1 and folded != chr(code)
}
# CJK Radicals Supplement (U+2E80) has hardly any compatibility mappings; these are the ones that PDF writers produce.
_SUPPLEMENT = dict(zip("⺁⺊⺌⺠⺩⺼⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
                       "厂卜小民王月虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟", strict=True))  # fmt: skip
_SPACES = dict.fromkeys([0xA0, 0x202F, 0x205F, *range(0x2000, 0x200B)], " ")
_TABLE = {**_RADICALS, **{ord(sign): plain for sign, plain in _SUPPLEMENT.items()}, **_SPACES}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f]")
_STRANGE = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f\u00a0\u2000-\u200a\u202f\u205f]")
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


def plain(text: str) -> str:
    """The text with radicals as the characters that they stand for and every space as a space; as long as before."""
    return text.translate(_TABLE) if _STRANGE.search(text) else text


def visible(text: str) -> str:
    """The text without characters that nobody sees (zero width, direction marks)."""
    return _INVISIBLE.sub("", text)


def rubbish(text: str) -> bool:
    """Whether a text layer cannot be what the page shows: private or unknown characters, ideographs that no contract
    uses. Chinese prose has over 95 % of its ideographs among the 3,755 of GB 2312's first level (and traditional
    prose over 97 % within Big5's first); a wrong mapping spreads over all 20,902."""
    signs = [character for character in text if not character.isspace()]
    if len(signs) < 12:
        return False
    wrong = sum(1 for sign in signs if sign < " " or sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff")
    if wrong * 20 > len(signs):
        return True
    ideographs = [sign for sign in signs if "\u3400" <= sign <= "\u9fff"]
    if len(ideographs) >= 12:
        return sum(map(_common, ideographs)) < 0.75 * len(ideographs)
    letters = sum(1 for sign in signs if sign.isalnum())
    return len(signs) >= 30 and letters * 2 < len(signs) and not set(signs) <= set("_＿-—.…·*=")


def _common(character: str) -> bool:
    try:
        if 0xB0 <= character.encode("gb2312")[0] <= 0xD7:
            return True
    except UnicodeEncodeError:
        pass
    try:
        return 0xA4 <= character.encode("big5")[0] <= 0xC6
    except UnicodeEncodeError:
        return False
