"""Signs that Word keeps in symbol fonts, as the characters that a reader of the paper would name."""

# Wingdings and Wingdings 2 as Microsoft publishes them; Word stores the code with F000 added.
_WINGDINGS = {0x6F: "□", 0x71: "□", 0x72: "□", 0xA8: "□", 0xFC: "√", 0xFB: "×", 0xFD: "☒", 0xFE: "☑", 0x6C: "●",
              0x6E: "■", 0xA1: "○", **{0x8C + index: sign for index, sign in enumerate("①②③④⑤⑥⑦⑧⑨⑩")},
              **{0x81 + index: sign for index, sign in enumerate("①②③④⑤⑥⑦⑧⑨⑩")}}  # fmt: skip
_WINGDINGS_2 = {0xA3: "□", 0x2A: "□", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x50: "√", 0x4F: "×",
                **{0x6A + index: sign for index, sign in enumerate("①②③④⑤⑥⑦⑧⑨⑩")}}  # fmt: skip
_SYMBOL = {0xB4: "×", 0xB8: "÷", 0xB1: "±", 0xB0: "°", 0xA3: "≤", 0xB3: "≥", 0xB7: "·", 0xD7: "·", 0x25: "%"}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
UNKNOWN = "\ufffd"


def drawn(text: str, font: str = "") -> str:
    """A symbol's character. With a font, `text` is the code in hexadecimal; without, private-use characters in a text
    are read as Wingdings. A sign that nobody knows is U+FFFD, never an empty place."""
    if font:
        try:
            code = int(text, 16)
        except ValueError:
            return UNKNOWN
        low = code & 0xFF if 0xF000 <= code <= 0xF0FF or code < 0x100 else None
        if low is None:
            return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else UNKNOWN
        name = font.lower().replace(" ", "")
        table = _WINGDINGS_2 if name == "wingdings2" else _SYMBOL if name == "symbol" else _WINGDINGS
        return table.get(low, UNKNOWN if code >= 0xF000 else chr(code))
    if not any("\uf000" <= character <= "\uf0ff" for character in text):
        return text
    return "".join(
        _WINGDINGS.get(ord(character) - 0xF000, UNKNOWN) if "\uf000" <= character <= "\uf0ff" else character
        for character in text
    )


def raised(text: str) -> str:
    """Superscript digits as such, so that m² never reads m2 and 10³ never 103."""
    return text.translate(_RAISED)
