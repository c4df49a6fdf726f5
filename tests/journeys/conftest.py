"""A running platform: the demo county, the real server and worker, a real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "shots"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of the demo county."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[tuple[str, str]]:
    """Address and password of a fresh demo county."""
    variables = {**os.environ, "QINGQU_HOME": str(home), "DATABASE_URL": ""}
    variables.pop("QINGQU_SECRET_KEY", None)
    qingqu = [sys.executable, "-m", "qingqu"]
    subprocess.run([*qingqu, "demo", "--no-serve"], env=variables, check=True, capture_output=True)
    port = free_port()
    running = [
        subprocess.Popen(
            [*qingqu, *words], env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for words in (("serve", "--port", str(port)), ("worker",))
    ]
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address, (home / "keys" / "demo").read_text()
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=20)


def _wait(address: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"{address}/account/login/"):  # noqa: S310 - our own loopback server
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the site did not start")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    SHOTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        yield chromium
        chromium.close()
