"""The Merkle tree against the vectors of RFC 6962's reference implementations, and proofs against every small lie about them."""

from base64 import b64decode
from collections.abc import Callable
from functools import partial
from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.audit.ledger.tree import (
    EMPTY_ROOT,
    CompactRange,
    ProofWrong,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# transparency-dev/merkle, proof/verify_test.go: `leaves` and `roots`; the same stand in certificate-transparency's merkle_tree_test.cc.
LEAVES = [
    bytes.fromhex(leaf) for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    bytes.fromhex(root)
    for root in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
# The same file: `inclusionProofs` (leaves counted from 1 there) and `consistencyProofs`.
INCLUSION = {
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CONSISTENCY = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
    (6, 7): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
}
# golang/mod, sumdb/tlog/ct_test.go with testdata/argon2020: what the certificate log Argon 2020 of Google answered.
ARGON_OLD = (3_654_490, "AuIZ5V6sDUj1vn3Y1K85oOaQ7y+FJJKtyRTl1edIKBQ=")
ARGON_NEW = (961_984_013, "dwlueapdd7LaOEnX2W2Wp9v2XE+KzejHRQGHwEx0oaM=")
ARGON_PROOF = """80Sfbj6UQEdVSZCSIgh9NMPj3vCBzcc1A48B2crJSWg= FZcrgAHUk6nNPviJZq8kEK6jCG1d18pJOFE45ZDc1TQ=
    Q67reWXmPBo1UfmwBap4Xi9PMPfFdUSSw3WGlRZdG7k= eJ7CyhR4PxzBxDIsWgrVYW1eFUb9ndgf46tFmiqVrxA=
    QrDwp062Grm5WY8KdrhFsBuuNjGzRox2Jb8PmVL5OYw= XM4YMjMEdLH/XJam/ZWyaP14k3cmsOtnPsOWQ54lW1s=
    SGiBh+jOTGccXU48ZzgQ88lRcBmtB4wz4oSDndv2QTg= WAS6txqNLYKGL1GdBdpqmV42TTfn6cJsuDsqLXuTCNI=
    QFmRS0rirUA7ZN3lxFjDncV+E1OCrn3NUB4RCp+5fzc= Hdbp7It2XBNZmNDBpCN/KPd7vfVqxgzwOosqVIaEA9E=
    mxvHL0ZiblBdD7j7pIa1jlfB0gSqfJ6oX0UGo7L0VsU= q5hjyvoW6TL/PThgcitpDcSTrnKX2p1+aqscqH2euRA=
    jTOWDqt3IHj2NVFeezyBz2ofpru+ztEywqKUAfFclKI= GIRn0w3HqJdvU9j1WVD//eR6lk2AaTVjyzjsJNP8U88=
    x52GJvxG81fnQBrgOTbll1A5tz95/LXK0Ag1NhB0r1I= 6/0OqrcTgc3o5dD5PymmoC96lB9yLPFuTHVvLy8fSGk=
    Gf+iKLfcXO5l4JEFmsZvSdG5q1uEeWPfYLrds6pmjz0= DGuaco+McyM3AfRSF6qX7RwSetwe2ieYJmxw5e9rVx0=
    2tQJ9V32hnYp+fdpP6TcjmgJmLeNVOMKM0Ml1kk4cNU= 3PapK+IkyJr8I9yAErAmzuZezzLMzsg+PfeRCgNW8NQ=
    s6xiYeejb+wtqHA+URJZ2I/SCPyIW8coP6aB00FJbMY= z9lSpmdTcr5M5ZzKlc4EPh3SrSypKFdk6JUF/UccaZU=
    GXIElfmnRuWfbA4z7ubV/UwlpSRUbUeec7oL5HDDnh0= pR0SH/NYP6s9+8azWwaeUXA4Ze/3WCIgMfh5YW6wvcE=
    f3GuAKYVrF8RBg3s15jvA/YvV9oAliWtzP/imwPhQVA= WHn8zDxlVgkV+lSlmzaOdfSBrTHoRr5nT3d76q0KKWE=
    f2uV2ZxVgULzLPKuZcowRY3ZY7fRlX59iDBjV1R8kNQ= NzQVjJsvQwbi7WStMr9oFkh9VbHfK7LB6o7WwAqwNTs=
    C0LttBeYHZHgL+032JIcJC3CTBIyza/hsbmJUgJfmDI= nixU5CWTFVDlF4BGdcU6kA7WSYurEpe9jRWc+F/7sOc="""
SIZES = st.integers(1, 300)


def subtrees(hashes: list[bytes]) -> Callable[[int, int], bytes]:
    """Complete subtrees, by RFC 6962's own recursion."""

    def subtree(level: int, index: int) -> bytes:
        assert (index + 1) << level <= len(hashes), "asked for a subtree that is not complete"
        return mth(hashes[index << level : (index + 1) << level])

    return subtree


def mth(hashes: list[bytes]) -> bytes:
    """RFC 6962 §2.1, as it stands there."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else EMPTY_ROOT
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(mth(hashes[:k]), mth(hashes[k:]))


def some_leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8
    return bytes(changed)


def shape(index: int, size: int) -> str:
    """On which side the steps of the proof for leaf `index` stand, leaf first (RFC 6962 §2.1.1)."""
    if size <= 1:
        return ""
    k = 1 << (size - 1).bit_length() - 1
    return shape(index, k) + "r" if index < k else shape(index - k, size - k) + "l"


def test_the_hashes_are_those_of_the_published_vectors() -> None:
    # transparency-dev/merkle, rfc6962/rfc6962_test.go.
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_the_published_vectors(size: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    assert root_of(hashes[:size]) == ROOTS[size]
    assert root_at(size, subtrees(hashes)) == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_those_of_the_published_vectors(index: int, size: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    proof = [bytes.fromhex(step) for step in INCLUSION[index, size]]
    assert inclusion_proof(index, size, subtrees(hashes)) == proof
    verify_inclusion(hashes[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_consistency_proofs_are_those_of_the_published_vectors(old: int, new: int) -> None:
    proof = [bytes.fromhex(step) for step in CONSISTENCY[old, new]]
    assert consistency_proof(old, new, subtrees([leaf_hash(leaf) for leaf in LEAVES])) == proof
    verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)


def test_a_proof_of_a_real_certificate_log_is_understood() -> None:
    (old, old_root), (new, new_root) = ARGON_OLD, ARGON_NEW
    proof = [b64decode(step) for step in ARGON_PROOF.split()]
    verify_consistency(old, b64decode(old_root), new, b64decode(new_root), proof)
    with pytest.raises(ProofWrong):
        verify_consistency(old + 1, b64decode(old_root), new, b64decode(new_root), proof)


@pytest.mark.parametrize("new", [0, 1, 8])
@pytest.mark.parametrize("proof", [(), (ROOTS[0],), (ROOTS[8],)])
def test_a_consistency_proof_from_size_0_is_refused(new: int, proof: tuple[bytes, ...]) -> None:
    with pytest.raises(ProofWrong):
        verify_consistency(0, EMPTY_ROOT, new, ROOTS[new], proof)
    with pytest.raises(ValueError, match="not empty"):
        consistency_proof(0, new, subtrees([]))


@pytest.mark.parametrize(("old", "new"), [(2, 1), (-1, 1), (1, -1)])
def test_no_consistency_proof_leads_back(old: int, new: int) -> None:
    with pytest.raises(ProofWrong):
        verify_consistency(old, ROOTS[1], new, ROOTS[1], [])


@pytest.mark.parametrize("proof", [[], [ROOTS[1]]])
def test_one_size_has_one_root_and_needs_no_proof(proof: list[bytes]) -> None:
    with pytest.raises(ProofWrong):
        verify_consistency(8, ROOTS[8], 8, ROOTS[7] if not proof else ROOTS[8], proof)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (2, 1), (-1, 1), (8, 8)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(index, size, subtrees(hashes))
    with pytest.raises(ProofWrong):
        verify_inclusion(hashes[0], index, size, [], ROOTS[size])


@given(SIZES)
def test_growing_by_one_and_by_many_gives_the_root_of_the_recursion(size: int) -> None:
    hashes = some_leaves(size)
    one_by_one, at_once = CompactRange(), CompactRange()
    for leaf in hashes:
        one_by_one.append(leaf)
    at_once.extend(hashes)
    assert one_by_one.root() == at_once.root() == mth(hashes)
    assert one_by_one.hashes == at_once.hashes


@given(st.integers(0, 1_500), st.integers(0, 1_500))
def test_a_compact_range_goes_on_where_it_was_kept(before: int, after: int) -> None:
    hashes = some_leaves(before + after)
    first = CompactRange()
    first.extend(hashes[:before])
    again = CompactRange.from_bytes(first.to_bytes())
    again.extend(hashes[before:])
    assert (again.size, again.root()) == (before + after, root_of(hashes))


@pytest.mark.parametrize(
    "kept", [b"", bytes(7), bytes(8) + bytes(32), (3).to_bytes(8, "big") + bytes(32), (1).to_bytes(8, "big") + bytes(33)]
)
def test_a_compact_range_that_was_cut_is_refused(kept: bytes) -> None:
    with pytest.raises(ValueError, match="a compact range"):
        CompactRange.from_bytes(kept)


@given(SIZES, st.data())
def test_every_leaf_is_proved_in_every_size(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    hashes = some_leaves(size)
    verify_inclusion(hashes[index], index, size, inclusion_proof(index, size, subtrees(hashes)), mth(hashes))


@given(SIZES, st.data())
def test_every_size_is_proved_to_be_the_beginning_of_every_later_one(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    hashes = some_leaves(new)
    verify_consistency(old, mth(hashes[:old]), new, mth(hashes), consistency_proof(old, new, subtrees(hashes)))


@given(SIZES, st.data())
def test_a_flipped_bit_of_leaf_proof_or_root_breaks_inclusion(size: int, data: st.DataObject) -> None:
    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 255))
    hashes = some_leaves(size)
    leaf, proof, root = hashes[index], inclusion_proof(index, size, subtrees(hashes)), mth(hashes)
    which = data.draw(st.integers(0, len(proof) + 1))
    parts = [leaf, root, *proof]
    parts[which] = flipped(parts[which], bit)
    with pytest.raises(ProofWrong):
        verify_inclusion(parts[0], index, size, parts[2:], parts[1])


@given(SIZES, st.data())
def test_another_index_breaks_inclusion(size: int, data: st.DataObject) -> None:
    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 62))
    hashes = some_leaves(size)
    with pytest.raises(ProofWrong):
        verify_inclusion(hashes[index], index ^ 1 << bit, size, inclusion_proof(index, size, subtrees(hashes)), mth(hashes))


@given(SIZES, st.data())
def test_another_size_breaks_inclusion_unless_its_proof_has_the_same_shape(size: int, data: st.DataObject) -> None:
    """A path does not name its size: where the shape is the same, only the signed head tells the sizes apart."""
    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 62))
    other = size ^ 1 << bit
    hashes = some_leaves(size)
    check = partial(verify_inclusion, hashes[index], index, other, inclusion_proof(index, size, subtrees(hashes)), mth(hashes))
    if index < other and shape(index, other) == shape(index, size):
        check()
    else:
        with pytest.raises(ProofWrong):
            check()


@given(st.integers(2, 300), st.data())
def test_a_flipped_bit_of_proof_or_roots_breaks_consistency(new: int, data: st.DataObject) -> None:
    old, bit = data.draw(st.integers(1, new)), data.draw(st.integers(0, 255))
    hashes = some_leaves(new)
    proof = consistency_proof(old, new, subtrees(hashes))
    parts = [mth(hashes[:old]), mth(hashes), *proof]
    which = data.draw(st.integers(0, len(proof) + 1))
    parts[which] = flipped(parts[which], bit)
    with pytest.raises(ProofWrong):
        verify_consistency(old, parts[0], new, parts[1], parts[2:])


@given(st.integers(2, 300), st.data())
def test_another_old_size_breaks_consistency(new: int, data: st.DataObject) -> None:
    old, other = data.draw(st.integers(1, new)), data.draw(st.integers(0, 2 * new))
    assume(other != old)
    hashes = some_leaves(new)
    with pytest.raises(ProofWrong):
        verify_consistency(other, mth(hashes[:old]), new, mth(hashes), consistency_proof(old, new, subtrees(hashes)))


@given(st.integers(2, 300), st.data())
def test_a_longer_or_a_shorter_proof_is_none(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    hashes = some_leaves(size)
    proof, root = inclusion_proof(index, size, subtrees(hashes)), mth(hashes)
    for other in (proof[:-1], proof[1:], [*proof, root], [root, *proof]):
        with pytest.raises(ProofWrong):
            verify_inclusion(hashes[index], index, size, other, root)
    if proof := consistency_proof(index + 1, size, subtrees(hashes)):
        for other in (proof[:-1], proof[1:], [*proof, root], [root, *proof]):
            with pytest.raises(ProofWrong):
                verify_consistency(index + 1, mth(hashes[: index + 1]), size, root, other)


def test_a_step_of_another_length_is_no_step() -> None:
    """Two steps and a leaf cut at other places are the same bytes, and must not be the same proof."""
    left, right = some_leaves(2)
    with pytest.raises(ProofWrong):
        verify_inclusion(left + right[:1], 0, 2, [right[1:]], node_hash(left, right))


def test_a_node_is_never_a_leaf() -> None:
    left, right = some_leaves(2)
    with pytest.raises(ProofWrong):
        verify_inclusion(leaf_hash(left + right), 0, 1, [], node_hash(left, right))
    assert sha256(b"\x01" + left + right).digest() == node_hash(left, right) != leaf_hash(left + right)
