"""Keeping a file: bytes first (written, synced, renamed), the row after them."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from qingqu.files.models import StoredFile


def place(sha256: str) -> Path:
    """Where the bytes of a stored file lie."""
    return Path(settings.QINGQU_HOME) / "files" / sha256[:2] / sha256[2:]


def keep(*, chunks: Iterable[bytes], now: datetime) -> StoredFile:
    """Stores the bytes once; the same bytes again are the same file."""
    folder = Path(settings.QINGQU_HOME) / "files"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f".{os.getpid()}.{secrets.token_hex(8)}"
    digest, size = hashlib.sha256(), 0
    try:
        with fresh.open("wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = place(digest.hexdigest())
        target.parent.mkdir(exist_ok=True, mode=0o700)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    stored, _ = StoredFile.objects.get_or_create(
        sha256=digest.hexdigest(), defaults={"size": size, "stored_at": now}
    )
    return stored
