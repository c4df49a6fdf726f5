"""A paper as JSON and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.domain.papers.codec import pack, unpack
from qingqu.domain.papers.pages import Aside, Document, Note, Page, Run

text = st.text(max_size=20)
place = st.integers(0, 100_000).map(lambda n: n / 100)
boxes = st.none() | st.tuples(place, place, place, place)
runs = st.builds(
    Run, st.integers(0, 99), st.integers(0, 99), boxes, st.integers(0, 1000).map(lambda n: n / 1000),
    st.booleans(), st.booleans(), st.booleans(), st.none() | st.lists(place, min_size=1, max_size=4).map(tuple),
)  # fmt: skip
pages = st.builds(
    Page, st.integers(1, 9), text, st.lists(runs, max_size=3).map(tuple), st.none() | place, st.none() | place,
    st.lists(st.integers(0, 9), max_size=3).map(tuple), st.booleans(),
    st.lists(st.builds(Aside, st.integers(0, 9), st.integers(0, 9), st.just("header")), max_size=2).map(tuple),
    st.sampled_from([0, 90, 180, 270]),
)  # fmt: skip
notes = st.builds(Note, text, text, st.booleans(), st.none() | st.integers(1, 9))


@given(
    st.builds(
        Document,
        st.sampled_from(["pdf", "scan"]),
        st.lists(pages, max_size=3).map(tuple),
        st.lists(notes, max_size=2).map(tuple),
    )
)
def test_a_paper_comes_back_as_it_went(document):
    assert unpack(json.loads(json.dumps(pack(document)))) == document


def test_what_another_version_packed_is_refused():
    with pytest.raises(ValueError, match="version"):
        unpack({"version": 0, "source": "pdf", "pages": [], "notes": []})
