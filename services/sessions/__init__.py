"""Sessions: who was invited and came, what was decided on both sides, which actions followed."""
