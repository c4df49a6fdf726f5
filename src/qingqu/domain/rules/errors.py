"""The one refusal of this room."""


class RuleError(ValueError):
    """A rule that is refused; the message names the rule and the place."""
