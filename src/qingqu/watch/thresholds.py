"""The values of the rules' parameters that are in force on a day: the pack's defaults, over them what inspectors have
set for the county, over it what they have set for a town or a kind of subject. Of several that fit a subject, each
parameter takes the one of the narrowest place, then the one for its kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from qingqu.base.errors import Refusal
from qingqu.domain.rules import Rule, RuleError, Scope
from qingqu.orgs import access
from qingqu.orgs.models import Division, Person
from qingqu.watch.models import ThresholdChange

COUNTY, TOWNSHIP = "county", "township"


@dataclass(frozen=True)
class Setting:
    """A value for one parameter at one place and kind; `change` is the one that put it in force. `prefixes`: the
    beginnings of the codes of that place; only "" where the place is the one county of this home, so that the value
    holds for everything here, subjects without a place included."""

    rule_code: str
    param: str
    value: str
    division_code: str
    subject_type: str
    change: str
    since: date
    prefixes: tuple[str, ...]

    @property
    def place_and_kind(self) -> tuple[str, str, str]:
        """What it is set for."""
        return self.param, self.division_code, self.subject_type

    def fits(self, prefix: str, kind: str) -> int:
        """How narrowly it fits a place and kind: 0 not at all, else the longer the place the more, then the kind."""
        if self.subject_type not in {"", kind}:
            return 0
        return max(
            (2 * len(one) + bool(self.subject_type) + 1 for one in self.prefixes if prefix.startswith(one)),
            default=0,
        )


def home_county() -> Division | None:
    """The county that this home is for: the only one with divisions below it. None where there are several (then each
    county's values hold in its own area only) or none."""
    found = Division.objects.filter(level=COUNTY, children__isnull=False).distinct()[:2]
    return found[0] if len(found) == 1 else None


def prefixes_of(division: Division, county: Division | None) -> tuple[str, ...]:
    """See `Setting.prefixes`."""
    return ("",) if county is not None and county.code == division.code else division.prefixes


def in_force(day: date, rule_code: str = "") -> list[Setting]:
    """What holds on the day, by rule, parameter, place and kind; what was given back is left out. Three queries."""
    changes = ThresholdChange.objects.in_force(day)
    newest: dict[tuple[str, str, str, str], ThresholdChange] = {}
    for one in changes.filter(rule_code=rule_code) if rule_code else changes:
        newest[one.rule_code, one.param, one.division_code, one.subject_type] = one
    if not newest:
        return []
    county = home_county()
    divisions = {one.code: one for one in Division.objects.filter(code__in={key[2] for key in newest})}
    return [
        Setting(*key[:2], one.value, *key[2:], one.ref, one.effective_date or day, prefixes_of(divisions[key[2]], county))
        for key, one in sorted(newest.items())
        if one.value and key[2] in divisions
    ]  # fmt: skip


def adjusted(rules: Iterable[Rule], day: date) -> tuple[Rule, ...]:
    """The rules with the values that are in force on the day."""
    by_rule: dict[str, list[Setting]] = {}
    for one in in_force(day):
        by_rule.setdefault(one.rule_code, []).append(one)
    return tuple(with_settings(rule, by_rule.get(rule.code, ())) for rule in rules)


def with_settings(rule: Rule, settings: Sequence[Setting]) -> Rule:
    """The rule with these settings. A value or place that the rule's file no longer allows (it was narrowed since) is
    left out, so that the wider value counts; the rule's page shows what is in force."""
    prefixes = {prefix for one in settings for prefix in one.prefixes} | {""}
    kinds = {one.subject_type for one in settings} | {""}
    for prefix in sorted(prefixes, key=len):
        for kind in sorted(kinds):
            for name, value in _values(settings, prefix, kind).items():
                try:
                    rule = rule.with_values({name: value}, Scope(prefix, kind))
                except RuleError:
                    continue
    return rule


def _values(settings: Sequence[Setting], prefix: str, kind: str) -> dict[str, str]:
    """Parameter → value at a place and kind, where anything is set for it there or wider."""
    best: dict[str, tuple[int, str]] = {}
    for one in settings:
        fit = one.fits(prefix, kind)
        if fit > best.get(one.param, (0, ""))[0]:
            best[one.param] = (fit, one.value)
    return {name: value for name, (_, value) in sorted(best.items())}


def places(person: Person, rule: Rule) -> list[Division]:
    """Where the person may propose values of the rule, the wider first: the counties of their area, and the towns of
    those where the rule's subjects have a place."""
    found = access.reach(person, "watch.propose_threshold")
    levels = [COUNTY, TOWNSHIP] if "place" in rule.subject.roles else [COUNTY]
    named = Division.objects.filter(found.where("code"), level__in=levels)
    county = home_county()
    if "place" not in rule.subject.roles:
        return [one for one in named if county is not None and one.code == county.code]
    return sorted(named, key=lambda one: (one.level != COUNTY, one.code))


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
    """Checks a wish against the rule: its allowed range, and whether its subjects have a place and a kind. Refused with
    a sentence. An empty value gives back what was set."""
    rule = _rule(rule_code)
    if param not in rule.params:
        raise Refusal(f"规则 {rule_code} 没有参数 {param[:40]}。", code="parameter")
    settings = in_force(day, rule_code)
    mine = (param, division.code, subject_type)
    others = [one for one in settings if one.place_and_kind != mine]
    own = next((one.value for one in settings if one.place_and_kind == mine), None)
    if not value and own is None:
        raise Refusal("这里没有单独设过值，不用恢复。", code="parameter")
    prefixes = prefixes_of(division, home_county())
    before = own or _values(settings, prefixes[0], subject_type).get(param) or tidy(rule, param)
    wish = Setting(
        rule_code, param, _plain(rule, param, value), division.code, subject_type, "", day, prefixes
    )
    _has_place_and_kind(rule, wish)
    if wish.value and wish.value == before:
        raise Refusal(f"现在就是 {before}，没有变化。", code="parameter")
    proposed = with_settings(rule, [*others, wish] if wish.value else others)
    return Asked(with_settings(rule, settings), proposed, wish.value, before)


def _rule(code: str) -> Rule:
    from qingqu.watch.rules import published  # here, because the published rules carry these values

    return published(codes=[code])[0]


def _plain(rule: Rule, param: str, value: str) -> str:
    if not value:
        return ""
    try:
        return tidy(rule.with_values({param: value}), param)
    except RuleError as error:
        told = str(error).partition("=")[2].partition(": ")[2] or str(error)
        raise Refusal(
            f"{rule.params[param].title}：{value[:20]} {told}，请改正。", code="parameter"
        ) from error


def _has_place_and_kind(rule: Rule, wish: Setting) -> None:
    try:
        for prefix in wish.prefixes:
            rule.with_values({}, Scope(prefix, wish.subject_type))
    except RuleError as error:
        raise Refusal(f"{error}，请为全县、全部类型设值。", code="scope") from error


def tidy(rule: Rule, param: str) -> str:
    """A parameter's value without trailing noughts and exponents."""
    return format(rule.params[param].value.normalize(), "f")


def place_of(division: Division) -> SimpleNamespace:
    """A division as `access` judges objects."""
    return SimpleNamespace(division_code=division.code, organisation_code="", subject="")
