"""The first pack over a county: our compiled rules against the same questions as hand-written DuckDB SQL, in one run.

`python bench/pack.py [PEOPLE] [RULE…]`: the default is a million people and five million payments. Both sides read the
same Parquet files and fetch the same subjects; evidence rows and sentences are timed apart, because the hand-written
questions have none."""

import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml
from pack_by_hand import BY_HAND, MAKE
from pack_pandas import PANDAS

from qingqu.domain.rules import Rule, load
from qingqu.engine.compile import compile_rule
from qingqu.engine.duck import Duck
from qingqu.engine.reads import STORED
from qingqu.engine.runner import run
from qingqu.engine.spec import Run, Source

PACKS = Path(__file__).resolve().parent.parent / "src/qingqu/packs"
AS_OF = date(2026, 6, 10)
ROUNDS = 3
PROVENANCE = (
    "'dept' AS _department, '{name}-000001' AS _snapshot, 'I-2026-0001' AS _import, 'f.xlsx' AS _file, '' AS _sheet,"
    " 1::INTEGER AS _row, TIMESTAMP '2026-06-01' AS _known_at, 'insert' AS _change"
)


def dataset(name: str) -> Mapping[str, Any]:
    """A dataset's contract as it stands in the pack."""
    told: Mapping[str, Any] = yaml.safe_load((PACKS / f"datasets/{name}.yml").read_text("utf-8"))
    return told


def made(folder: Path, people: int) -> dict[str, Source]:
    """Writes the county's files; a source a dataset."""
    sources = {}
    db = duckdb.connect(config={"threads": 2})
    for name, columns in MAKE.items():
        told = dataset(name)
        schema = {field: spec["type"] for field, spec in told["fields"].items()}
        given = {column.rpartition(" AS ")[2] for column in columns[1]}
        others = [
            f"CAST(NULL AS {STORED.get(kind, 'VARCHAR')}) AS {field}"
            for field, kind in schema.items()
            if field not in given
        ]
        casts = [
            f"CAST({c.rpartition(' AS ')[0]} AS {STORED.get(schema[c.rpartition(' AS ')[2]], 'VARCHAR')}) AS {c.rpartition(' AS ')[2]}"
            for c in columns[1]
        ]
        path = folder / f"{name}.parquet"
        select = ", ".join([*casts, *others, PROVENANCE.format(name=name)])
        rows = int(people * columns[0])
        db.execute(
            f"COPY (SELECT {select} FROM range({rows}) t(i)) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
        )
        events = frozenset(field for field, spec in told["fields"].items() if spec.get("event"))
        sources[name] = Source(
            name, schema, tuple(told["key"]), (path,), (f"{name}-000001",), ("0" * 64,), ("dept",),
            event_date=told.get("event_date"), events=events,
        )  # fmt: skip
    db.close()
    return sources


def best(work: Callable[[], set[str]]) -> tuple[float, set[str]]:
    """The shortest of some rounds, in seconds, and the subjects."""
    times, found = [], set[str]()
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - begun)
    return min(times), found


def by_hand(code: str, sources: Mapping[str, Source]) -> set[str]:
    """The subjects that the hand-written question finds."""
    sql = BY_HAND[code]
    for name, source in sources.items():
        sql = sql.replace(f"<{name}>", f"read_parquet('{source.files[0]}')")
    with duckdb.connect(config={"threads": 2, "memory_limit": "4GB"}) as db:
        return {row[0] for row in db.execute(sql, {"day": AS_OF} if "$day" in sql else {}).fetchall()}


def compiled(rule: Rule, sources: Mapping[str, Source]) -> set[str]:
    """The subjects that the compiled rule finds triggered."""
    with Duck([source.files[0] for source in sources.values()]) as duck:
        question = compile_rule(rule, sources)
        state = question.columns.index("state")
        return {row[0] for row in duck.rows(question, AS_OF.isoformat()) if row[state] == "triggered"}


def against_pandas(rules: Mapping[str, Rule], sources: Mapping[str, Source]) -> None:
    """The four heaviest benefit rules once more in pandas, whose tables are in memory before its clock starts."""
    theirs = ours = 0.0
    for code, question in PANDAS.items():
        if code not in rules:
            continue
        tables = [
            duckdb.execute(f"SELECT {', '.join(fields)} FROM '{sources[name].files[0]}'").df()
            for name, fields in question.tables.items()
        ]
        begun = time.perf_counter()
        found = question.answer(*tables)
        took = time.perf_counter() - begun
        mine, same = best(lambda code=code: compiled(rules[code], sources))
        if found != same:
            raise SystemExit(f"{code}: pandas finds {len(found)}, we find {len(same)}")
        theirs, ours = theirs + took, ours + mine
        print(f"{code:5} pandas {took:.2f} s  ours {mine:.3f} s  pandas/ours {took / mine:.1f}")
    if ours:
        print(f"pandas/ours together: {theirs / ours:.1f}")


def main() -> None:
    """Prints a line a rule and the whole, with the sizes and the machine."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    codes = sys.argv[2:] or sorted(BY_HAND)
    rules = {
        code: load(yaml.safe_load((PACKS / f"rules/county/{code}.yml").read_text("utf-8"))) for code in codes
    }
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_TMP")) as folder:
        sources = made(Path(folder), people)
        print(
            f"{platform.machine()}, {os.cpu_count()} cores; {people:,} people; best of {ROUNDS}; as of {AS_OF}"
        )
        hand_total = ours_total = 0.0
        for code in codes:
            hand, wanted = best(lambda code=code: by_hand(code, sources))
            ours, found = best(lambda code=code: compiled(rules[code], sources))
            if wanted != found:
                raise SystemExit(f"{code}: subjects differ: {len(wanted)} by hand, {len(found)} ours; "
                                 f"{sorted(wanted ^ found)[:5]}")  # fmt: skip
            hand_total, ours_total = hand_total + hand, ours_total + ours
            print(
                f"{code:5} {len(found):7,} hits  by hand {hand:.3f} s  ours {ours:.3f} s  ratio {ours / hand:.2f}"
            )
        against_pandas(rules, sources)
        begun = time.perf_counter()
        lines = sum(1 for _ in run(Run(AS_OF, "", sources, tuple(rules.values()))))
        whole = time.perf_counter() - begun
    print(f"all: by hand {hand_total:.2f} s, ours {ours_total:.2f} s, ratio {ours_total / hand_total:.2f}")
    print(f"with evidence rows and sentences for {lines:,} lines: {whole:.2f} s")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024:.2f} GB")


if __name__ == "__main__":
    main()
