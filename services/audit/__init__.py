"""The region's history: every fact of every service in order, whole, and replayable."""
