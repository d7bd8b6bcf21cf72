"""The tamper-evident ledger: the tree, its files, its signed heads and the proofs from them; knows nothing of the region's facts."""
