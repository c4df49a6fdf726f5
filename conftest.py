"""Every test runs in a home of its own, with fast passwords and closed sockets; the clock is passed in."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

HOME = Path(tempfile.mkdtemp(prefix="qingqu-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["QINGQU_HOME"] = str(HOME)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingqu.settings")
os.environ.setdefault("QINGQU_SECRET_KEY", "for-tests-only-for-tests-only-for-tests-only")


def pytest_configure() -> None:
    """Test settings: a quick hasher, tasks only noted, plain static storage."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: object) -> Path:
    """An empty QINGQU_HOME for each test; the database is pytest-django's own."""
    folder = tmp_path / "home"
    folder.mkdir()
    settings.QINGQU_HOME = folder  # type: ignore[attr-defined]
    return folder
