"""Mechanism without meaning: store, propagation, calls, sealing, settings; no word of the domain, no service."""
