"""The menu shows what exists and what the person may open, in order, once."""

import pytest

from qingqu.base import menu


@pytest.fixture
def empty(monkeypatch):
    """A menu of this test's own."""
    monkeypatch.setattr(menu, "ITEMS", [])
    monkeypatch.setattr(menu, "granted", lambda person, verbs: {verb for verb in verbs if verb in person})
    return menu


def test_entries_stand_in_their_order_and_only_once(empty):
    for _ in range(2):
        empty.register(20, "Data", "exchange-centre", "exchange.see")
        empty.register(10, "Inbox", "desk-inbox", "watch.see")
    assert [item.label for item in empty.entries({"exchange.see", "watch.see"})] == ["Inbox", "Data"]


def test_what_one_may_not_open_is_not_shown(empty):
    empty.register(10, "Inbox", "desk-inbox", "watch.see")
    assert empty.entries(set()) == []


def test_a_page_that_is_not_there_is_left_out(empty):
    empty.register(10, "Inbox", "no-such-page", "watch.see")
    assert empty.shown({"watch.see"}, "", "/") == []


def test_the_entry_of_this_page_and_of_pages_under_it_is_marked(empty):
    empty.register(10, "Inbox", "desk-inbox", "watch.see", also=("watch-warning",))
    assert [entry.here for entry in empty.shown({"watch.see"}, "desk-inbox", "/desk/inbox/")] == [True]
    assert [entry.here for entry in empty.shown({"watch.see"}, "watch-warning", "/desk/warnings/W-1/")] == [
        True
    ]
    assert [entry.here for entry in empty.shown({"watch.see"}, "access-table", "/desk/access/")] == [False]
