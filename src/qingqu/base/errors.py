"""Refusals: what cannot be done, said so that the person can do something about it."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a defect
    """Something that the platform will not do, in one sentence with the place and the remedy.

    `sentence` is shown as it is on pages, by the command line (exit code 2) and in the API. It never carries a
    personal number or an account."""

    def __init__(self, sentence: str, *, code: str = "refused") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code

    def __str__(self) -> str:
        return self.sentence
