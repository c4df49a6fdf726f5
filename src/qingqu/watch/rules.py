"""The published rules: from the packs, checked, with values set on request."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from qingqu.base import packs
from qingqu.base.errors import Refusal
from qingqu.domain.rules import Rule, RuleError, load
from qingqu.domain.rules.rule import check
from qingqu.engine import runner, spec
from qingqu.engine.duck import EngineError
from qingqu.exchange.sources import schemas, sources
from qingqu.watch.models import WarningEvent
from qingqu.watch.thresholds import adjusted


def published(
    pack: str = "county",
    codes: Sequence[str] = (),
    settings: Sequence[str] = (),
    *,
    as_of: date | None = None,
) -> tuple[Rule, ...]:
    """The pack's rules (those of `codes`, if given) in the order of their codes. `settings`: `CODE.param=value`.
    `as_of`: with the values that inspectors have put in force by that day, under the settings; None: as in the pack."""
    paths = packs.listing(f"rules/{pack}")
    if not paths:
        raise Refusal(f"没有规则包 {pack[:40]}，请检查名称。", code="pack")
    rules: dict[str, Rule] = {}
    for path in paths:
        try:
            rule = load(packs.read(path))
        except RuleError as error:
            raise Refusal(f"{packs.find(path)}: {error}", code="rule") from error
        rules[rule.code] = rule
    if unknown := [code for code in codes if code not in rules]:
        raise Refusal(f"没有规则 {unknown[0][:40]}；现有：{'、'.join(sorted(rules))}。", code="rule")
    if as_of is not None:
        rules = {rule.code: rule for rule in adjusted(rules.values(), as_of)}
    for code, values in _values(settings).items():
        if code not in rules:
            raise Refusal(f"--set {code}：没有这条规则。", code="rule")
        try:
            rules[code] = rules[code].with_values(values)
        except RuleError as error:
            raise Refusal(f"--set {error}", code="parameter") from error
    return tuple(rules[code] for code in sorted(codes or rules))


def unfit(rules: Iterable[Rule]) -> list[str]:
    """Why rules do not fit the datasets' contracts, a sentence each; empty when all fit."""
    known, why = schemas(), []
    for rule in rules:
        try:
            check(rule, known)
        except RuleError as error:
            why.append(str(error))
    return why


def specification(rules: Sequence[Rule], *, as_of: date, known_at: datetime) -> spec.Run:
    """The run of these rules over the snapshots known at the moment, with datasets that they can do without."""
    found = sources({name for rule in rules for name in rule.datasets}, known_at=known_at, as_of=as_of)
    newest = ",".join(source.snapshots[-1] for source in found.values())
    return spec.Run(as_of, newest, found, tuple(rules), schemas())


def explained(
    code: str, pack: str, as_of: date, known_at: datetime, keys: list[str] | None, limit: int
) -> Iterator[dict[str, Any]]:
    """Every step of a rule as a table of texts; refuses a rule that cannot be judged on this data, with the reason."""
    (rule,) = published(pack, [code], as_of=as_of)
    prepared = specification([rule], as_of=as_of, known_at=known_at)
    held = runner.held_up(rule, prepared)
    if held:
        raise Refusal(f"{code}：{held.message}。", code="rule")
    try:
        for name, columns, rows in runner.explain(rule, prepared, keys, limit):
            yield {"table": name, "columns": list(columns), "rows": [_texts(row) for row in rows]}
    except (RuleError, EngineError) as error:
        raise Refusal(f"{code}：{error}", code="rule") from error


def raised_by(ref: str) -> str | None:
    """The run whose entry in the record stands for a warning that nobody has touched since it was raised."""
    event = WarningEvent.objects.filter(warning__ref=ref, run__isnull=False).order_by("pk").first()
    return event.run.ref if event and event.run else None


def _texts(row: Iterable[Any]) -> list[str | None]:
    return [None if cell is None else str(cell) for cell in row]


def _values(settings: Sequence[str]) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    for text in settings:
        name, equals, value = text.partition("=")
        code, dot, param = name.partition(".")
        if not (equals and dot and code and param and value):
            raise Refusal(
                f"--set {text[:60]}：请写成 CODE.param=value，如 P47.red_months=4。", code="parameter"
            )
        values.setdefault(code, {})[param] = value
    return values
