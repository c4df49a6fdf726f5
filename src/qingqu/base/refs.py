"""Readable references: kind letter, year, running number (`W-2026-0031`), with the instance's letter in front."""

from django.conf import settings
from django.db import models, transaction


def next_ref(model: type[models.Model], kind: str, year: int) -> str:
    """The next free reference of `kind` in `year`; call inside the transaction that inserts the row.

    The unique constraint on `ref` decides a race; SQLite and the ledger's lock make it rare."""
    assert transaction.get_connection().in_atomic_block  # noqa: S101
    prefix = f"{settings.QINGQU_INSTANCE}{kind}-{year}-"
    last = (
        model._default_manager.filter(ref__startswith=prefix)
        .order_by("-id")
        .values_list("ref", flat=True)
        .first()
    )
    number = int(str(last).removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{number:04d}"
