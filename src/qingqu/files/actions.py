"""Keeping a file: bytes first (written, synced, renamed), the row after them."""

import hashlib
import os
import re
import secrets
import time
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.conf import settings

from qingqu.files.models import StoredFile

NAME_LIMIT = 120
UNFINISHED_AGE = 24 * 3600  # seconds


def root() -> Path:
    """Where stored files lie."""
    return Path(settings.QINGQU_HOME) / "files"


def place(sha256: str) -> Path:
    """Where the bytes of a stored file lie."""
    return root() / sha256[:2] / sha256[2:]


def keep(*, chunks: Iterable[bytes], now: datetime) -> StoredFile:
    """Stores the bytes once; the same bytes again are the same file. The row belongs to the caller's transaction: bytes
    without a row are what a crash leaves, and harmless."""
    root().mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = root() / f".{os.getpid()}.{secrets.token_hex(8)}"
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = place(digest.hexdigest())
        target.parent.mkdir(exist_ok=True, mode=0o700)
        fresh.replace(target)
        _sync(target.parent)
        _sync(root())
    finally:
        fresh.unlink(missing_ok=True)
    stored, _ = StoredFile.objects.get_or_create(
        sha256=digest.hexdigest(), defaults={"size": size, "stored_at": now}
    )
    return stored


def safe_name(name: str) -> str:
    """A sender's file name for display and for downloads: no folders, no control or direction signs, not too long."""
    base = PurePosixPath(name.replace("\\", "/")).name
    seen = "".join(
        sign for sign in unicodedata.normalize("NFC", base) if unicodedata.category(sign)[0] != "C"
    )
    plain = re.sub(r'[<>:"/|?*]', "_", seen).strip(" .")
    if len(plain) > NAME_LIMIT:
        stem, dot, suffix = plain.rpartition(".")
        tail = f"{dot}{suffix}" if dot and len(suffix) <= 5 else ""
        plain = (stem if tail else plain)[: NAME_LIMIT - len(tail)] + tail
    return plain or "file"


def sweep(*, clock_seconds: float | None = None) -> int:
    """Removes unfinished files that a crash left more than a day ago; returns how many."""
    limit = (time.time() if clock_seconds is None else clock_seconds) - UNFINISHED_AGE
    gone = [path for path in root().glob(".*") if path.is_file() and path.stat().st_mtime < limit]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
