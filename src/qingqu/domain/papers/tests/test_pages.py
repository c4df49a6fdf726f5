"""Pages: places, and the flow through several of them."""

from hypothesis import given
from hypothesis import strategies as st

from qingqu.domain.papers.pages import Aside, Document, Page, Run


def test_a_part_of_a_run_has_its_share_of_the_box():
    page = Page(1, "租金800元", (Run(0, 6, (0, 10, 60, 20), edges=(0, 12, 24, 30, 36, 42, 54)),))
    assert page.box_of(2, 5) == (24, 10, 42, 20)


def test_without_edges_chinese_characters_are_wider_than_digits():
    page = Page(1, "租金800元", (Run(0, 6, (0, 10, 60, 20)),))
    x0, _, x1, _ = page.box_of(2, 5)
    assert 20 < x0 < 32
    assert x1 - x0 < 30


def test_a_page_without_places_has_no_box_and_full_confidence():
    page = Page(1, "租金800元", (Run(0, 6),))
    assert page.box_of(0, 6) is None
    assert page.confidence_of(0, 6) == 1.0


def test_the_doubtful_digit_sets_the_confidence():
    page = Page(1, "800", (Run(0, 1, confidence=0.99), Run(1, 2, confidence=0.4), Run(2, 3, confidence=0.98)))
    assert page.confidence_of(0, 3) == 0.4
    assert page.confidence_of(2, 3) == 0.98


def two_pages():
    first = "合同编号1\n第一条 租期自2024年1月\n1日起至20\n第1页"
    second = "合同编号1\n43年12月31日止。\n第二条 租金\n第2页"
    return Document("pdf", (page(1, first, wraps=(first.index("\n1日"),), runs_on=True), page(2, second)))


def page(number, text, **more):
    """A page whose first line is its header and whose last is its number."""
    header, foot = (
        Aside(0, text.index("\n") + 1, "header"),
        Aside(text.rindex("\n"), len(text), "page_number"),
    )
    return Page(number, text, (Run(0, len(text)),), asides=(header, foot), **more)


def test_the_flow_joins_what_page_ends_and_line_ends_cut():
    document = two_pages()
    assert "2024年1月1日起至2043年12月31日止。\n第二条" in document.flow().text
    assert "编号" not in document.flow().text


def test_a_place_in_the_flow_names_each_page_that_it_touches():
    flow = two_pages().flow()
    start = flow.text.index("2043年")
    places = flow.places(start, start + 5)
    assert [place.page for place in places] == [1, 2]
    assert two_pages().pages[1].text[places[1].start : places[1].end] == "43年"
    assert flow.offset(2, places[1].start) == start + 2


def test_english_words_keep_their_gap_where_a_line_ends_and_numbers_do_not_get_one():
    words = Page(1, "Lease\nAgreement 12\n34", wraps=(5, 18))
    assert Document("text", (words,)).flow().text == "Lease Agreement 1234"


@given(st.lists(st.text(alphabet="甲乙1a\n\t＿", max_size=30), max_size=5), st.data())
def test_every_character_of_the_flow_stands_where_it_says(texts, data):
    pages = []
    for number, text in enumerate(texts, start=1):
        ends = [at for at, character in enumerate(text) if character == "\n"]
        wraps = tuple(sorted(data.draw(st.sets(st.sampled_from(ends)) if ends else st.just(set()))))
        pages.append(Page(number, text, wraps=wraps, runs_on=data.draw(st.booleans())))
    flow = Document("text", tuple(pages)).flow()
    for at, character in enumerate(flow.text):
        for place in flow.places(at, at + 1):
            assert pages[place.page - 1].text[place.start : place.end] == character
    kept = sum(len(page.text) - len(page.wraps) for page in pages)
    assert sum(len(flow.places(at, at + 1)) for at in range(len(flow.text))) == kept
