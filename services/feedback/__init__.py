"""Feedback: what people said, what was answered, what came of it, and whether they were told."""
