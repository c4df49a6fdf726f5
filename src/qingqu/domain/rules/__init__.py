"""The rule tree: closed verbs, shapes and ladders. A rule is a sentence on the screen and a tree in the file."""

from qingqu.domain.rules.expr import RuleError
from qingqu.domain.rules.rule import Level, Param, Rule, load

__all__ = ["Level", "Param", "Rule", "RuleError", "load"]
