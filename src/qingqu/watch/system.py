"""The platform's own checks, beside the rules of the packs: data that are missing, values that stay missing, figures on
which departments differ. Their codes begin with S; docs/rules/system_checks.md tells them."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qingqu.base.packs import PackError
from qingqu.domain.calendar import Deadline
from qingqu.domain.rules import Rule
from qingqu.domain.rules.rule import judged_by
from qingqu.domain.values import show
from qingqu.engine.runner import plain
from qingqu.engine.spec import Finding, Run
from qingqu.exchange import departments
from qingqu.exchange.contracts import Contract, load
from qingqu.exchange.disagreeing import disagreements, figures
from qingqu.orgs.models import Organisation

SHOWN_FIELDS = 6  # of a project on which departments differ, in the sentence; the rows tell all


@dataclass(frozen=True)
class Judge:
    """What a warning is judged by: a rule with its values, or one of our own checks. `told` is kept with the run."""

    code: str
    version: int
    digest: str
    title: str
    sentence: str
    told: dict[str, Any]


def judge(rule: Rule) -> Judge:
    """A rule as it is kept with the runs that used it."""
    told = {
        "sentence": sentence(rule), "basis": rule.basis, "source": str(rule.tree.get("source", "")), "unit": rule.unit,
        "verify": list(rule.verify), "false_positives": list(rule.false_positives), "judged": sorted(judged_by(rule)),
        "params": [
            {"name": one.name, "title": one.title, "unit": one.unit, "value": str(one.value), "basis": one.basis}
            for one in rule.params.values()
        ],
        "overrides": [
            {"place": scope.place, "kind": scope.kind, "values": {name: str(one.value) for name, one in sorted(values.items())}}
            for scope, values in sorted(rule.overrides.items())
        ],
    }  # fmt: skip
    return Judge(rule.code, rule.version, rule.digest, rule.title, sentence(rule), told)


def sentence(rule: Rule) -> str:
    """The rule with the county's values; where towns or kinds have their own, it says so."""
    return rule.told() + ("（部分乡镇或类型另设了值，以预警所写的为准。）" if rule.overrides else "")


def _own(code: str, title: str, sentence: str, verify: Sequence[str]) -> Judge:
    told = {
        "sentence": sentence, "basis": "", "source": "平台自身的核对，不是比对模型", "unit": "", "verify": list(verify),
        "false_positives": [], "judged": [], "params": [],
    }  # fmt: skip
    return Judge(code, 1, hashlib.sha256(f"{code}1{sentence}".encode()).hexdigest(), title, sentence, told)


MISSING = _own(
    "S01", "数据缺失或过期",
    "规则要用的数据集没有数据，或者超过了它的最长时限：提示；同一数据集缺了满一个月：黄色，转给应报送的部门。",
    ["问报送部门：数据为什么没有来，什么时候来。", "数据补来以后重新运行规则，提示会自行关闭。"],
)  # fmt: skip
INCOMPLETE = _own(
    "S02", "缺少判定所需的值，已满一个月",
    "规则因为缺少一个值而无法判定某个对象，持续满一个月：黄色，转给应报送这个值的部门。",
    ["按名单逐个核对，补报缺少的值。", "确实没有这个值的，请部门书面说明原因。"],
)  # fmt: skip
DIFFERENT = _own(
    "S03", "部门之间数字不一致",
    "同一项目的同一个数字或日期，两个部门报得不一样：黄色，两边都列出。没有报的不算不一致。",
    ["对照两边的原件，看哪一边与批文、合同或凭证一致。", "请报错的部门更正后重新报送。"],
)  # fmt: skip
CHECKS = {one.code: one for one in (MISSING, INCOMPLETE, DIFFERENT)}


def department_name(code: str) -> str:
    """A department's name, or its general word where none has been entered."""
    found = Organisation.objects.filter(code=code).values_list("name", flat=True).first()
    return found or departments.word(code)


def dataset_title(name: str) -> str:
    """A dataset's Chinese title, or its name where it has no contract any more."""
    try:
        return load(name).title
    except PackError:
        return name


def missing(findings: Iterable[Finding]) -> list[Finding]:
    """One notice a dataset that held rules up, with the rules that it holds up."""
    held: dict[str, list[Finding]] = {}
    for one in findings:
        if one.subject_key is None and one.reason and one.reason.get("dataset"):
            held.setdefault(one.reason["dataset"], []).append(one)
    made = []
    for dataset, by in sorted(held.items()):
        rules = "、".join(sorted({one.rule for one in by}))
        why = (by[0].reason or {}).get("why", "")
        made.append(Finding(
            rule=MISSING.code, version=1, title=MISSING.title, state="triggered", subject_kind="dataset",
            subject_key=dataset, subject_name=dataset_title(dataset), level="blue", owner=_owner(dataset),
            message=f"{dataset_title(dataset)}：{why}。规则 {rules} 因此无法判定。没有数据不等于没有问题。",
            data_as_of=by[0].data_as_of,
        ))  # fmt: skip
    return made


