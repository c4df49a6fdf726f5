"""Rule tree and snapshots in, findings out: spec, compile, run. Knows no web framework and no case."""
