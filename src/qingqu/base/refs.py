"""Readable references: kind letter, year, running number (`W-2026-0031`), with the instance's letter in front."""

from django.conf import settings
from django.db import models, transaction


def next_refs(model: type[models.Model], kind: str, year: int, count: int) -> list[str]:
    """The next `count` free references of `kind` in `year`; call inside the transaction that inserts the rows.

    The unique constraint on `ref` decides a race; SQLite and the ledger's lock make it rare. One query."""
    assert transaction.get_connection().in_atomic_block  # noqa: S101
    prefix = f"{settings.QINGQU_INSTANCE}{kind}-{year}-"
    last = (
        model._default_manager.filter(ref__startswith=prefix)
        .order_by("-id")
        .values_list("ref", flat=True)
        .first()
    )
    first = int(str(last).removeprefix(prefix)) + 1 if last else 1
    return [f"{prefix}{number:04d}" for number in range(first, first + count)]


def next_ref(model: type[models.Model], kind: str, year: int) -> str:
    """The next free reference; see `next_refs`."""
    return next_refs(model, kind, year, 1)[0]
