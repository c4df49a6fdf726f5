"""DuckDB as the comparison engine: an in-memory connection a run, no file open between runs, no outside access but
the Parquet files that the run names."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from qingqu.engine.compile import Compiled
from qingqu.engine.spec import Source

BATCH = 10_000


class Duck:
    """One connection for one run; use as a context manager."""

    def __init__(self, files: Sequence[Path], *, threads: int = 2, memory: str = "4GB") -> None:
        self.connection = duckdb.connect(":memory:", config={"threads": threads, "memory_limit": memory})
        allowed = sorted({str(path.parent) + "/" for path in files})
        self.connection.execute("SET allowed_directories = $folders", {"folders": allowed})
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET autoinstall_known_extensions = false")
        self.connection.execute("SET lock_configuration = true")

    def __enter__(self) -> "Duck":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def rows(self, compiled: Compiled, as_of: str) -> Iterator[dict[str, Any]]:
        """The result of a compiled rule, row by row, in batches."""
        names = {name for name in ("as_of", *compiled.values) if f"${name}" in compiled.sql}
        values = {name: value for name, value in {**compiled.values, "as_of": as_of}.items() if name in names}
        cursor = self.connection.execute(compiled.sql, values)
        while batch := cursor.fetchmany(BATCH):
            for row in batch:
                yield dict(zip(compiled.columns, row, strict=True))

    def evidence(self, source: Source, keys: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """(key, row with provenance) of every department's row of the given keys, in the order of precedence."""
        key = " || '+' || ".join(f'CAST("{name}" AS VARCHAR)' for name in source.key)
        rank = "list_position($departments, _department)"
        history = "" if not source.history else (
            " QUALIFY row_number() OVER (PARTITION BY _department, _key ORDER BY _known_at DESC, _snapshot DESC) = 1"
            " AND _change <> 'close'"
        )  # fmt: skip
        sql = (
            f"SELECT {key} AS _key, * FROM read_parquet($files) WHERE list_contains($keys, {key})"
            f"{history} ORDER BY _key, {rank}, _department"
        )
        values = {"files": [str(path) for path in source.files], "keys": list(keys),
                  "departments": list(source.departments)}  # fmt: skip
        for start in range(0, len(keys), BATCH):
            values["keys"] = list(keys[start : start + BATCH])
            cursor = self.connection.execute(sql, values)
            names = [item[0] for item in cursor.description]
            for row in cursor.fetchall():
                found = dict(zip(names, row, strict=True))
                yield found.pop("_key"), found


def question(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Runs hand-written SQL on a fresh connection; for benchmarks, which compare us with it."""
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        return connection.execute(sql, dict(values)).fetchall()
