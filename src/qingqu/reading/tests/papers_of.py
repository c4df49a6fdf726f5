"""Papers made for the tests of this room: Word files part by part, PDFs set by typst."""

import zipfile
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def word(path: Path, body: str, **parts: str) -> Path:
    """A Word file with this body; `parts`: numbering, styles, footnotes, comments, header1 … as inner XML."""
    root = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes", "comments": "comments"}
    relations = ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr(
            "_rels/.rels", RELATIONS.format(_relation("m", "officeDocument", "word/document.xml"))
        )
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, inner in parts.items():
            kind = root.get(name, name.rstrip("0123456789"))
            element = {"header": "hdr", "footer": "ftr"}.get(kind, kind)
            package.writestr(f"word/{name}.xml", f"<w:{element} {W}>{inner}</w:{element}>")
            relations += _relation(name, kind, f"{name}.xml")
        package.writestr("word/_rels/document.xml.rels", RELATIONS.format(relations))
    return path


def _relation(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{OFFICE}{kind}" Target="{target}"/>'


def p(*runs: str, props: str = "") -> str:
    """A paragraph."""
    return f"<w:p><w:pPr>{props}</w:pPr>{''.join(runs)}</w:p>"


def r(text: str, props: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{props}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


@lru_cache(maxsize=64)
def pdf(source: str, *, page: str = "a4") -> bytes:
    """A PDF set from typst's markup, with the wheel's Chinese fonts."""
    fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
    head = f'#set page(paper:"{page}")\n#set text(font:"Noto Serif SC", size:12pt, lang:"zh")\n'
    return typst.compile((head + source).encode(), font_paths=[str(fonts)])


def written(path: Path, data: bytes) -> Path:
    """The file with these bytes."""
    path.write_bytes(data)
    return path
