"""Delimited text: UTF-8 with and without BOM, UTF-16 with BOM, GB18030; comma, semicolon or tab."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from qingqu.reading.errors import Unreadable
from qingqu.reading.limits import checked

CHUNK = 1024 * 1024
DELIMITERS = (",", "\t", ";")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


class Delimited:
    """A csv file's text: its encoding, its delimiter, its rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding = encoding_of(path)
        self.delimiter = self._delimiter()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(row as Excel would number it, cells); blank rows are counted and yielded empty."""
        yield from self._parse(self.delimiter)

    def _parse(self, delimiter: str) -> Iterator[tuple[int, list[str]]]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            yield from parse(file, delimiter)

    def _delimiter(self) -> str:
        """The delimiter whose first rows are the widest for the most rows; one column only: a comma."""
        best, best_score = ",", (0, 0)
        for delimiter in DELIMITERS:
            widths: Counter[int] = Counter()
            try:
                for number, cells in self._parse(delimiter):
                    widths[len(cells)] += 1
                    if number >= 60:
                        break
            except Unreadable as error:
                if error.code != "csv_quotes":
                    raise
            several = [(count, width) for width, count in widths.items() if width > 1]
            score = max(several, default=(0, 0))
            if score > best_score:
                best, best_score = delimiter, score
        return best


def parse(lines: Iterable[str], delimiter: str, before: int = 0) -> Iterator[tuple[int, list[str]]]:
    """(row, cells) of lines with their ends left on; `before` rows stand above them. Takes no line more than the row
    that it gives."""
    number = before
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), start=before + 1):
            yield number, checked(number, cells)
    except csv.Error as error:
        if "field larger" in str(error):
            raise Unreadable(
                f"第 {number + 1} 行有一格的文字太多，或者整份文件没有换行；请检查导出的换行和双引号，再交上来。",
                code="cell_too_long",
            ) from error
        raise Unreadable(
            f"第 {number + 1} 行的引号没有成对（或紧跟着别的字），后面的列分不开；请改正这一行的双引号，再交上来。",
            code="csv_quotes",
        ) from error


def encoding_of(path: Path) -> str:
    """The encoding in which the whole file is text; `Unreadable` when there is none."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        if _decodes(path, encoding):
            return encoding
    with path.open("rb") as file:
        if len(CONTROL.findall(file.read(CHUNK).decode("latin-1"))) * 100 > path.stat().st_size:
            raise Unreadable(
                "这不是表格，也不是文字，可能已损坏；请重新导出或重新复制一份，确认能打开后再交上来。",
                code="binary",
            )
    raise Unreadable(
        "文字编码认不出来（不是 UTF-8，也不是 GB18030）；请用 Excel 另存为 xlsx，再交上来。", code="encoding"
    )


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is text in this encoding; NUL bytes and binary rubbish are no text at all."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    first = True
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
            if "\x00" in text:
                sentence = "文件里有空字节（NUL），不是正常的文本表格；请重新导出，或用 Excel 另存为 xlsx，再交上来。"
                raise Unreadable(sentence, code="nul_bytes")
            if first and len(CONTROL.findall(text)) * 100 > len(text):
                raise Unreadable("这不是表格（里面不是文字）；请确认选对了文件，再交上来。", code="binary")
            first = False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
