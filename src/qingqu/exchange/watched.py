"""How far the worker is with an upload, for the page that waits: written beside the deciding transaction, never in it."""

import time

from django.db import DatabaseError

from qingqu.exchange.models import Import

EVERY = 0.5  # seconds between two words about the same stage


class Watched:
    """Told a stage and rows, it writes `Import.progress`: {"stage", "done", "total"}; total is null while unknown."""

    def __init__(self, row: Import) -> None:
        self._row, self._stage, self._next = row, "", 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Writes at once when the stage is new, else now and then. A database that is busy costs the page a word."""
        now = time.monotonic()
        if stage == self._stage and now < self._next:
            return
        self._stage, self._next = stage, now + EVERY
        told = {"stage": stage, "done": done, "total": total}
        try:
            Import.objects.filter(pk=self._row.pk, state=Import.RECEIVED).update(progress=told)
        except DatabaseError:
            return
