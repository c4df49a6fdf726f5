"""What a paper's file really is, judged by its bytes; what we do not read is named, with the remedy."""

import zipfile
from pathlib import Path
from typing import Literal

from qingqu.reading.errors import Unreadable
from qingqu.reading.sniff import HEAD, MARKUP, OLE2, ZIP

Kind = Literal["docx", "pdf", "ofd", "text", "picture"]
MAX_BYTES = 100 * 1024 * 1024
SAVE_AS = "请用 Word 或 WPS 打开后另存为 docx 或 PDF，再交上来。"
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM")
OTHERS = (
    (b"{\\rtf", "rtf", "RTF 文档"),
    (b"Rar!", "rar", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "7z 压缩包"),
    (b"\x1f\x8b", "gzip", "gzip 压缩包"),
    (b"GIF8", "gif", "GIF 图片"),
    (b"SQLite format 3\x00", "sqlite", "数据库文件"),
    (b"MZ", "exe", "程序文件"),
    (b"\x7fELF", "elf", "程序文件"),
    (b"PAR1", "parquet", "数据文件"),
)


def paper_kind(path: Path) -> Kind:
    """The kind of a paper's file; raises Unreadable for an empty, locked, too large or other file."""
    size = path.stat().st_size
    if not size:
        raise Unreadable("文件是空的（0 字节）；请检查保存是否成功，再交上来。", code="empty_file")
    if size > MAX_BYTES:
        raise Unreadable(
            f"文件有 {size // 1024 // 1024} MB，超过 {MAX_BYTES // 1024 // 1024} MB；请只交合同本身，或把图片压缩后再交。",
            code="too_large",
        )
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(OLE2):
        raise _compound(path)
    if head.startswith(ZIP):
        return _package(path)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "picture"
    if head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"avif"}:
        raise Unreadable(
            "这是 HEIC 格式的照片，这里读不了；请在手机上改存为 JPEG（“兼容性最佳”）后再交上来。",
            code="is_heic",
        )
    for magic, code, words in OTHERS:
        if head.startswith(magic):
            raise Unreadable(f"这是{words}，不是合同文件；{SAVE_AS}", code=f"is_{code}")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(MARKUP):
        raise Unreadable(f"这是网页（HTML/XML）改了扩展名；{SAVE_AS}", code="is_html")
    return "text"


def _compound(path: Path) -> Unreadable:
    with path.open("rb") as file:
        inside = file.read(32 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in inside:
        return Unreadable("文档设了打开密码，读不了；请去掉密码，另存后再交上来。", code="encrypted")
    if "WordDocument".encode("utf-16-le") in inside:
        return Unreadable(
            f"这是旧格式的 Word 或 WPS 文档（.doc、.wps），这里读不了；{SAVE_AS}", code="is_doc"
        )
    if any(name.encode("utf-16-le") in inside for name in ("Workbook", "Book")):
        return Unreadable("这是 Excel 表格，不是合同；请交合同的 docx 或 PDF 文件。", code="is_xls")
    return Unreadable(f"这是旧格式的 Office 或 WPS 文件，这里读不了；{SAVE_AS}", code="is_ole2")


def _package(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        sentence = "文件不完整或已损坏，打不开；请重新保存或重新复制一份，确认能打开后再交上来。"
        raise Unreadable(sentence, code="broken") from error
    known = set(names[:5000])
    if "OFD.xml" in known:
        return "ofd"
    if "[Content_Types].xml" in known and any(name.startswith("word/") for name in known):
        return "docx"
    if "xl/workbook.xml" in known or "xl/workbook.bin" in known:
        raise Unreadable("这是 Excel 表格，不是合同；请交合同的 docx 或 PDF 文件。", code="is_xlsx")
    if any(name.startswith("ppt/") for name in known):
        raise Unreadable(f"这是演示文稿，不是合同；{SAVE_AS}", code="is_pptx")
    if "mimetype" in known and "content.xml" in known:
        raise Unreadable(f"这是 OpenDocument 文档（.odt），这里读不了；{SAVE_AS}", code="is_odt")
    raise Unreadable(
        "这是压缩包；请解压后把里面的合同文件交上来（一份合同的几张照片可一起选）。", code="is_zip"
    )
