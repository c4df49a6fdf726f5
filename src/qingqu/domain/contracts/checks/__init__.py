"""The checks, one module a family; importing the package enters them all."""

from qingqu.domain.contracts.checks import (
    clauses,
    decision,
    deposit,
    open_trade,
    parties,
    rent,
    term,
    use,
    works,
)

__all__ = ["clauses", "decision", "deposit", "open_trade", "parties", "rent", "term", "use", "works"]
