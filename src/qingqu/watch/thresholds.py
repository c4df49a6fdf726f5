"""The values of the rules' parameters that are in force on a day: the pack's defaults, over them what inspectors have
set for the county, over it what they have set for a town or a kind of subject."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from qingqu.base.errors import Refusal
from qingqu.domain.rules import Rule, RuleError
from qingqu.orgs import access
from qingqu.orgs.models import Division, Person
from qingqu.watch.models import ThresholdChange

COUNTY = "county"


@dataclass(frozen=True)
class Setting:
    """A value for one parameter at one place and kind; `change` is the one that put it in force. `whole`: the place is
    the only county of this home, so that it holds for everything here, subjects without a place included."""

    rule_code: str
    param: str
    value: str
    division_code: str
    subject_type: str
    change: str
    since: date
    whole: bool


def home_county() -> Division | None:
    """The county that this home is for: the only one with divisions below it. None where there are several (then each
    county's values hold in its own area only) or none."""
    found = Division.objects.filter(level=COUNTY, children__isnull=False).distinct()[:2]
    return found[0] if len(found) == 1 else None


def in_force(day: date, rule_code: str = "") -> list[Setting]:
    """What holds on the day, by rule, parameter, place and kind; what was given back is left out. Two queries."""
    changes = ThresholdChange.objects.in_force(day)
    newest: dict[tuple[str, str, str, str], ThresholdChange] = {}
    for one in changes.filter(rule_code=rule_code) if rule_code else changes:
        newest[one.rule_code, one.param, one.division_code, one.subject_type] = one
    county = home_county() if newest else None
    whole = county.code if county else None
    return [
        Setting(*key[:2], one.value, *key[2:], one.ref, one.effective_date or day, one.division_code == whole)
        for key, one in sorted(newest.items())
        if one.value
    ]


def adjusted(rules: Iterable[Rule], day: date) -> tuple[Rule, ...]:
    """The rules with the values that are in force on the day. A value that the rule's file no longer allows (it was
    narrowed since) is left out, so that the default counts; the rule's page says so."""
    by_rule: dict[str, list[Setting]] = {}
    for one in in_force(day):
        by_rule.setdefault(one.rule_code, []).append(one)
    return tuple(with_settings(rule, by_rule.get(rule.code, ())) for rule in rules)


def with_settings(rule: Rule, settings: Iterable[Setting]) -> Rule:
    """The rule with these settings, the wider ones first."""
    for one in sorted(
        settings, key=lambda item: (not item.whole, bool(item.subject_type), item.division_code)
    ):
        if one.whole and not one.subject_type:
            try:
                rule = rule.with_values({one.param: one.value})
            except RuleError:
                continue
    return rule


def places(person: Person) -> list[Division]:
    """Where the person may propose values: the county, as long as the engine takes no narrower place."""
    found = access.reach(person, "watch.propose_threshold")
    county = home_county()
    return [county] if county is not None and found.covers(county.code, None) else []


@dataclass(frozen=True)
class Asked:
    """A value that somebody asks for: the rule as it will be anyway, and as it would be with the value. `before`: what
    the place and kind have now."""

    live: Rule
    proposed: Rule
    value: str
    before: str


def asked(
    rule_code: str, param: str, value: str, division: Division, subject_type: str, *, day: date
) -> Asked:
    """Checks a wish against the rule's allowed range; refused with a sentence. An empty value gives back what was set."""
    rule = _rule(rule_code)
    if param not in rule.params:
        raise Refusal(f"规则 {rule_code} 没有参数 {param[:40]}。", code="parameter")
    settings = in_force(day, rule_code)
    here = [
        one
        for one in settings
        if (one.param, one.division_code, one.subject_type) == (param, division.code, subject_type)
    ]
    others = [one for one in settings if one not in here]
    if not value and not here:
        raise Refusal("这里没有单独设过值，不用恢复。", code="parameter")
    before = here[0].value if here else _above(rule, others, param, division, subject_type)
    county = home_county()
    wish = Setting(
        rule_code, param, _plain(rule, param, value), division.code, subject_type, "", day,
        county is not None and county.code == division.code,
    )  # fmt: skip
    if subject_type or not wish.whole:
        raise Refusal("现在只能为全县设值；按乡镇、按类型分别设值要等引擎支持。", code="scope")
    if wish.value == before and (here or value == before):
        raise Refusal(f"现在就是 {before}，没有变化。", code="parameter")
    live = with_settings(rule, settings)
    proposed = with_settings(rule, [*others, wish] if value else others)
    return Asked(live, proposed, wish.value, before)


def _rule(code: str) -> Rule:
    from qingqu.watch.rules import published  # here, because the published rules carry these values

    return published(codes=[code])[0]


def _plain(rule: Rule, param: str, value: str) -> str:
    if not value:
        return ""
    try:
        return format(rule.params[param].with_value(value).value.normalize(), "f")
    except RuleError as error:
        raise Refusal(
            f"{rule.params[param].title}：{str(error).partition(': ')[2] or error}，请改正。",
            code="parameter",
        ) from error


def _above(rule: Rule, settings: list[Setting], param: str, division: Division, subject_type: str) -> str:
    """The value that the place and kind have without one of their own: the town's or the county's, else the default."""
    fits = [
        one for one in settings
        if one.param == param and one.subject_type in {"", subject_type}
        and (one.whole or division.code.startswith(access.subtree(one.division_code)))
    ]  # fmt: skip
    if fits:
        return max(
            fits, key=lambda one: (len(access.subtree(one.division_code)), bool(one.subject_type))
        ).value
    return format(rule.params[param].value.normalize(), "f")


def place_of(division: Division) -> SimpleNamespace:
    """A division as `access` judges objects."""
    return SimpleNamespace(division_code=division.code, organisation_code="", subject="")
