"""Work for the worker: load, call one action."""

from django_tasks import task

from qingqu.base import clock


@task()
def preview_import_task(ref: str) -> None:
    """Looks through an upload."""
    from qingqu.exchange.actions import preview_import

    preview_import(ref=ref, now=clock.now())


@task()
def mark_import_task(ref: str) -> None:
    """Makes the sender's own workbook with the wrong cells marked."""
    from qingqu.exchange.actions import mark_import

    mark_import(ref=ref)
