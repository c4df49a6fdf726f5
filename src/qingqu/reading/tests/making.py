"""Writers of old and open formats for tests."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import xlwt

SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)


def cell(value: object, more: str = "") -> str:
    """One ods cell as its Python type."""
    if value is None or value == "":
        return f"<table:table-cell{more}/>"
    if isinstance(value, bool):
        told = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, int | float):
        told = f'office:value-type="float" office:value="{value}"'
    elif isinstance(value, date):
        told = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    else:
        told = 'office:value-type="string"'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return f"<table:table-cell {told}{more}>{lines}</table:table-cell>"


def sheet(name: str, rows: list[list[object]], more: str = "") -> str:
    """One ods sheet."""
    told = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    return f"<table:table table:name={quoteattr(name)}{more}>{told}</table:table>"


def write_ods(path: Path, *sheets: str, styles: str = "", head: str = "", manifest: str = "") -> Path:
    """An ods package around ready sheets."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document-content {SPACES}><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        package.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
        package.writestr("content.xml", content)
    return path


def write_xls(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """An xls, cells as their Python types."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        made = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                style = xlwt.easyxf(num_format_str="yyyy-mm-dd") if isinstance(value, date) else None
                if isinstance(value, datetime):
                    style = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
                if value is not None:
                    made.write(number, column, value, *([style] if style else []))
    book.save(str(path))
    return path
