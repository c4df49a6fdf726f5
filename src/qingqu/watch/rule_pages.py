"""`python -m qingqu.watch.rule_pages`: one page a rule under docs/rules/county/, from its file and its cases; tests hold
both equal, and `rules test` executes the cases."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qingqu.base import packs
from qingqu.domain.rules import Rule, load

FOLDER = "docs/rules/county"
LIGHTS = {"red": "▲ 红色", "orange": "◆ 橙色", "yellow": "■ 黄色", "blue": "ⓘ 提示"}
STATES = {
    "triggered": "亮灯", "clear": "正常", "insufficient": "数据不足，说不准", "not_applicable": "不适用", "error": "没有算完",
}  # fmt: skip


def pages(pack: str = "county") -> dict[str, str]:
    """File name → text of every rule's page, and of the list of them."""
    rules = [load(packs.read(path)) for path in packs.listing(f"rules/{pack}")]
    made = {f"{rule.code}.md": "\n".join(_page(rule, _cases(pack, rule))) + "\n" for rule in rules}
    made["README.md"] = "\n".join(_index(pack, rules)) + "\n"
    return made


def _cases(pack: str, rule: Rule) -> dict[str, Any]:
    told: dict[str, Any] = packs.read(f"rules/{pack}/cases/{rule.code}.yml")
    return told


def _index(pack: str, rules: list[Rule]) -> Iterator[str]:
    yield f"# 规则包 {pack}：{len(rules)} 条规则"
    yield ""
    yield "由 `python -m qingqu.watch.rule_pages` 从 `packs/rules/` 写出，请不要手改。例子由 `qingqu rules test` 逐个运行。"
    yield ""
    yield "| 规则 | 说什么 | 灯 | 对象 |"
    yield "|---|---|---|---|"
    for rule in rules:
        lights = "、".join(LIGHTS[level.level] for level in rule.levels)
        yield f"| [{rule.code}]({rule.code}.md) | {rule.title} | {lights} | {rule.subject.kind} |"


def _page(rule: Rule, cases: dict[str, Any]) -> Iterator[str]:
    yield f"# {rule.code} {rule.title}"
    yield ""
    yield rule.told()
    yield ""
    yield f"- 对象：{rule.subject.kind}；形状：[{rule.shape}](../{_shape_page(rule)})；计量单位：{rule.unit}"
    yield f"- 要用的数据：{'、'.join(f'`{name}`' for name in rule.plan.datasets)}"
    optional = [name for name in rule.datasets if name not in rule.plan.datasets]
    if optional:
        yield f"- 有则更清楚、没有也能判：{'、'.join(f'`{name}`' for name in optional)}"
    yield f"- 先由谁核：{rule.routing or '—'}"
    yield f"- 依据：{rule.basis}"
    yield f"- 来源：{rule.tree.get('source', '—')}"
    if rule.params:
        yield from _params(rule)
    yield from _listed("容易误报", rule.false_positives)
    yield from _listed("怎么核", rule.verify)
    yield from _examples(cases)


def _shape_page(rule: Rule) -> str:
    return "writing.md#several-shapes-in-one-rule" if rule.shape == "any_of" else f"{rule.shape}.md"


def _params(rule: Rule) -> Iterator[str]:
    yield from ("", "| 参数 | 默认 | 可设 | 依据 |", "|---|---|---|---|")
    for one in rule.params.values():
        span = f"{one.low:f} 至 {one.high:f}"
        yield f"| `{one.name}` {one.title} | {one.value:f} {one.unit} | {span} | {one.basis} |"


def _listed(title: str, lines: tuple[str, ...]) -> Iterator[str]:
    if lines:
        yield from ("", f"## {title}", "")
        yield from (f"- {line}" for line in lines)


def _examples(told: dict[str, Any]) -> Iterator[str]:
    yield from ("", "## 例子", "", f"没有另写日子的，都看 {told['as_of']} 这一天。")
    if told.get("never_insufficient"):
        yield from ("", f"不会“数据不足”：{told['never_insufficient']}。")
    for case in told["cases"]:
        yield from ("", f"### {case['name']}", "")
        settings = "，".join(f"{name} = {value}" for name, value in (case.get("set") or {}).items())
        day = f"看 {case['as_of']}" if "as_of" in case else ""
        if settings or day:
            yield from ("；".join(part for part in (day, settings) if part), "")
        yield "```"
        for dataset, rows in case["rows"].items():
            for row in rows:
                yield f"{dataset}  {json.dumps(row, ensure_ascii=False, default=str)}"
        yield from ("```", "")
        for line in case["expect"]:
            yield f"- {_expected(line)}"


def _expected(line: dict[str, Any]) -> str:
    level = f" {LIGHTS[line['level']]}" if line.get("level") else ""
    measured = f"，实测 {line['measured']}" if "measured" in line else ""
    return f"`{line['key']}`：{STATES[line['state']]}{level}{measured}"


def main() -> None:
    """Writes the pages under the current folder and removes those of rules that are gone."""
    import django

    django.setup()
    folder = Path(FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
