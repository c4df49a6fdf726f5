"""Text as it should be stored, and the two narrower forms that numbers and codes are read from.

What `text` changes, so that the same words from two departments compare equal:

- full-width letters, digits and signs become half-width; the Chinese marks ，；：？！ stay as they are;
- round brackets follow the text: full-width beside Chinese (某某（集团）公司), half-width without (ABC(1));
- blanks of every kind and line breaks become one blank, none at the ends;
- what cannot be seen (zero-width signs, direction marks, soft hyphens, variation selectors) goes;
- the dots that people type inside names of other nationalities become `·`; the two hyphens that look alike become `-`;
- radicals copied from PDF files become the characters they stand for, and the 80 characters that older Windows kept
  in its private area (䶮 among them) become their real ones. Other private characters stay: a name must not be lost.

What it refuses: control characters, halves of characters, the marks of a broken encoding (� and 锟斤拷), more than
2,000 characters, nothing at all.
"""

import re
import unicodedata

from qingqu.domain.values.unclean import Unclean

MAX = 2000
# Beyond this we do not even look: a spreadsheet's cell ends at 32,767.
HOPELESS = 100_000

BLANKS = re.compile("[\t\n\r\v\f \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_HIDDEN = [
    0x00AD, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10), 0xFEFF, *range(0xE0100, 0xE01F0),
]  # fmt: skip
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_CHINESE_MARKS = "，；：？！"
_NAME_DOTS = "•‧∙⋅・･"

# Windows' code page 936 gave the bytes FE50…FEA0 private code points; GB 18030 names the characters. Python's codec
# still leaves these fourteen private, as the first edition did; the 2005 and 2022 editions name them.
_NAMED_SINCE = {
    0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7,
    0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE855: 0x241FE, 0xE864: 0x9FBB,
}  # fmt: skip


def _private_windows() -> dict[int, str]:
    lows = [*range(0x50, 0x7F), *range(0x80, 0xA1)]
    named = {0xE815 + n: bytes((0xFE, low)).decode("gb18030") for n, low in enumerate(lows)}
    return named | {private: chr(real) for private, real in _NAMED_SINCE.items()}


def _radicals() -> dict[int, str]:
    pairs = ((code, unicodedata.normalize("NFKC", chr(code))) for code in range(0x2E80, 0x2FD6))
    return {code: plain for code, plain in pairs if plain != chr(code)}


# Every character to half-width: for numbers, dates and codes, where no Chinese mark carries meaning.
_NARROW: dict[int, str | None] = {
    **{code: chr(code - 0xFEE0) for code in _FULL_WIDTH},
    **dict.fromkeys(_HIDDEN),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63"), "-"),
    ord("￥"): "¥",
    ord("。"): ".",
}
_WORDS: dict[int, str | None] = {
    **_private_windows(),
    **{code: chr(code - 0xFEE0) for code in _FULL_WIDTH if chr(code) not in _CHINESE_MARKS},
    **dict.fromkeys(_HIDDEN),
    **dict.fromkeys(map(ord, _NAME_DOTS), "·"),
    **dict.fromkeys(map(ord, "\u2010\u2011"), "-"),
    **_radicals(),
}
_TO_CHINESE = str.maketrans("()", "（）")
_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_DAMAGE = re.compile("�|锟斤拷")
_CONTROL = {"Cc", "Cs"}
# A blank between two digits may part two values (two amounts in one cell): it stays, and the readers then refuse.
_LOOSE_BLANK = re.compile(r"(?<![0-9]) | (?![0-9])")
_TEXT_MARKS = "'’‘′`"  # what people type, or Excel keeps, to make a cell text
_AS_FORMULA = re.compile(r'="([^"]*)"')

EMPTY = ("empty", "这一格没有内容", "请填写；没有的，请把整格清空。")


def _checked(plain: str) -> str:
    if not plain:
        raise Unclean(*EMPTY)
    if len(plain) > MAX:
        raise Unclean("too_long", f"超过 {MAX} 个字", f"请缩短到 {MAX} 个字以内。")
    # isprintable is one quick look at the whole text; only odd text is gone through sign by sign.
    if not plain.isprintable() and any(
        unicodedata.category(sign) in _CONTROL or (ord(sign) & 0xFFFE) == 0xFFFE for sign in plain
    ):
        raise Unclean("control_character", "含有看不见的控制字符", "请把这一格清空后重新输入。")
    if _DAMAGE.search(plain):
        raise Unclean(
            "broken_encoding", "是乱码，原来的字已经丢失", "请从原系统重新导出（选 UTF-8 或 GB18030 编码）。"
        )
    return plain


def _short(raw: str) -> str:
    if len(raw) > HOPELESS:
        raise Unclean("too_long", f"超过 {MAX} 个字", f"请缩短到 {MAX} 个字以内。")
    return raw


def text(raw: str) -> str:
    """Words: see the module's list of what changes and what is refused."""
    plain = BLANKS.sub(" ", _short(raw).translate(_WORDS)).strip()
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", plain)
        if _HAN.search(plain):
            plain = plain.translate(_TO_CHINESE)
    return _checked(plain)


def narrow(raw: str) -> str:
    """What numbers and dates are read from: half-width, dashes as `-`, blanks only where they part two digits."""
    plain = BLANKS.sub(" ", _short(raw).translate(_NARROW)).strip()
    if quoted := _AS_FORMULA.fullmatch(plain):  # ="0012": how exports keep Excel from touching a code
        plain = quoted[1].strip()
    return _LOOSE_BLANK.sub("", _checked(plain.lstrip(_TEXT_MARKS).strip()))


def packed(raw: str) -> str:
    """What codes with a check digit are read from: as `narrow`, without any blank, capital letters."""
    return narrow(raw).replace(" ", "").upper()


def blank(raw: str) -> bool:
    """Whether a cell holds nothing that anyone could see."""
    return not BLANKS.sub("", _short(raw).translate(_NARROW))
