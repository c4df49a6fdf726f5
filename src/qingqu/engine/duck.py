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
PROVENANCE = ("_department", "_snapshot", "_import", "_file", "_sheet", "_row", "_known_at")


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
        try:
            return self.connection.execute(
                compiled.sql, {name: given[name] for name in given if name in spoken}
            )
        except duckdb.Error as error:
            raise EngineError(str(error).splitlines()[0][:300]) from error

    def evidence(self, source: Source, keys: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """(key, row with provenance) of every department's row of the given keys, in the order of precedence."""
        key = " || '+' || ".join(f'CAST("{name}" AS VARCHAR)' for name in source.key)
        rank = "list_position($departments, _department)"
        wanted = ", ".join(f'"{name}"' for name in (*source.schema, *PROVENANCE))
        history = "" if not source.history else (
            " QUALIFY row_number() OVER (PARTITION BY _department, _key ORDER BY _known_at DESC, _snapshot DESC) = 1"
            " AND _change <> 'close'"
        )  # fmt: skip
        sql = (
            f"SELECT {key} AS _key, {wanted} FROM read_parquet($files) WHERE {key} IN (SELECT unnest($keys))"
            f"{history} ORDER BY _key, {rank}, _department"
        )
        values = {"files": [str(path) for path in source.files], "keys": list(keys),
                  "departments": list(source.departments)}  # fmt: skip
        cursor = self.connection.execute(sql, values)
        names = [item[0] for item in cursor.description]
        while batch := cursor.fetchmany(BATCH):
            for row in batch:
                found = dict(zip(names, row, strict=True))
                yield found.pop("_key"), found


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
