"""A salted commitment: the leaf names content without giving it away, and stays true after the content is erased."""

import hashlib
import hmac

SALT_BYTES = 32


def commit(salt: bytes, content: bytes) -> str:
    """SHA-256(salt ‖ content) in hex. Without 32 random bytes in front, an ID number or a rent could be guessed
    from its hash; without the salt (erased with the content) nothing can be guessed any more."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(salt + content).hexdigest()


def opens(commitment: str, salt: bytes, content: bytes) -> bool:
    """Whether salt and content are what the commitment was made from; a malformed salt opens nothing."""
    return len(salt) == SALT_BYTES and hmac.compare_digest(
        commit(salt, content).encode(), commitment.encode()
    )
