"""What a department sent."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Sent:
    """A department's file and the moment from which it counts as known. `whole`: it says again, newer, what the
    department's earlier file of the dataset said."""

    dataset: str
    department: str
    path: Path
    known_at: datetime
    rows: int
    whole: bool = False
