"""Signed notes: the published examples verify, ours verify elsewhere, everything altered is refused."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from qingqu.domain.chain import note
from qingqu.domain.chain.note import Checkpoint, NoteError, VerifierKey

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
POINT = Checkpoint("county.example/inner", 5, bytes(range(32)))
VKEY = note.verifier_key(POINT.origin, KEY)
SIGNED = note.sign(POINT, KEY)
TIMED = note.sign(POINT, KEY, time=1_800_000_000)
# The worked key of Go's golang.org/x/mod/sumdb/note package: its verifier text and a note that it signed.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def damaged(name: str) -> str:
    """The signed note in one hostile version."""
    text, line = SIGNED.split("\n\n")
    blob = line.rsplit(" ", 1)[1].strip()
    raw = base64.b64decode(blob)
    short = base64.b64encode(raw[:-1]).decode()
    versions = {
        "empty": "",
        "only newlines": "\n\n\n",
        "no signature": f"{text}\n\n",
        "no blank line": f"{text}\n{line}",
        "no last newline": SIGNED[:-1],
        "extra newline": f"{SIGNED}\n",
        "carriage returns": SIGNED.replace("\n", "\r\n"),
        "a tab": SIGNED.replace("/inner", "/in\tner"),
        "half a character": SIGNED.replace("/inner", "/inner\ud800"),
        "byte order mark": f"\ufeff{SIGNED}",
        "hyphen for dash": SIGNED.replace("— ", "- "),
        "two spaces": SIGNED.replace(f" {blob}", f"  {blob}"),
        "base64 without padding": SIGNED.replace(blob, blob.rstrip("=")),
        "url base64": SIGNED.replace(blob, base64.urlsafe_b64encode(raw[:4] + b"\xff" * 64).decode()),
        "short signature": SIGNED.replace(blob, short),
        "long signature": SIGNED.replace(blob, base64.b64encode(raw + b"\0").decode()),
        "only the key id": SIGNED.replace(blob, base64.b64encode(raw[:4]).decode()),
        "other size": SIGNED.replace("\n5\n", "\n6\n"),
        "size with zero": SIGNED.replace("\n5\n", "\n05\n"),
        "size with sign": SIGNED.replace("\n5\n", "\n+5\n"),
        "negative size": SIGNED.replace("\n5\n", "\n-5\n"),
        "size in other digits": SIGNED.replace("\n5\n", "\n٥\n"),
        "endless size": SIGNED.replace("\n5\n", f"\n{'9' * 5000}\n"),
        "size beyond 63 bits": SIGNED.replace("\n5\n", f"\n{2**63}\n"),
        "size missing": SIGNED.replace("\n5\n", "\n"),
        "other origin": SIGNED.replace("county.example/inner\n5", "county.example/open\n5"),
        "other name": SIGNED.replace("— county.example/inner", "— county.example/open"),
        "extension put in": SIGNED.replace("\n\n", "\nmore\n\n"),
        "empty extension": SIGNED.replace("\n\n", "\n\nmore\n\n"),
        "short root": SIGNED.replace(
            base64.b64encode(POINT.root).decode(), base64.b64encode(bytes(31)).decode()
        ),
        "too many signatures": SIGNED + line * 64,
        "too long": SIGNED.replace("\n\n", f"\n{'x' * note.NOTE_MAX}\n\n"),
        "signed by another": note.sign(POINT, OTHER),
    }
    return versions[name]


HOSTILE = [
    "empty", "only newlines", "no signature", "no blank line", "no last newline", "extra newline",
    "carriage returns", "a tab", "half a character", "byte order mark", "hyphen for dash", "two spaces",
    "base64 without padding", "url base64", "short signature", "long signature", "only the key id", "other size",
    "size with zero", "size with sign", "negative size", "size in other digits", "endless size",
    "size beyond 63 bits", "size missing", "other origin", "other name", "extension put in", "empty extension",
    "short root", "too many signatures", "too long", "signed by another",
]  # fmt: skip


def test_a_signed_checkpoint_verifies_and_reads_back():
    assert note.verify(SIGNED, VKEY) == POINT
    assert note.parse_note(SIGNED) == POINT
    assert SIGNED.startswith(
        "county.example/inner\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— county.example/inner "
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_note_is_refused(name):
    assert damaged(name) != SIGNED
    with pytest.raises(NoteError):
        note.verify(damaged(name), VKEY)


@given(st.integers(0, len(SIGNED) - 1), st.characters())
def test_no_changed_character_verifies(at, letter):
    changed = SIGNED[:at] + letter + SIGNED[at + 1 :]
    if changed != SIGNED:
        with pytest.raises(NoteError):
            note.verify(changed, VKEY)


@given(st.text())
def test_noise_is_refused_and_nothing_worse(text):
    for parser in (note.parse_note, note.parse_key, note.parse_text, note.split):
        with pytest.raises(NoteError):
            parser(text)


def test_the_note_of_another_implementation_is_read_and_its_key_too():
    key = note.parse_key(GO_VKEY)
    assert key.text() == GO_VKEY
    assert key.key_id().hex() == "c74f20a3"
    text, (line,) = note.split(GO_NOTE)
    assert text.endswith("problem is.\n")
    assert line.name == "PeterNeumann"
    assert line.blob[:4] == key.key_id()
    assert note._signed(text, [line], key)
    with pytest.raises(NoteError):
        note._signed(text + " ", [line], key)


def test_the_signed_time_is_read_and_cannot_be_changed():
    assert note.verify(TIMED, VKEY) == POINT
    assert note.signed_time(TIMED, VKEY) == 1_800_000_000
    assert note.signed_time(SIGNED, VKEY) is None
    head, plain, timed = TIMED.rstrip("\n").rsplit("\n", 2)
    blob = bytearray(base64.b64decode(timed.split(" ")[2]))
    blob[11] ^= 1
    forged = f"{head}\n{plain}\n{timed.rsplit(' ', 1)[0]} {base64.b64encode(blob).decode()}\n"
    with pytest.raises(NoteError, match="does not fit"):
        note.signed_time(forged, VKEY)
    short = f"{head}\n{plain}\n{timed.rsplit(' ', 1)[0]} {base64.b64encode(blob[:40]).decode()}\n"
    with pytest.raises(NoteError, match="76 bytes"):
        note.verify(short, VKEY)


def test_a_time_without_the_plain_signature_is_not_enough():
    head, _, timed = TIMED.rstrip("\n").rsplit("\n", 2)
    with pytest.raises(NoteError, match="no signature"):
        note.verify(f"{head}\n{timed}\n", VKEY)


def test_lines_of_witnesses_are_kept_and_ignored():
    witness = VerifierKey("witness.example/w1", OTHER.public_key().public_bytes_raw())
    line = f"— {witness.name} {base64.b64encode(witness.key_id(4) + bytes(72)).decode()}\n"
    assert note.verify(SIGNED + line, VKEY) == POINT
    assert [signature.name for signature in note.split(SIGNED + line)[1]] == [VKEY.name, witness.name]


def test_sixteen_signatures_are_accepted():
    lines = "".join(f"— w{number} {base64.b64encode(bytes(76)).decode()}\n" for number in range(15))
    assert note.verify(SIGNED + lines, VKEY) == POINT


@pytest.mark.parametrize(
    "point",
    [
        Checkpoint("", 1, bytes(32)),
        Checkpoint("a b", 1, bytes(32)),
        Checkpoint("a+b", 1, bytes(32)),
        Checkpoint("a\nb", 1, bytes(32)),
        Checkpoint("a", -1, bytes(32)),
        Checkpoint("a", 1, bytes(31)),
        Checkpoint("a", 1, bytes(32), ("",)),
        Checkpoint("a", 1, bytes(32), ("x\n\ny",)),
    ],
)
def test_what_cannot_be_read_back_is_not_signed(point):
    with pytest.raises(NoteError):
        note.sign(point, KEY)


def test_extension_lines_are_signed_and_kept():
    point = Checkpoint("a", 0, bytes(32), ("one", "二"))
    assert note.verify(note.sign(point, KEY), note.verifier_key("a", KEY)) == point


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        GO_VKEY.replace("c74f20a3", "c74f20a4"),
        GO_VKEY.replace("c74f20a3", "C74F20A3"),
        GO_VKEY.replace("PeterNeumann", "PeterNewmann"),
        GO_VKEY.replace("+AR", "+BR"),
        GO_VKEY[:-4],
        f"{GO_VKEY} ",
    ],
)
def test_a_verifier_key_whose_parts_do_not_fit_is_refused(text):
    with pytest.raises(NoteError):
        note.parse_key(text)
