"""Short words for tests."""

from datetime import datetime
from pathlib import Path
from typing import Any

from qingqu.base.clock import SHANGHAI
from qingqu.exchange.work import Wish


def at(day: str) -> datetime:
    """00:00 of a day in China."""
    return datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)


def wish(path: Path, dataset: str = "projects", department: str = "development_reform", **more: Any) -> Wish:
    """A wish for a file."""
    return Wish(dataset, department, path.name, **more)
