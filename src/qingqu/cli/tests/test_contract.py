"""`qingqu contract review` as another program meets it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qingqu.domain.contracts.tests.given import text_of


@pytest.fixture(scope="module")
def qingqu(tmp_path_factory: pytest.TempPathFactory):
    home = tmp_path_factory.mktemp("home") / "state"
    variables = {**os.environ, "QINGQU_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}

    def run(*words: str | Path):
        command = [sys.executable, "-m", "qingqu", *map(str, words)]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
        assert not home.exists()
        return done

    return run


def test_the_story_s_lease_is_locked_without_a_database(qingqu, tmp_path):
    (tmp_path / "a.txt").write_text(text_of("story3"), "utf-8")
    done = qingqu("contract", "review", tmp_path / "a.txt", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert told["verdict"] == "locked"
    assert {risk["code"] for risk in told["risks"] if risk["level"] == "lock"} == {"T01", "R01", "R02"}
    assert (told["source"], told["pages"], len(told["sha256"])) == ("text", 1, 64)


def test_a_reference_file_decides_what_the_text_cannot(qingqu, tmp_path):
    (tmp_path / "a.txt").write_text(text_of("story3"), "utf-8")
    (tmp_path / "r.csv").write_text(
        "place,object_class,unit,low,high,count,source,date\n南坪村,construction_land,元/亩/年,5000,,,镇文件,2023-01-01\n",
        "utf-8",
    )
    done = qingqu("contract", "review", tmp_path / "a.txt", "--references", tmp_path / "r.csv", "--json")
    codes = {risk["code"]: risk for risk in json.loads(done.stdout)["risks"]}
    assert (codes["R03"]["level"], codes["R03"]["measured"], codes["R03"]["threshold"]) == (
        "lock",
        "600",
        "5000",
    )


def test_a_folder_gives_one_line_a_contract_and_names_what_it_cannot_read(qingqu, tmp_path):
    folder = tmp_path / "合同"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(text_of("story3"), "utf-8")
    done = qingqu("contract", "review", folder, "--jobs", "2", "--json")
    assert [Path(json.loads(line)["file"]).name for line in done.stdout.splitlines()] == ["a.txt", "b.txt"]
    (folder / "c.pdf").write_bytes(b"%PDF-1.4 broken")
    done = qingqu("contract", "review", folder, "--json")
    assert (done.returncode, len(done.stdout.splitlines())) == (2, 2)
    assert len(done.stderr.strip().splitlines()) == 1
    assert "c.pdf" in done.stderr


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("place,unit,low\n南坪村,元/亩/年,1\n", "object_class"),
        ("place,object_class,unit,low\n南坪村,月球,元/亩/年,1\n", "第 2 行"),
        ("place,object_class,unit,low\n南坪村,耕地,元/亩/年,一百\n", "第 2 行 low"),
        ("place,object_class,unit,low\n南坪村,耕地,苹果,1\n", "unit"),
    ],
)
def test_a_wrong_reference_file_is_one_line(qingqu, tmp_path, content, named):
    (tmp_path / "a.txt").write_text("租赁合同", "utf-8")
    (tmp_path / "r.csv").write_text(content, "utf-8")
    done = qingqu("contract", "review", tmp_path / "a.txt", "--references", tmp_path / "r.csv", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
