"""Contract review on invented contracts: open phrasings, and the closed third that nobody looks at while writing."""

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.contracts.make import contract
from bench.contracts.score import score

COUNT = 600
PARTS = {"open": False, "closed": True}


def report(name: str, found: dict[str, Any], seconds: float) -> None:
    """Prints one part's figures."""
    total = sum(found["all"].values())
    silent = sum(found["silent"].values())
    print(f"{name}: {COUNT} contracts, {seconds * 1000 / COUNT:.1f} ms each")
    for field in sorted(found["all"]):
        print(
            f"  {field:24} {found['right'][field] / found['all'][field]:.4f}  ({found['right'][field]}/{found['all'][field]}, silently wrong {found['silent'][field]})"
        )
    print(
        f"  all fields               {sum(found['right'].values()) / total:.4f}; wrong without a flag {silent / total:.4%}"
    )
    print(
        f"  locks found              {found['locks'][0]}/{found['locks'][1]}; lawful contracts locked {found['false_locks'][0]}/{found['false_locks'][1]}"
    )


if __name__ == "__main__":
    for part, closed in PARTS.items():
        if len(sys.argv) > 1 and part not in sys.argv[1:]:
            continue
        made = [contract(seed, closed=closed) for seed in range(COUNT)]
        begun = time.perf_counter()
        result = score(made, show=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
        report(part, result, time.perf_counter() - begun)
