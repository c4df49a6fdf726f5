"""A personal number or an account stands in the sender's file and in the lake, and nowhere else: no log, no sentence, no
address, no name of a file of ours."""

import logging

import pytest

from qingqu.base.errors import Refusal
from qingqu.exchange import checking, lake, parsing
from qingqu.exchange.actions import import_file, preview_import, receive_file
from qingqu.exchange.tests.helpers import wish

NUMBER, ACCOUNT = "110101199003075611", "6222020200112233445"
HEAD = "支付流水号,收款人信用代码,收款账号,支付金额,支付日期,收款人"
WRONG = f"P-1,{NUMBER},{ACCOUNT},{ACCOUNT},{NUMBER},{NUMBER}"


@pytest.fixture
def everywhere(home, caplog):
    """All that we wrote outside the lake's and the senders' own files: names, logs, and what is passed."""
    caplog.set_level(logging.DEBUG)

    def told(*more) -> str:
        names = [str(path.relative_to(home)) for path in home.rglob("*")]
        return "\n".join([caplog.text, *names, *map(str, more)])

    return told


def clean(text: str) -> bool:
    """Whether neither number stands in it."""
    return NUMBER not in text and ACCOUNT not in text and NUMBER[:-1] not in text


@pytest.mark.parametrize(
    "lines",
    [(HEAD, WRONG), (HEAD, WRONG, WRONG), (HEAD, WRONG, f'"{NUMBER}'), (HEAD, f"{NUMBER},{ACCOUNT}"), (WRONG, WRONG), (f"{NUMBER},{ACCOUNT}",),
     (f"{HEAD},{ACCOUNT}", WRONG), (f"支付流水号,{NUMBER},支付金额,支付日期", WRONG)],
    ids=range(8),
)  # fmt: skip
def test_a_file_that_is_refused_leaves_no_number_behind(cast, projects, now, everywhere, lines):
    path = projects(*lines[1:], head=lines[0])
    told = []
    try:
        told.append(import_file(path=path, wish=wish(path, "payments", "finance"), by=cast.operator, now=now))
    except Refusal as error:
        told.append(str(error))
    row = receive_file(
        chunks=[path.read_bytes()], wish=wish(path, "payments", "finance"), by=cast.operator, now=now
    )
    row = preview_import(ref=row.ref, now=now)
    told += [row.failure, row.errors, row.notes, row.counts, row.totals]
    assert clean(everywhere(*told))


def test_an_engine_that_quotes_cells_is_not_repeated(cast, projects, now, everywhere, monkeypatch):
    def fail(*_: object) -> None:
        raise lake.Failure(f"Conversion Error: {NUMBER}")

    monkeypatch.setattr(checking, "check", fail)
    path = projects(WRONG, head=HEAD)
    with pytest.raises(Refusal) as refused:
        import_file(path=path, wish=wish(path, "payments", "finance"), by=cast.operator, now=now)
    assert refused.value.__cause__ is None
    assert clean(everywhere(refused.value))


def test_a_reading_process_that_cries_out_is_not_repeated(
    cast, projects, now, everywhere, monkeypatch, capfd
):
    start = f"import sys; sys.stderr.write('{NUMBER}'); print('{ACCOUNT}'); raise RuntimeError('{NUMBER}')"
    monkeypatch.setattr(parsing, "START", start)
    path = projects(WRONG, head=HEAD)
    with pytest.raises(Refusal) as refused:
        import_file(path=path, wish=wish(path, "payments", "finance"), by=cast.operator, now=now)
    out, err = capfd.readouterr()
    assert clean(everywhere(refused.value, out, err))
