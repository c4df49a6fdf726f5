"""DuckDB as the comparison engine: an in-memory connection a run, no file open between runs, no outside access but
the Parquet files that the run names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from qingqu.engine.compile import Compiled
from qingqu.engine.spec import Source

BATCH = 10_000
NAMES = re.compile(r"\$(\w+)")
PROVENANCE = (
    "_department", "_snapshot", "_import", "_file", "_sheet", "_row",
    "strftime(_known_at, '%Y-%m-%dT%H:%M:%S+08:00')",
)  # fmt: skip
# A stored value as people's JSON has it: money two places, other numbers without trailing zeros, dates ISO.
SHOWN = {
    "money": "CAST(CAST({0} AS DECIMAL(18, 2)) AS VARCHAR)",
    "quantity": "rtrim(rtrim(CAST(CAST({0} AS DECIMAL(18, 4)) AS VARCHAR), '0'), '.')",
    "percent": "rtrim(rtrim(CAST(CAST({0} AS DECIMAL(18, 4)) AS VARCHAR), '0'), '.')",
    "datetime": "strftime({0}, '%Y-%m-%dT%H:%M:%S')",
    "text": "CAST({0} AS VARCHAR)",
}


class EngineError(RuntimeError):
    """A question that the engine could not answer; the message is the engine's first line."""


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

    def rows(
        self, compiled: Compiled, as_of: str, keys: Sequence[str] | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """The result of a question, row by row, in the order of its columns. `keys`: the subjects asked for."""
        cursor = self._asked(compiled, as_of, keys)
        while batch := cursor.fetchmany(BATCH):
            yield from batch

    def table(
        self, compiled: Compiled, as_of: str, keys: Sequence[str] | None = None
    ) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The result's column names and rows."""
        cursor = self._asked(compiled, as_of, keys)
        return tuple(item[0] for item in cursor.description), cursor.fetchall()

    def _asked(self, compiled: Compiled, as_of: str, keys: Sequence[str] | None) -> duckdb.DuckDBPyConnection:
        given = {**compiled.values, "as_of": as_of, **({"keys": list(keys)} if keys is not None else {})}
        spoken = set(NAMES.findall(compiled.sql))
        return self._execute(compiled.sql, {name: given[name] for name in given if name in spoken})

    def _execute(self, sql: str, values: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        try:
            return self.connection.execute(sql, dict(values))
        except duckdb.Error as error:
            raise EngineError(str(error).splitlines()[0][:300]) from error

    def evidence(self, source: Source, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Every department's row of the given keys: the key, the provenance columns, then the fields as texts, in the
        order of the key and of precedence. The texts are made by the engine, because Python is slow at it."""
        key = " || '+' || ".join(f'CAST("{name}" AS VARCHAR)' for name in source.key)
        told = ", ".join(
            SHOWN.get(kind, SHOWN["text"]).format(f'"{name}"') for name, kind in source.schema.items()
        )
        history = "" if not source.history else (
            " QUALIFY row_number() OVER (PARTITION BY _department, _key ORDER BY _known_at DESC, _snapshot DESC) = 1"
            " AND _change <> 'close'"
        )  # fmt: skip
        sql = (
            f"SELECT {key} AS _key, {', '.join(PROVENANCE)}, {told} FROM read_parquet($files)"
            f" WHERE {key} IN (SELECT unnest($keys)){history}"
            " ORDER BY _key, list_position($departments, _department), _department"
        )
        values = {"files": [str(path) for path in source.files], "keys": list(keys),
                  "departments": list(source.departments)}  # fmt: skip
        cursor = self._execute(sql, values)
        while batch := cursor.fetchmany(BATCH):
            yield from batch


def write_rows(path: Path, columns: Mapping[str, str], rows: Sequence[Sequence[str | int | None]]) -> None:
    """A Parquet file of the given rows (texts are cast to the columns' SQL types); for rules' own cases."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "CREATE TABLE t (" + ", ".join(f'"{name}" {kind}' for name, kind in columns.items()) + ")"
        )
        if rows:
            marks = ", ".join(f"CAST(? AS {kind})" for kind in columns.values())
            try:
                connection.executemany(f"INSERT INTO t VALUES ({marks})", [list(row) for row in rows])
            except duckdb.Error as error:
                raise EngineError(str(error).splitlines()[0][:300]) from error
        connection.execute(f"COPY t TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")


def question(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Runs hand-written SQL on a fresh connection; for benchmarks, which compare us with it."""
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        return connection.execute(sql, dict(values)).fetchall()
