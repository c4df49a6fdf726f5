"""The numbers of a table in one place: money, quantities, percents, whole numbers."""

from qingqu.domain.values.money import clean_money, money
from qingqu.domain.values.quantities import integer, percent, quantity

__all__ = ["clean_money", "integer", "money", "percent", "quantity"]
