"""Word's XML: parts of the package within limits, elements by their local names (transitional and strict alike)."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from qingqu.reading.errors import Unreadable
from qingqu.reading.limits import MAX_ENTRIES

Element = ET.Element
MAX_PART = 64 * 1024 * 1024
MAX_TOTAL = 256 * 1024 * 1024
MAX_RATIO = 200
RATIO_FLOOR = 4 * 1024 * 1024


class Package:
    """The parts of a Word file; each is unpacked when it is asked for and never beyond the limits."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
            raise broken() from error
        if len(infos) > MAX_ENTRIES:
            raise Unreadable(
                f"文件里的零件超过 {MAX_ENTRIES} 个，不像一份合同；请另存一份再交上来。", code="too_large"
            )
        self.names = {info.filename: info for info in infos}
        total = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos) or 1
        if total > MAX_TOTAL or (total > RATIO_FLOOR and total / packed > MAX_RATIO):
            raise _bomb()

    def close(self) -> None:
        """Lets go of the file."""
        self._zip.close()

    def bytes(self, name: str, limit: int = MAX_PART) -> bytes:
        """A part as it is; no more is unpacked than the package's directory promises and the limit allows."""
        info = self.names[name]
        if info.flag_bits & 1:
            raise Unreadable("文件设了密码，读不了；请去掉密码，另存后再交上来。", code="encrypted")
        try:
            with self._zip.open(info) as file:
                data = file.read(limit + 1)
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            NotImplementedError,
            EOFError,
            zlib.error,
        ) as error:
            raise broken() from error
        if len(data) > limit:
            raise _bomb()
        return data

    def xml(self, name: str) -> Element | None:
        """A part's root element; None if there is no such part. Entities are refused: Word writes none."""
        if name not in self.names:
            return None
        data = self.bytes(name)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise Unreadable(
                "文件里有 Word 不会写的内容（实体声明），不予打开；请用 Word 另存后再交上来。", code="hostile"
            )
        try:
            return ET.fromstring(data)  # noqa: S314 - no entities, bounded size
        except ET.ParseError as error:
            raise broken() from error

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id → (last word of its type, name of the part); targets outside the package are left out."""
        folder, _, name = part.rpartition("/")
        root = self.xml(f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels")
        found: dict[str, tuple[str, str]] = {}
        for relation in root if root is not None else ():
            if relation.get("TargetMode") != "External":
                target = relation.get("Target", "")
                target = target[1:] if target.startswith("/") else _joined(folder, target)
                found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], target)
        return found


def _joined(folder: str, target: str) -> str:
    parts = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step not in {"", "."}:
            parts.append(step)
    return "/".join(parts)


def local(element: Element) -> str:
    """The element's name without its namespace; comments and instructions have none."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Element | None, name: str) -> Element | None:
    """The first direct child of this name."""
    if element is not None:
        for inner in element:
            if local(inner) == name:
                return inner
    return None


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The direct children of this name."""
    return (inner for inner in (element if element is not None else ()) if local(inner) == name)


def value(element: Element | None, attribute: str = "val") -> str:
    """An attribute by its local name; empty if it is not there."""
    if element is not None:
        for key, text in element.attrib.items():
            if key.rpartition("}")[2] == attribute:
                return text
    return ""


def on(properties: Element | None, name: str) -> bool:
    """Whether a switch (w:vanish, w:strike …) is set among these properties."""
    switch = child(properties, name)
    return switch is not None and value(switch) not in {"0", "false", "off", "none"}


def whole(text: str, default: int = 0) -> int:
    """A whole number of the XML; what is none counts as the default."""
    try:
        return int(text)
    except ValueError:
        return default


def broken() -> Unreadable:
    """A package or part that does not unpack or parse."""
    return Unreadable(
        "文件不完整或已损坏，打不开；请重新保存或重新复制一份，确认能打开后再交上来。", code="broken"
    )


def _bomb() -> Unreadable:
    return Unreadable(
        "文件解开后大得不正常，不予打开；请用 Word 另存一份正常的文件再交上来。", code="zip_bomb"
    )
