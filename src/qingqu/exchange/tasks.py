"""Work for the worker: load, call one action."""

from django_tasks import task

from qingqu.base import clock


@task()
def preview_import_task(ref: str) -> None:
    """Looks through an upload."""
    from qingqu.exchange.actions import preview_import

    preview_import(ref=ref, now=clock.now())
