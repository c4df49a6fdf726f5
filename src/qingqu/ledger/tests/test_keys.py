"""The signing key: made once, kept close, never replaced in silence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qingqu.base.errors import Refusal
from qingqu.domain.chain.note import parse_key, verifier_key
from qingqu.ledger import keys
from qingqu.ledger.durable import write_once, write_over
from qingqu.ledger.models import Entry
from qingqu.ledger.proofs import prove
from qingqu.ledger.tests.making import with_our_code, write

pytestmark = pytest.mark.django_db


def test_the_first_entry_makes_the_key_for_its_owner_only(home):
    write(0)
    private = home / "keys" / "ledger.pem"
    assert private.stat().st_mode & 0o777 == 0o600
    assert private.parent.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in private.parent.iterdir()) == ["ledger.pem"]


def test_the_public_key_is_published_in_the_spelling_of_outside_verifiers(home):
    write(0)
    proof = prove("inner/0")
    lines = (home / "keys" / "ledger.vkey").read_text().splitlines()
    assert [parse_key(line).name for line in lines] == ["qingqu.local/inner", "qingqu.local/open"]
    assert proof["vkey"] == lines[0]
    key = keys.signing_key(may_create=False)
    assert [parse_key(line) for line in lines] == [verifier_key(parse_key(line).name, key) for line in lines]


def test_a_lost_key_is_refused_with_the_remedy_and_not_replaced(home):
    write(0)
    (home / "keys" / "ledger.pem").unlink()
    with pytest.raises(Refusal, match=r"ledger\.pem.*备份"):
        write(1)
    assert Entry.objects.count() == 1
    assert not (home / "keys" / "ledger.pem").exists()


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_key_that_cannot_be_read_is_refused_without_repeating_it(home, content):
    write(0)
    (home / "keys" / "ledger.pem").write_bytes(content)
    with pytest.raises(Refusal, match="不是账本的签名钥匙") as refused:
        write(1)
    assert "AAAA" not in refused.value.sentence


def test_a_key_of_another_kind_is_refused(home):
    from cryptography.hazmat.primitives import serialization as words
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    (home / "keys").mkdir()
    other = generate_private_key(SECP256R1())
    (home / "keys" / "ledger.pem").write_bytes(
        other.private_bytes(words.Encoding.PEM, words.PrivateFormat.PKCS8, words.NoEncryption())
    )
    with pytest.raises(Refusal, match="Ed25519"):
        write(0)


@pytest.mark.parametrize("content", ["nothing\n", "", "a+b+c\n", "\xff"])
def test_public_keys_that_cannot_be_read_are_refused(home, content):
    write(0)
    (home / "keys" / "ledger.vkey").write_bytes(content.encode("latin-1"))
    with pytest.raises(Refusal, match=r"ledger\.vkey"):
        keys.verifier("inner")


def test_another_origin_is_refused_in_words(settings):
    write(0)
    keys.publish_vkey()
    settings.QINGQU_ORIGIN = "elsewhere.example"
    with pytest.raises(Refusal, match="QINGQU_ORIGIN"):
        keys.verifier("inner")


def test_a_restored_key_is_read_again(home):
    write(0)
    private = home / "keys" / "ledger.pem"
    kept = private.read_bytes()
    private.write_bytes(b"broken")
    with pytest.raises(Refusal):
        write(1)
    private.write_bytes(kept)
    os.utime(private, ns=(1, 1))
    assert write(1).index == 1


def test_of_several_racing_writers_one_wins_and_nothing_is_left_over(home: Path):
    program = (
        "import sys; from pathlib import Path; from qingqu.ledger.durable import write_once;"
        "print(write_once(Path(sys.argv[1]), sys.argv[2].encode() * 10000, mode=0o600))"
    )
    target = home / "key"
    racing = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(target), name],
            env=with_our_code(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in "abcd"
    ]
    assert sorted(process.communicate()[0].strip() for process in racing) == ["False"] * 3 + ["True"]
    assert len(set(target.read_text())) == 1
    assert list(home.iterdir()) == [target]
    assert not write_once(target, b"late")
    write_over(target, b"new")
    assert target.read_bytes() == b"new"
    assert list(home.iterdir()) == [target]
