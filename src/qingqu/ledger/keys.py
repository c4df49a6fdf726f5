"""The ledger's signing key: made once in QINGQU_HOME/keys with mode 0600. Its public half lies beside it in
`ledger.vkey`, one line a log, in the spelling that outside verifiers take."""

from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from qingqu.base.errors import Refusal
from qingqu.domain.chain.note import NoteError, VerifierKey, parse_key, verifier_key
from qingqu.ledger.durable import write_once, write_over
from qingqu.ledger.models import LOGS


class KeyMissing(Refusal):
    """The ledger has entries, and the key that signed them is not here or cannot be read."""


def origin(log: str) -> str:
    """The log's public name: the first line of its checkpoints and the name of its key."""
    return f"{settings.QINGQU_ORIGIN}/{log}"


def signing_key(*, may_create: bool) -> Ed25519PrivateKey:
    """This installation's private key.

    `may_create` only while the ledger is empty: a second key would make every earlier checkpoint worthless without
    anybody noticing, so a lost key is refused with the remedy."""
    path = _folder() / "ledger.pem"
    if not path.exists():
        if not may_create:
            raise KeyMissing(
                f"{path} 不在：账本已有记录，不能换一把新钥匙续签；请从备份恢复这个文件后重试。",
                code="key_missing",
            )
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_once(path, _fresh(), mode=0o600)
    return _load(path, path.stat().st_mtime_ns)


def publish_vkey() -> None:
    """Writes `ledger.vkey` beside the key when it is not there yet."""
    path = _folder() / "ledger.vkey"
    if not path.exists():
        key = signing_key(may_create=False)
        lines = "".join(f"{verifier_key(origin(log), key).text()}\n" for log in LOGS)
        write_over(path, lines.encode())


def verifier(log: str) -> VerifierKey:
    """The public key of a log, from `ledger.vkey`; works where the private key is not (an auditor's copy)."""
    path = _folder() / "ledger.vkey"
    if not path.exists():
        publish_vkey()
    try:
        keys = [parse_key(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    except (NoteError, UnicodeDecodeError) as error:
        raise KeyMissing(
            f"{path} 写法有误，无法读取公钥；请从备份恢复这个文件。", code="key_unreadable"
        ) from error
    for key in keys:
        if key.name == origin(log):
            return key
    raise KeyMissing(
        f"{path} 里没有 {origin(log)} 的公钥；请检查 QINGQU_ORIGIN 是否改过，或从备份恢复这个文件。",
        code="key_missing",
    )


def halves_agree() -> bool:
    """Whether the private key (where it lies here) fits the published public keys."""
    if not (_folder() / "ledger.pem").exists():
        return True
    key = signing_key(may_create=False)
    return all(verifier(log) == verifier_key(origin(log), key) for log in LOGS)


def _folder() -> Path:
    return Path(settings.QINGQU_HOME) / "keys"


def _fresh() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@lru_cache(maxsize=8)
def _load(path: Path, changed: int) -> Ed25519PrivateKey:
    """The key of a file as it was at its change time, so that a restored file is read again."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(
            f"{path} 不是账本的签名钥匙（Ed25519）；请从备份恢复这个文件。", code="key_unreadable"
        )
    return key
