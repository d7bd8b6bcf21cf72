"""The services of a region by name, and what each of them keeps: the one list that wiring, permissions and commands are held to."""

from __future__ import annotations

SERVICES = ("partnerships", "sessions", "feedback", "reporting", "audit", "gateway")
RECORDING = ("partnerships", "sessions", "feedback", "reporting", "gateway")
"""Those with a store of facts; audit's history is made of theirs."""
SEALING = ("partnerships", "sessions", "feedback")
"""Those that keep sealed words, and so hold something about a person."""
