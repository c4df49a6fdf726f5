"""Checks what `qingqu ledger prove REF --json` prints, with nothing but Python and `cryptography`.

    python ledger_verifier.py proof.json

It knows RFC 9162 (the tree), C2SP signed-note and tlog-checkpoint (the signature) and one line of our own: the leaf's
`commit` is SHA-256(salt, canonical JSON of the content). Compare the key (`vkey`) with one that you had before."""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def check(condition: bool, what: str) -> None:
    if not condition:
        raise ValueError(what)


def signed_head(note: str, vkey: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint that the key signed."""
    name, key_id, key = vkey.split("+", 2)
    text, lines = note.rsplit("\n\n", 1)
    public = base64.b64decode(key)
    check(
        public[0] == 1 and sha(name.encode(), b"\n", public)[:4].hex() == key_id,
        "the key's id is not its own",
    )
    signatures = [
        base64.b64decode(line.split(" ")[2]) for line in lines.splitlines() if line.split(" ")[1] == name
    ]
    ours = [blob[4:] for blob in signatures if blob[:4].hex() == key_id]
    check(bool(ours), "the checkpoint is not signed by the key")
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(ours[0], f"{text}\n".encode())
    origin, size, root = text.split("\n")[:3]
    check(origin == name, "the checkpoint is of another log")
    return int(size), base64.b64decode(root)


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162 2.1.3.2."""
    at, last, node = index, size - 1, sha(b"\x00", leaf)
    check(0 <= at <= last, "the entry is not in the tree")
    for part in path:
        check(last > 0, "the proof is too long")
        if at % 2 or at == last:
            node = sha(b"\x01", part, node)
            while at and not at % 2:
                at, last = at // 2, last // 2
        else:
            node = sha(b"\x01", node, part)
        at, last = at // 2, last // 2
    check(last == 0, "the proof is too short")
    return node


def verify(proof: dict) -> str:
    size, root = signed_head(proof["checkpoint"], proof["vkey"])
    check((size, root.hex()) == (proof["size"], proof["root"]), "size or root is not what was signed")
    leaf, told = proof["leaf"].encode(), json.loads(proof["leaf"])
    check((told["log"], told["index"]) == (proof["log"], proof["index"]), "the leaf is of another place")
    path = [bytes.fromhex(part) for part in proof["proof"]]
    check(root_of(leaf, proof["index"], size, path) == root, "the entry is not in the signed tree")
    state = "content not shown"
    if proof["content"] is not None:
        content = json.dumps(
            proof["content"], sort_keys=True, ensure_ascii=False, separators=(",", ":")
        ).encode()
        check(sha(bytes.fromhex(proof["salt"]), content).hex() == told["commit"], "the content was changed")
        state = "content as committed"
    return f"{told['log']}/{told['index']} of {size}: signed, included, {state}"


if __name__ == "__main__":
    try:
        print(verify(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
    except Exception as error:  # whatever is wrong with the file, it proves nothing
        sys.exit(f"NOT PROVED: {error or type(error).__name__}")
