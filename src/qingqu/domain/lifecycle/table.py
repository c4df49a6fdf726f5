"""What a life is made of: its states, where it begins, and which step leads from which state to which."""

from collections.abc import Mapping
from dataclasses import dataclass


class OutOfTurn(ValueError):  # noqa: N818 - an answer: this step is not possible now
    """The step does not lead out of this state."""


@dataclass(frozen=True)
class Lifecycle:
    """`steps`: (state, step) → the state that follows. Only states from which a step leads out are open."""

    start: str
    states: tuple[str, ...]
    steps: Mapping[tuple[str, str], str]

    def __post_init__(self) -> None:
        named = {self.start, *self.steps.values(), *(state for state, _ in self.steps)}
        if unknown := named - set(self.states):
            raise ValueError(f"unknown state {sorted(unknown)[0]!r}")

    def after(self, state: str, step: str) -> str:
        """The state that the step leads to; `OutOfTurn` if it does not lead out of this one."""
        try:
            return self.steps[state, step]
        except KeyError:
            raise OutOfTurn(f"{step} is not possible in state {state}") from None

    def may(self, state: str, step: str) -> bool:
        """Whether the step is possible in this state."""
        return (state, step) in self.steps

    @property
    def open(self) -> tuple[str, ...]:
        """The states in which something can still happen, in order."""
        return tuple(state for state in self.states if any(state == here for here, _ in self.steps))
