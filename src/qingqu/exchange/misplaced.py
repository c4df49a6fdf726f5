"""A file in the wrong place: another month's, another area's, another owner's, a copy of what somebody else sent.

What is certainly wrong (no single row fits) is refused in one sentence with a row as example; what only looks odd
(some rows do not fit) is said, for a month's file may well hold a late row of the month before."""

from collections.abc import Callable, Sequence
from datetime import datetime

from qingqu.base.clock import SHANGHAI
from qingqu.base.errors import Refusal
from qingqu.exchange import due_rows, sources
from qingqu.exchange.contracts import Contract
from qingqu.exchange.lake import Bench, quoted
from qingqu.exchange.layout import Plan
from qingqu.exchange.models import COLLECTIVE, Import
from qingqu.orgs.models import Division, Organisation
from qingqu.reading.limits import letter

READ = 200_000
ASKED = 900  # codes that one question to the database may name


Find = Callable[[str, str], str]


class Misplaced(Refusal):
    """The file belongs to another month, place or sender."""


def look(
    made: Bench,
    contract: Contract,
    plan: Plan,
    *,
    period: str,
    organisation: str,
    known_at: datetime,
    called: str = "",
) -> list[str]:
    """What looks odd about the good rows on the bench, as sentences. Raises `Misplaced` when no row fits; it begins
    with the name that the file is `called`. `organisation`: the sender's code."""
    find = _finder(made, contract, plan)
    try:
        return _oddities(made, contract, find, period, organisation, known_at)
    except Misplaced as error:
        raise Misplaced(
            f"{called}：{error.sentence}" if called else error.sentence, code=error.code
        ) from error


def _oddities(
    made: Bench, contract: Contract, find: Find, period: str, organisation: str, known_at: datetime
) -> list[str]:
    return [
        *_month(made, contract, find, period), *_future(made, contract, find, known_at),
        *_area(made, contract, find, organisation), *_owners(made, contract, find, organisation),
    ]  # fmt: skip


def refuse_future(period: str, now: datetime) -> None:
    """Nobody can send a month that has not begun."""
    if period and period > f"{now.astimezone(SHANGHAI):%Y-%m}":
        raise Misplaced(f"所选月份 {period} 还没有到；请改选月份。", code="month_future")


def refuse_copy(*, dataset: str, sha256: str, department: str, organisation: str) -> None:
    """The very file that another sender has handed in for the dataset."""
    same = Import.objects.filter(file__sha256=sha256, dataset=dataset, state=Import.COMMITTED)
    for row in same.select_related("organisation").order_by("pk"):
        theirs = row.organisation_code or row.department
        if theirs != (organisation or department) and row.department != (organisation or department):
            who = row.organisation or row.department
            raise Misplaced(
                f"这份文件与{who}报送的 {row.ref} 完全相同；请确认没有拿错文件，或选对报送部门。", code="copy"
            )


def _finder(made: Bench, contract: Contract, plan: Plan) -> Find:
    """(field, condition) → the first row that meets it, as `“Sheet1”第 7 行 F 列：2026-04-03`."""

    def find(name: str, condition: str) -> str:
        found = made.run(
            f"SELECT _sheet, _row, CAST({quoted(name)} AS VARCHAR) FROM good WHERE {condition} ORDER BY _sheet, _row LIMIT 1"  # noqa: S608 - checked names
        ).fetchone()
        if found is None:
            return ""
        sheet = plan.sheets[found[0]]
        column = sheet.header.fields.get(name)
        place = f"“{sheet.sheet.name}”" if sheet.sheet.name else ""
        return (
            f"{place}第 {found[1]} 行{f' {letter(column.index)} 列' if column else ''}：{str(found[2])[:20]}"
        )

    return find


def _month(made: Bench, contract: Contract, find: Find, period: str) -> list[str]:
    """A month's file in which no row is of that month. A roster tells of no month; of several dates one is enough."""
    names = [name for name in contract.key if contract.by_name[name].type == "month"]
    if not period or (contract.roster and not names):
        return []
    names = names or [
        name for name in contract.by_name if name in contract.events or name == contract.event_date
    ]
    if not names:
        return []
    here = " OR ".join(f"coalesce({_month_of(contract, name)} = '{period}', false)" for name in names)
    dated = " OR ".join(f"{quoted(name)} IS NOT NULL" for name in names)
    total = made.number(f"SELECT count(*) FROM good WHERE {dated}")  # noqa: S608 - checked names
    outside = made.number(f"SELECT count(*) FROM good WHERE ({dated}) AND NOT ({here})")  # noqa: S608 - checked names
    if not outside:
        return []
    lead = contract.period_field if contract.period_field in names else names[0]
    example = find(lead, f"({dated}) AND NOT ({here}) AND {quoted(lead)} IS NOT NULL")
    word = f"“{contract.by_name[lead].zh}”"
    such = f"（如{example}）" if example else ""
    if outside == total:
        raise Misplaced(
            f"所选月份是 {period}，文件里 {total:,} 行的{word}没有一行在这个月{such}；请改选月份，或换成这个月的文件。",
            code="wrong_month",
        )
    return [f"有 {outside:,} 行的{word}不在 {period}{such}；请确认没有混入别的月份。"]


