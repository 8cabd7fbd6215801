"""Merkle trees as in RFC 9162, written from its text, to check the TypeScript code against.

Reads one JSON array of questions from standard input and prints the array of answers. Hashes are hexadecimal.

  {"ask": "root", "leaves": [leaf hash, ...]}                                           -> root
  {"ask": "inclusion", "leaves": [...], "index": m}                                     -> [hash, ...]
  {"ask": "consistency", "leaves": [...], "first": m}                                   -> [hash, ...]
  {"ask": "leaf", "entry": bytes in hexadecimal}                                        -> leaf hash
  {"ask": "verify-inclusion", "index", "size", "leaf", "proof": [...], "root"}          -> true or false
  {"ask": "verify-consistency", "first", "second", "firstRoot", "secondRoot", "proof"}  -> true or false
"""

import json
import sys
from hashlib import sha256


def leaf_hash(entry):
    return sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return sha256(b"\x01" + left + right).digest()


def split(n):
    """The largest power of two smaller than n."""
    k = 1
    while k << 1 < n:
        k <<= 1
    return k


def mth(d):
    """Section 2.1.1, over leaf hashes."""
    if len(d) == 0:
        return sha256(b"").digest()
    if len(d) == 1:
        return d[0]
    k = split(len(d))
    return node_hash(mth(d[:k]), mth(d[k:]))


def path(m, d):
    """Section 2.1.3.1."""
    if len(d) == 1:
        return []
    k = split(len(d))
    if m < k:
        return path(m, d[:k]) + [mth(d[k:])]
    return path(m - k, d[k:]) + [mth(d[:k])]


def subproof(m, d, known):
    """Section 2.1.4.1."""
    if m == len(d):
        return [] if known else [mth(d)]
    k = split(len(d))
    if m <= k:
        return subproof(m, d[:k], known) + [mth(d[k:])]
    return subproof(m - k, d[k:], False) + [mth(d[:k])]


def verify_inclusion(index, size, leaf, proof, root):
    """Section 2.1.3.2."""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not (fn & 1 or fn == 0):
                fn >>= 1
                sn >>= 1
        else:
            r = node_hash(r, p)
        fn >>= 1
        sn >>= 1
    return sn == 0 and r == root


def verify_consistency(first, second, first_root, second_root, proof):
    """Section 2.1.4.2, for 0 < first < second."""
    if first & (first - 1) == 0:
        proof = [first_root] + proof
    if not proof:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr = node_hash(c, fr)
            sr = node_hash(c, sr)
            while not (fn & 1 or fn == 0):
                fn >>= 1
                sn >>= 1
        else:
            sr = node_hash(sr, c)
        fn >>= 1
        sn >>= 1
    return fr == first_root and sr == second_root and sn == 0


def answer(q):
    def one(name):
        return bytes.fromhex(q[name])

    def many(name):
        return [bytes.fromhex(text) for text in q[name]]

    ask = q["ask"]
    if ask == "root":
        return mth(many("leaves")).hex()
    if ask == "leaf":
        return leaf_hash(one("entry")).hex()
    if ask == "inclusion":
        return [h.hex() for h in path(q["index"], many("leaves"))]
    if ask == "consistency":
        return [h.hex() for h in subproof(q["first"], many("leaves"), True)]
    if ask == "verify-inclusion":
        return verify_inclusion(q["index"], q["size"], one("leaf"), many("proof"), one("root"))
    if ask == "verify-consistency":
        roots = one("firstRoot"), one("secondRoot")
        return verify_consistency(q["first"], q["second"], *roots, many("proof"))
    raise ValueError(ask)


if __name__ == "__main__":
    json.dump([answer(q) for q in json.load(sys.stdin)], sys.stdout)
