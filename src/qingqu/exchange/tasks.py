"""Work for the worker: load, call one action."""

from django_tasks import task

from qingqu.base import clock


@task()
def check_import_task(ref: str) -> None:
    """Checks an upload."""
    from qingqu.exchange.actions import check_import

    check_import(ref=ref, now=clock.now())
