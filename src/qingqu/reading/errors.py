"""What cannot be read, said so that the sender can do something about it."""


class Unreadable(Exception):  # noqa: N818 - an answer to the sender, not a defect
    """A file that cannot be taken as a table. `sentence` says in Chinese what it is and what to do; it never carries
    the file's contents."""

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code

    def __str__(self) -> str:
        return self.sentence
