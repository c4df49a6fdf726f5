"""Yes and no."""

from qingqu.domain.values.text import narrow
from qingqu.domain.values.unclean import Unclean

YES = frozenset({"是", "有", "y", "yes", "true", "t", "1", "√", "✓", "✔", "☑"})
NO = frozenset({"否", "不是", "无", "没有", "n", "no", "false", "f", "0", "×", "✗", "✘", "☒"})


def yes_no(raw: str) -> str:
    """是 or 否. An empty box (□) is neither: nobody knows whether it was looked at."""
    plain = narrow(raw).lower()
    if plain in YES:
        return "是"
    if plain in NO:
        return "否"
    raise Unclean("yes_no_unreadable", "不是“是”或“否”", "请填“是”或“否”。")
