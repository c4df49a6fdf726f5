"""What a verification says: one finding for each thing that is wrong, with the entries it concerns."""

from dataclasses import dataclass

FINDINGS_MAX = 500
"""Of one log; a ledger that is wrong throughout needs no longer list."""

CODES = frozenset(
    [
        "guard_missing",
        "leaf_changed",
        "verb_changed",
        "subject_changed",
        "at_changed",
        "index_changed",
        "log_changed",
        "leaf_unreadable",
        "unreadable",
        "nodes_changed",
        "root_differs",
        "missing",
        "truncated",
        "extra",
        "duplicate",
        "stray",
        "content_extra",
        "content_changed",
        "content_missing",
        "erasure_missing",
        "erasure_unrecorded",
        "erasure_undone",
        "head_missing",
        "head_changed",
        "head_signature",
        "rewritten",
        "checkpoint_signature",
        "checkpoint_changed",
        "file_signature",
        "outside_signature",
        "outside_origin",
        "key_differs",
        "too_many",
    ]
)
"""Everything that a verification can say; docs/run/ledger.md tells what to do about each."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Entries `index`..`last` (both included) of a log, or the log as a whole when `index` is None."""

    log: str
    index: int | None
    code: str
    what: str
    last: int | None = None

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"{self.code} is not a documented code")

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """The place and what is wrong there, in one Chinese sentence."""
        if self.index is None:
            place = f"账本 {self.log}" if self.log else "账本"
        elif self.last is None or self.last == self.index:
            place = f"{self.log}/{self.index}"
        else:
            place = f"{self.log}/{self.index} 至 {self.log}/{self.last}"
        return f"{place}：{self.what}。"

    def names(self, log: str, index: int) -> bool:
        """Whether the entry is one of those that this finding concerns."""
        if self.log != log or self.index is None:
            return False
        return self.index <= index <= (self.index if self.last is None else self.last)

    def as_json(self) -> dict[str, object]:
        """For `ledger verify --json`."""
        return {
            "log": self.log,
            "index": self.index,
            "last": self.index if self.last is None else self.last,
            "code": self.code,
            "message": self.sentence,
        }
