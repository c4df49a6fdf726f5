"""Canonical values of every kind, and files in senders' layouts, for property tests."""

from datetime import date, datetime
from decimal import Decimal

from hypothesis import strategies as st
from stdnum.cn import ric, uscc

WORDS = st.text(alphabet="明山县青石镇通村路门诊楼甲乙丙丁戊ABCabc", min_size=1, max_size=10)
DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31))
CENTS = st.integers(0, 10**11).map(lambda n: Decimal(n).scaleb(-2))
FOUR = st.integers(0, 10**9).map(lambda n: Decimal(n).scaleb(-4))


def id_number(number: int) -> str:
    """A valid ID number of the invented county."""
    head = f"990101{1930 + number % 80}{1 + number % 12:02d}{1 + number % 28:02d}{number % 1000:03d}"
    return head + ric.calc_check_digit(head + "0")


def credit_code(number: int) -> str:
    """A valid credit code of the invented county."""
    head = f"91990101MA{number % 10**7:07d}"
    return head + uscc.calc_check_digit(head)


def cells(one):
    """Canonical values of a field, as the lake stores them."""
    number = st.integers(0, 10**6 - 1)
    if one.codes is not None:
        words = [*one.codes.values]
        return st.sampled_from(words) if words else st.just("其他甲")
    return {
        "text": WORDS, "date": DAYS, "datetime": DAYS.map(lambda d: datetime.fromisoformat(f"{d}T14:30:15")),
        "month": DAYS.map(lambda d: d.strftime("%Y-%m")), "money": CENTS, "quantity": FOUR,
        "percent": st.integers(0, 10**6).map(lambda n: Decimal(n).scaleb(-4)), "integer": st.integers(0, 10**9),
        "id_number": number.map(id_number), "credit_code": number.map(credit_code),
        "id_or_credit_code": number.map(lambda n: id_number(n) if n % 2 else credit_code(n)),
        "division_code": number.map(lambda n: f"990101{n:06d}"), "yes_no": st.sampled_from(["是", "否"]),
    }[one.type]  # fmt: skip


def keyed(contract, number, row):
    """The row with a key of its own."""
    told = dict(row)
    for name in contract.key:
        one = contract.by_name[name]
        if one.type == "text":
            told[name] = f"K-{number}"
        elif one.type == "id_number":
            told[name] = id_number(number * 31)
        elif one.type == "credit_code":
            told[name] = credit_code(number * 31)
    return told


@st.composite
def tables(draw, contract):
    """Rows of a contract: field → canonical value or None, with distinct keys."""
    fields = {
        one.name: cells(one) if one.required else st.one_of(st.none(), cells(one)) for one in contract.fields
    }
    rows = draw(st.lists(st.fixed_dictionaries(fields), min_size=1, max_size=4))
    return [keyed(contract, number, row) for number, row in enumerate(rows, start=1)]


def shown(one, value, style):
    """A value as a sender may write it: `style` has date, wan, comma, percent."""
    if value is None:
        return ""
    if one.type == "date":
        return value.strftime(style["date"])
    if one.type == "datetime":
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if one.type == "month":
        return style["month"].format(year=value[:4], month=value[5:], short=int(value[5:]))
    if one.type == "money":
        return (
            f"{(value / 10_000).normalize():f}"
            if style["wan"]
            else format(value, ",.2f" if style["comma"] else ".2f")
        )
    if one.type == "percent":
        return f"{value.normalize():f}" + ("%" if style["comma"] else "")
    if one.type in {"quantity", "integer"}:
        return f"{Decimal(value).normalize():f}"
    return str(value)
