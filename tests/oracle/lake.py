"""Random tables as the engine sees them: Parquet files and sources, through the contracts' own types."""

from datetime import date
from pathlib import Path

import duckdb

from qingqu.engine.spec import Source
from qingqu.exchange.contracts import load
from qingqu.exchange.lake import column_type
from tests.oracle.world import Row

MARKS = {
    "_department": "VARCHAR", "_snapshot": "VARCHAR", "_import": "VARCHAR", "_file": "VARCHAR", "_sheet": "VARCHAR",
    "_row": "INTEGER", "_known_at": "TIMESTAMP", "_change": "VARCHAR",
}  # fmt: skip


def source(folder: Path, dataset: str, rows: list[Row], as_of: date) -> Source:
    """One department's newest rows of a dataset, all known in time."""
    contract = load(dataset)
    types = {name: column_type(kind) for name, kind in contract.schema.items()} | MARKS
    path = folder / f"{dataset}.parquet"
    owner, ref = contract.owners[0], f"{dataset}-000001"
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t (" + ", ".join(f'"{name}" {kind}' for name, kind in types.items()) + ")"
        )
        for number, row in enumerate(rows, start=2):
            full = row | {
                "_department": owner, "_snapshot": ref, "_import": "I-2026-0001", "_file": "x.csv", "_sheet": "",
                "_row": number, "_known_at": "2026-01-01 00:00:00", "_change": "insert",
            }  # fmt: skip
            connection.execute(
                f"INSERT INTO t VALUES ({', '.join('?' * len(types))})", [full.get(name) for name in types]
            )
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return Source(
        dataset=dataset, schema=contract.schema, key=contract.key, files=(path,), snapshots=(ref,), digests=("0" * 64,),
        departments=(owner,), event_date=contract.event_date, events=contract.events, cut_off=as_of, max_age_days=None,
    )  # fmt: skip
