"""The state folder: made and migrated by whichever command comes first."""

import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from qingqu.base.errors import Refusal


def prepare() -> None:
    """Makes the home with its folders (private) and brings the database to this version."""
    home = Path(settings.QINGQU_HOME)
    try:
        for folder in (home, home / "lake", home / "files", home / "keys"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Refusal(
            f"{home}：建不了状态目录（{error.strerror}），请检查权限或 QINGQU_HOME。", code="home"
        ) from None
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            print("· 数据库升级", file=sys.stderr)
            call_command("migrate", verbosity=0, interactive=False)
    except OperationalError:
        raise Refusal("连不上数据库，请检查 DATABASE_URL 和数据库服务。", code="database") from None


def collect_static() -> None:
    """Gathers styles and icons where the web server finds them."""
    call_command("collectstatic", verbosity=0, interactive=False)


def port_free(port: int) -> bool:
    """Whether nobody listens there."""
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def own_environment() -> dict[str, str]:
    """The environment for child processes: the same home and settings."""
    return {
        **os.environ,
        "QINGQU_HOME": str(settings.QINGQU_HOME),
        "DJANGO_SETTINGS_MODULE": "qingqu.settings",
    }
