"""`qingqu demo`, `serve`, `worker`, `tick`, `check`."""

import os
import subprocess
import sys

import click

from qingqu.base import clock
from qingqu.base.errors import Refusal
from qingqu.cli import out
from qingqu.ops import home
from qingqu.ops.check import conditions
from qingqu.ops.tick import tick as tick_once


def _serve(host: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    if not home.port_free(port):
        raise Refusal(f"端口 {port} 已被占用，请用 --port 换一个。", code="port")
    home.collect_static()
    Server(
        "qingqu.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=2 * (os.cpu_count() or 1),
        log_level=LogLevels.error,
    ).serve()


@click.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def serve(*, port: int, host: str) -> None:
    """Serve the site."""
    _serve(host, port)


@click.command()
@click.option("--once", is_flag=True, help="Stop when nothing is waiting.")
def worker(*, once: bool) -> None:
    """Do what may take its time: checks of uploaded files."""
    from django.core.management import call_command

    call_command("db_worker", batch=once, verbosity=0, interval=0.5, reload=False)


@click.command()
@click.option("--json", "as_json", is_flag=True)
def tick(*, as_json: bool) -> None:
    """Do everything that is due now; run it each minute."""
    done = tick_once(now=clock.now())
    if as_json:
        out.line(done)


@click.command()
@click.option("--json", "as_json", is_flag=True)
def check(*, as_json: bool) -> None:
    """Check every condition for running, in words."""
    found = conditions(clock.today())
    if as_json:
        out.line([{"name": item.name, "ok": item.ok, "message": item.sentence} for item in found])
    else:
        for item in found:
            click.echo(f"{'✓' if item.ok else '✗'} {item.sentence}")
    if not all(item.ok for item in found):
        sys.exit(1)


@click.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--people", default=300_000, show_default=True, help="Size of the county, 50000 to 1000000.")
@click.option("--no-serve", is_flag=True, help="Build only.")
@click.option("--json", "as_json", is_flag=True)
def demo(*, port: int, people: int, no_serve: bool, as_json: bool) -> None:
    """Make the invented county, import its files, run the rules, serve the site."""
    from qingqu.demo.build import build

    summary = build(now=clock.now(), people=people, progress=lambda text: click.echo(f"· {text}", err=True))
    if as_json:
        out.line(summary.as_json())
    click.echo(f"\n示范县已就绪：http://127.0.0.1:{port}/\n密码都是 {summary.password}", err=True)
    for username, who in summary.people:
        click.echo(f"  {username:10} {who}", err=True)
    if no_serve:
        return
    helper = subprocess.Popen([sys.executable, "-m", "qingqu", "worker"], env=home.own_environment())
    try:
        _serve("127.0.0.1", port)
    finally:
        helper.terminate()


def register(root: click.Group) -> None:
    """Enters the commands."""
    for command in (demo, serve, worker, tick, check):
        root.add_command(command)
