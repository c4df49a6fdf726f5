"""The arithmetic of an append-only record: canonical bytes, commitments, the Merkle tree, signed checkpoints.

Pure: bytes in, bytes out. The hashing is that of RFC 6962 and RFC 9162, the notes are those of C2SP (signed-note,
tlog-checkpoint, tlog-cosignature), so that programs which are not ours can check what we sign."""