def why_held_up(one: Finding) -> str:
    """Why a rule could not judge at all, with the dataset's own title."""
    reason = one.reason or {}
    if reason.get("dataset"):
        return f"{dataset_title(reason['dataset'])}：{reason.get('why', '')}"
    return one.message or one.state


def _owner(dataset: str) -> str:
    try:
        return department_name(load(dataset).owners[0])
    except PackError:
        return ""


def lasts_a_month(since: date, as_of: date) -> bool:
    """Whether what has been so since a day has been so for a month on another."""
    return Deadline(since, 1, "month").last_day <= as_of


def owed(finding: Finding, rule: Rule) -> tuple[str, str]:
    """(dataset, department) that owes the value for want of which a subject could not be judged: the first row of its
    evidence in which a deciding field is empty, else the owner of the rule's first dataset."""
    wanted = judged_by(rule)
    for line in finding.evidence:
        row = line["row"]
        if isinstance(row, dict) and any(row[name] is None for name in wanted & row.keys()):
            return str(line["dataset"]), str(line["department"])
    dataset = str(finding.evidence[0]["dataset"]) if finding.evidence else rule.plan.datasets[0]
    return dataset, load(dataset).owners[0]


def incomplete(dataset: str, department: str, by_rule: dict[str, int], as_of: date) -> Finding:
    """The yellow of a department that owes values of a dataset for a month."""
    number = sum(by_rule.values())
    rules = "、".join(f"{code}（{count} 个）" for code, count in sorted(by_rule.items()))
    name = department_name(department)
    return Finding(
        rule=INCOMPLETE.code, version=1, title=INCOMPLETE.title, state="triggered", subject_kind="dataset",
        subject_key=f"{dataset}@{department}", subject_name=dataset_title(dataset), owner=name, level="yellow",
        measured=str(number), unit="个",
        message=f"{name}的{dataset_title(dataset)}：{number} 个对象缺少判定所需的值，至 {as_of} 已满一个月。规则 {rules}。",
    )  # fmt: skip


def different(prepared: Run, known_at: datetime) -> list[Finding]:
    """A yellow for each project on which departments differ, over the datasets of the run that know projects."""
    by_project: dict[str, list[tuple[Contract, list[dict[str, Any]]]]] = {}
    for dataset, source in sorted(prepared.sources.items()):
        if "project_id" in source.schema and len(source.departments) > 1:
            for rows in disagreements(dataset, known_at):
                if project := rows[0]["project_id"]:
                    by_project.setdefault(str(project), []).append((load(dataset), rows))
    return [_different(project, told) for project, told in sorted(by_project.items())]


def _different(project: str, told: list[tuple[Contract, list[dict[str, Any]]]]) -> Finding:
    names = {row["_department"] for _, rows in told for row in rows}
    called = dict(Organisation.objects.filter(code__in=names).values_list("code", "name"))
    parts, evidence = [], []
    first: dict[str, Any] = {}
    for contract, rows in told:
        first = first or (rows[0] if contract.dataset == "projects" else {})
        for field in figures(contract):
            values = {row["_department"]: row[field] for row in rows if row[field] is not None}
            if len(set(values.values())) > 1:
                said = "，".join(
                    f"{called.get(who, who)} {_text(contract, field, v)}" for who, v in values.items()
                )
                parts.append(f"{contract.by_name[field].zh}：{said}")
        evidence += [frozen(contract, row, project) for row in rows]
    more = f"；另有 {len(parts) - SHOWN_FIELDS} 处" if len(parts) > SHOWN_FIELDS else ""
    return Finding(
        rule=DIFFERENT.code, version=1, title=DIFFERENT.title, state="triggered", subject_kind="project",
        subject_key=project, subject_name=str(first.get("name") or project), place=str(first.get("division_code") or ""),
        owner=str(first.get("owner_name") or ""), level="yellow", measured=str(len(parts)), unit="处",
        message="；".join(parts[:SHOWN_FIELDS]) + more + "。", evidence=tuple(evidence),
    )  # fmt: skip


def _text(contract: Contract, field: str, value: Any) -> str:
    text = plain(value, contract.by_name[field].type) or ""
    return f"{show.money(text)} 元" if contract.by_name[field].type == "money" else text


def frozen(contract: Contract, row: dict[str, Any], key: str) -> dict[str, Any]:
    """A stored row as a warning keeps it: its values and where it came from."""
    return {
        "dataset": contract.dataset, "snapshot": row["_snapshot"], "key": key,
        "row": {one.name: plain(row[one.name], one.type) for one in contract.fields},
        "department": row["_department"], "import": row["_import"], "file": row["_file"], "sheet": row["_sheet"],
        "file_row": row["_row"], "known_at": row["_known_at"].isoformat() + "+08:00",
    }  # fmt: skip
