"""What a file really is, judged by its bytes and never by its name."""

import zipfile
from pathlib import Path

from qingqu.reading.errors import Unreadable

SAVE_AS = "请用 Excel 或 WPS 打开后另存为“Excel 工作簿（*.xlsx）”或 CSV，再交上来。"
HEAD = 64 * 1024
PARQUET = b"PAR1"
# Magic bytes → what we call it. https://en.wikipedia.org/wiki/List_of_file_signatures
SIGNATURES = (
    (b"%PDF", "pdf", "PDF 文档"),
    (b"\x1f\x8b", "gzip", "gzip 压缩包"),
    (b"Rar!", "rar", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "7z 压缩包"),
    (b"\x89PNG", "png", "图片"),
    (b"\xff\xd8\xff", "jpeg", "图片"),
    (b"GIF8", "gif", "图片"),
    (b"SQLite format 3\x00", "sqlite", "数据库文件"),
    (b"{\\rtf", "rtf", "RTF 文档"),
    (b"MZ", "exe", "程序文件"),
    (b"\x7fELF", "elf", "程序文件"),
)
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
MARKUP = (
    b"<!doctype html", b"<html", b"<head", b"<table", b"<meta", b"<?xml", b"<style", b"<div", b"<body", b"<center",
    b"<font", b"<!--", b"<title", b"<script", b"<h1", b"<h2", b"<h3", b"<p>", b"<br", b"<form",
)  # fmt: skip
MAIL = (b"mime-version:", b"from: <saved by", b'from: "saved by', b"content-type: multipart/related")
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def kind_of(path: Path) -> str:
    """`csv` (any delimited text), `xlsx`, `xls`, `ods`, `html`, `parquet` or `jsonl`; everything else raises `Unreadable`, which
    names what it is and the remedy."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise Unreadable("文件是空的（0 字节）；请检查导出是否成功，再交上来。", code="empty_file")
    if head.startswith(OLE2):
        return _compound(path)
    if head.startswith(ZIP):
        return _package(path)
    if head.startswith(PARQUET):
        return "parquet"
    for magic, code, words in SIGNATURES:
        if head.startswith(magic):
            raise Unreadable(f"这是{words}，不是表格；{SAVE_AS}", code=f"is_{code}")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(MAIL):
        raise Unreadable(f"这是存成单个文件的网页（MHTML），不是真正的表格；{SAVE_AS}", code="is_mhtml")
    markup = start if not head.startswith(UTF16) else head.decode("utf-16", "ignore").lower().encode()
    if markup.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(MARKUP):
        return _markup(markup)
    if start.startswith(b"{"):
        return "jsonl"
    if start.startswith((b"[{", b"[\n", b"[\r", b"[ ")):
        raise Unreadable(
            "这是一整个 JSON 列表；请一行写一个对象（JSON Lines），或导出为 xlsx、CSV。", code="is_json"
        )
    if not start:
        raise Unreadable("文件里只有空白；请检查导出是否成功，再交上来。", code="empty_file")
    return "csv"


def _markup(start: bytes) -> str:
    """A page of a web system, or XML: the spreadsheets of Excel 2003 among it are no pages."""
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise Unreadable(f"这是“XML 表格 2003”，这里读不了；{SAVE_AS}", code="is_xml")
    if start.startswith(b"<?xml") and b"<html" not in start and b"<table" not in start:
        raise Unreadable(f"这是 XML 文件，不是表格；{SAVE_AS}", code="is_xml")
    return "html"


def _compound(path: Path) -> str:
    """OLE2 containers: an old .xls, an encrypted workbook or a .doc; the directory's stream names tell."""
    with path.open("rb") as file:
        inside = file.read(32 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in inside:
        raise encrypted()
    if any(f"{name}\0".encode("utf-16-le") in inside for name in ("Workbook", "WORKBOOK", "Book", "BOOK")):
        return "xls"
    raise Unreadable(f"这是旧格式的 Office 文件，不是表格；{SAVE_AS}", code="is_ole2")


def _package(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            mimetype = package.read("mimetype")[:200] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        raise broken() from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    words, code = "压缩包", "is_zip"
    if "xl/workbook.bin" in names:
        words, code = "二进制的 Excel 工作簿（.xlsb）", "is_xlsb"
    elif any(name.startswith("word/") for name in names):
        words, code = "Word 文档", "is_docx"
    elif any(name.startswith("ppt/") for name in names):
        words, code = "演示文稿", "is_pptx"
    elif any(name.lower().endswith((".xlsx", ".csv", ".xls")) for name in names):
        raise Unreadable("这是装着表格的压缩包；请解压后把里面的表格一个一个地交上来。", code="is_zip")
    raise Unreadable(f"这是{words}，这里读不了；{SAVE_AS}", code=code)


def broken() -> Unreadable:
    """A workbook that ends too early or does not unpack."""
    return Unreadable(
        "文件不完整或已损坏，打不开；请重新导出或重新复制一份，确认能打开后再交上来。", code="broken"
    )


def encrypted() -> Unreadable:
    """A workbook with a password to open it."""
    sentence = "工作簿设了打开密码，读不了；请在“文件→信息→保护工作簿”里去掉密码，另存后再交上来。"
    return Unreadable(sentence, code="encrypted")
