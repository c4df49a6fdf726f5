"""The rule tree: closed verbs, shapes and ladders. A rule is a sentence on the screen and a tree in the file."""

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.params import Param, Scope
from qingqu.domain.rules.rule import Level, Rule, load

__all__ = ["Level", "Param", "Rule", "RuleError", "Scope", "load"]
