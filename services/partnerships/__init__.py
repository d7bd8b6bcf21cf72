"""Partnerships and their members: who takes part, on which side, since when."""
