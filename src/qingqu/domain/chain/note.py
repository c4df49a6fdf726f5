"""Signed notes and checkpoints as C2SP writes them: `signed-note`, `tlog-checkpoint`, `tlog-cosignature`.

A checkpoint is three lines (origin, size, base64 root) under one or more signature lines. Two kinds of line are ours:
a plain Ed25519 signature, and one which also signs a time (cosignature/v1). Lines of other keys (witnesses) are
kept and ignored. Parsing is strict: what is not exactly a note is refused with `NoteError`, whose `code` says why."""

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NOTE_MAX = 65_536
SIGNATURES_MAX = 64
SIZE_MAX = 2**63 - 1
ED25519 = 0x01
TIMED_ED25519 = 0x04
_DASH = "— "
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_HEX_ID = re.compile(r"[0-9a-f]{8}", re.ASCII)


class NoteError(ValueError):
    """Not a note, or not signed by the key: `code` is malformed, unsigned or bad_signature."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public Ed25519 key under its name (the log's origin)."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not _is_name(self.name):
            raise NoteError("malformed", "a key name is not empty and has neither spaces nor +")
        if len(self.public) != 32:
            raise NoteError("malformed", "an Ed25519 public key has 32 bytes")

    def key_id(self, kind: int = ED25519) -> bytes:
        """The four bytes that stand in front of this key's signatures of a kind."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([kind]) + self.public).digest()[:4]

    def text(self) -> str:
        """`name+id+key`, the spelling that verifiers take (Go's note package)."""
        key = base64.b64encode(bytes([ED25519]) + self.public).decode()
        return f"{self.name}+{self.key_id().hex()}+{key}"


def parse_key(text: str) -> VerifierKey:
    """The key of `name+id+key`; NoteError when the parts do not fit each other."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = _base64(encoded)
    if not raw or raw[0] != ED25519 or not _HEX_ID.fullmatch(key_id):
        raise NoteError("malformed", "not an Ed25519 verifier key")
    key = VerifierKey(name, raw[1:])
    if key.key_id().hex() != key_id:
        raise NoteError("malformed", "the key's id does not fit the key")
    return key


def verifier_key(name: str, private: Ed25519PrivateKey) -> VerifierKey:
    """The public half of a signing key, under a name."""
    return VerifierKey(name, private.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: whose log, how many leaves, which root; extension lines are kept as they are."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """The note text: everything that is signed."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions]
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature line: the signer's name and the bytes after base64 (four of key id, then the signature)."""

    name: str
    blob: bytes


def sign(checkpoint: Checkpoint, private: Ed25519PrivateKey, *, time: int | None = None) -> str:
    """The signed note. The key's name is the origin; `time` (POSIX seconds) adds a line that also signs the time."""
    text = checkpoint.text()
    parse_text(text)
    key = verifier_key(checkpoint.origin, private)
    blobs = [key.key_id() + private.sign(text.encode())]
    if time is not None:
        timed = private.sign(_timed(text, time))
        blobs.append(key.key_id(TIMED_ED25519) + struct.pack(">Q", time) + timed)
    lines = "".join(f"{_DASH}{key.name} {base64.b64encode(blob).decode()}\n" for blob in blobs)
    return f"{text}\n{lines}"


def split(note: str) -> tuple[str, list[Signature]]:
    """The text of a note (with its last newline) and its signature lines; nothing is verified."""
    if len(note) > NOTE_MAX:
        raise NoteError("malformed", f"longer than {NOTE_MAX} characters")
    if any((letter < " " and letter != "\n") or "\ud800" <= letter <= "\udfff" for letter in note):
        raise NoteError("malformed", "control characters, or halves of characters")
    text, blank, tail = note.rpartition("\n\n")
    if not blank or not text or not tail.endswith("\n"):
        raise NoteError("malformed", "no blank line before the signatures, or no last newline")
    lines = tail[:-1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise NoteError("malformed", f"more than {SIGNATURES_MAX} signatures")
    return f"{text}\n", [_signature(line) for line in lines]


def parse_text(text: str) -> Checkpoint:
    """The checkpoint that a note text spells."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):
        raise NoteError("malformed", "a checkpoint has at least three lines and no empty one")
    origin, size, encoded, *extensions = lines
    if not _SIZE.fullmatch(size) or int(size) > SIZE_MAX:
        raise NoteError("malformed", "the size is not a plain number")
    root = _base64(encoded)
    if len(root) != 32:
        raise NoteError("malformed", "the root has not 32 bytes")
    return Checkpoint(origin, int(size), root, tuple(extensions))


def parse_note(note: str) -> Checkpoint:
    """The checkpoint of a note, WITHOUT verifying it: only to learn which key to ask for."""
    return parse_text(split(note)[0])


def verify(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint of a note which `key` signed under its own name as origin, else NoteError.

    Lines of other keys are ignored; every line of this key must be right, and at least one must be there."""
    text, signatures = split(note)
    checkpoint = parse_text(text)
    if checkpoint.origin != key.name:
        raise NoteError("unsigned", "the note is of another origin")
    if not _signed(text, signatures, key):
        raise NoteError("unsigned", "the note has no signature of the key")
    return checkpoint


def signed_time(note: str, key: VerifierKey) -> int | None:
    """The POSIX second which `key` signed together with the note, or None without such a line; NoteError as in
    `verify`."""
    verify(note, key)
    _, signatures = split(note)
    times = [_time(line) for line in signatures if _of(line, key, TIMED_ED25519)]
    return times[0] if times else None


def _signed(text: str, signatures: Sequence[Signature], key: VerifierKey) -> bool:
    public, found = Ed25519PublicKey.from_public_bytes(key.public), False
    for line in signatures:
        try:
            if _of(line, key, ED25519):
                public.verify(line.blob[4:], text.encode())
                found = True
            elif _of(line, key, TIMED_ED25519):
                public.verify(line.blob[12:], _timed(text, _time(line)))
        except InvalidSignature:
            raise NoteError("bad_signature", "a signature does not fit the note") from None
    return found


def _of(line: Signature, key: VerifierKey, kind: int) -> bool:
    return line.name == key.name and line.blob[:4] == key.key_id(kind)


def _time(line: Signature) -> int:
    if len(line.blob) != 4 + 8 + 64:
        raise NoteError("bad_signature", "a timed signature has 76 bytes")
    return int.from_bytes(line.blob[4:12], "big")


def _timed(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    blob = _base64(encoded)
    if not line.startswith(_DASH) or not space or not _is_name(name) or len(blob) < 5:
        raise NoteError("malformed", "a signature line is not spelled as one")
    return Signature(name, blob)


def _base64(text: str) -> bytes:
    """Strict standard base64: one spelling for each value, else NoteError."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise NoteError("malformed", "not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise NoteError("malformed", "base64 in another spelling")
    return raw


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)
