"""Places written by name where a code is asked for: matched only when the sender's area has one place of that name."""

import re
from functools import cached_property

from django.db.models import Q

from qingqu.exchange.cell import Fix
from qingqu.exchange.contracts import Field
from qingqu.orgs.models import Division, Organisation
from qingqu.reading.header import plain

NAMED = "place"  # the state of a cell whose name became a code
_NAME = re.compile(r"[一-鿿]{2,}")
# The body of a place stands for the place: 仙游村村民委员会, 仙游村民委员会, 仙游村委会 are 仙游村.
_VILLAGE = re.compile(r"村?(?:村民委员会|村委会)$")
_BODY = re.compile(r"(?:居民委员会|居委会|人民政府|街道办事处|办事处)$")


class Places:
    """The places of a sender's area by name; the list is read when the first name is asked for."""

    def __init__(self, sender: str) -> None:
        self._sender = sender

    def fix(self, one: Field, told: Fix) -> Fix:
        """A cell that is no code: the code of the one place of that name, or why there is none."""
        name = _short(told.value)
        if told.code != "division_code_form" or not _NAME.fullmatch(name):
            return told
        codes = self._codes.get(name, set())
        if len(codes) == 1:
            return Fix(told.value, next(iter(codes)), state=NAMED)
        if codes:
            message = f"“{one.zh}”写的是地名，本地有 {len(codes)} 个同名的地方"
            return Fix(told.value, None, "place_ambiguous", message, "请在前面写上乡镇名，或填 12 位代码。")
        message = f"“{one.zh}”写的是地名，在本地区划表里找不到"
        return Fix(told.value, None, "place_unknown", message, "请核对名称，或填 12 位行政区划代码。")

    def named(self) -> dict[str, tuple[str, ...]]:
        """Name → codes of the towns and villages of that name; none for a sender whose seat is unknown."""
        if not self._sender or not self._area:
            return {}
        told = {name: tuple(sorted(codes)) for name, codes in self._codes.items()}
        return {name: codes for name, codes in told.items() if any(code[6:9] != "000" for code in codes)}

    @cached_property
    def _codes(self) -> dict[str, set[str]]:
        """Every name by which a place may be called: alone, behind its township's, behind its county's."""
        found: dict[str, set[str]] = {}
        for one in Division.objects.filter(self._area, valid_to=None).select_related("parent__parent"):
            own = _short(one.name)
            above = [_short(up.name) for up in (one.parent, one.parent.parent if one.parent else None) if up]
            names = {own, *(up + own for up in above), "".join([*reversed(above), own])}
            for name in names | ({_short(one.short_name)} if one.short_name else set()):
                found.setdefault(name, set()).add(one.code)
        return found

    @cached_property
    def _area(self) -> Q:
        seat = Organisation.objects.select_related("division").filter(code=self._sender).first()
        if seat is None or seat.division is None:
            return Q()
        return Q(*[("code__startswith", prefix) for prefix in seat.division.prefixes], _connector=Q.OR)


def _short(name: str) -> str:
    return _BODY.sub("", _VILLAGE.sub("村", plain(name)))
