"""`qingqu rules test` and `rules explain`: one document, an exit code, no traceback."""

import json

import pytest
from click.testing import CliRunner

from qingqu.base.errors import Refusal
from qingqu.cli.rules import rules

pytestmark = pytest.mark.django_db


def test_a_pack_that_proves_itself_is_one_document_and_exit_0():
    done = CliRunner().invoke(rules, ["test", "county", "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["passed"]
    assert told["failures"] == []


def test_a_rule_without_data_cannot_be_explained_and_says_why():
    done = CliRunner().invoke(rules, ["explain", "P47", "--as-of", "2026-06-10"])
    assert isinstance(done.exception, Refusal)
    assert "没有数据" in str(done.exception)
