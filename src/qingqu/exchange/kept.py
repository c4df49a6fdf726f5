"""What a preview has found, kept until the upload is decided: rows for its page, and the check itself, so that a commit
need not read and check the file again inside a request.

`QINGQU_HOME/previews/<import>/`: `changes.parquet` and `prev.parquet` (some rows of each kind, for the page), the cells,
`typed.parquet` (if cells were mended), `problems.parquet`, `kept.json`. Taken again only for the same bytes, contract,
period and version of ours; else, or when it is gone, the file is read anew."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qingqu import __version__
from qingqu.base import packs
from qingqu.exchange import checking, lake, wire
from qingqu.exchange.checking import Checked
from qingqu.exchange.contracts import Contract
from qingqu.exchange.lake import Bench, columns
from qingqu.exchange.layout import Plan
from qingqu.exchange.parsing import Parsed

SHOWN = 500  # rows of each kind that are kept for the page
NOTE, PROBLEMS = "kept.json", "problems.parquet"
KINDS = ("insert", "update", "close")


@dataclass(frozen=True)
class Stamp:
    """What a check depends on."""

    sha256: str
    contract: str
    period: str
    version: str

    @classmethod
    def of(cls, sha256: str, contract: Contract, period: str) -> "Stamp":
        """The stamp of a file's check as it would be made now."""
        pack = lake.sha256(packs.find(f"datasets/{contract.dataset}.yml"))
        return cls(sha256, pack, period, __version__)


@dataclass(frozen=True)
class Kept:
    """The check of a file: plan, names of its cells' files, counts of lines and rows."""

    stamp: Stamp
    plan: Plan
    parts: tuple[str, ...]
    kinds: str
    counts: Mapping[str, int]
    notes: tuple[str, ...]


def keep(made: Bench, ref: str, contract: Contract, parsed: Parsed, checked: Checked, stamp: Stamp) -> None:
    """Keeps a checked and compared upload. The last one written counts."""
    place = lake.preview_folder(ref)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = Path(tempfile.mkdtemp(prefix=f".{ref}-", dir=place.parent))
    some = " UNION ALL ".join(f"(FROM changes WHERE _change = '{kind}' LIMIT {SHOWN})" for kind in KINDS)
    made.run(f"CREATE OR REPLACE TABLE shown AS {some}")
    key = columns(["_department", *contract.key])
    # What another sender's rows forbid is looked up again when it is decided.
    for name, sql in (
        ("changes.parquet", "FROM shown"), ("prev.parquet", f"FROM prev SEMI JOIN shown USING ({key})"),
        (PROBLEMS, f"FROM problems WHERE code <> '{checking.OTHER_SENDER}'"),
    ):  # fmt: skip
        made.run(f"COPY ({sql}) TO '{made.folder / name}' (FORMAT parquet)")
        shutil.move(made.folder / name, fresh / name)
    typed = made.folder / checking.TYPED
    for path in (*parsed.parts, *filter(None, [parsed.kinds]), *([typed] if typed.is_file() else [])):
        lake.bring(path, fresh / path.name)
    note = Kept(
        stamp, parsed.plan, tuple(path.name for path in parsed.parts), parsed.kinds.name if parsed.kinds else "",
        parsed.counts, tuple(checked.notes),
    )  # fmt: skip
    (fresh / NOTE).write_text(wire.dumps(note), "utf-8")
    drop(ref)
    fresh.rename(place)


def take(made: Bench, ref: str, contract: Contract, stamp: Stamp) -> tuple[Parsed, Checked] | None:
    """The check of an upload laid out on a fresh bench, or None when it has to be made again."""
    place = lake.preview_folder(ref)
    try:
        note = wire.loads(Kept, (place / NOTE).read_bytes())
    except (OSError, wire.GarbledError):
        return None
    parts = tuple(place / name for name in note.parts)
    kinds = place / note.kinds if note.kinds else None
    if note.stamp != stamp or not all(path.is_file() for path in (*parts, place / PROBLEMS)):
        return None
    parsed = Parsed(note.plan, parts, dict(note.counts), kinds)
    typed = place / checking.TYPED
    checked = checking.lay(
        made, contract, parsed, list(note.notes), typed if typed.is_file() else None, place / PROBLEMS
    )
    return parsed, checked


def drop(ref: str) -> None:
    """Forgets what was kept of an upload."""
    shutil.rmtree(lake.preview_folder(ref), ignore_errors=True)
