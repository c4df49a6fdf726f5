"""`qingqu ledger`: the record, checked and proved."""

import sys
from pathlib import Path

import click

from qingqu.base.errors import Refusal
from qingqu.cli import out
from qingqu.ledger.proofs import prove as prove_entry
from qingqu.ledger.verify import verify_ledger
from qingqu.watch.rules import raised_by


@click.group()
def ledger() -> None:
    """The record that nobody can change unseen."""


@ledger.command()
@click.option("--checkpoint", type=click.Path(path_type=Path), help="A checkpoint kept outside.")
@click.option("--json", "as_json", is_flag=True)
def verify(*, checkpoint: Path | None, as_json: bool) -> None:
    """Check the whole record; name what was changed, removed, reordered or put in."""
    note = None
    if checkpoint is not None:
        try:
            note = checkpoint.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise Refusal(f"{checkpoint}：读不了这个检查点文件，请检查路径。", code="file") from None
    found = verify_ledger(note)
    if as_json:
        out.line({"ok": not found, "findings": [finding.as_json() for finding in found]})
    else:
        for finding in found:
            click.echo(str(finding), err=True)
        click.echo("账本完整。" if not found else f"账本有 {len(found)} 处不符。")
    if found:
        sys.exit(1)


@ledger.command()
@click.argument("ref")
@click.option("--json", "as_json", is_flag=True)
def prove(*, ref: str, as_json: bool) -> None:
    """Print an inclusion proof of kind:ref or log/index; of a warning, that of the run that raised it."""
    try:
        found = prove_entry(ref)
    except Refusal:
        run = raised_by(ref.removeprefix("warning:")) if ref.startswith("warning:") else None
        if run is None:
            raise
        found = {**prove_entry(f"run:{run}"), "about": ref, "entry_of": f"run:{run}"}
    out.line(found)


def register(root: click.Group) -> None:
    """Enters the commands."""
    root.add_command(ledger)
