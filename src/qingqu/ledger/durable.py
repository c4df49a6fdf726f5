"""Small files that must survive a power cut and a race: written aside, synced, then given their name."""

import os
import secrets
from pathlib import Path


def write_once(path: Path, data: bytes, *, mode: int = 0o644) -> bool:
    """Creates the file unless it exists; of several racing processes one wins. True for the winner."""
    aside = _aside(path, data, mode)
    try:
        os.link(aside, path)
    except FileExistsError:
        return False
    finally:
        aside.unlink()
    _sync_folder(path.parent)
    return True


def write_over(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Replaces the file in one step: a reader sees the old bytes or the new, never a part."""
    _aside(path, data, mode).replace(path)
    _sync_folder(path.parent)


def _aside(path: Path, data: bytes, mode: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return aside


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
