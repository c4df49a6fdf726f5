"""Zip packages (xlsx, ods) within limits, and proved to unpack whole."""

import zipfile

from qingqu.reading.errors import Unreadable
from qingqu.reading.limits import MAX_ENTRIES, MAX_RATIO, MAX_UNPACKED, RATIO_FLOOR

CHUNK = 1024 * 1024


def within_limits(package: zipfile.ZipFile) -> None:
    """Refuses packages with too many parts, too much inside, or a bomb's ratio."""
    entries = package.infolist()
    if len(entries) > MAX_ENTRIES:
        raise Unreadable(
            f"工作簿里有 {len(entries):,} 个部件，不像正常的表格；请另存为新的 xlsx 再交上来。",
            code="entries",
        )
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if unpacked > MAX_UNPACKED:
        size = f"{MAX_UNPACKED // 1024**2} MB"
        raise Unreadable(
            f"工作簿解开后超过 {size}；请拆成几个文件，或另存为 CSV，再交上来。", code="too_large"
        )
    if unpacked > RATIO_FLOOR and unpacked / packed > MAX_RATIO:
        raise Unreadable(
            "工作簿的压缩率高得不正常，已拒绝打开；请另存为新的 xlsx 或 CSV 再交上来。", code="zip_bomb"
        )


def drained(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Reads a part to its end, so that its checksum is proved."""
    with package.open(entry) as part:
        while part.read(CHUNK):
            pass


def doctype() -> Unreadable:
    """A part with definitions of its own: entities that could grow or reach outside."""
    return Unreadable(
        "工作簿里有外来的定义（DOCTYPE），已拒绝打开；请另存为新的 xlsx 再交上来。", code="doctype"
    )