def _month_of(contract: Contract, name: str) -> str:
    column = quoted(name)
    return column if contract.by_name[name].type == "month" else f"strftime({column}, '%Y-%m')"


def _future(made: Bench, contract: Contract, find: Find, known_at: datetime) -> list[str]:
    """What happened cannot lie ahead of the day on which it is told."""
    notes = []
    day = known_at.astimezone(SHANGHAI).date()
    for name in sorted(contract.events):
        condition = f"CAST({quoted(name)} AS DATE) > DATE '{day}'"
        if count := made.number(f"SELECT count(*) FROM good WHERE {condition}"):  # noqa: S608 - checked names
            notes.append(
                f"有 {count:,} 行的“{contract.by_name[name].zh}”在报送日之后（如{find(name, condition)}）；请核对年份。"
            )
    return notes


def _area(made: Bench, contract: Contract, find: Find, organisation: str) -> list[str]:
    """Rows of another area than the sender's. Codes that nobody has loaded may be this area's own new ones."""
    sender = Organisation.objects.select_related("division").filter(code=organisation).first()
    if sender is None or sender.division is None:
        return []
    notes = []
    for one in contract.fields:
        if one.type != "division_code":
            continue
        column = quoted(one.name)
        found = made.run(
            f"SELECT {column}, count(*) FROM good WHERE {column} IS NOT NULL GROUP BY 1"  # noqa: S608 - checked name
        ).fetchall()
        codes = {str(code): int(rows) for code, rows in found}
        away = [code for code in codes if not code.startswith(sender.division.prefixes)]
        if not away:
            continue
        prefixes = " OR ".join(f"starts_with({column}, '{prefix}')" for prefix in sender.division.prefixes)
        example = find(one.name, f"{column} IS NOT NULL AND NOT ({prefixes})")
        if len(away) == len(codes) and _loaded(away):
            raise Misplaced(
                f"文件里的“{one.zh}”没有一个在{sender.division}（如{example}），像是别处的文件；请换成本单位的文件。",
                code="wrong_area",
            )
        rows = sum(codes[code] for code in away)
        notes.append(f"有 {rows:,} 行的“{one.zh}”不在{sender.division}（如{example}）；请确认没有拿错文件。")
    return notes


def _loaded(codes: Sequence[str]) -> bool:
    """Whether every code is a division that is known here, so that it is certainly somewhere else."""
    parts = [codes[at : at + ASKED] for at in range(0, len(codes), ASKED)]
    return sum(Division.objects.filter(code__in=part).count() for part in parts) == len(codes)


def _owners(made: Bench, contract: Contract, find: Find, organisation: str) -> list[str]:
    """An owner's file about projects that, by the list of projects, are another owner's."""
    owner = Organisation.objects.filter(code=organisation, kind=COLLECTIVE).first()
    if owner is None or "project_id" not in contract.by_name or contract.dataset == "projects":
        return []
    column = quoted("project_id")
    found = made.run(f"SELECT DISTINCT {column} FROM good WHERE {column} IS NOT NULL").fetchall()  # noqa: S608 - checked name
    mine = {str(code) for (code,) in found}
    named = [row for row in sources.rows("projects", limit=READ) if row["project_id"] in mine]
    own = {row["project_id"] for row in named if due_rows.owns(owner, row)}
    foreign = {row["project_id"] for row in named} - own
    if not foreign:
        return []
    first = min(foreign).replace("'", "''")
    example = find("project_id", f"{column} = '{first}'")
    # Names are written in many ways: only a credit code says for certain that the owner is another one.
    certain = {row["project_id"] for row in named if row["owner_id"] and owner.credit_code} & foreign
    if certain == mine:
        raise Misplaced(
            f"文件里的项目按项目库都不是{owner}的（如{example}）；请换成本单位的文件，或请发改部门更正业主单位。",
            code="wrong_owner",
        )
    return [f"有 {len(foreign):,} 个项目按项目库不是{owner}的（如{example}）；请确认。"]
