"""The one error of this package: a value that cannot be used, and what the person should do about it."""


class Unclean(ValueError):  # noqa: N818 - a refusal is an answer, not a defect
    """A value that is refused. `code`: a slug that stays stable (`date_impossible`); `message`: what is wrong, a
    Chinese fragment that reads on after "第 5 行开工日期："; `fix`: one Chinese sentence saying what to do.

    Neither ever repeats the value: it may be somebody's ID number or account."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fix = fix
