"""Everything due now; run each minute. Each step is safe to repeat."""

from datetime import datetime

from qingqu.exchange.committing import sweep as sweep_lake
from qingqu.exchange.marked import sweep as sweep_marked
from qingqu.files.actions import sweep as sweep_files
from qingqu.ledger.actions import checkpoint


def tick(*, now: datetime) -> dict[str, int]:
    """Signs and publishes the ledger's heads; clears what killed commits left in the lake and among the files."""
    return {
        "checkpoints": len(checkpoint(now=now)),
        "lake_swept": len(sweep_lake()),
        "files_swept": sweep_files(),
        "marked_swept": sweep_marked(),
    }
