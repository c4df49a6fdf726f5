"""The rules as inspectors read them: sentences with the values in force, by field, with what they found."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max

from qingqu.domain.rules import Rule
from qingqu.domain.rules.expr import Field
from qingqu.domain.rules.subject import Lookup
from qingqu.exchange.contracts import load
from qingqu.exchange.terms import terms
from qingqu.orgs import access
from qingqu.orgs.models import Division, Person
from qingqu.watch import showing
from qingqu.watch.models import RuleResult, ThresholdChange, Warning
from qingqu.watch.previews import KINDS, Preview
from qingqu.watch.sections import OTHER, section_of, sections
from qingqu.watch.thresholds import Setting, in_force

SHOWN_LINES = 200


def by_section(rules: Iterable[Rule], person: Person) -> list[dict[str, Any]]:
    """The rules by field, each with its open warnings and its last result. Three queries and those of `visible_to`."""
    told = list(rules)
    counts = dict(
        Warning.objects.visible_to(person).current().order_by().values_list("rule_code").annotate(Count("pk"))
    )
    waiting = set(ThresholdChange.objects.filter(state="proposed").values_list("rule_code", flat=True))
    last = last_results([rule.code for rule in told])
    made: dict[str, list[dict[str, Any]]] = {}
    for rule in told:
        made.setdefault(section_of(rule.code), []).append({
            "rule": rule, "told": rule.told(), "open": counts.get(rule.code, 0), "last": last.get(rule.code),
            "waiting": rule.code in waiting,
        })  # fmt: skip
    titles = {one.name: one.title for one in sections()} | {OTHER: "其他"}
    return [{"title": titles[name], "rules": made[name]} for name in titles if name in made]


def last_results(codes: list[str]) -> dict[str, RuleResult]:
    """Code → its result in the newest run that had it. Two queries."""
    newest = (
        RuleResult.objects.filter(code__in=codes)
        .order_by()
        .values("code")
        .annotate(Max("pk"))
        .values("pk__max")
    )
    return {one.code: one for one in RuleResult.objects.filter(pk__in=newest).select_related("run")}


def params(rule: Rule, plain: Rule, day: date) -> list[dict[str, Any]]:
    """The rule's parameters: value in force, the pack's own (`plain`), range, unit, basis, and where it differs."""
    settings = in_force(day, rule.code)
    names = dict(
        Division.objects.filter(code__in={one.division_code for one in settings}).values_list("code", "name")
    )
    return [
        {
            "param": param, "value": tidy(param.value), "default": tidy(plain.params[name].value),
            "low": tidy(param.low), "high": tidy(param.high),
            "settings": [_setting(one, names) for one in settings if one.param == name],
        }
        for name, param in rule.params.items()
    ]  # fmt: skip


def _setting(one: Setting, names: dict[str, str]) -> dict[str, Any]:
    return {
        "value": one.value, "place": names.get(one.division_code, one.division_code), "kind": one.subject_type,
        "ref": one.change, "since": one.since,
    }  # fmt: skip


def kinds_of(rule: Rule) -> list[str]:
    """The kinds of subject for which values can be set apart: the terms of the field that tells the subject's type."""
    found: set[str] = set()
    for way in rule.subject.roles.get("type", ()):
        name = way.name if isinstance(way, Field) else way.field if isinstance(way, Lookup) else ""
        datasets = [way.dataset] if isinstance(way, Lookup) else list(rule.plan.datasets)
        for dataset in datasets:
            if name in load(dataset).by_name:
                found |= set(terms(dataset, name))
    return sorted(found)


def tidy(value: Decimal) -> str:
    """A decimal without trailing noughts and exponents."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown_preview(preview: Preview, person: Person) -> dict[str, Any]:
    """A preview for the page: counts, towns by name, and the subjects within the person's reach (the first ones)."""
    found = access.reach(person, "watch.see")
    towns = preview.by_town()
    codes = {town.ljust(12, "0") for town in towns} | {line.finding.place for line in preview.lines}
    names = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    lines = [
        line for line in preview.lines if not line.finding.place or found.covers(line.finding.place, None)
    ]
    return {
        **town_table(towns, preview.counts(), names), "as_of": preview.as_of, "held_up": preview.held_up,
        "lines": [
            {"kind": line.kind, "before": line.before, "after": line.after, "message": showing.masked_numbers(line.finding.message),
             "who": showing.subject_text(line.finding.subject_kind, line.finding.subject_key or "", line.finding.subject_name or "", place=names.get(line.finding.place, "")),
             "place": names.get(line.finding.place, line.finding.place)}
            for line in lines[:SHOWN_LINES]
        ],
        "more": max(len(lines) - SHOWN_LINES, 0),
    }  # fmt: skip


def town_table(
    towns: dict[str, dict[str, int]], counts: dict[str, int], names: dict[str, str]
) -> dict[str, Any]:
    """Counts by town with names, for a preview or what was kept of one."""
    return {
        "counts": counts,
        "towns": [
            {
                "name": names.get(town.ljust(12, "0"), town),
                "numbers": [numbers.get(kind, 0) for kind in KINDS],
            }
            for town, numbers in towns.items()
        ],
    }
