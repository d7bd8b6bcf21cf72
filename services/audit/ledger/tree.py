"""The Merkle tree of RFC 6962 (RFC 9162 §2.1): hashes, the compact range that grows it, and proofs of inclusion and consistency.

Nothing is read or kept here. Who makes a proof hands in `subtree(level, index)`: the hash of the complete subtree over the
2**level leaves from index * 2**level on. Leaves are numbered from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from hashlib import sha256
from itertools import islice

EMPTY_ROOT = sha256().digest()
HASH = 32
_SIZE = 8
_AT_ONCE = 256

Subtree = Callable[[int, int], bytes]


class ProofWrong(ValueError):
    """A proof does not prove what it is said to prove."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry (RFC 6962 §2.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees (RFC 6962 §2.1)."""
    return sha256(b"\x01" + left + right).digest()


def pairs(hashes: bytes) -> bytes:
    """The level above `hashes`, an even number of them, joined."""
    return b"".join([sha256(b"\x01" + hashes[at : at + 2 * HASH]).digest() for at in range(0, len(hashes), 2 * HASH)])


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root of the tree over these leaves."""
    tree = CompactRange()
    tree.extend(leaf_hashes)
    return tree.root()


class CompactRange:
    """The least that has to be kept of a tree to go on growing it: the roots of its complete subtrees, largest first."""

    __slots__ = ("_hashes", "size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if len(hashes) != size.bit_count() or any(len(one) != HASH for one in hashes):
            raise ValueError("a compact range has one hash for each bit of its size")
        self.size = size
        self._hashes = list(hashes)

    @property
    def hashes(self) -> tuple[bytes, ...]:
        return tuple(self._hashes)

    def append(self, leaf: bytes) -> None:
        """One more leaf, by its hash."""
        hashes, size = self._hashes, self.size
        while size & 1:
            leaf = sha256(b"\x01" + hashes.pop() + leaf).digest()
            size >>= 1
        hashes.append(leaf)
        self.size += 1

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Many more leaves, by their hashes; whole subtrees are made a level at a time, which is a third quicker."""
        coming = iter(leaf_hashes)
        while some := list(islice(coming, _AT_ONCE - self.size % _AT_ONCE)):
            if len(some) == _AT_ONCE:
                self._append_subtree(b"".join(some))
            else:
                for leaf in some:
                    self.append(leaf)

    def _append_subtree(self, level: bytes) -> None:
        leaves = len(level) // HASH
        while len(level) > HASH:
            level = pairs(level)
        size = self.size // leaves
        while size & 1:
            level = node_hash(self._hashes.pop(), level)
            size >>= 1
        self._hashes.append(level)
        self.size += leaves

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return reduce(lambda right, left: node_hash(left, right), reversed(self._hashes)) if self._hashes else EMPTY_ROOT

    def to_bytes(self) -> bytes:
        return self.size.to_bytes(_SIZE, "big") + b"".join(self._hashes)

    @staticmethod
    def from_bytes(kept: bytes) -> CompactRange:
        """What `to_bytes` gave. Raises ValueError for anything else."""
        if len(kept) < _SIZE:
            raise ValueError("a compact range begins with its size")
        size, hashes = int.from_bytes(kept[:_SIZE], "big"), kept[_SIZE:]
        return CompactRange(size, [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)])


def root_at(size: int, subtree: Subtree) -> bytes:
    """The root of the first `size` leaves of a tree that may have grown since."""
    return _over(0, size, subtree) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The path from leaf `index` to the root of the first `size` leaves (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("the tree has no such leaf")
    return _path(0, index, size, subtree)


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """That the first `old` leaves are the first of `new` (RFC 9162 §2.1.4.1); from nothing, nothing can be proved."""
    if not 0 < old <= new:
        raise ValueError("a consistency proof leads from a tree that is not empty to one that is not smaller")
    if old == new:
        return []
    level = (old & -old).bit_length() - 1
    index = (old - 1) >> level
    return ([subtree(level, index)] if index else []) + _path(level, index, new, subtree)


def _path(level: int, index: int, size: int, subtree: Subtree) -> list[bytes]:
    # Below the place where the ways to this node and to the last leaf part, every sibling is complete; there it is the other
    # way itself, which may not be; above it, there are siblings on the left only.
    last = (size - 1) >> level
    inner = (index ^ last).bit_length()
    path = [subtree(level + up, (index >> up) ^ 1) for up in range(inner - 1)]
    if inner:
        path.append(_over((last >> (inner - 1)) << (level + inner - 1), size, subtree))
    above = index >> inner
    path.extend(subtree(level + inner + up, (above >> up) - 1) for up in range(above.bit_length()) if above >> up & 1)
    return path


def _over(start: int, end: int, subtree: Subtree) -> bytes:
    # The leaves from `start`, where a large enough subtree begins, to `end`: its complete subtrees, smallest first.
    found = b""
    for level in range((end - start).bit_length()):
        if (end - start) >> level & 1:
            end -= 1 << level
            left = subtree(level, end >> level)
            found = node_hash(left, found) if found else left
    return found


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises ProofWrong unless `proof` leads from the leaf's hash at `index` to the root of `size` leaves (RFC 9162 §2.1.3.2).

    The length of a step needs no check: the other half of what is hashed is 32 bytes long, so a longer one is no node's preimage.
    """
    inner = (index ^ (size - 1)).bit_length() if 0 <= index < size else -1
    if inner < 0 or len(proof) != inner + (index >> inner).bit_count() or len(leaf) != HASH:
        raise ProofWrong("the proof is not of this leaf and this tree")
    found = leaf
    for step in proof[:inner]:
        found = sha256(b"\x01" + step + found if index & 1 else b"\x01" + found + step).digest()
        index >>= 1
    for step in proof[inner:]:
        found = sha256(b"\x01" + step + found).digest()
    if found != root:
        raise ProofWrong("the proof leads to another root")


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raises ProofWrong unless `proof` shows that the old tree is the beginning of the new one (RFC 9162 §2.1.4.2)."""
    if not 0 < old <= new:
        raise ProofWrong("a consistency proof leads from a tree that is not empty to one that is not smaller")
    if old == new:
        if proof or old_root != new_root:
            raise ProofWrong("one size has two roots")
        return
    shift = (old & -old).bit_length() - 1
    index = (old - 1) >> shift
    inner = (index ^ ((new - 1) >> shift)).bit_length()
    # An old tree that is one complete subtree is where the path begins; of any other, its last complete subtree is given first.
    seed, path = (proof[0], proof[1:]) if index and proof else (old_root, proof)
    if (
        len(path) != inner + (index >> inner).bit_count()
        or len(proof) != len(path) + bool(index)
        or any(len(step) != HASH for step in proof)
    ):
        raise ProofWrong("the proof is not of these two trees")
    before = after = seed
    for up, step in enumerate(path):
        if up >= inner or index >> up & 1:
            before = node_hash(step, before)
            after = node_hash(step, after)
        else:
            after = node_hash(after, step)
    if before != old_root:
        raise ProofWrong("the proof leads to another old root")
    if after != new_root:
        raise ProofWrong("the proof leads to another new root")
