"""A commitment opens with its own salt and content and with nothing else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.domain.chain.commitment import commit, opens

SALT = st.binary(min_size=32, max_size=32)


@given(SALT, st.binary())
def test_it_is_sha_256_of_salt_and_content(salt, content):
    assert commit(salt, content) == hashlib.sha256(salt + content).hexdigest()
    assert opens(commit(salt, content), salt, content)


@given(SALT, st.binary(min_size=1), st.integers(0, 255), st.data())
def test_one_changed_bit_does_not_open_it(salt, content, bit, data):
    whole = bytearray(salt + content)
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= 1 << (bit % 8)
    assert not opens(commit(salt, content), bytes(whole[:32]), bytes(whole[32:]))


def test_the_border_between_salt_and_content_cannot_be_moved():
    salt, content = bytes(32), b"content"
    assert not opens(commit(salt, content), salt + content[:1], content[1:])
    assert not opens("", salt, content)
    assert not opens("与原文无关", salt, content)


def test_a_short_salt_is_refused():
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        commit(bytes(31), b"content")
