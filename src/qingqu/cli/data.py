"""`qingqu data`: files in, rows out."""

import sys
from pathlib import Path

import click

from qingqu.base import clock
from qingqu.base.errors import Refusal
from qingqu.cli import out
from qingqu.exchange import actions, blank_forms, catalogue, contracts, sources
from qingqu.exchange.deliveries import deliveries
from qingqu.exchange.freshness import Standing, standings
from qingqu.exchange.models import Snapshot
from qingqu.orgs.actions import load_divisions
from qingqu.orgs.division_list import read_list


@click.group()
def data() -> None:
    """Departments' files in, stored rows out."""


@data.command("import")
@click.argument("dataset")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--period", help="The month that the file is for, YYYY-MM.")
@click.option("--known-at", help="First loading and tests: the day on which the file had arrived.")
@click.option("--department", help="Who sent it (default: the dataset's owner).")
@click.option("--as", "username", help="Who imports it (default: the system operator).")
@click.option(
    "--full", is_flag=True, help="The file is the department's whole list: rows not in it are closed."
)
@click.option("--commit", "mode", flag_value="commit", default=True, help="All rows or none (the default).")
@click.option("--dry-run", "mode", flag_value="dry", help="Check only; write nothing.")
@click.option("--accept-good", is_flag=True, help="Commit the good rows, report the others.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def import_(
    *, dataset: str, file: Path, period: str | None, known_at: str | None, department: str | None,
    username: str | None, full: bool, mode: str, accept_good: bool, as_json: bool,
) -> None:  # fmt: skip
    """Import one file into a dataset."""
    contract = contracts.load(dataset)
    if not file.is_file():
        raise Refusal(f"{file}：没有这个文件，请检查路径。", code="file")
    if period is not None:
        out.day(f"{period}-01", "--period")
    wish = actions.Wish(
        dataset=dataset, department=actions.department_code(contract, department), file_name=file.name,
        period=period or "", known_at=out.known(known_at, arrival=True), full=full, accept_good=accept_good,
    )  # fmt: skip
    result = actions.import_file(
        path=file, wish=wish, by=out.person(username), now=clock.now(), dry_run=mode == "dry"
    )
    if as_json:
        out.line(result)
    else:
        click.echo(
            f"{result['file']}：共 {result['rows']} 行，新增 {result['inserted']}，更新 {result['updated']}，"
            f"未变 {result['unchanged']}，有误 {result['rejected']}。"
        )
        for error in result["errors"][:20]:
            click.echo(
                f"  {error['sheet']} 第 {error['row']} 行 {error['column']} {error['header']}：{error['message']}。{error['fix']}",
                err=True,
            )
        if result["marked_file"]:
            click.echo(f"  标注后的原文件：{result['marked_file']}", err=True)
    if result["rejected"]:
        sys.exit(1)


@data.command()
@click.argument("dataset")
@click.option("--as-of", help="As known on this day (default: now).")
@click.option("--json", "as_json", is_flag=True, help="JSON lines (the only form).")
def export(*, dataset: str, as_of: str | None, as_json: bool) -> None:
    """Print the stored rows as JSON lines."""
    moment = out.known(as_of, arrival=False) if as_of else None
    for row in sources.export_rows(dataset, moment):
        out.line(row)


@data.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def datasets(*, as_json: bool) -> None:
    """List the datasets: contracts, who owes what, how fresh and how full they are."""
    today = clock.today()
    every = [contracts.load(name) for name in contracts.names()]
    newest = {snapshot.dataset: snapshot for snapshot in Snapshot.objects.order_by("sequence")}
    held: dict[str, list[Standing]] = {}
    for one in standings(every, today):
        held.setdefault(one.contract.dataset, []).append(one)
    if as_json:
        out.line(
            [
                catalogue.told(contract, held.get(contract.dataset, []), newest.get(contract.dataset))
                for contract in every
            ]
        )
        return
    for contract in every:
        snapshot = newest.get(contract.dataset)
        late = [str(one.sender.name) for one in held.get(contract.dataset, []) if one.late]
        owed = f"  迟报：{'、'.join(late)}" if late else ""
        click.echo(
            f"{contract.dataset:20} {contract.title}  {snapshot.ref if snapshot else '还没有数据'}{owed}"
        )


@data.command()
@click.argument("dataset")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--department",
    help="Whose form (default: the dataset's owner); an owner's code for the owner's own rows.",
)
@click.option("--period", help="The month that the form is for, YYYY-MM (default: the one that is due).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def template(*, dataset: str, file: Path, department: str | None, period: str | None, as_json: bool) -> None:
    """Write a dataset's empty form (xlsx), with the rows that are due."""
    contract, today = contracts.load(dataset), clock.today()
    if period is not None:
        out.day(f"{period}-01", "--period")
    code = actions.department_code(contract, department)
    organisation = code if department and code not in contract.owners else ""
    sent = deliveries(today)
    sender = (actions.COLLECTIVE, organisation) if organisation else (code, "")
    owed = sent.owed(contract, sent.of(dataset, *sender), today)
    form = blank_forms.of(
        contract, *sender, period=period or (owed.period if owed else f"{today:%Y-%m}"), due=owed.due if owed else None,
        today=today, masked=False,
    )  # fmt: skip
    try:
        file.write_bytes(form.content)
    except OSError as error:
        raise Refusal(f"{file}：写不进去，请检查文件夹和权限。", code="file") from error
    if as_json:
        out.line({"dataset": dataset, "file": str(file), "rows": form.rows})
    else:
        click.echo(f"{file}：{contract.title}的空白表，已列出 {form.rows} 行。")


@data.command("load-divisions")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replaces", is_flag=True, help="The list is whole: what it no longer names ends.")
@click.option("--json", "as_json", is_flag=True)
def load_divisions_(*, file: Path, replaces: bool, as_json: bool) -> None:
    """Take an official list of divisions (csv with code and name)."""
    rows, sha256 = read_list(file)
    counts = load_divisions(rows=rows, source=sha256, by=out.person(None), now=clock.now(), replaces=replaces)
    if as_json:
        out.line(counts)
    else:
        click.echo(
            f"区划 {counts['rows']} 个：新增 {counts['inserted']}，更新 {counts['updated']}，未变 {counts['unchanged']}，停用 {counts['closed']}。"
        )


def register(root: click.Group) -> None:
    """Enters the commands."""
    root.add_command(data)
