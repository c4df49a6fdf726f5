"""Stored evidence: the same bytes once, readable by us alone, nothing half written."""

import hashlib
import stat
from datetime import datetime

import pytest

from qingqu.base.clock import SHANGHAI
from qingqu.files.actions import keep, place, root, safe_name, sweep
from qingqu.files.models import StoredFile

NOW = datetime(2026, 6, 10, tzinfo=SHANGHAI)


def test_the_same_bytes_are_one_file_under_their_digest(db):
    first = keep(chunks=[b"ab", b"c"], now=NOW)
    again = keep(chunks=[b"abc"], now=NOW)
    assert first == again
    assert first.sha256 == hashlib.sha256(b"abc").hexdigest()
    assert first.size == 3
    assert place(first.sha256).read_bytes() == b"abc"
    assert stat.S_IMODE(place(first.sha256).stat().st_mode) == 0o600


def test_a_sender_that_breaks_off_leaves_nothing(db):
    def broken():
        yield b"abc"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        keep(chunks=broken(), now=NOW)
    assert list(root().iterdir()) == []
    assert not StoredFile.objects.exists()


def test_unfinished_files_are_swept_after_a_day(db):
    keep(chunks=[b"abc"], now=NOW)
    left = root() / ".123.abc"
    left.write_bytes(b"x")
    assert sweep(clock_seconds=left.stat().st_mtime + 3600) == 0
    assert sweep(clock_seconds=left.stat().st_mtime + 90_000) == 1
    assert not left.exists()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("项目.xlsx", "项目.xlsx"), ("../../etc/passwd", "passwd"), ("C:\\a\\表.csv", "表.csv"),
        ("表\u202excod.exe\r\n.csv", "表xcod.exe.csv"), ('a<b>"c".csv', "a_b__c_.csv"), ("", "file"), ("..", "file"),
        ("长" * 300 + ".xlsx", "长" * 115 + ".xlsx"),
    ],
)  # fmt: skip
def test_names_are_shown_without_folders_and_tricks(name, safe):
    assert safe_name(name) == safe
