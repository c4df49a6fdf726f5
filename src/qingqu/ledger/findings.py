"""What a verification says: one finding for each thing that is wrong, with the entries it concerns."""

from dataclasses import dataclass

FINDINGS_MAX = 500
"""Of one log; a ledger that is wrong throughout needs no longer list."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Entries `index`..`last` (both included) of a log, or the log as a whole when `index` is None."""

    log: str
    index: int | None
    code: str
    what: str
    last: int | None = None

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
