"""`qingqu rules`: comparison runs."""

import sys

import click

from qingqu.base import clock
from qingqu.base.errors import Refusal
from qingqu.cli import out
from qingqu.watch.actions import run_rules
from qingqu.watch.rule_tests import test_pack
from qingqu.watch.rules import explained, published


@click.group()
def rules() -> None:
    """Rules over the lake."""


@rules.command()
@click.option("--rule", "codes", multiple=True, help="Only this rule; may be repeated.")
@click.option("--pack", "packs", multiple=True, help="Rule pack (default: county); may be repeated.")
@click.option("--as-of", help="The day to look at (default: today).")
@click.option("--known-at", help="With what was known on that day (default: now).")
@click.option("--set", "settings", multiple=True, help="CODE.param=value for this run.")
@click.option("--engine", help="Comparison engine; duckdb:// is built in.")
@click.option("--dry-run", is_flag=True, help="Print only; raise no warnings.")
@click.option("--all", "all_states", is_flag=True, help="Also what is clear or not applicable.")
@click.option(
    "--stock/--no-stock", default=None, help="New warnings are stock or not (default: a first look's are)."
)
@click.option("--json", "as_json", is_flag=True, help="JSON lines, one a result.")
def run(
    *, codes: tuple[str, ...], packs: tuple[str, ...], as_of: str | None, known_at: str | None,
    settings: tuple[str, ...], engine: str | None, dry_run: bool, all_states: bool, stock: bool | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Run rules; warnings are written unless --dry-run."""
    from django.conf import settings as environment

    chosen = engine or environment.ENGINE_URL
    if chosen != "duckdb://":
        raise Refusal(f"比对引擎 {chosen[:60]} 还不支持，请用 duckdb://。", code="engine")
    day = out.day(as_of, "--as-of") or clock.today()
    wanted = [rule for pack in packs or ("county",) for rule in published(pack, codes, settings, as_of=day)]
    ran = run_rules(
        rules=wanted, as_of=day, known_at=out.known(known_at, arrival=False),
        by=out.person(None), now=clock.now(), dry_run=dry_run, all_states=all_states, stock=stock,
    )  # fmt: skip
    for finding in ran.findings:
        if as_json:
            out.line(finding.as_json(ran.identity))
        elif finding.subject_key is None or finding.state == "triggered":
            click.echo(
                f"{finding.rule} {finding.level or finding.state} {finding.subject_name} {finding.message}"
            )
    if any(finding.state == "error" for finding in ran.findings):
        sys.exit(1)


@rules.command("test")
@click.argument("pack")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def test(*, pack: str, as_json: bool) -> None:
    """The pack's own cases and its clean baseline; exit 1 if one comes out otherwise."""
    tested = test_pack(pack)
    if as_json:
        out.line(tested.as_json())
    else:
        for one in tested.failures:
            click.echo(f"{one.rule} {one.case}: {one.why}")
        click.echo(f"{pack}：{tested.rules} 条规则，{tested.cases} 个例子，基线 {tested.baseline_rows} 行，"
                   f"{len(tested.failures)} 处不符")  # fmt: skip
    if tested.failures:
        sys.exit(1)


@rules.command()
@click.argument("code")
@click.option("--pack", default="county", show_default=True, help="Rule pack.")
@click.option("--subject", "keys", multiple=True, help="Only this subject's key; may be repeated.")
@click.option("--as-of", help="The day to look at (default: today).")
@click.option("--known-at", help="With what was known on that day (default: now).")
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="Rows of each table."
)
@click.option("--json", "as_json", is_flag=True, help="JSON lines, one a table.")
def explain(
    *,
    code: str,
    pack: str,
    keys: tuple[str, ...],
    as_of: str | None,
    known_at: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Show every step of a rule as a table: how a result came about."""
    day = out.day(as_of, "--as-of") or clock.today()
    for table in explained(code, pack, day, out.known(known_at, arrival=False), list(keys) or None, limit):
        if as_json:
            out.line(table)
            continue
        click.echo(f"== {table['table']}")
        click.echo("  ".join(table["columns"]))
        for row in table["rows"]:
            click.echo("  ".join("·" if cell is None else str(cell) for cell in row))


def register(root: click.Group) -> None:
    """Enters the commands."""
    root.add_command(rules)
