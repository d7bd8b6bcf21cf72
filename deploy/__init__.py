"""Wires and runs: the `comhar` command, one composition per profile, containers."""
