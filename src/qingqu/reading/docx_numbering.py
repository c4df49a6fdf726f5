"""The numbers that Word writes before paragraphs and keeps out of the text (ECMA-376 part 1, 17.9)."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from qingqu.reading.docx_xml import child, children, value, whole

LEVELS = 9
_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


@dataclass(slots=True)
class Level:
    """One level of a list: how it counts and what it writes."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    by_style: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=lambda: defaultdict(lambda: [None] * LEVELS))

    def label(self, number_id: str, level: int) -> str:
        """The number of the next paragraph of this list and level, with the gap that follows it; may be empty."""
        levels = self.levels.get(number_id)
        if levels is None or not 0 <= level < LEVELS:
            return ""
        this = levels.get(level, Level())
        counts = self._counts[self.lists[number_id]]
        last = counts[level]
        counts[level] = this.start if last is None else last + 1
        for deeper in range(level + 1, LEVELS):
            restart = levels.get(deeper, Level()).restart
            if restart is None or (restart and level < restart):
                counts[deeper] = None
        if this.format == "bullet":
            return "· "
        if this.format == "none" and "%" in this.text:
            return ""
        text = this.text
        for index in range(LEVELS):
            if f"%{index + 1}" in text:
                at = levels.get(index, Level())
                count = counts[index]
                shape = "decimal" if this.legal else at.format
                text = text.replace(f"%{index + 1}", number(at.start if count is None else count, shape))
        return text + ("" if this.suffix == "nothing" or not text else " ")


def read_numbering(root: Element | None) -> Numbering:
    """`word/numbering.xml` as lists that can count; an absent part is a document without lists."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstract: dict[str, dict[int, Level]] = {}
    styles: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for definition in children(root, "abstractNum"):
        key = value(definition, "abstractNumId")
        abstract[key] = {}
        for element in children(definition, "lvl"):
            at = whole(value(element, "ilvl"))
            abstract[key][at] = _level(element)
            if style := value(child(element, "pStyle")):
                styles[key].append((style, at))
    for definition in children(root, "num"):
        key, base = value(definition, "numId"), value(child(definition, "abstractNumId"))
        levels = dict(abstract.get(base, {}))
        overridden = False
        for override in children(definition, "lvlOverride"):
            at = whole(value(override, "ilvl"))
            if (own := child(override, "lvl")) is not None:
                levels[at] = _level(own)
            if start := value(child(override, "startOverride")):
                known = levels.get(at, Level())
                levels[at] = Level(
                    whole(start), known.format, known.text, known.suffix, known.restart, known.legal
                )
                overridden = True
        numbering.levels[key] = levels
        numbering.lists[key] = f"num {key}" if overridden else f"abstract {base}"
        for style, at in styles.get(base, ()):
            numbering.by_style.setdefault(style, (key, at))
    return numbering


def _level(element: Element) -> Level:
    restart = value(child(element, "lvlRestart"))
    legal = child(element, "isLgl")
    return Level(
        whole(value(child(element, "start")), 1),
        value(child(element, "numFmt")) or "decimal",
        value(child(element, "lvlText")),
        value(child(element, "suff")) or "tab",
        whole(restart) if restart else None,
        legal is not None and value(legal) not in {"0", "false", "off"},
    )


def number(count: int, shape: str) -> str:
    """A number in one of Word's shapes (ST_NumberFormat, 17.18.59); an unknown shape is written in digits."""
    write = _SHAPES.get(shape)
    return write(count) if write and count >= 0 else str(count)


def chinese(count: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """1 → 一, 10 → 十, 21 → 二十一, 105 → 一百零五; from 10,000 on in digits."""
    if count >= 10_000:
        return str(count)
    if count == 0:
        return digits[0]
    zero = "零"
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = count // 10**power % 10
        if digit:
            text += (zero if gap and text else "") + digits[digit] + (units[power - 1] if power else "")
            gap = False
        else:
            gap = True
    return text[1:] if units[0] == "十" and text.startswith("一十") else text


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    text = ""
    for size, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    ):
        times, count = divmod(count, size)
        text += sign * times
    return text


def _letters(count: int) -> str:
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if 0 < count < 780 else str(count)


def _of(row: str) -> Callable[[int], str]:
    return lambda count: row[(count - 1) % len(row)] if count > 0 else str(count)


def _from(first: str, size: int) -> Callable[[int], str]:
    return lambda count: chr(ord(first) + count - 1) if 0 < count <= size else str(count)


_SHAPES: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda count: f"{count:02d}",
    "decimalFullWidth": lambda count: "".join(chr(ord("０") + int(digit)) for digit in str(count)),
    "decimalFullWidth2": lambda count: "".join(chr(ord("０") + int(digit)) for digit in str(count)),
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "upperRoman": lambda count: _roman(count).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerLetter": _letters,
    "ideographTraditional": _of(_STEMS),
    "ideographZodiac": _of(_BRANCHES),
    "ideographEnclosedCircle": _from("㊀", 10),
    "ideographDigital": lambda count: "".join(_DIGITS[int(digit)] for digit in str(count)),
    "taiwaneseDigital": lambda count: "".join(_DIGITS[int(digit)] for digit in str(count)),
    "chineseLegalSimplified": lambda count: chinese(count, _LEGAL, "拾佰仟"),
    "ideographLegalTraditional": lambda count: chinese(count, _LEGAL, "拾佰仟"),
    "none": lambda count: "",
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseCounting"), chinese),
}  # fmt: skip
