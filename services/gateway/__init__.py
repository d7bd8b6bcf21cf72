"""The only door: JSON over HTTP, tokens, and pages for people."""
