"""A tiny lake for engine tests: rows in, a `Source` out, with the provenance columns that the importer writes."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from qingqu.engine.spec import Source

PROJECTS = {
    "project_id": "text", "name": "text", "kind": "code", "owner_name": "text", "division_code": "text",
    "approved_date": "date", "planned_start": "date", "actual_start": "date", "start_delay_reason": "text",
}  # fmt: skip
COLUMN = {"date": "DATE", "money": "DECIMAL(18,2)", "quantity": "DECIMAL(18,4)"}


def projects(folder: Path, rows: Sequence[Mapping[str, str | None]], **more: object) -> Source:
    """A `projects` source of the given rows; `_department`, `_known_at`, `_snapshot`, `_change` may be given too."""
    path = folder / f"projects-{len(list(folder.glob('*.parquet')))}.parquet"
    defaults = {
        "_department": "development_reform", "_snapshot": "projects-000001", "_import": "I-2026-0001",
        "_file": "项目.xlsx", "_sheet": "Sheet1", "_row": "5", "_known_at": "2026-02-05 00:00:00",
        "_change": "insert",
    }  # fmt: skip
    types = {name: COLUMN.get(kind, "VARCHAR") for name, kind in PROJECTS.items()}
    types |= dict.fromkeys(defaults, "VARCHAR") | {"_row": "INTEGER", "_known_at": "TIMESTAMP"}
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (" + ", ".join(f'"{n}" {k}' for n, k in types.items()) + ")")
        for row in rows:
            full = {"owner_name": "业主", "division_code": "990101000000", **defaults, **row}
            full.setdefault("name", full["project_id"])
            connection.execute(
                f"INSERT INTO t VALUES ({', '.join('?' * len(types))})", [full.get(name) for name in types]
            )
        connection.execute("COPY t TO '" + str(path) + "' (FORMAT parquet)")
    departments = tuple(dict.fromkeys(str(r.get("_department", defaults["_department"])) for r in rows))
    settings: dict[str, object] = {
        "schema": PROJECTS, "key": ("project_id",), "files": (path,), "snapshots": ("projects-000001",),
        "digests": ("0" * 64,), "departments": departments, "event_date": "approved_date",
        "events": frozenset({"actual_start", "approved_date"}), "cut_off": date(2026, 2, 1), "max_age_days": 400,
    }  # fmt: skip
    return Source(dataset="projects", **{**settings, **more})  # type: ignore[arg-type]
