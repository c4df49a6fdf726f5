"""A file in the wrong place: another month's, another area's, another owner's, a copy of what somebody else sent.

What is certainly wrong (no single row fits) is refused in one sentence with a row as example; what only looks odd
(some rows do not fit) is said, for a month's file may well hold a late row of the month before."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from qingqu.base.clock import SHANGHAI
from qingqu.base.errors import Refusal
from qingqu.exchange import due_rows, sources
from qingqu.exchange.contracts import Contract
from qingqu.exchange.duty import month_of, months
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
    sender = Organisation.objects.select_related("division").filter(code=organisation).first()
    area = sender.division if sender else None
    day = known_at.astimezone(SHANGHAI).date()
    asked = {
        **_month_conditions(contract, period),
        **{f"future {name}": f"{quoted(name)} >= DATE '{day}' + 1" for name in contract.events},
        **(_area_conditions(contract, area) if area else {}),
    }
    counts = _counted(made, asked)
    return [
        *_month(contract, find, period, asked, counts), *_future(contract, find, asked, counts),
        *(_area(made, contract, find, area, asked, counts) if area else ()), *_owners(made, contract, find, sender),
    ]  # fmt: skip


def _counted(made: Bench, asked: Mapping[str, str]) -> dict[str, int]:
    """How many good rows meet each condition, in one pass over them."""
    if not asked:
        return {}
    told = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in asked.values())
    return dict(zip(asked, made.one(f"SELECT {told} FROM good"), strict=True))  # noqa: S608 - checked names


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


def _dates(contract: Contract) -> list[str]:
    """The fields that say to which month a row belongs: a month of the key, else what happened when. A roster tells of
    no month."""
    names = [name for name in contract.key if contract.by_name[name].type == "month"]
    if names or contract.roster:
        return names
    return [name for name in contract.by_name if name in contract.events or name == contract.event_date]


def _month_conditions(contract: Contract, period: str) -> dict[str, str]:
    """Rows with a date, and those of them without any date in the month."""
    names = _dates(contract) if period else []
    if not names:
        return {}
    first = month_of(period)
    dated = " OR ".join(f"{quoted(name)} IS NOT NULL" for name in names)
    here = " OR ".join(
        f"coalesce({quoted(name)} = '{period}', false)" if contract.by_name[name].type == "month"
        else f"coalesce({quoted(name)} >= DATE '{first}' AND {quoted(name)} < DATE '{months(first, 1)}', false)"
        for name in names
    )  # fmt: skip
    return {"dated": dated, "outside": f"({dated}) AND NOT ({here})"}


def _month(
    contract: Contract, find: Find, period: str, asked: Mapping[str, str], counts: Mapping[str, int]
) -> list[str]:
    """A month's file in which no row is of that month; of several dates in a row one is enough."""
    if not counts.get("outside"):
        return []
    names = _dates(contract)
    lead = contract.period_field if contract.period_field in names else names[0]
    example = find(lead, f"{asked['outside']} AND {quoted(lead)} IS NOT NULL")
    word, such = f"“{contract.by_name[lead].zh}”", f"（如{example}）" if example else ""
    if counts["outside"] == counts["dated"]:
        raise Misplaced(
            f"所选月份是 {period}，文件里 {counts['dated']:,} 行的{word}没有一行在这个月{such}；请改选月份，或换成这个月的文件。",
            code="wrong_month",
        )
    return [f"有 {counts['outside']:,} 行的{word}不在 {period}{such}；请确认没有混入别的月份。"]


def _future(contract: Contract, find: Find, asked: Mapping[str, str], counts: Mapping[str, int]) -> list[str]:
    """What happened cannot lie ahead of the day on which it is told."""
    notes = []
    for name in sorted(contract.events):
        if count := counts[f"future {name}"]:
            example = find(name, asked[f"future {name}"])
            notes.append(
                f"有 {count:,} 行的“{contract.by_name[name].zh}”在报送日之后（如{example}）；请核对年份。"
            )
    return notes


def _area_conditions(contract: Contract, area: Division) -> dict[str, str]:
    """For each field with a place: rows that have one, and those whose place is not in the area."""
    asked = {}
    for one in contract.fields:
        if one.type == "division_code":
            column = quoted(one.name)
            inside = " OR ".join(f"starts_with({column}, '{prefix}')" for prefix in area.prefixes)
            asked[f"placed {one.name}"] = f"{column} IS NOT NULL"
            asked[f"away {one.name}"] = f"{column} IS NOT NULL AND NOT ({inside})"
    return asked


def _area(
    made: Bench,
    contract: Contract,
    find: Find,
    area: Division,
    asked: Mapping[str, str],
    counts: Mapping[str, int],
) -> list[str]:
    """Rows of another area than the sender's. Codes that nobody has loaded may be this area's own new ones."""
    notes = []
    for one in contract.fields:
        away = counts.get(f"away {one.name}", 0)
        if not away:
            continue
        example = find(one.name, asked[f"away {one.name}"])
        if away == counts[f"placed {one.name}"] and _loaded(_codes(made, one.name)):
            raise Misplaced(
                f"文件里的“{one.zh}”没有一个在{area}（如{example}），像是别处的文件；请换成本单位的文件。",
                code="wrong_area",
            )
        notes.append(f"有 {away:,} 行的“{one.zh}”不在{area}（如{example}）；请确认没有拿错文件。")
    return notes


def _codes(made: Bench, name: str) -> list[str]:
    """The different values of a field of the good rows."""
    column = quoted(name)
    found = made.run(f"SELECT DISTINCT {column} FROM good WHERE {column} IS NOT NULL").fetchall()  # noqa: S608 - checked name
    return [str(value) for (value,) in found]


def _loaded(codes: Sequence[str]) -> bool:
    """Whether every code is a division that is known here, so that it is certainly somewhere else."""
    parts = [codes[at : at + ASKED] for at in range(0, len(codes), ASKED)]
    return sum(Division.objects.filter(code__in=part).count() for part in parts) == len(codes)


def _owners(made: Bench, contract: Contract, find: Find, sender: Organisation | None) -> list[str]:
    """An owner's file about projects that, by the list of projects, are another owner's."""
    owner = sender if sender is not None and sender.kind == COLLECTIVE else None
    if owner is None or "project_id" not in contract.by_name or contract.dataset == "projects":
        return []
    column, mine = quoted("project_id"), set(_codes(made, "project_id"))
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
