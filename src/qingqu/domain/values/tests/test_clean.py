"""What holds for every kind: only Unclean is ever raised, and a cleaned value is clean."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.domain.values import KINDS, Unclean, clean

ODD = st.one_of(
    st.text(),
    st.text("0123456789０１２.,-/年月日时分元万亿%¥()（） 　eE+XNTZ:'一二十〇\n", max_size=24),
    st.from_regex(
        r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?[T ]?[0-9]{0,2}:?[0-9]{0,2}", fullmatch=True
    ),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.integers().map(str),
)


def tried(kind: str, raw: str) -> tuple[str | None, Unclean | None]:
    try:
        return clean(kind, raw), None
    except Unclean as refused:
        return None, refused


@given(st.sampled_from(sorted(KINDS)), ODD)
@settings(deadline=None, max_examples=600)
def test_any_text_gives_a_clean_value_or_a_sentence(kind, raw):
    value, refused = tried(kind, raw)
    if refused is None:
        assert value
        assert clean(kind, value) == value
        return
    assert refused.code.replace("_", "").isalnum()
    assert refused.message
    assert refused.fix.endswith("。")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_very_long_cell_is_refused_quickly(kind):
    for raw in (
        "9" * 32_767,
        "1," * 16_000,
        "(" * 3_000,
        "2024-" * 6_000,
        " 1" * 900,
        "至" * 1_999,
        "9" * 1_999 + "年",
    ):
        if kind in {"text", "code"} and len(raw) <= 2_000:
            continue
        with pytest.raises(Unclean):
            clean(kind, raw)


def test_a_kind_that_does_not_exist_is_a_programming_error():
    with pytest.raises(KeyError):
        clean("colour", "red")
